"""What answers look like: the models of the manual at /docs, which tests compare answers with."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

from api.http import problems
from api.http.formats import MEDIA_TYPES, Format
from api.http.problems import Kind
from graph.rules import vocabulary

Degree = Annotated[int | None, Field(ge=1, le=3, description="1 to 3; null where there is none.")]
Instant = Annotated[str, Field(description="ISO 8601, in UTC.", examples=["2026-11-23T00:00:00Z"])]
Count = Annotated[int, Field(ge=0)]
Certain = Annotated[bool, Field(description="Whether that is so whatever is not known.")]
Fact = Annotated[
    str,
    Field(
        description="; ".join(f"`{fact.name}`: {fact.words}" for fact in vocabulary.FACTS) + ".",
        json_schema_extra={"enum": [fact.name for fact in vocabulary.FACTS]},
    ),
]
Stale = Annotated[
    bool | None,
    Field(description="Whether the run is of another version of the graph than that of now; null where none is known."),
]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """What went wrong (RFC 9457). Programs compare `type`; people read `detail`; the log has `request_id`."""

    type: str = Field(examples=[problems.UNKNOWN_MEMBER.type])
    title: str = Field(examples=[problems.UNKNOWN_MEMBER.title])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["no member has the id 'nobody'"])
    request_id: str = Field(examples=["20bf247004e04fcf86cb7d7fad563434"])


class Evidence(_Document):
    """What a verdict shows beside the reasons of a channel; what does not apply is left out."""

    path: list[str] = Field([], description="The ids on one shortest path, both ends included.")
    groups: list[str] = Field([], description="Shared groups, by id.")
    pages: list[str] = Field([], description="Shared company pages that count, by id.")
    more: Count = Field(0, description="How many ids are left out beyond the first 100.")
    credits: Count = Field(0, description="InMail credits of the sender.")


class Channel(_Document):
    """One channel: open, or every reason that denies it."""

    channel: str = Field(examples=["direct"])
    kind: str = Field(examples=["message"])
    open: bool
    reasons: list[str] = Field(examples=[["TIER_TOO_LOW"]])
    rests_on: list[Fact] = Field(
        description="The facts that are not known and that this rests on, in the order of the rules: an open channel "
        "is open if they are as it takes, and a denied one is denied unless one of them is. None: it is certain.",
        examples=[["recipient.accepts_from"]],
    )
    evidence: Evidence


class Verdict(_Document):
    """What one member may send to another."""

    sender: str
    recipient: str
    at: Instant
    pack: str = Field(examples=["article"])
    tier: str = Field(description="The sender's effective tier, or the one asked as.", examples=["free"])
    degree: Degree
    mutuals: Count
    reachable: bool = Field(description="A channel of kind message, request or paid is open.")
    reachable_free: bool = Field(description="A channel of kind message or request is open.")
    no_link: bool = Field(description="No degree, no shared group and no shared page.")
    certain: bool = Field(description="`reachable` is so whatever is not known.")
    possible: bool = Field(description="It is reachable, or something that is not known could make it so.")
    certain_free: bool = Field(description="The same of `reachable_free`.")
    possible_free: bool
    gates: list[str] = Field(description="Every gate that holds.", examples=[["SENDER_RESTRICTED"]])
    channels: list[Channel] = Field(description="Every channel of the pack once, in the order of the rules.")


class Unjudged(_Document):
    """A pair without a verdict, and why."""

    sender: str
    recipient: str
    type: str
    title: str
    status: int
    detail: str


class Verdicts(_Document):
    """The verdicts in the order asked."""

    verdicts: list[Verdict | Unjudged]


class MatchedPair(_Document):
    """A pair in short."""

    sender: str
    recipient: str
    degree: Degree
    reachable: bool
    reachable_free: bool
    channels: list[str] = Field(description="The open ones of kind message, request or paid.")
    reasons: list[str] = Field(description="Where the pair is not reachable, all reasons of these channels.")
    unlock: str = Field(description="The cheapest action that opens it, where asked for.", examples=["upgrade:career"])
    introduction: str = Field("", description="Over whom its best way runs, where asked for.", examples=["m4;m7"])
    introduction_strength: float | None = Field(None, examples=[0.9025])
    certain: Certain


class Matched(_Document):
    """The pairs in the order asked."""

    pairs: list[MatchedPair]


class Action(_Document):
    """Something in the sender's own power."""

    action: vocabulary.Action
    id: str | None = Field(description="The tier, group, page or member that it names.")
    until: str | None = Field(description="When a wait ends.")
    cost: float | None


