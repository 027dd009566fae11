"""Files and folders that are their owner's alone, whatever the umask; links are not followed where they are made.

What is written beside its place, to be moved there whole, lies in a staging folder that a lock holds as long as its
process lives. Where that was killed, whoever stages there next takes the folder away, and puts back what it had set
aside.
"""

from __future__ import annotations

import errno
import glob
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

STAGING = ".linkreach-"  # how the names of staging folders begin
_HELD, _ASIDE = ".held", ".aside"


def make_private_folder(folder: Path) -> None:
    """Makes a folder, and what of the way to it is missing; one that is there stays as it is. Raises OSError."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        try:
            each.mkdir(mode=0o700)
        except FileExistsError:
            if each.is_symlink() or not each.is_dir():  # else another process was faster
                raise
        else:
            each.chmod(0o700)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


def is_private(folder: Path) -> bool:
    """Whether it is a folder of this user's, no link, which nobody else may enter or write to."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and is_own(found) and not stat.S_IMODE(found.st_mode) & 0o077


def is_own(found: os.stat_result) -> bool:
    """Whether it is this user's, where there are users."""
    return os.name != "posix" or found.st_uid == os.geteuid()


def create_private(path: Path) -> BinaryIO:
    """A new file that only its owner reads and writes; raises FileExistsError where anything has the name."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "wb")


def write_private(path: Path, content: bytes) -> None:
    """Writes a small file, whole or not at all; whoever calls holds a lock on it."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with create_private(part) as file:
        file.write(content)
    part.replace(path)


def require_room(folder: Path) -> None:
    """Returns where files can be written into a folder, which need not be there yet; raises OSError, leaves nothing."""
    there = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    with tempfile.TemporaryFile(dir=there):
        pass


@contextmanager
def staging(folder: Path, prefix: str = STAGING) -> Iterator[Path]:
    """A private folder in this one, gone afterwards; those of killed processes go first. Raises OSError."""
    from filelock import FileLock, Timeout

    sweep(folder, prefix)
    while True:
        stage = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
        stage.chmod(0o700)
        held = FileLock(stage / _HELD)
        try:
            held.acquire(timeout=0)
        except (Timeout, FileNotFoundError):  # somebody who sweeps took it for abandoned
            continue
        break
    try:
        yield stage
    finally:
        _put_back(stage)
        held.release()
        shutil.rmtree(stage, ignore_errors=True)


def take_place(new: Path, folder: Path) -> None:
    """Moves a folder out of the staging folder that it is in, in place of any that is beside that; raises OSError.

    The other one goes with the staging folder, or is back in its place where the new one did not come there.
    """
    aside = new.parent / _ASIDE
    make_private_folder(aside)
    if folder.exists():
        folder.rename(aside / folder.name)
    new.rename(folder)


def _put_back(stage: Path) -> None:
    """Moves what was set aside to where it was, unless something has taken its place."""
    for each in (stage / _ASIDE).glob("*"):
        if not os.path.lexists(stage.parent / each.name):
            each.rename(stage.parent / each.name)


def sweep(folder: Path, prefix: str, first: Callable[[Path], object] = lambda _: None) -> None:
    """Takes away this user's staging folders that no process holds any more; each is handed to `first` before."""
    from filelock import FileLock, Timeout

    for stage in folder.glob(f"{glob.escape(prefix)}*"):
        if not is_private(stage):
            continue
        held = FileLock(stage / _HELD)
        try:
            held.acquire(timeout=0)
        except (Timeout, OSError):
            continue
        try:
            first(stage)
            _put_back(stage)
            shutil.rmtree(stage, ignore_errors=True)
        finally:
            held.release()
