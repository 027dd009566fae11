"""A wire between a client and a server of this machine, on which something may happen."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Passing = Callable[[bytes], Iterator[bytes]]

COMMIT = bytes.fromhex("0002b0120000")  # that message of Bolt, with its length before and its end after it


class Cut(Exception):
    """Raised while something passes: the connection ends there, for both sides."""


def as_it_is(data: bytes) -> Iterator[bytes]:
    """Passes what comes."""
    yield data


@contextmanager
def wire(to: int, *, asked: Passing = as_it_is, answered: Passing = as_it_is) -> Iterator[int]:
    """Forwards connections to the port `to`; gives the port to connect to.

    `asked` and `answered` say what passes of what the client and the server send.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, to, asked, answered), daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, to: int, asked: Passing, answered: Passing) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            try:
                server = socket.create_connection(("127.0.0.1", to))
            except OSError:
                client.close()
                continue
            for source, sink, passing in ((client, server, asked), (server, client, answered)):
                threading.Thread(target=_forward, args=(source, sink, passing), daemon=True).start()


def _forward(source: socket.socket, sink: socket.socket, passing: Passing) -> None:
    with suppress(OSError, Cut):
        while data := source.recv(1 << 16):
            for piece in passing(data):
                sink.sendall(piece)
    for each in (source, sink):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