class Unlock(_Document):
    """What would open a pair, or one channel of it."""

    sender: str
    recipient: str
    channel: str | None
    actions: list[Action] = Field(description="Each alone enough, the cheapest first.")
    single_action_enough: bool
    other_side: list[str] = Field(description="What only the recipient can change.")


class Resource(_Document):
    """A resource of the API."""

    method: str = Field(examples=["GET"])
    path: str = Field(examples=["/v1/check"])
    question: str
    scope: str = Field(description="That of the key that it takes.", examples=["read"])
    for_senders: bool = Field(description="Whether a key may ask it that is bound to senders.")


class Index(_Document):
    """What there is to ask."""

    resources: list[Resource]
    manual: str = Field(examples=["/docs"])
    version: str = Field(description="That of linkreach.")


class Found(_Document):
    """A member in a list."""

    id: str
    name: str | None
    tier: str = Field(description="As stored; empty: the base tier.")
    status: str
    company: str | None = Field(description="The member's own column, or the page where they work.")
    location: str | None = Field(description="A column of one's own.")


class Mutual(_Document):
    """Somebody whom two members both know."""

    id: str
    name: str | None


class Overview(_Document):
    """How much is loaded."""

    members: Count
    connections: Count
    groups: Count
    companies: Count
    examples: list[Mutual] = Field(description="A few members to begin with, by id.")


class Mutuals(_Document):
    """Whom two members both know, by id."""

    sender: str
    recipient: str
    mutuals: list[Mutual]
    more: Count = Field(description="How many are left out.")


class Tie(_Document):
    """A connection along a way."""

    a: str
    b: str
    strength: int = Field(ge=1, le=100, description="What was given with it, or else what its mutuals tell.")
    mutuals: Count


class Way(_Document):
    """A way over one or two introducers."""

    members: list[str] = Field(description="Ids along the way, both ends included.", examples=[["m1", "m4", "m9"]])
    strength: float = Field(gt=0, le=1, examples=[0.9025])
    ties: list[Tie]


class Introductions(_Document):
    """Over whom one member could be introduced to another; of degree 1 the two need none."""

    sender: str
    recipient: str
    degree: Degree
    ways: list[Way] = Field(description="The strongest first.")


class Members(_Document):
    """Members, the best fit first."""

    members: list[Found]


class Group(_Document):
    """A group."""

    id: str
    name: str | None
    messaging: bool


class Groups(_Document):
    """Groups by id, or those that a text means, the best fit first."""

    groups: list[Group]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class Company(_Document):
    """A company page."""

    id: str
    name: str | None


class Companies(_Document):
    """Company pages by id, or those that a text means, the best fit first."""

    companies: list[Company]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class Page(_Document):
    """A company page that a member is tied to."""

    id: str
    name: str | None
    works: bool
    follows: bool


class Member(_Document):
    """What is known of one member."""

    id: str
    name: str | None
    properties: dict[str, Any] = Field(description="Every other column of the member.")
    effective_tier: str
    gone: bool
    connections: Count
    groups: list[Group] = Field(description="At most 100, by id.")
    more_groups: Count = Field(description="How many are left out.")
    pages: list[Page] = Field(description="Those that the member is tied to at the instant; at most 100, by id.")
    more_pages: Count


class Recipient(_Document):
    """Somebody who is reached."""

    recipient: str
    degree: Degree
    channels: list[str] = Field(description="The open ones among those asked for; none: only possibly reached.")
    certain: Certain


