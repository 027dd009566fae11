"""Which process something is held by, told by values that stay as they are when a clock is set.

Source: proc_pid_stat(5), field 22 (when the process started, in ticks since the machine did); random(4), boot_id.
"""

from __future__ import annotations

import platform
from pathlib import Path

import psutil

_PROC = Path("/proc")
_DEAD = ("Z", "X")


def machine() -> str:
    """This machine since it was started, and the room in it whose process ids these are; elsewhere its name."""
    try:
        boot = (_PROC / "sys" / "kernel" / "random" / "boot_id").read_text("ascii").strip()
        return f"{boot} {(_PROC / 'self' / 'ns' / 'pid').readlink()}"
    except OSError:
        return platform.node()


def started(pid: int) -> str | None:
    """When a process of this machine began, as no other one of its id did; None where there is none, or a dead one."""
    try:
        # The name stands in parentheses and may hold more of them.
        fields = (_PROC / str(pid) / "stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None if (_PROC / "self" / "stat").exists() else _started_elsewhere(pid)
    return None if fields[0] in _DEAD else fields[19]


def _started_elsewhere(pid: int) -> str | None:
    """Systems without /proc keep the instant that they noted then."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else repr(process.create_time())
    except psutil.NoSuchProcess:
        return None
