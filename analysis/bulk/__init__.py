"""The bulk engine: everybody's reach at once, exact, in rows of bits (docs/engine.md explains how).

numba keeps what it has compiled, but looks only at the file of the function that is called, not at those that it calls.
So what is kept is kept under a hash of all files of this package: a change in any of them is compiled anew.
It is run when it is read: so the folder is its owner's alone, and no link.
Where there can be no such folder, as in a read-only container, each process compiles for itself.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numba

from graph.cache import cache_folder, is_trusted
from graph.files.private import make_private_folder

_settings: Any = numba.config  # it has no types


def _kept_in() -> Path:
    kept: str = _settings.CACHE_DIR  # NUMBA_CACHE_DIR
    files = sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
    folder = (Path(kept) if kept else cache_folder("kernels")) / digest
    try:
        make_private_folder(folder)
    except OSError:
        return _for_this_process()
    return folder if is_trusted(folder) and os.access(folder, os.W_OK) else _for_this_process()


def _for_this_process() -> Path:
    """Without a folder to write to numba refuses to compile at all."""
    folder = tempfile.mkdtemp(prefix="linkreach-kernels-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


_settings.CACHE_DIR = str(_kept_in())
