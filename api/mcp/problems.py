"""What goes wrong with a tool call, as an assistant reads it: the kind of error, and what to send instead."""

from __future__ import annotations

from msgspec import Struct

from api.advice import advised
from api.http.problems import INTERNAL, INVALID_REQUEST, UNKNOWN_REPORT, kind_of
from graph import errors
from graph.errors import LinkreachError


class Problem(Struct, frozen=True):
    """Why a call has no answer: `kind` as the API names it, `problem` in a sentence, and what to `send`."""

    kind: str
    problem: str
    send: str


def problem_of(error: LinkreachError) -> Problem:
    """The problem that an error of ours is."""
    kind = UNKNOWN_REPORT if isinstance(error, errors.UnknownReport) else kind_of(error)
    send = _send(error)
    if send is None:
        return Problem(kind.name, advised(error), "Nothing: this is for whoever runs linkreach to mend.")
    return Problem(kind.name, str(error), send)


def misread(mistake: str) -> Problem:
    """Of a call that is not as the tool's schema has it."""
    return Problem(INVALID_REQUEST.name, mistake, "Arguments as the schema of the tool has them.")


def unknown_tool(name: str, tools: list[str]) -> Problem:
    """Of a tool that there is not."""
    return Problem(INVALID_REQUEST.name, f"there is no tool {name!r}", f"One of {', '.join(tools)}.")


def defect(error: Exception) -> Problem:
    """Of what should not happen."""
    problem = f"a defect in linkreach: {type(error).__name__}"
    return Problem(INTERNAL.name, problem, "Nothing: whoever runs linkreach finds it on its standard error.")


def _send(error: LinkreachError) -> str | None:
    """What to send instead; None where it is not for the assistant to mend."""
    match error:
        case errors.UnknownMember():
            return "The id of a member, or a name that means exactly one: the tool find looks for them."
        case errors.SeveralMembers():
            return "The id of the one who is meant."
        case errors.EndAsIntroducer():
            return "Neither the sender nor the recipient in through and without."
        case errors.SameMember():
            return "Two different members."
        case errors.UnknownTier(tiers=tiers):
            return f"A tier of {', '.join(tiers)}, or without it."
        case errors.UnknownPack(loaded=loaded):
            return f"A pack of {', '.join(loaded)}, or without it." if loaded else None
        case errors.UnknownChannel(channels=channels):
            return f"A channel of {', '.join(channels)}."
        case errors.UnknownReport(reports=reports):
            return f"report as one of {', '.join(reports)}."
        case errors.UnknownColumn():
            return "by as another column of members, or without it."
        case errors.RejectedRow():
            return "A change of which a load would take every row."
        case errors.UndefinedTiers():
            return "Another pack, one that defines these tiers."
        case errors.TooLarge():
            return "Less at a time."
        case errors.GraphLoading() | errors.LoadRunning() | errors.GraphChanged():
            return "The same again, once the load has ended."
        case errors.OutOfMemory() | errors.DeadlinePassed():
            return "Less at a time."
        case errors.InvalidInput():
            return "Another question: the problem says what is wrong with this one."
        case _:
            return None
