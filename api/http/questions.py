"""What may be asked: the parameters of every question, checked before anything else; what is unknown is refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Literal, Self, get_args, get_origin, get_type_hints

from fastapi import Request, params
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StrictBool,
    WithJsonSchema,
    model_validator,
)

from analysis.plans.task import USUAL
from api.http.changes import Supposed
from api.http.formats import Format
from api.http.mistakes import wrong
from api.http.uploads import is_form
from graph.errors import InvalidInput
from graph.instants import read_instant
from graph.questions.introductions import WAYS
from graph.sources import AUTO, FORMATS
from graph.sources.change import Change
from graph.sources.chunks import Hints
from graph.world import World
from linkreach.loading import read_columns

PAIRS_AT_MOST = 1_000
INTRODUCTIONS_AT_MOST = 100
ROWS_AT_MOST = 1_000
ROWS = 100

_DIGITS = re.compile("-?(0|[1-9][0-9]{0,17})")  # Python, and with it pydantic, reads 1_0 and 1.0 as numbers, too


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        instant = read_instant(value)
    except (TypeError, ValueError) as error:
        raise ValueError("say 2026-11-23 or 2026-11-23T09:30:00Z") from error
    if instant.year > 9998:
        raise ValueError("the calendar ends with the year 9999: ask about an earlier instant")
    return instant


def _number(value: Any) -> Any:
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("say a whole number, in digits")
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("must be a whole number")
    return value


def _truth(value: Any) -> Any:
    if value in ("true", "false") or isinstance(value, bool):
        return value
    raise ValueError("say true or false")


def _rows(value: Any) -> Any:
    if value == "all" or (_DIGITS.fullmatch(str(value)) and 1 <= int(value) <= ROWS_AT_MOST):
        return value
    raise ValueError(f"say a number from 1 to {ROWS_AT_MOST:,}, or all")


_ROWS_SCHEMA = WithJsonSchema(
    {"anyOf": [{"type": "integer", "minimum": 1, "maximum": ROWS_AT_MOST}, {"const": "all", "type": "string"}]}
)


def _format(name: str) -> str:
    if name not in (AUTO, *FORMATS):
        raise ValueError(f"must be {AUTO}, or one of {', '.join(FORMATS)}")
    return name


def _columns(text: str | None) -> str | None:
    if text is not None:
        try:
            read_columns(text)
        except InvalidInput as error:
            raise ValueError(str(error)) from error
    return text


def now() -> datetime:
    """The instant of questions that name none: now, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


