"""Files that somebody names are opened for what they are.

A pipe would be waited for, and a device read or written without an end: both are refused before a byte is asked for.
What is wrong comes as OSError, whose `filename` and `strerror` make a line.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import BinaryIO

_HANDED_OVER = Path("/dev/fd")  # where a shell puts what it hands over as a file: <(…)


def open_regular(path: Path) -> BinaryIO:
    """A file for reading; raises OSError where it is anything else, also if it became that just now."""
    _require_regular(path, path.stat())  # not even opened: that alone moves some devices
    return _opened(path, handed_over=False)


def read_whole(path: Path, most: int) -> bytes:
    """A short file as a whole, or what a shell hands over as one; raises OSError, also above `most` bytes."""
    handed_over = path.parent == _HANDED_OVER
    if not handed_over:
        _require_regular(path, path.stat())
    with _opened(path, handed_over=handed_over) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"longer than {most:,} bytes", str(path))
    return content


def read_text(path: Path, most: int, encoding: str = "utf-8") -> str:
    """A short text, like `read_whole`, with one end of a line for all; raises UnicodeDecodeError, too."""
    return io.TextIOWrapper(io.BytesIO(read_whole(path, most)), encoding=encoding).read()


def require_replaceable(path: Path) -> None:
    """Returns where a file may take this name, which nothing has or a file; raises OSError."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return
    _require_regular(path, found)


def _opened(path: Path, *, handed_over: bool) -> BinaryIO:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe is not waited for
    try:
        found = os.fstat(descriptor)
        if not (handed_over and stat.S_ISFIFO(found.st_mode)):
            _require_regular(path, found)
        os.set_blocking(descriptor, True)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _require_regular(path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, f"it is {_kind(found.st_mode)} and no file", str(path))


def _kind(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"