class Sender(_Document):
    """Somebody who reaches the member."""

    sender: str
    degree: Degree
    channels: list[str] = Field(description="The open ones among those asked for; none: they only possibly reach.")
    certain: Certain


class Reach(_Document):
    """Whom a member reaches, in the order of ids."""

    rows: list[Recipient]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")
    graph_version: Count


class ReachedBy(_Document):
    """Who reaches a member, in the order of ids."""

    rows: list[Sender]
    next: str | None
    graph_version: Count


class Counts(_Document):
    """How many others a member reaches, as if on one tier."""

    member: str
    reach_now: Count = Field(description="By any channel of kind message, request or paid.")
    reach_now_free: Count = Field(description="By any channel of kind message or request.")
    channels: dict[str, Count] = Field(description="By each channel of the pack, in the order of the rules.")


class Named(_Document):
    """What an id stands for."""

    kind: Literal["member", "group", "company"]
    id: str
    name: str | None


class Names(_Document):
    """By kind, then by id; an id that is nobody's is left out."""

    names: list[Named]


class Tier(_Document):
    """A tier of a pack."""

    name: str
    rank: int
    direct_degree: int
    monthly_messages: int | None = Field(description="Messages a month; null: no limit.")
    monthly_inmails: int | None = Field(description="InMails a month; null: no limit.")
    channels: list[str]


class Pack(_Document):
    """A rule pack."""

    name: str
    title: str
    source: str
    date: str
    hash: str = Field(description="SHA-256 of its text.")
    tiers: list[Tier] = Field(description="By rank.")


class Packs(_Document):
    """The rule packs in the graph, by name."""

    packs: list[Pack]
    default: str = Field(description="The pack of questions that name none.", examples=["article"])


class Stratum(_Document):
    """A tier of a sample: its members who are not gone, and how many of them were drawn."""

    tier: str
    members: Count
    drawn: Count


class Sample(_Document):
    """Of whom counts are estimated."""

    size: Count = Field(description="How many recipients were asked for.")
    seed: int
    strata: list[Stratum] = Field(description="By rank.")


class Manifest(_Document):
    """What a run was made from."""

    program_version: str
    engine: str
    graph_version: int
    pack: str
    pack_hash: str
    at: Instant
    by: str = Field(description="The column of members that made the segments of segment_matrix.", examples=["tier"])
    rows: dict[str, int]
    sample: Sample | None = Field(None, description="Left out where everybody was counted.")
    started_at: Instant
    finished_at: Instant


class UnderWay(_Document):
    """A run under way: what is counted, such as blocks of members, how many are done, and of how many."""

    since: Instant
    counting: str
    done: Count
    of: Count


class ReportColumn(_Document):
    """A column of a report."""

    name: str
    unit: str
    meaning: str


class Report(_Document):
    """A report: its question, and what there is of it."""

    name: str = Field(examples=["denials"])
    title: str
    question: str
    columns: list[ReportColumn]
    finished: Manifest | None = Field(description="The last finished run.")
    stale: Stale
    running: UnderWay | None = Field(description="The run under way, where this service started it.")
    failed: dict[str, Any] | None = Field(description="How the last run failed, if none has finished since.")


class Reports(_Document):
    """Every report."""

    reports: list[Report]


class ReportRows(_Document):
    """The rows of the last finished run, with the report's own columns."""

    rows: list[dict[str, Any]]
    report: str
    finished: Manifest
    stale: Stale


class RunStarted(_Document):
    """A run that has started."""

    report: str
    id: Count = Field(description="The number of the run, one more than any before it.")
    running: UnderWay
    look_at: str = Field(description="Where to look until it has finished.", examples=["/v1/reports/denials/runs/1"])


class Run(_Document):
    """A run: under way, finished, or failed."""

    report: str
    id: Count
    running: UnderWay | None
    finished: Manifest | None
    failed: dict[str, Any] | None


class Supposed(_Document):
    """A change that was supposed."""

    name: str
    sha256: str = Field(description="Of all its cells.")