# In an address and in a form everything is text; in JSON a number is no text, and no truth.
Number = Annotated[int, BeforeValidator(_number)]
Truth = Annotated[bool, BeforeValidator(_truth)]
JsonNumber = Annotated[int, BeforeValidator(_whole)]
Id = Annotated[str, Field(min_length=1, max_length=1_000)]
IdOrName = Annotated[Id, Field(description="An id, or a name that means exactly one member.")]
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
After = Annotated[Annotated[str, Field(max_length=4_000)] | None, Field(description="The `next` of the page before.")]
AsTier = Annotated[Name | None, Field(description="Ask as if the sender were on this tier.", examples=["business"])]
Ids = Annotated[list[Id], Field(max_length=100, description="May repeat.")]
As = Annotated[Format | None, Field(description="How to write the answer; before the header `Accept`.")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Rules(_Strict):
    """By what the question is to be answered."""

    at: At = None
    pack: Pack = None

    def world(self, default_pack: str, *, at: datetime | None = None, change: Change | None = None) -> World:
        """What is asked under; `at`: the instant of a question that names none, in place of now, to the second."""
        return World(self.at or at or now(), self.pack or default_pack, self._tier(), change)

    def _tier(self) -> str | None:
        return None


class _AskedAs(_Rules):
    """The tier to ask as, too."""

    as_tier: AsTier = None

    def _tier(self) -> str | None:
        return self.as_tier


class _Supposing(_AskedAs):
    """A change to suppose, too."""

    change: Supposed = None


class FormQuestion(_Strict):
    """How the answer is to be written, and nothing else."""

    format: As = None


class Question(_Rules, FormQuestion):
    """What every question about the graph may say."""


class CheckQuestion(Question, _AskedAs):
    """Whether one member can reach another."""

    sender: Annotated[Id, Field(description="The member who wants to write: an id, or a name that means one.")]
    recipient: Annotated[Id, Field(description="The member to be reached, likewise.")]


class MutualsQuestion(Question):
    """Whom two members both know."""

    sender: Annotated[Id, Field(description="One member: an id, or a name that means one.")]
    recipient: Annotated[Id, Field(description="Another, likewise.")]
    limit: Annotated[Number, Field(ge=1, le=ROWS_AT_MOST, description="At most so many mutuals.")] = ROWS


class UnlockQuestion(CheckQuestion):
    """What the sender could do about it."""

    channel: Annotated[Name | None, Field(description="Open this channel; default: any that reaches.")] = None
    names: Annotated[Number, Field(ge=0, le=100, description="Name at most so many others to connect with.")] = 10


class IntroductionsQuestion(CheckQuestion):
    """Over whom one member could be introduced to another."""

    limit: Annotated[Number, Field(ge=1, le=100, description="At most so many ways, the strongest first.")] = WAYS
    through: Annotated[Ids, Field(description="Only ways over this member; may repeat: over all of them.")] = []
    without: Annotated[Ids, Field(description="No way over this member; may repeat.")] = []
    every_way: Annotated[Truth, Field(description="List more than the best way over the same first introducer.")] = (
        False
    )


class Pair(_Strict):
    """A sender and a recipient."""

    sender: IdOrName
    recipient: IdOrName


class UnlockBody(_Supposing):
    """What the sender could do about a pair."""

    sender: IdOrName
    recipient: IdOrName
    channel: Annotated[Name | None, Field(description="Open this channel; default: any that reaches.")] = None
    names: Annotated[JsonNumber, Field(ge=0, le=100, description="Name at most so many others to connect with.")] = 10


class ReachBody(_Supposing):
    """Whom a member reaches."""

    member: IdOrName
    channel: Annotated[list[Name], Field(max_length=9, description="At least one of these is open, of any kind.")] = []
    degree: Annotated[JsonNumber | None, Field(ge=1, le=3, description="At most this far away.")] = None
    possible: Annotated[
        StrictBool, Field(description="Also those who are not reached and possibly are, by what is not known.")
    ] = False
    limit: Annotated[JsonNumber, Field(ge=1, le=ROWS_AT_MOST, description="At most so many rows, nearest first.")] = (
        ROWS
    )


class BatchQuestion(_Supposing):
    """Whether each of these senders can reach their recipient."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"pairs": [{"sender": "8796093022357", "recipient": "4398046511333"}], "as_tier": "career"}]
        },
    )

    pairs: Annotated[list[Pair], Field(min_length=1, max_length=PAIRS_AT_MOST)]


class MatchQuestion(BatchQuestion):
    """The same in short."""

    unlock: Annotated[StrictBool, Field(description="Say for each pair that is not reachable what would open it.")] = (
        False
    )
    introductions: Annotated[
        StrictBool,
        Field(
            description=f"Say for each pair its best way of introduction; for {INTRODUCTIONS_AT_MOST} pairs at most."
        ),
    ] = False

    @model_validator(mode="after")
    def _few_enough(self) -> Self:
        if self.introductions and len(self.pairs) > INTRODUCTIONS_AT_MOST:
            raise ValueError(f"introductions are looked for in {INTRODUCTIONS_AT_MOST} pairs at a time, at most")
        return self


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
    degree: Annotated[Number | None, Field(ge=1, le=3, description="At most this far away.")] = None
    possible: Annotated[
        Truth, Field(description="Also those who are not reached and possibly are, by what is not known.")
    ] = False
    limit: Annotated[
        int | Literal["all"],
        BeforeValidator(_rows),
        _ROWS_SCHEMA,
        Field(description="At most so many rows; `all` streams everything, in constant memory."),
    ] = ROWS
    cursor: After = None


class CountsQuestion(Question, _AskedAs):
    """How many a member reaches."""


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
    limit: Annotated[Number, Field(ge=1, le=100, description="At most so many members.")] = 20


class PlacesQuestion(FormQuestion):
    """Which groups or company pages there are, or a text means."""

    q: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=200,
            description="An id, the beginning of one, or words of a name; default: all of them.",
        ),
    ] = None
    limit: Annotated[Number, Field(ge=1, le=ROWS_AT_MOST, description="At most so many.")] = ROWS
    cursor: After = None


class NoQuestion(_Strict):
    """Nothing: what is asked stands in the body."""


class RunQuestion(_Rules):
    """What a report is to be made from."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"at": "2026-11-23", "pack": "article"}]})

    by: Annotated[Name, Field(description="The column of members that makes the segments of segment_matrix.")] = "tier"
    sample: Annotated[
        Annotated[JsonNumber, Field(ge=1)] | None,
        Field(description="Count against so many recipients, drawn by tier, instead of all: estimates with errors."),
    ] = None
    seed: Annotated[JsonNumber, Field(description="What the recipients are drawn from.")] = 1


class DiffWorld(_Supposing):
    """One of two worlds that are compared."""

    def after(self, before: World, change: Change | None) -> World:
        """The world after: what is not said is as before; a tier of null takes an as-if tier back."""
        said = self.model_fields_set
        return World(
            self.at or before.at,
            self.pack or before.pack,
            self.as_tier if "as_tier" in said else before.as_tier,
            change if "change" in said else before.change,
        )


class DiffQuestion(_Strict):
    """What is compared with what."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"before": {"at": "2026-11-23"}, "after": {"pack": "article"}}]}
    )

    before: Annotated[DiffWorld, Field(description="What is not said is as in every question.")] = DiffWorld()
    after: Annotated[DiffWorld, Field(description="What is not said is as before; `as_tier` null: their own again.")]
    by: Annotated[Name, Field(description="The column of members that makes the segments.")] = "tier"
    free: Annotated[
        StrictBool, Field(description="Count what is reachable by channels of kind message and request.")
    ] = False


class KeptContact(Pair):
    """A contact that was made before."""

    channel: Name


Amount = Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False)]


class PlanQuestion(_Rules):
    """Who is to contact whom, what may be done for that, and what it costs."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"senders": ["8796093022357"], "recipients": ["4398046511333"], "budget": 20, "points": 10}]
        },
    )

    senders: Annotated[list[Id], Field(min_length=1, max_length=1_000, description="The members who write.")]
    recipients: Annotated[list[Id], Field(max_length=10_000, description="The members to be contacted.")]
    budget: Annotated[Amount | None, Field(description="What all actions together may cost; default: any.")] = None
    costs: Annotated[
        dict[Name, Amount],
        Field(
            max_length=100,
            description="What an action costs, `upgrade:TIER` with a tier; default: what the pack says, else 1.",
            examples=[{"join": 2, "upgrade:business": 60}],
        ),
    ] = {}
    actions: Annotated[
        list[Name],
        Field(
            max_length=6,
            description="What may be done, of upgrade, credit, join, follow, connect and, with the scope audit, "
            "unblock.",
        ),
    ] = [*USUAL]
    free: Annotated[StrictBool, Field(description="Contact by messages and requests alone, by no InMail.")] = False
    keep: Annotated[
        list[KeptContact],
        Field(max_length=10_000, description="Contacts made before: they count, and are not made again."),
    ] = []
    seconds: Annotated[
        float, Strict(), Field(gt=0, le=600, description="How long to look; then the best so far is the plan.")
    ] = 60
    points: Annotated[
        JsonNumber, Field(ge=0, le=20, description="At so many budgets, how many recipients are contacted within them.")
    ] = 0


