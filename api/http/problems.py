"""What goes wrong, as other programs read it: problem details (RFC 9457), each with a stable type and a request id.

The inside knows no status codes; the table here maps them, and says nothing of the inside to strangers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Response
from msgspec import json

from graph import errors
from graph.errors import LinkreachError

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its name makes the type, and never changes; `retry`: later the same may go well."""

    name: str
    status: int
    title: str
    retry: bool = False

    @property
    def type(self) -> str:
        """The URI that programs compare with."""
        return f"urn:linkreach:problem:{self.name}"


INVALID_REQUEST = Kind("invalid-request", 422, "The request is not as the API has it")
UNKNOWN_MEMBER = Kind("unknown-member", 404, "There is no such member")
SEVERAL_MEMBERS = Kind("several-members", 422, "A name means several members")
SAME_MEMBER = Kind("same-member", 422, "Sender and recipient are the same member")
UNKNOWN_TIER = Kind("unknown-tier", 422, "The rule pack has no such tier")
UNKNOWN_PACK = Kind("unknown-pack", 422, "There is no such rule pack")
UNKNOWN_CHANNEL = Kind("unknown-channel", 422, "The rule pack has no such channel")
INVALID_QUESTION = Kind("invalid-question", 422, "The question makes no sense")
TOO_LARGE = Kind("too-large", 422, "This is more than is answered at once")
NOT_FOUND = Kind("not-found", 404, "There is nothing here")
UNREADABLE_HEAD = Kind("unreadable-head", 400, "The head of the request cannot be read")
HEAD_TOO_LARGE = Kind("head-too-large", 431, "The head of the request is too large")
HEAD_TOO_SLOW = Kind("head-too-slow", 408, "The head of the request did not come to its end")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "Not with this method")
NOT_ACCEPTABLE = Kind("not-acceptable", 406, "There is no such form of the answer")
UNREADABLE_BODY = Kind("unreadable-body", 400, "The body cannot be read")
BODY_TOO_LARGE = Kind("body-too-large", 413, "The body is too large")
KEY_NEEDED = Kind("key-needed", 401, "A key is needed")
SCOPE_NEEDED = Kind("scope-needed", 403, "The key may not do this")
BEYOND_SENDERS = Kind("beyond-senders", 403, "The key is bound to other senders")
FOREIGN_HOST = Kind("foreign-host", 421, "This is not the host that was asked for")
FOREIGN_ORIGIN = Kind("foreign-origin", 403, "Another site's page may not ask here")
RUN_UNDER_WAY = Kind("run-under-way", 409, "A run of this report is under way")
NO_RUN = Kind("no-run", 404, "There is no finished run of this report")
UNKNOWN_RUN = Kind("unknown-run", 404, "There is no such run")
UNKNOWN_REPORT = Kind("unknown-report", 404, "There is no such report")
UNKNOWN_LOAD = Kind("unknown-load", 404, "There is no such load")
LOAD_UNDER_WAY = Kind("load-under-way", 409, "The load has not ended yet", retry=True)
UNREADABLE_FILES = Kind("unreadable-files", 422, "The files cannot be loaded as they are")
NO_ROOM = Kind("no-room", 507, "There is no room for the files", retry=True)
UNKNOWN_GROUP = Kind("unknown-group", 404, "The report has no such group")
UNKNOWN_COMPANY = Kind("unknown-company", 404, "The report has no such company page")
CURSOR_OF_ANOTHER_QUESTION = Kind("cursor-of-another-question", 422, "The cursor belongs to another question")
GRAPH_CHANGED = Kind("graph-changed", 409, "The graph has changed")
GRAPH_LOADING = Kind("graph-loading", 503, "The graph is being loaded", retry=True)
GRAPH_WARMING = Kind("graph-warming", 503, "The first questions would take long yet", retry=True)
NOTHING_LOADED = Kind("nothing-loaded", 503, "No network was ever loaded", retry=True)
GRAPH_AWAY = Kind("graph-away", 503, "The graph is away", retry=True)
OVERLOADED = Kind("overloaded", 503, "Too much is asked at once", retry=True)
DEADLINE_PASSED = Kind("deadline-passed", 503, "There was no answer in time", retry=True)
OUT_OF_MEMORY = Kind("out-of-memory", 503, "The question needs more memory than the graph grants", retry=True)
INTERNAL = Kind("internal", 500, "A defect in linkreach")

