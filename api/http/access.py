"""Who may ask what: by a key and its scopes, or, bound to loopback, everybody on this machine (docs/api.md, "Keys")."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader

from api.http.problems import KEY_NEEDED, SCOPE_NEEDED, Problem, defect
from api.http.service import TheService
from api.keys import SCOPES
from graph.errors import InvalidInput
from graph.rules.redaction import Reader

HEADER = "X-Api-Key"

_header = APIKeyHeader(
    name=HEADER,
    auto_error=False,
    description="Made by `linkreach key new NAME --scope read`. Not needed where the service is bound to loopback.",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; `name` is that of the key."""

    name: str
    scopes: frozenset[str]

    @property
    def reader(self) -> Reader:
        """As whom they read answers."""
        return Reader(audits="audit" in self.scopes)


_ON_THIS_MACHINE = Caller("loopback", frozenset(SCOPES))


# What every request depends on is async: anything else is run in a thread, which takes longer than what it does.
async def caller_of(
    request: Request, service: TheService, secret: Annotated[str | None, Depends(_header)] = None
) -> Caller:
    """Who asks; raises Problem where a key is needed and none that is known comes along."""
    keys = service.options.keys
    if keys is None:
        return _ON_THIS_MACHINE
    try:
        key = None if secret is None else keys.find(secret)
    except InvalidInput as error:
        request.state.cause = str(error)
        raise defect() from error
    if key is None:
        raise Problem(KEY_NEEDED, f"send a key in the header {HEADER}" if secret is None else "this key is not known")
    request.state.key = key.name
    return Caller(key.name, frozenset(key.scopes))


TheCaller = Annotated[Caller, Depends(caller_of)]


def needs(scope: str) -> Callable[[Caller], Awaitable[None]]:
    """A dependency of the routes that only keys with this scope may use."""

    async def check(caller: TheCaller) -> None:
        if scope not in caller.scopes:
            raise Problem(SCOPE_NEEDED, f"this takes a key with the scope {scope}")

    return check
