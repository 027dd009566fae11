"""What this user keeps for all homes on this machine: jars, what Java knows of classes, compiled kernels."""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path

import platformdirs

from graph.files.private import is_own, is_private, make_private_folder

_WRITTEN_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def cache_folder(name: str) -> Path:
    """A folder of the cache; it need not be there yet."""
    return platformdirs.user_cache_path("linkreach") / name


def make_cache_folder(name: str) -> Path:
    """The same, made where it is missing; nobody else gets into a cache of one's own. Raises OSError."""
    folder = cache_folder(name)
    make_private_folder(folder)
    cache = folder.parent
    if is_own(cache.stat()):
        cache.chmod(0o700)
    return folder


def is_trusted(folder: Path) -> bool:
    """Whether what lies there may be run: a private folder that nobody but its owner can put another in place of.

    One that others may look into, but not write to, becomes private.
    """
    with suppress(OSError):
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and is_own(found) and not found.st_mode & _WRITTEN_BY_OTHERS:
            folder.chmod(0o700)
        return is_private(folder) and not any(_lets_others_replace(each) for each in folder.absolute().parents)
    return False


def _lets_others_replace(parent: Path) -> bool:
    mode = parent.stat().st_mode
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX
