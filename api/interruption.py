"""Ctrl-C and SIGTERM, at any moment: one line on standard error, and the end of an interrupted command.

Before a command has begun it ends the process at once.
Then it is raised as KeyboardInterrupt, so that the parts clean up; what takes it for something else, as some imports
do, or loses it, as finalizers and callbacks do, does not keep the command from ending as an interrupted one.
SIGTERM cleans up alike, and then ends the process as it would have.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130  # as the shell has it: 128 and the number of the signal, here SIGINT

_LINE = b"linkreach: interrupted\n"
_AFTERWARDS = {signal.SIGINT: signal.SIG_IGN, signal.SIGTERM: signal.SIG_DFL}


class _State:
    came: int | None = None  # the signal


def came() -> bool:
    """Whether this process was interrupted."""
    return _State.came is not None


def answered() -> None:
    """What came was taken for what it was, and has its answer: the command goes on to its end."""
    _State.came = None


def end_at_once() -> None:
    """From now on, and until a command begins, an interruption ends the process; where it is not ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


@contextmanager
def raised() -> Iterator[None]:
    """While this lasts an interruption is raised, and afterwards there is nothing left to be interrupted."""
    heard = [each for each in _AFTERWARDS if signal.getsignal(each) in (_end, signal.SIG_DFL)]
    if heard:
        sys.unraisablehook = _unraisable
        threading.excepthook = lambda args: None if came() else threading.__excepthook__(args)
    for each in heard:
        signal.signal(each, _raise)
    try:
        yield
    finally:
        for each in heard:
            signal.signal(each, _AFTERWARDS[each])


def leave(code: int) -> NoReturn:
    """Ends the process; what still runs in threads of an interrupted command is not waited for."""
    if _State.came == signal.SIGTERM:
        sys.stdout.flush()
        sys.stderr.flush()
        signal.raise_signal(signal.SIGTERM)
    if came() and any(each is not threading.main_thread() and not each.daemon for each in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _end(_number: int, _frame: FrameType | None) -> None:
    os.write(2, _LINE)
    os._exit(INTERRUPTED)


def _raise(number: int, _frame: FrameType | None) -> None:
    _State.came = number
    raise KeyboardInterrupt


def _unraisable(lost: sys.UnraisableHookArgs) -> None:
    """Where an exception cannot be raised, nothing above will hear of it."""
    if isinstance(lost.exc_value, KeyboardInterrupt):
        _end(signal.SIGINT, None)
    sys.__unraisablehook__(lost)
