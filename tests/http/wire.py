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
    ends: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def accept(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                ends.append(client)
                try:
                    server = socket.create_connection(("127.0.0.1", to))
                except ConnectionRefusedError:
                    client.shutdown(socket.SHUT_RDWR)
                    continue
                ends.append(server)
                start(_forward, client, server, asked)
                start(_forward, server, client, answered)

    def start(work: Callable[..., None], *arguments: object) -> None:
        threads.append(threading.Thread(target=work, args=arguments))
        threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        start(accept, listener)
        try:
            yield listener.getsockname()[1]
        finally:
            _end(listener)
            threads[0].join()
            for each in ends:
                _end(each)
            for thread in threads:
                thread.join()
            for each in ends:
                each.close()


def _forward(source: socket.socket, sink: socket.socket, passing: Passing) -> None:
    with suppress(OSError, Cut):
        while data := source.recv(1 << 16):
            for piece in passing(data):
                sink.sendall(piece)
    _end(source)
    _end(sink)


def _end(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