KINDS = {kind.name: kind for kind in list(globals().values()) if isinstance(kind, Kind)}

# The nearest of an error's kinds counts.
_OF_ERRORS: dict[type[LinkreachError], Kind] = {
    errors.UnknownMember: UNKNOWN_MEMBER,
    errors.SeveralMembers: SEVERAL_MEMBERS,
    errors.SameMember: SAME_MEMBER,
    errors.UnknownTier: UNKNOWN_TIER,
    errors.UndefinedTiers: UNKNOWN_TIER,
    errors.UnknownPack: UNKNOWN_PACK,
    errors.UnknownChannel: UNKNOWN_CHANNEL,
    errors.TooLarge: TOO_LARGE,
    errors.InvalidInput: INVALID_QUESTION,
    errors.NothingLoaded: NOTHING_LOADED,
    errors.DatabaseUnavailable: GRAPH_AWAY,
    errors.AccessDenied: GRAPH_AWAY,
    errors.OutOfMemory: OUT_OF_MEMORY,
    errors.DeadlinePassed: DEADLINE_PASSED,
    errors.LoadRunning: GRAPH_LOADING,
    errors.GraphLoading: GRAPH_LOADING,
    errors.GraphChanged: GRAPH_LOADING,
    errors.LinkreachError: INTERNAL,
}

# What the inside says is for whoever runs it; strangers hear this.
WITHOUT_CAUSE = {
    GRAPH_AWAY: "Neo4j does not answer at the moment: try again a little later",
    GRAPH_LOADING: "a load is under way, or was cut short: try again once it has ended",
    NOTHING_LOADED: "no network was ever loaded: linkreach load PATH loads one",
    DEADLINE_PASSED: "it took longer than it may: ask for less at a time, or try again later",
    OUT_OF_MEMORY: "ask for less at a time",
    INTERNAL: "whoever runs this finds it in the log, by the request id",
}


class Problem(Exception):
    """Raised where a request ends in a problem; `more` are further members of its document."""

    def __init__(self, kind: Kind, detail: str, **more: Any) -> None:
        self.kind = kind
        self.detail = detail
        self.more = more
        super().__init__(f"{kind.name}: {detail}")

    def document(self) -> dict[str, Any]:
        """The problem without the request's id, as it also stands in place of one of many answers."""
        return {
            "type": self.kind.type,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            **self.more,
        }


def kind_of(error: LinkreachError) -> Kind:
    """The kind of problem that an error of ours is."""
    return next(_OF_ERRORS[each] for each in type(error).__mro__ if each in _OF_ERRORS)


def problem_of(error: LinkreachError) -> Problem:
    """The problem that strangers may read of an error of ours."""
    kind = kind_of(error)
    return Problem(kind, WITHOUT_CAUSE.get(kind) or str(error))


def defect() -> Problem:
    """The problem that strangers read of a defect, whose cause stands in the log alone."""
    return Problem(INTERNAL, WITHOUT_CAUSE[INTERNAL])


def response(problem: Problem, request_id: str) -> Response:
    """The answer to a request that ends in this problem."""
    headers = {"Retry-After": str(RETRY_SECONDS)} if problem.kind.retry else {}
    if problem.kind is KEY_NEEDED:
        headers["WWW-Authenticate"] = "ApiKey"
    return Response(
        json.encode({**problem.document(), "request_id": request_id}), problem.kind.status, headers, MEDIA_TYPE
    )
