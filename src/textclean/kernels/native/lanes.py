"""Sixteen shingles or permutations in one register: what the compiler does not do by itself.

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


def minima_of_4() -> Any:
    """The same for the four permutations from *at* on, with four hashes in one vector.

    A whole vector for what is left of 100 permutations would be idle by three
    quarters. Hashes are taken by fours, so the last one has to be repeated behind
    them.
    """
    from llvmlite import ir  # noqa: PLC0415  comes with numba
    from numba import types  # noqa: PLC0415  an extra
    from numba.core import cgutils  # noqa: PLC0415
    from numba.extending import intrinsic  # noqa: PLC0415

    index, four = ir.IntType(64), ir.VectorType(ir.IntType(32), 4)

    def places(numbers: list[int]) -> Any:
        return ir.Constant(ir.VectorType(ir.IntType(32), len(numbers)), numbers)

    side_by_side, each_four_times = places([*range(4)] * 4), places([number // 4 for number in range(WIDTH)])

    @intrinsic
    def fold(_context, hashes, count, a, b, row, at):
        def generate(context, builder, signature, arguments):
            def spread(argument, place, order):
                array = cgutils.create_struct_proxy(signature.args[argument])(context, builder, arguments[argument])
                some = builder.load(builder.bitcast(builder.gep(array.data, [place]), four.as_pointer()), align=4)
                return builder.shuffle_vector(some, some, order)

            def least(one, other):
                return builder.select(builder.icmp_unsigned("<", one, other), one, other)

            factors, summands = spread(2, arguments[5], side_by_side), spread(3, arguments[5], side_by_side)
            cell = cgutils.alloca_once_value(builder, spread(4, arguments[5], side_by_side))
            with cgutils.for_range_slice(builder, index(0), arguments[1], index(4), index) as (first, _):
                value = builder.add(builder.mul(factors, spread(0, first, each_four_times)), summands)
                builder.store(least(value, builder.load(cell)), cell)
            found = builder.load(cell)
            for half in (8, 4):
                sides = ([*range(half)], [*range(half, 2 * half)])
                found = least(*(builder.shuffle_vector(found, found, places(side)) for side in sides))
            row = cgutils.create_struct_proxy(signature.args[4])(context, builder, arguments[4]).data
            builder.store(found, builder.bitcast(builder.gep(row, [arguments[5]]), four.as_pointer()), align=4)
            return context.get_dummy_value()

        return types.void(hashes, count, a, b, row, at), generate

    return fold


def shingles() -> Any:
    """The compiled ``f(text, at, count, low, high, hashes)``: the mixed 32-bit hashes of *count* shingles from *at* on.

    *low* and *high* are the halves of the factors. Sixteen are made at a time, so
    that as many codes behind the last are read, and hashes written. A whole
    product of 64 bits takes three instructions, and only the upper half of the
    sum is wanted: to it the upper halves of the factors give products of 32
    bits, and the lower ones what theirs carry (a code has 21 bits, so a sum of
    these does not overflow).
    """
    from llvmlite import ir  # noqa: PLC0415  comes with numba
    from numba import types  # noqa: PLC0415  an extra
    from numba.core import cgutils  # noqa: PLC0415
    from numba.extending import intrinsic  # noqa: PLC0415

    index, wide = ir.IntType(64), ir.VectorType(ir.IntType(64), WIDTH // 2)
    vector = ir.VectorType(ir.IntType(32), WIDTH)

    def all_wide(number: int) -> Any:
        return ir.Constant(wide, [number] * (WIDTH // 2))

    def all_lanes(number: int) -> Any:
        return ir.Constant(vector, [number] * WIDTH)

    @intrinsic
    def make(_context, text, at, count, low, high, hashes):
        def generate(context, builder, signature, arguments):
            def array(argument):
                return cgutils.create_struct_proxy(signature.args[argument])(context, builder, arguments[argument])

            codes, lows, highs, out = (array(argument).data for argument in (0, 3, 4, 5))
            ngram = cgutils.unpack_tuple(builder, array(3).shape, 1)[0]
            even, odd, upper = (cgutils.alloca_once(builder, kind) for kind in (wide, wide, vector))
            bits, half = all_wide(0xFFFFFFFF), all_wide(32)

            def splat(pointer, place):
                one = builder.load(builder.gep(pointer, [place]))
                one = builder.insert_element(ir.Constant(vector, ir.Undefined), one, ir.IntType(32)(0))
                return builder.shuffle_vector(one, one, all_lanes(0))

            def add(cell, product):
                builder.store(builder.add(builder.load(cell), product), cell)

            with cgutils.for_range_slice(builder, index(0), arguments[2], index(WIDTH), index) as (first, _):
                builder.store(all_wide(0), even)
                builder.store(all_wide(0), odd)
                builder.store(all_lanes(0), upper)
                with cgutils.for_range(builder, ngram) as loop:
                    place = builder.add(builder.add(arguments[1], first), loop.index)
                    some = builder.load(builder.bitcast(builder.gep(codes, [place]), vector.as_pointer()), align=4)
                    pairs = builder.bitcast(some, wide)
                    factor = builder.and_(builder.bitcast(splat(lows, loop.index), wide), bits)
                    add(even, builder.mul(builder.and_(pairs, bits), factor))
                    add(odd, builder.mul(builder.lshr(pairs, half), factor))
                    add(upper, builder.mul(some, splat(highs, loop.index)))
                carried = builder.or_(
                    builder.lshr(builder.load(even), half), builder.and_(builder.load(odd), all_wide(0xFFFFFFFF << 32))
                )
                value = builder.add(builder.bitcast(carried, vector), builder.load(upper))
                for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
                    value = builder.mul(builder.xor(value, builder.lshr(value, all_lanes(shift))), all_lanes(factor))
                builder.store(value, builder.bitcast(builder.gep(out, [first]), vector.as_pointer()), align=4)
            return context.get_dummy_value()

        return types.void(text, at, count, low, high, hashes), generate

    return make


def both_foldings() -> Any:
    """The compiled ``f(codes, at, both, text, count, units, written)``: sixteen codes from *at* on through a table of pairs.

    The upper halves of the pairs go to text[count:], the lower ones to
    units[written:]. False where that is not all: where one is 0, which has to be
    left out, or where one code or pair does not fit.
    """
    from llvmlite import ir  # noqa: PLC0415  comes with numba
    from numba import types  # noqa: PLC0415  an extra
    from numba.core import cgutils  # noqa: PLC0415
    from numba.extending import intrinsic  # noqa: PLC0415

    lane, narrow, index = ir.IntType(32), ir.VectorType(ir.IntType(16), WIDTH), ir.VectorType(ir.IntType(64), WIDTH)
    vector, flags = ir.VectorType(lane, WIDTH), ir.VectorType(ir.IntType(1), WIDTH)
    pointers = ir.VectorType(ir.PointerType(lane), WIDTH)

    def every(kind: Any, number: int) -> Any:
        return ir.Constant(kind, [number] * WIDTH)

    @intrinsic
    def fold(_context, codes, at, both, text, count, units, written):
        def generate(context, builder, signature, arguments):
            def data(argument):
                return cgutils.create_struct_proxy(signature.args[argument])(context, builder, arguments[argument]).data

            def place(argument, kind):
                pointer = builder.gep(data(argument), [arguments[argument + 1]])
                return builder.bitcast(pointer, kind.as_pointer())

            some = builder.load(place(0, vector), align=4)
            table = builder.insert_element(
                ir.Constant(index, ir.Undefined), builder.ptrtoint(data(2), ir.IntType(64)), lane(0)
            )
            table = builder.shuffle_vector(table, table, every(vector, 0))
            entry = builder.zext(builder.and_(some, every(vector, 0xFFFF)), index)
            entry = builder.inttoptr(builder.add(table, builder.shl(entry, every(index, 2))), pointers)
            gather = cgutils.get_or_insert_function(
                builder.module,
                ir.FunctionType(vector, [pointers, lane, flags, vector]),
                f"llvm.masked.gather.v16i32.v16{pointers.element.intrinsic_name}",
            )
            pair = builder.call(gather, [entry, lane(4), every(flags, 1), every(vector, 0)])
            bare, plain = builder.lshr(pair, every(vector, 16)), builder.trunc(pair, narrow)
            builder.store(bare, place(3, vector), align=4)
            builder.store(plain, place(5, narrow), align=2)
            dropped = builder.or_(
                builder.icmp_unsigned("==", bare, every(vector, 0)),
                builder.icmp_unsigned("==", plain, every(narrow, 0)),
            )
            wide = builder.or_(
                builder.icmp_unsigned(">", some, every(vector, 0xFFFF)),
                builder.icmp_unsigned("==", pair, every(vector, 0xFFFFFFFF)),
            )
            lost = builder.bitcast(builder.or_(dropped, wide), ir.IntType(WIDTH))
            return builder.icmp_unsigned("==", lost, ir.IntType(WIDTH)(0))

        return types.boolean(codes, at, both, text, count, units, written), generate

    return fold
