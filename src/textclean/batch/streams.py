"""How are the bytes of a source read: packed or not, near or far, never more than is sane?"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from typing import IO, cast

from textclean.batch import remote
from textclean.batch.records import LARGEST
from textclean.batch.sources import Source

RATIO = 200
"""Text packs 2 to 20 times smaller. What grows more, past the first 64 MB, is a decompression bomb."""
HARMLESS = 64 << 20
BUFFER = 1 << 18
"""Bytes read at a time where a file has so many: a call for every 8 kB, as is usual, is half the time of reading lines."""


class Unreadable(Exception):  # noqa: N818
    """Why the rest of a source is not read, in a sentence."""


def opened(source: Source) -> IO[bytes]:
    """The bytes of *source*, unpacked."""
    if remote.is_url(source.path):
        plain = remote.opened(source.path)
    else:
        plain = open(source.path, "rb", BUFFER if source.size > BUFFER else -1)  # noqa: SIM115
    ending = source.path.rsplit(".", 1)[-1].lower()
    if ending not in {"gz", "zst"}:
        return plain
    unpacking = cast(IO[bytes], gzip.GzipFile(fileobj=plain)) if ending == "gz" else _zstd(plain)
    return io.BufferedReader(_Bounded(unpacking, plain, max(source.size * RATIO, HARMLESS)), 1 << 20)


def _zstd(file: IO[bytes]) -> IO[bytes]:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415  Python 3.14

        return cast(IO[bytes], zstd.ZstdFile(file))
    except ImportError:
        pass
    try:
        import zstandard  # noqa: PLC0415
    except ImportError:
        raise Unreadable("is packed with zstd: pip install 'textclean[zstd]'") from None
    return cast(IO[bytes], zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True))


class _Bounded(io.RawIOBase):
    """A stream that ends with an error where it grows beyond measure."""

    def __init__(self, file: IO[bytes], packed: IO[bytes], most: int) -> None:
        self._file, self._packed, self._left = file, packed, most

    def close(self) -> None:
        if not self.closed:
            self._file.close()
            self._packed.close()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            block = self._file.read(len(buffer))
        except (EOFError, gzip.BadGzipFile) as error:
            raise Unreadable(f"is damaged where it is packed: {error}") from error
        except Exception as error:
            if type(error).__module__.split(".")[0] not in {"zstandard", "zlib", "compression"}:
                raise
            raise Unreadable(f"is damaged where it is packed: {error}") from error
        self._left -= len(block)
        if self._left < 0:
            raise Unreadable(
                f"grows more than {RATIO} times when it is unpacked, as no text does: the rest is not read"
            )
        buffer[: len(block)] = block
        return len(block)


def _too_long() -> Unreadable:
    return Unreadable(f"has a line of more than {LARGEST >> 20} MB, which is no document: the rest is not read")


def lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of *file*, none larger than a document may be."""
    while line := file.readline(LARGEST + 1):
        if len(line) > LARGEST:
            raise _too_long()
        yield line


def lines_by(file: IO[bytes], feed: bytes) -> Iterator[bytes]:
    """The lines of *file* that end with *feed*, at a place that its length divides: in UTF-16 it may be two halves."""
    line = bytearray()  # which grows in place: a line of 256 MB would be copied four thousand times
    while block := file.read(1 << 16):
        start, searched = 0, max(0, len(line) - len(feed) + 1)
        line += block
        while (at := line.find(feed, searched)) >= 0:
            searched = at + 1
            if (at - start) % len(feed) == 0:
                searched = at + len(feed)
                yield bytes(line[start:searched])
                start = searched
        del line[:start]
        if len(line) > LARGEST:
            raise _too_long()
    if line:
        yield bytes(line)
