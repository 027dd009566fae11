"""Connections, before anything is asked over them: how many there may be, and how large and how slow a head.

uvicorn bounds none of that (its manual, "Server behavior"), so its protocol is given bounds here.
Where there are too many, whoever has waited longest gives way: a head that comes at once is never the one.
"""

from __future__ import annotations

import asyncio
import ipaddress
import uuid
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from itertools import chain
from typing import Any

from msgspec import json
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.http import metrics
from api.http.headers import EVERY_ANSWER
from api.http.problems import (
    BODY_TOO_LARGE,
    HEAD_TOO_LARGE,
    HEAD_TOO_SLOW,
    MEDIA_TYPE,
    UNREADABLE_HEAD,
    Kind,
    Problem,
)

_LINGER_SECONDS = 1.0  # until a refusal was read: a connection that ends sooner may take it along


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a server bears: connections in all and of one address, and how large and how slow a head may be.

    `body_bytes`: of a body with all that frames it, unless whoever asks was let in with a larger one.
    """

    connections: int = 512
    of_one_address: int = 256
    head_bytes: int = 1 << 16
    head_fields: int = 100
    head_seconds: float = 10.0
    body_bytes: int = 1 << 21


BOUNDS = Bounds()


class Connections:
    """The connections of one server."""

    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self.bounds = bounds
        self._all: dict[Connection, str] = {}
        self._of: Counter[str] = Counter()
        # Each in the order in which they came to be so: those that never asked, that were answered, that are being so.
        self._new: dict[Connection, None] = {}
        self._kept: dict[Connection, None] = {}
        self._asking: dict[Connection, None] = {}

    def protocol(self, **given: Any) -> Connection:
        """A new connection, as uvicorn makes one."""
        return Connection(self, **given)

    def enter(self, connection: Connection, address: str) -> bool:
        """Counts a connection; False where there is no room and nobody to give way."""
        network = _network(address)
        crowded = self._of[network] >= self.bounds.of_one_address
        if (crowded or len(self._all) >= self.bounds.connections) and not self._give_way(network if crowded else None):
            return False
        self._all[connection] = network
        self._of[network] += 1
        self._new[connection] = None
        return True

    def leave(self, connection: Connection) -> None:
        """A connection has ended."""
        network = self._all.pop(connection, None)
        if network is not None:
            self._of[network] -= 1
            if not self._of[network]:
                del self._of[network]
        self._take_out(connection)

    def asks(self, connection: Connection) -> None:
        """A head is there: the connection waits no more."""
        self._take_out(connection)
        self._asking[connection] = None

    def waits(self, connection: Connection) -> None:
        """A connection has been answered, and waits for the next head."""
        self._take_out(connection)
        self._kept[connection] = None

    def _take_out(self, connection: Connection) -> None:
        for some in (self._new, self._kept, self._asking):
            some.pop(connection, None)

    def _give_way(self, network: str | None) -> bool:
        """Ends one connection, of this network if it is one that is crowded; False where each is of a known caller."""
        strangers = (each for each in self._asking if each.is_of_stranger)
        for each in chain(self._new, self._kept, strangers):
            if network is None or self._all[each] == network:
                self.leave(each)
                each.end()
                return True
        return False


class Connection(HttpToolsProtocol):
    """One connection, with bounds."""

    def __init__(self, connections: Connections, **given: Any) -> None:
        super().__init__(**given)
        self._connections_of_server = connections
        self._bounds = connections.bounds
        self._patience: asyncio.TimerHandle | None = None
        self._kind: Kind | None = None  # of the problem that the connection ends with
        self._begun = 0  # heads
        self._is_inside = False  # a message has begun, and has not ended
        self._has_head = False
        self._fields = self._field_bytes = self._wire_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Takes a place, and waits for a head."""
        super().connection_made(transport)
        if self._connections_of_server.enter(self, self.client[0] if self.client else ""):
            self._be_patient()
        else:
            self._count("too-many-connections")
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leaves its place."""
        self._connections_of_server.leave(self)
        self._stop_waiting()
        super().connection_lost(exc)

    @property
    def is_of_stranger(self) -> bool:
        """Whether nobody asks of whom anything is known: as who takes a file of the page, however slowly."""
        return self.cycle is None or self.cycle.scope["state"].get("caller", True) is None

    @property
    def _body_bytes(self) -> int:
        let_in: int | None = None if self.cycle is None else self.cycle.scope["state"].get("body_bytes")
        return self._bounds.body_bytes if let_in is None else let_in

    def end(self) -> None:
        """Ends the connection at once, so that there is room for another."""
        self._count("given-up")
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Reads on, as long as it is within the bounds."""
        if self._kind is not None:
            return
        begun, was_inside = self._begun, self._is_inside
        super().data_received(data)
        if self._kind is not None:
            return
        if self._is_inside and self._begun - begun == (0 if was_inside else 1):  # all of it is of this one message
            self._wire_bytes += len(data)
        if self._is_inside and self._has_head and self._wire_bytes > self._body_bytes:
            self._refuse(BODY_TOO_LARGE)
        elif self._is_inside and not self._has_head and self._wire_bytes > self._bounds.head_bytes:
            self._refuse(HEAD_TOO_LARGE)
        if self._patience is None and (self.cycle is None or self.cycle.response_complete):
            self._be_patient()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._begun += 1
        self._is_inside, self._has_head = True, False
        self._fields = self._field_bytes = self._wire_bytes = 0

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        super().on_url(url)
        self._field_bytes += len(url)
        self._require_small_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head, or of what may follow a body."""
        if self._has_head:  # behind a body: nobody asks for these, and they must not come to stand in the head
            return
        self._fields += 1
        self._field_bytes += len(name) + len(value) + len(b": \r\n")
        self._require_small_head()
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there, and somebody asks."""
        self._has_head = True
        self._wire_bytes = 0
        self._stop_waiting()
        self._connections_of_server.asks(self)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request has ended."""
        self._is_inside = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The request is answered, and the next one may come."""
        super().on_response_complete()
        if not self.pipeline and not self.transport.is_closing():
            self._connections_of_server.waits(self)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 what uvicorn would say
        """What came is no request that can be read."""
        self._refuse(self._kind or UNREADABLE_HEAD)

    def _require_small_head(self) -> None:
        if self._field_bytes > self._bounds.head_bytes or self._fields > self._bounds.head_fields:
            self._kind = HEAD_TOO_LARGE
            raise OverflowError  # the parser goes no farther

    def _be_patient(self) -> None:
        self._patience = self.loop.call_later(self._bounds.head_seconds, self._lose_patience)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _lose_patience(self) -> None:
        self._patience = None
        if self._is_inside:
            self._refuse(HEAD_TOO_SLOW)
        elif not self.transport.is_closing():
            self.transport.close()  # not a word came

    def _refuse(self, kind: Kind) -> None:
        """Says why, and ends the connection once that was read."""
        self._kind = kind
        self._count(kind.name)
        self._stop_waiting()
        if self.transport.is_closing() or (self.cycle is not None and not self.cycle.response_complete):
            self.transport.abort()  # an answer to another request is on its way: nothing can be said in between
            return
        self.headers = []
        self.transport.write(_answer(kind, self.server_state.default_headers))
        self.transport.write_eof()
        self.flow.pause_reading()
        self.loop.call_later(_LINGER_SECONDS, self.transport.abort)

    @staticmethod
    def _count(reason: str) -> None:
        metrics.CONNECTIONS_REFUSED.labels(reason).inc()


def _network(address: str) -> str:
    """What counts as one address: of IPv6 the half that a network is given, for within it all are somebody's own."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.IPv6Address(int(found) >> 64 << 64))
    return address


def _answer(kind: Kind, default_headers: list[tuple[bytes, bytes]]) -> bytes:
    request_id = uuid.uuid4().hex
    problem = Problem(kind, kind.title.lower())
    body = json.encode({**problem.document(), "request_id": request_id})
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Content-Length": str(len(body)),
        "Connection": "close",
        "X-Request-Id": request_id,
        **EVERY_ANSWER,
    }
    lines = [f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}".encode()]
    lines += [name + b": " + value for name, value in default_headers]
    lines += [f"{name}: {value}".encode() for name, value in headers.items()]
    return b"\r\n".join([*lines, b"", body])
