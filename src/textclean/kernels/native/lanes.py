"""Sixteen permutations in one register: what the compiler does not do by itself.

Left to itself LLVM takes half of an AVX-512 register (256 bits), out of a caution
about clock rates that was right for the processors of 2017. Written as vectors
of 16 the same loop takes whole ones, which is a third faster, and the running
minima stay in registers instead of going through memory for every eight
shingles. Where registers are smaller, the compiler cuts the vectors up.
"""

from __future__ import annotations

from typing import Any

WIDTH = 16
"""32-bit numbers in a vector."""


def minima(vectors: int) -> Any:
    """The compiled ``f(hashes, count, a, b, row, at)`` for *vectors* × 16 permutations from *at* on.

    It makes each of *row* the least of what it is and of a·h + b over the first
    *count* hashes, all arrays being contiguous and uint32.
    """
    from llvmlite import ir  # noqa: PLC0415  comes with numba
    from numba import types  # noqa: PLC0415  an extra
    from numba.core import cgutils  # noqa: PLC0415
    from numba.extending import intrinsic  # noqa: PLC0415

    lane, index = ir.IntType(32), ir.IntType(64)
    vector = ir.VectorType(lane, WIDTH)
    nothing = ir.Constant(vector, ir.Undefined)
    everywhere = ir.Constant(ir.VectorType(lane, WIDTH), [0] * WIDTH)

    @intrinsic
    def fold(_context, hashes, count, a, b, row, at):
        def generate(context, builder, signature, arguments):
            def data(argument):
                array = cgutils.create_struct_proxy(signature.args[argument])
                return array(context, builder, arguments[argument]).data

            def place(pointer, number):
                step = builder.add(arguments[5], ir.Constant(index, WIDTH * number))
                return builder.bitcast(builder.gep(pointer, [step]), vector.as_pointer())

            a, b, row, hashes = data(2), data(3), data(4), data(0)
            factors = [builder.load(place(a, number), align=4) for number in range(vectors)]
            summands = [builder.load(place(b, number), align=4) for number in range(vectors)]
            least = [cgutils.alloca_once(builder, vector) for _ in range(vectors)]
            for number, cell in enumerate(least):
                builder.store(builder.load(place(row, number), align=4), cell)
            with cgutils.for_range(builder, arguments[1]) as loop:
                one = builder.insert_element(
                    nothing, builder.load(builder.gep(hashes, [loop.index])), ir.Constant(lane, 0)
                )
                hashed = builder.shuffle_vector(one, nothing, everywhere)
                for cell, factor, summand in zip(least, factors, summands, strict=True):
                    value, known = builder.add(builder.mul(factor, hashed), summand), builder.load(cell)
                    builder.store(builder.select(builder.icmp_unsigned("<", value, known), value, known), cell)
            for number, cell in enumerate(least):
                builder.store(builder.load(cell), place(row, number), align=4)
            return context.get_dummy_value()

        return types.void(hashes, count, a, b, row, at), generate

    return fold