class DiffRowsQuestion(FormQuestion):
    """Which rows of a difference."""

    most: Annotated[
        Annotated[Number, Field(ge=1, le=ROWS_AT_MOST)] | None,
        Field(description="Of members: so many, those who are touched most first; default: all, by id."),
    ] = None


class LoadQuestion(_Strict):
    """How files are to be loaded."""

    model_config = ConfigDict(extra="forbid", validate_by_name=False)

    explain: Annotated[Truth, Field(description="Say what would be read as what, and load nothing.")] = False
    source_format: Annotated[
        Name,
        AfterValidator(_format),
        Field(alias="from", description="The format of the files; default: told from the files.", examples=["edges"]),
    ] = AUTO
    encoding: Annotated[
        Name | None, Field(description="Of text that is neither UTF-8 nor UTF-16 with its mark.", examples=["cp1252"])
    ] = None
    columns: Annotated[
        Name | None,
        AfterValidator(_columns),
        Field(
            description="Of an edge list, which column holds what, counted from 1; since and strength, too.",
            examples=["a=1,b=2"],
        ),
    ] = None
    owner: Annotated[
        Name | None,
        Field(
            description="Whose LinkedIn archive it is, where it is one: the address of their profile, or their id. "
            "Of several, a file owners.csv among them says it."
        ),
    ] = None
    messages: Annotated[
        Truth, Field(description="Tell the strength of ties from who wrote to whom; texts are not read.")
    ] = False
    drop_missing: Annotated[Truth, Field(description="Take connections away that a newer archive no longer lists.")] = (
        False
    )
    replace: Annotated[Truth, Field(description="What the graph has goes first; rule packs stay.")] = False

    @property
    def hints(self) -> Hints:
        """What the files do not tell of themselves."""
        columns = {} if self.columns is None else read_columns(self.columns)
        return Hints(self.encoding, columns, self.owner, self.messages, self.drop_missing)


