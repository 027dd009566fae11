"""What is in a file: its bytes, plain or compressed with gzip, bz2 or xz, told by the first bytes and not by its name.

A zip that holds one file and no more is that file.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, cast

from graph.errors import InvalidInput
from graph.sources.files import MOST_SHRUNK, SHRUNK_COUNTS_FROM, File, only_entry

MOST_LAYERS = 3  # compressed and compressed again

_BYTES_AT_ONCE = 1 << 20
_SIGNATURE_BYTES = 10
_BROKEN = (gzip.BadGzipFile, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError)


class Packed:
    """A file, and how it is compressed: `layers` from the outside in, `plain_file` what a zip holds in its place.

    Raises InvalidInput where it cannot be read, is compressed too often, or is a zip of several files.
    """

    def __init__(self, file: File) -> None:
        self.name = str(file)
        self.layers: list[str] = []
        if file.entry is None and (entry := only_entry(file.path)):
            file = File(file.path, file.name, entry.entry)
            self.layers.append("zip")
        self.file = file
        with readable(self.name):
            self._stored = file.size
            while layer := _told(self.head(_SIGNATURE_BYTES)):
                self.layers.append(layer)
                if len(self.layers) > MOST_LAYERS:
                    raise InvalidInput(f"{self.name} is compressed more than {MOST_LAYERS} times over: unpack it")

    @property
    def notes(self) -> list[str]:
        """How it is compressed, where it is, or where its name says so and it is not."""
        if self.layers:
            return [f"unpacked ({' in '.join(reversed(self.layers))})"]
        named_so = self.file.path.suffix.lower() in (".gz", ".bz2", ".xz", ".zip") and self.file.entry is None
        return ["not compressed, whatever its name says"] if named_so else []

    def head(self, length: int) -> bytes:
        """The first bytes of what is in it."""
        with self.open() as binary:
            return binary.read(length)

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """What is in it; raises InvalidInput where that is not whole, or more than could be meant."""
        with readable(self.name), ExitStack() as opened:
            binary = opened.enter_context(self.file.open())
            for layer in self.layers:
                if layer != "zip":
                    binary = opened.enter_context(_unpacker(layer, binary))
            if self.layers:
                binary = io.BufferedReader(_Bounded(binary, self.name, self._stored), _BYTES_AT_ONCE)
            yield binary


def _unpacker(layer: str, binary: IO[bytes]) -> IO[bytes]:
    match layer:
        case "gzip":
            return cast("IO[bytes]", gzip.GzipFile(fileobj=binary, mode="rb"))
        case "bz2":
            return bz2.BZ2File(binary)
        case _:
            return lzma.LZMAFile(binary)


def _told(head: bytes) -> str | None:
    if head.startswith(b"\x1f\x8b\x08"):
        return "gzip"
    if head[:3] == b"BZh" and head[4:] in (b"1AY&SY", b"\x17rE8P\x90"):
        return "bz2"
    return "xz" if head.startswith(b"\xfd7zXZ\0") else None


class _Bounded(io.RawIOBase):
    """Bytes that are unpacked, until they are too many for what is stored."""

    def __init__(self, binary: IO[bytes], name: str, stored: int) -> None:
        self._binary, self._name = binary, name
        self._left = max(SHRUNK_COUNTS_FROM, MOST_SHRUNK * stored)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._binary.read(len(buffer))
        buffer[: len(data)] = data
        self._left -= len(data)
        if self._left < 0:
            raise InvalidInput(f"{self._name} unpacks to more than {MOST_SHRUNK} times its size, and is not read")
        return len(data)


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Turns what reading a file may raise into InvalidInput."""
    try:
        yield
    except EOFError as error:
        raise InvalidInput(f"{name} ends too early: copy or download it again") from error
    except _BROKEN as error:
        raise InvalidInput(f"{name} is not whole: copy or download it again") from error
    except OSError as error:
        if error.errno is None:  # as bz2 has it
            raise InvalidInput(f"{name} is not whole: copy or download it again") from error
        raise InvalidInput(f"{name} cannot be read: {error.strerror or error}") from error