class World(_Document):
    """What was asked under."""

    graph_version: Count
    pack: str
    pack_hash: str
    at: Instant
    as_tier: str | None
    members: Count
    change: Supposed | None = Field(None, description="Left out where nothing was supposed.")


class Totals(_Document):
    """Ordered pairs."""

    reachable_before: Count
    reachable_after: Count
    gained: Count = Field(description="Reachable after, and not before.")
    lost: Count = Field(description="Reachable before, and not after.")


class Difference(_Document):
    """What a difference was made from, and how many pairs change."""

    program_version: str
    engine: str
    before: World
    after: World
    same: bool = Field(description="Whether the two worlds are one and the same.")
    free: bool
    by: str
    totals: Totals
    started_at: Instant
    finished_at: Instant


class Diff(_Document):
    """A difference: under way, finished, or failed."""

    id: Count
    running: UnderWay | None
    finished: Difference | None
    failed: dict[str, Any] | None
    stale: Stale


class Diffs(_Document):
    """The newest first."""

    diffs: list[Diff]


class DiffRows(_Document):
    """The rows of a table, with its own columns."""

    rows: list[dict[str, Any]]
    diff: Count
    table: str
    stale: Stale


class DiffStarted(_Document):
    """A difference that is being counted."""

    id: Count
    running: UnderWay
    look_at: str = Field(description="Where to look until it has finished.", examples=["/v1/diffs/1"])


class ReadFile(_Document):
    """What became of a file, or of those of its rows that are one table's."""

    file: str = Field(examples=["members.csv"])
    table: str | None = Field(description="What it was read as; null: it was not read.", examples=["members"])
    loaded: Count = Field(description="Rows; of a load that explains, those that would be loaded into any graph.")
    rejected: Count = Field(description="Rows that were set aside.")
    notes: list[str] = Field(description="How it was read, or what of it was not, and why.")


class OwnExports(_Document):
    """How much is known from archives that people exported of themselves."""

    archives: Count
    people: Count
    has_settings: bool = Field(description="Whether a file settings says the owners' tier, credits and counts.")
    missing: Count = Field(description="Connections that the last archive of an owner no longer lists.")


class Loaded(_Document):
    """What a load has done, or what one would do."""

    at: Instant = Field(description="When it ended.")
    graph_version: Count | None = Field(description="That of the graph since; null where nothing was to be loaded.")
    files: list[ReadFile]
    loaded: dict[str, Count] = Field(description="Rows by their table.")
    rejected: dict[str, Count] = Field(description="Rows that were set aside, by their table.")
    kept_packs: list[str] = Field(description="Packs of the name of one that ships, which somebody loaded: they stay.")
    own_exports: OwnExports | None = Field(description="What is said of LinkedIn archives, where there are some.")


class Load(_Document):
    """A load: under way, finished, or failed."""

    id: Count
    explain: bool = Field(description="Whether it only says what would be read as what.")
    since: Instant
    running: UnderWay | None
    finished: Loaded | None
    failed: dict[str, Any] | None


class Loads(_Document):
    """The last loads of this service, the latest first, and what it takes at once."""

    loads: list[Load]
    bytes_at_most: Count
    files_at_most: Count


class LoadStarted(_Document):
    """A load that has started."""

    id: Count
    running: UnderWay
    look_at: str = Field(description="Where to look until it has ended.", examples=["/v1/loads/1"])


class Rejected(_Document):
    """A row that was set aside."""

    file: str
    line: Count
    column: str = Field(description="Whose value is wrong; empty: the row itself.")
    value: str
    reason: str


class RejectedRows(_Document):
    """Rows that were set aside, as they came."""

    rows: list[Rejected]
    load: Count


class OneMore(_Document):
    """What one more of something would bring: a credit, a seat of a tier, or a unit of budget."""

    what: Literal["credit", "seat", "budget"]
    tier: str | None
    contacted: int | None = Field(description="So many recipients more; null: there was no time to find out.")
    saved: float | None = Field(description="So much less of cost.")
    proven: bool