class RejectsQuestion(FormQuestion):
    """Which of the rows that were set aside."""

    limit: Annotated[
        int | Literal["all"],
        BeforeValidator(_rows),
        _ROWS_SCHEMA,
        Field(description="At most so many rows; `all` streams everything."),
    ] = ROWS


async def said_once(request: Request) -> None:
    """Returns where nothing is repeated that has one value; raises Problem: which of two would be meant?

    In the address a parameter, in the body a name of an object.
    """
    said = Counter(name for name, _ in request.query_params.multi_items())
    may_repeat = _lists(request.scope["route"].endpoint)
    repeated = [f"query.{name}" for name, times in said.items() if times > 1 and name not in may_repeat]
    if request.method != "GET" and not is_form(request.headers):
        repeated += _repeated_in(await request.body())
    if repeated:
        raise wrong([{"where": where, "problem": "is there more than once"} for where in repeated])


def _repeated_in(body: bytes) -> list[str]:
    """The names that some object of a body has more than once; none where it is not JSON, which is told elsewhere."""
    repeated: dict[str, None] = {}

    def note(pairs: list[tuple[str, Any]]) -> None:
        times = Counter(name for name, _ in pairs)
        repeated.update({f"body.{name}": None for name in times if times[name] > 1})

    with suppress(ValueError, RecursionError):
        json.loads(body, object_pairs_hook=note)
    return [*repeated]


@cache
def _lists(endpoint: Callable[..., Any]) -> frozenset[str]:
    """The parameters of a route that are lists."""
    models = [
        get_args(hint)[0]
        for hint in get_type_hints(endpoint, include_extras=True).values()
        if any(isinstance(each, params.Query) for each in getattr(hint, "__metadata__", ()))
    ]
    fields = {name: field.annotation for model in models for name, field in model.model_fields.items()}
    return frozenset(name for name, type in fields.items() if any(get_origin(each) is list for each in _kinds(type)))


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """The kinds of a union, or the only one."""
    return (annotation, *get_args(annotation))
