"""Who may ask what: by a key and its scopes, or, bound to loopback, everybody on this machine (docs/api.md, "Keys").

Decided by the head of a request alone, before anything else is done for it (`api.http.requests`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader
from starlette.datastructures import Headers, State
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from api.http.problems import BEYOND_SENDERS, FOREIGN_HOST, FOREIGN_ORIGIN, KEY_NEEDED, SCOPE_NEEDED, Problem, defect
from api.keys import SCOPES, Key, KeyFile
from api.loopback import is_loopback, name_of_host
from graph.errors import InvalidInput
from graph.rules.redaction import Reader

HEADER = "X-Api-Key"

# The manual says with it that a key is needed; it is looked at long before.
in_the_manual = Security(
    APIKeyHeader(
        name=HEADER,
        auto_error=False,
        description="Made by `linkreach key new NAME --scope read`. Not needed where the service is bound to loopback.",
    )
)

_OF_THE_SAME_ORIGIN = ("same-origin", "none")  # a page of this service, or nobody's: an address that was typed


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; `name` is that of the key, `senders` whom alone it asks for, None: for everybody."""

    name: str
    scopes: frozenset[str]
    senders: frozenset[str] | None = None

    @property
    def reader(self) -> Reader:
        """As whom they read answers."""
        return Reader("audit" in self.scopes, self.senders or frozenset())

    def require(self, *senders: str) -> None:
        """Returns where the caller may ask for these senders; raises Problem."""
        if self.senders is not None and not self.senders.issuperset(senders):
            raise Problem(BEYOND_SENDERS, "this key asks for the senders alone that it is bound to")


_ON_THIS_MACHINE = Caller("loopback", frozenset(SCOPES))


@dataclass(frozen=True, slots=True)
class Entrance:
    """What it takes to ask a route: a key with this scope; `for_senders`: also one that is bound to senders.

    `upload_bytes`: where it takes files, how much they may have; they are handed on as they come.
    """

    route: BaseRoute
    scope: str
    for_senders: bool
    upload_bytes: int | None = None


class Admission:
    """Lets requests in: `keys` None: those of this machine alone, and without a key.

    `entrances` are the routes that take one.
    Whatever else there may be under `/v1` takes one, too, so that a route which is missing here is open to nobody.
    """

    def __init__(self, keys: KeyFile | None, entrances: Sequence[Entrance]) -> None:
        self._keys = keys
        self._entrances = entrances

    def admit(self, scope: Scope) -> Entrance | None:
        """The entrance that a request takes, if it takes one; who asks is in its state then, None: anybody.

        Raises Problem where they may not.
        """
        headers, state = Headers(scope=scope), State(scope["state"])
        entrance = next((each for each in self._entrances if each.route.matches(scope)[0] is Match.FULL), None)
        asks = entrance is not None or is_of_the_api(scope["path"])
        if self._keys is None:
            _refuse_other_hosts(headers)
            if asks:
                _refuse_other_sites(headers)
            state.caller = _ON_THIS_MACHINE
        elif not asks:
            state.caller = None
        else:
            state.caller = _caller(_key(self._keys, headers.get(HEADER), state), entrance)
        return entrance


def is_of_the_api(path: str) -> bool:
    """Whether answers at this path hold data."""
    return path == "/v1" or path.startswith("/v1/")


def _key(keys: KeyFile, secret: str | None, state: State) -> Key:
    try:
        key = None if secret is None else keys.find(secret)
    except InvalidInput as error:
        state.cause = str(error)
        raise defect() from error
    if key is None:
        raise Problem(KEY_NEEDED, f"send a key in the header {HEADER}" if secret is None else "this key is not known")
    state.key = key.name
    return key


def _caller(key: Key, entrance: Entrance | None) -> Caller:
    if entrance is not None:
        if entrance.scope not in key.scopes:
            raise Problem(SCOPE_NEEDED, f"this takes a key with the scope {entrance.scope}")
        if key.senders is not None and not entrance.for_senders:
            raise Problem(BEYOND_SENDERS, "this is about more than the senders that the key is bound to")
    return Caller(key.name, frozenset(key.scopes), None if key.senders is None else frozenset(key.senders))


def _refuse_other_hosts(headers: Headers) -> None:
    """A browser on this machine may be sent here by any site; with keys that is no danger, as none comes along."""
    if not is_loopback(name_of_host(headers.get("host", "")) or ""):
        raise Problem(FOREIGN_HOST, "bound to loopback, this answers to localhost alone")


def _refuse_other_sites(headers: Headers) -> None:
    """Refuses what a page of another site, or of another port of this machine, asks in the name of who looks at it."""
    host, origin = headers.get("host"), headers.get("origin")
    foreign = any(site not in _OF_THE_SAME_ORIGIN for site in headers.getlist("sec-fetch-site"))
    if foreign or origin not in (None, f"http://{host}", f"https://{host}"):
        raise Problem(FOREIGN_ORIGIN, "a page of another site asked in your name")


async def caller_of(request: Request) -> Caller:
    """Who asks, as they were let in."""
    caller: Caller = request.state.caller
    return caller


TheCaller = Annotated[Caller, Depends(caller_of)]