class FinishedPlan(_Document):
    """A plan in figures."""

    recipients: Count
    contacted: Count
    contacted_before: Count = Field(description="Most that are contacted without any action.")
    contacted_again: Count = Field(description="Recipients who were contacted before, and are left out.")
    uncertain: Count = Field(description="Contacted, but reachable only as far as is known.")
    cost: float
    budget: float | None
    inmails: Count
    optimal: bool = Field(description="No plan contacts more, and none that contacts as many costs less.")
    bound: Count = Field(description="What no plan can exceed.")
    least_cost: float = Field(description="What none that contacts as many can cost less than.")
    interrupted: bool
    senders: Count
    actions: list[str]
    costs: dict[str, float]
    free: bool
    one_more: list[OneMore]
    at: Instant
    pack: str
    pack_hash: str
    graph_version: Count
    started_at: Instant
    finished_at: Instant


class Plan(_Document):
    """A plan: under way, finished, or failed."""

    id: Count
    running: UnderWay | None
    finished: FinishedPlan | None
    failed: dict[str, Any] | None
    stale: Stale


class Plans(_Document):
    """The newest first."""

    plans: list[Plan]


class PlanRows(_Document):
    """The rows of a list, with its own columns."""

    rows: list[dict[str, Any]]
    plan: Count
    table: str
    stale: Stale


class PlanStarted(_Document):
    """A plan that is being looked for."""

    id: Count
    running: UnderWay
    look_at: str = Field(description="Where to look until it has finished.", examples=["/v1/plans/1"])


class Bridge(_Document):
    """What a group or company page joins: a row of the last finished report, and of when it is."""

    id: str
    members: Count
    pairs: Count
    pairs_no_degree: Count
    pairs_only_here: Count
    finished: Manifest
    stale: Stale


class Health(_Document):
    """The service runs."""

    status: Literal["ok"]


class Ready(_Document):
    """The graph can be asked."""

    status: Literal["ready"]
    graph_version: Count


_EVERYWHERE = (
    problems.KEY_NEEDED,
    problems.SCOPE_NEEDED,
    problems.BEYOND_SENDERS,
    problems.NOT_ACCEPTABLE,
    problems.FOREIGN_HOST,
    problems.FOREIGN_ORIGIN,
    problems.INVALID_REQUEST,
)
_OF_THE_GRAPH = (
    problems.GRAPH_AWAY,
    problems.GRAPH_LOADING,
    problems.NOTHING_LOADED,
    problems.OVERLOADED,
    problems.DEADLINE_PASSED,
    problems.OUT_OF_MEMORY,
)


def answer_of(model: type[BaseModel], *kinds: Kind, status: int = 200, statement: bool = True) -> dict[str, Any]:
    """What the manual says of a resource: its answer in every form, and the problems that it can end in.

    `statement`: whether there is one that gives this answer.
    """
    others = [form for form in MEDIA_TYPES if form is not Format.JSON and (statement or form is not Format.CYPHER)]
    forms = {} if status != 200 else {MEDIA_TYPES[form]: {"schema": {"type": "string"}} for form in others}
    return {
        "response_model": model,
        "status_code": status,
        "responses": {status: {"content": forms}, **problems_of(*_EVERYWHERE, *_OF_THE_GRAPH, *kinds)},
    }


def problems_of(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """What the manual says of problems, by status."""
    by_status: dict[int | str, list[Kind]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": "; ".join(f"`{kind.name}`: {kind.title.lower()}" for kind in found), "content": content}
        for status, found in by_status.items()
    }


def describe(app: FastAPI, *, keyless: bool) -> None:
    """The app's schema, with the problems that no route returns as a model; `keyless`: a key may be left out."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = generate()
            schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
            for operation in (each for path in schema["paths"].values() for each in path.values()):
                if keyless and "security" in operation:
                    operation["security"].append({})
        return generate()

    app.openapi = openapi  # type: ignore[method-assign]
