"""What may be asked: the parameters of every question, checked before anything else; what is unknown is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from api.http.formats import Format
from graph.instants import read_instant
from graph.world import World

PAIRS_AT_MOST = 1_000
ROWS_AT_MOST = 1_000
ROWS = 100


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        instant = read_instant(str(value))
    except ValueError as error:
        raise ValueError("say 2026-11-23 or 2026-11-23T09:30:00Z") from error
    if instant.year > 9998:
        raise ValueError("the calendar ends with the year 9999: ask about an earlier instant")
    return instant


def now() -> datetime:
    """The instant of questions that name none: now, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


Id = Annotated[str, Field(min_length=1, max_length=1_000)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
At = Annotated[
    datetime | None,
    BeforeValidator(_instant),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date-time"},
                {"type": "string", "format": "date"},
                {"type": "null"},
            ],
            "examples": ["2026-11-23T00:00:00Z"],
        }
    ),
    Field(
        description="The instant asked about, ISO 8601; default: now. "
        "It moves the clocks and does not rebuild a past graph."
    ),
]
Pack = Annotated[Name | None, Field(description="The rule pack; default: that of the service.", examples=["article"])]
AsTier = Annotated[Name | None, Field(description="Ask as if the sender were on this tier.", examples=["business"])]
As = Annotated[Format | None, Field(description="How to write the answer; before the header `Accept`.")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Rules(_Strict):
    """By what the question is to be answered."""

    at: At = None
    pack: Pack = None

    def world(self, default_pack: str, *, at: datetime | None = None) -> World:
        """What is asked under; `at`: the instant of a question that names none, in place of now, to the second."""
        return World(self.at or at or now(), self.pack or default_pack, self._tier())

    def _tier(self) -> str | None:
        return None


class _AskedAs(_Rules):
    """The tier to ask as, too."""

    as_tier: AsTier = None

    def _tier(self) -> str | None:
        return self.as_tier


class FormQuestion(_Strict):
    """How the answer is to be written, and nothing else."""

    format: As = None


class Question(_Rules, FormQuestion):
    """What every question about the graph may say."""


class CheckQuestion(Question, _AskedAs):
    """Whether one member can reach another."""

    sender: Annotated[Id, Field(description="The id of the member who wants to write.")]
    recipient: Annotated[Id, Field(description="The id of the member to be reached.")]


class UnlockQuestion(CheckQuestion):
    """What the sender could do about it."""

    channel: Annotated[Name | None, Field(description="Open this channel; default: any that reaches.")] = None
    names: Annotated[int, Field(ge=0, le=100, description="Name at most so many others to connect with.")] = 10


class Pair(_Strict):
    """A sender and a recipient, by their ids."""

    sender: Id
    recipient: Id


class BatchQuestion(_AskedAs):
    """Whether each of these senders can reach their recipient."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"pairs": [{"sender": "8796093022357", "recipient": "4398046511333"}], "as_tier": "career"}]
        },
    )

    pairs: Annotated[list[Pair], Field(min_length=1, max_length=PAIRS_AT_MOST)]


class ReachQuestion(Question, _AskedAs):
    """Whom a member reaches, or who reaches them."""

    channel: Annotated[
        list[Name] | None,
        Field(
            max_length=9,
            description="At least one of these is open, of any kind; may repeat. "
            "Default: those of kind message, request and paid.",
        ),
    ] = None
    degree: Annotated[int | None, Field(ge=1, le=3, description="At most this far away.")] = None
    limit: Annotated[
        Annotated[int, Field(ge=1, le=ROWS_AT_MOST)] | Literal["all"],
        Field(description="At most so many rows; `all` streams everything, in constant memory."),
    ] = ROWS
    cursor: Annotated[
        Annotated[str, Field(max_length=4_000)] | None, Field(description="The `next` of the page before.")
    ] = None


class CountsQuestion(Question, _AskedAs):
    """How many a member reaches."""


Ids = Annotated[list[Id], Field(max_length=100, description="May repeat.")]


class NamesQuestion(FormQuestion):
    """What these ids are called."""

    member: Ids = []
    group: Ids = []
    company: Ids = []


class SearchQuestion(FormQuestion):
    """Which members a text means."""

    q: Annotated[
        str,
        Field(min_length=1, max_length=200, description="An id, the beginning of one, or words of a name."),
    ]
    limit: Annotated[int, Field(ge=1, le=100, description="At most so many members.")] = 20


class NoQuestion(_Strict):
    """Nothing: what is asked stands in the body."""


class RunQuestion(_Rules):
    """What a report is to be made from."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"at": "2026-11-23", "pack": "article"}]})

    by: Annotated[Name, Field(description="The column of members that makes the segments of segment_matrix.")] = "tier"
