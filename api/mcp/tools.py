"""The tools, each a question that only reads: to add one is to write its class and to name it in TOOLS."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, convert, to_builtins

from api.mcp.diff import Diff
from api.mcp.plan import Plan
from api.mcp.question import (
    Answer,
    AnswerOfWorld,
    Conclusion,
    Member,
    Members,
    Question,
    QuestionOfSender,
    QuestionOfTime,
    Rows,
    require_pairs,
)
from api.mcp.waiting import progress
from api.mcp.words import (
    concluded,
    concluded_of_channel,
    match_words,
    reach_words,
    unlock_words,
    verdict_words,
    ways_words,
)
from api.output import shown
from api.phrases import counted
from graph.errors import InvalidInput
from graph.questions.introductions import Introductions, WayFilter
from graph.questions.reach import ReachFilter
from graph.questions.verdicts import Verdict
from linkreach.forms import COMPANY, FOUND, GROUP, MATCH, REPORT, UNLOCK
from linkreach.session import Session

PAIRS_AT_MOST = 1_000

Kind = Literal["member", "group", "company"]
Direction = Literal["reaches", "is reached by"]


class Found(Answer, frozen=True, kw_only=True):
    """Who or what fits, the best fit first."""

    found: list[dict[str, Any]]
    more: Annotated[bool, Meta(description="Whether more fit than are told.")]


class Find(Question, frozen=True, kw_only=True):
    """Finds members, groups or company pages by words of their name, or by id; the other tools take what it finds.

    What it does not find is not in the graph, which need not have everybody.
    """

    tool = "find"
    title = "Find a member, group or company"

    text: Annotated[str, Meta(description="Words of a name, or an id; beginnings of words do.", min_length=1)]
    kind: Annotated[Kind, Meta(description="What to look for.")] = "member"
    rows: Rows = 10

    def answer(self, session: Session) -> Found:
        """Those that fit."""
        looks: dict[Kind, Any] = {
            "member": (session.find, FOUND),
            "group": (session.find_groups, GROUP),
            "company": (session.find_companies, COMPANY),
        }
        look, form = looks[self.kind]
        found = look(self.text, most=self.rows + 1)
        fitting = [form.document(each) for each in found[: self.rows]]
        lines = ["- " + shown(", ".join(str(value) for value in each.values() if value)) for each in fitting]
        words = f"{counted(len(fitting), 'fit')}, the best first:" if fitting else "The graph has nobody that fits."
        more = len(found) > self.rows
        told = ["There are more: add a word, or ask for more rows."] if more else []
        return Found(answer="\n".join([words, *lines, *told]), found=fitting, more=more)


class Checked(AnswerOfWorld, frozen=True, kw_only=True):
    """A verdict on a pair."""

    conclusion: Conclusion
    verdict: Verdict


class Check(QuestionOfSender, frozen=True, kw_only=True):
    """Judges whether the sender can write to the recipient, by which channels, and why not.

    Where the conclusion is "not known", say so and not "no".
    """

    tool = "check"
    title = "Can the sender reach the recipient?"

    sender: Member
    recipient: Member

    def answer(self, session: Session) -> Checked:
        """The verdict."""
        world = self.world(session)
        verdict = session.check(self.sender, self.recipient, world)
        return Checked(
            answer=verdict_words(verdict, partial(session.names, world)),
            conclusion=concluded(verdict),
            pack=world.pack,
            at=world.at,
            verdict=verdict,
        )


class Action(Struct, frozen=True):
    """Something that the sender can do: `id` names a tier, group, page or member, `until` ends a wait."""

    action: str
    id: str | None
    until: str | None
    cost: float | None


class Unlocks(Struct, frozen=True):
    """What would open a pair or a channel: actions that are each alone enough, cheapest first.

    `other_side`: codes of what only the recipient can change.
    """

    sender: str
    recipient: str
    channel: str | None
    actions: list[Action]
    single_action_enough: bool
    other_side: list[str]


class Unlocked(AnswerOfWorld, frozen=True, kw_only=True):
    """What would open a pair, or one channel; `conclusion`: whether it is open as it is."""

    conclusion: Conclusion
    unlock: Unlocks


class Unlock(QuestionOfSender, frozen=True, kw_only=True):
    """Lists what the sender could do so that they reach the recipient, or so that one channel opens.

    Each action is alone enough. It is computed from what is stored; the conclusion says whether it is open already.
    """

    tool = "unlock"
    title = "What would open it?"

    sender: Member
    recipient: Member
    channel: Annotated[str | None, Meta(description="Open this channel; left out: any that reaches.")] = None
    names: Annotated[int, Meta(description="Name at most so many others to connect with.", ge=0, le=100)] = 10

    def answer(self, session: Session) -> Unlocked:
        """The actions, and the verdict that they start from."""
        world = self.world(session)
        unlock = session.unlock(self.sender, self.recipient, world, channel=self.channel, names=self.names)
        verdict = session.check(self.sender, self.recipient, world)
        of_channel = [concluded_of_channel(each) for each in verdict.channels if each.channel == self.channel]
        return Unlocked(
            answer=unlock_words(unlock, verdict, partial(session.names, world)),
            conclusion=of_channel[0] if of_channel else concluded(verdict),
            pack=world.pack,
            at=world.at,
            unlock=convert(to_builtins(UNLOCK.document(unlock)), Unlocks),
        )


class Introduced(AnswerOfWorld, frozen=True, kw_only=True):
    """The ways from one member to another, the best first; of degree 1 the two need none."""

    introductions: Introductions


class Introduce(QuestionOfSender, frozen=True, kw_only=True):
    """Lists over whom the sender could be introduced to the recipient, the strongest way first.

    Everybody on a way can write to the next, by what is stored.
    """

    tool = "introduce"
    title = "Who could introduce them?"

    sender: Member
    recipient: Member
    through: Annotated[tuple[Member, ...], Meta(description="Only ways over all of these.")] = ()
    without: Annotated[tuple[Member, ...], Meta(description="No way over any of these.")] = ()
    ways: Annotated[int, Meta(description="Tell at most so many ways.", ge=1, le=100)] = 10

    def answer(self, session: Session) -> Introduced:
        """The ways."""
        world = self.world(session)
        found = session.introduce(self.sender, self.recipient, world, WayFilter(self.ways, self.through, self.without))
        return Introduced(
            answer=ways_words(found, world, partial(session.names, world)),
            pack=world.pack,
            at=world.at,
            introductions=found,
        )


class PairRow(Struct, frozen=True, kw_only=True):
    """A pair in short: open channels, or else all reasons; `unlock`: the cheapest action, where that was asked for."""

    sender: str
    recipient: str
    degree: int | None
    reachable: bool
    reachable_free: bool
    channels: list[str]
    reasons: list[str]
    unlock: str
    certain: bool
    conclusion: Conclusion


class Matched(AnswerOfWorld, frozen=True, kw_only=True):
    """A row for each pair, in the order asked."""

    pairs: list[PairRow]
    skipped: Annotated[int, Meta(description="Pairs of somebody with themselves, which are left out.")]


class Match(QuestionOfSender, frozen=True, kw_only=True):
    """Judges every sender with every recipient, up to 1,000 pairs at a time, a row for each pair."""

    tool = "match"
    title = "Whom of a list can whom of a team reach?"

    senders: Members
    recipients: Members
    unlock: Annotated[bool, Meta(description="Say the cheapest action that opens a closed pair.")] = False

    def answer(self, session: Session) -> Matched:
        """The pairs."""
        require_pairs(self.senders, self.recipients, PAIRS_AT_MOST)
        world = self.world(session)
        matched = session.match(self.senders, self.recipients, world, unlocks=self.unlock)
        return Matched(
            answer=match_words(matched, world, partial(session.names, world)),
            pack=world.pack,
            at=world.at,
            pairs=[
                convert({**MATCH.document(each), "conclusion": concluded(each.match)}, PairRow)
                for each in matched.pairs
            ],
            skipped=matched.skipped,
        )


class ReachRow(Struct, frozen=True, kw_only=True):
    """The other member; no channels: it is not known whether there is one."""

    member: str
    degree: int | None
    channels: list[str]
    certain: bool


class Reached(AnswerOfWorld, frozen=True, kw_only=True):
    """Those who are reached, or who reach, nearest first, and how many they are."""

    reached: Annotated[int, Meta(description="How many, by what is stored.")]
    certain: Annotated[int, Meta(description="How many of those for certain.")]
    possible: Annotated[int, Meta(description="How many more it is not known of.")]
    rows: list[ReachRow]


class Reach(QuestionOfSender, frozen=True, kw_only=True):
    """Lists whom a member reaches, or who reaches them, nearest first, with open channels.

    Those of whom it is not known are told, too, without channels.
    """

    tool = "reach"
    title = "Whom does a member reach?"

    member: Member
    direction: Annotated[Direction, Meta(description="Whom the member reaches, or who reaches them.")] = "reaches"
    channels: Annotated[
        tuple[str, ...], Meta(description="By at least one of these, of any kind; none: by any that reaches.")
    ] = ()
    degree: Annotated[
        Annotated[int, Meta(ge=1, le=3)] | None, Meta(description="At most so many steps away, 1 to 3; left out: any.")
    ] = None
    rows: Rows = 50

    def answer(self, session: Session) -> Reached:
        """The rows, and how many there are."""
        world = self.world(session)
        ask = session.reach if self.direction == "reaches" else session.reached_by
        found = ask(self.member, world, ReachFilter(self.channels, self.degree, possible=True))
        return Reached(
            answer=reach_words(self.member, found, world, partial(session.names, world)),
            pack=world.pack,
            at=world.at,
            reached=len(found) - found.possible,
            certain=sum(bool(row.channels) and row.certain for row in found),
            possible=found.possible,
            rows=[
                ReachRow(member=row.member, degree=row.degree, channels=[*row.channels], certain=row.certain)
                for row in found.rows[: self.rows]
            ],
        )


class ReportColumn(Struct, frozen=True):
    """A column of a report."""

    name: str
    unit: str
    meaning: str


class ReportKind(Struct, frozen=True):
    """A report that can be run."""

    name: str
    title: str
    question: str
    columns: list[ReportColumn]


class Listed(Answer, frozen=True, kw_only=True):
    """The reports that there are."""

    reports: list[ReportKind]


class Reports(Question, frozen=True, kw_only=True):
    """Lists the reports about everybody at once, each with the question that it answers and its columns."""

    tool = "reports"
    title = "Which reports are there?"

    def answer(self, session: Session) -> Listed:  # noqa: ARG002  (the registry knows no graph)
        """The registry."""
        from analysis.reports import REPORTS

        lines = [f"- {each.name}: {each.question}" for each in REPORTS.values()]
        kinds = [convert(REPORT.document(each), ReportKind) for each in REPORTS.values()]
        return Listed(answer="\n".join(lines), reports=kinds)


class Reported(AnswerOfWorld, frozen=True, kw_only=True):
    """A report, or as many of its rows as were asked for."""

    report: str
    graph_version: int
    total: Annotated[int, Meta(description="How many rows the report has.")]
    rows: list[dict[str, Any]]


class Report(QuestionOfTime, frozen=True, kw_only=True):
    """Runs one report about everybody and tells what it finds, and its first rows; it takes a while in a large graph.

    Nothing is written. Counts are of what is stored; the report `certainty` says how much of it is certain.
    """

    tool = "report"
    title = "Run a report"

    report: Annotated[str, Meta(description="The report by name, as the tool reports lists them.", min_length=1)]
    by: Annotated[str, Meta(description="The column of members that makes the segments of segment_matrix.")] = "tier"
    most: Annotated[
        str | None, Meta(description="The rows with most of this column first; left out: the report's own order.")
    ] = None
    rows: Rows = 20

    def answer(self, session: Session) -> Reported:
        """The finding, and the rows; raises InvalidInput, too, where the report has no such column."""
        from api.report.findings import findings
        from api.report.leading import called_in

        world = self.world(session)
        done = session.reports([self.report], world, by=self.by, progress=progress)
        frame = done.frames[self.report]
        if self.most is not None and self.most not in frame:
            raise InvalidInput(f"the report {self.report} has no column {self.most!r}: {', '.join(frame.columns)}")
        first = frame if self.most is None else frame.sort_values(self.most, ascending=False, kind="stable")
        first = first.head(self.rows).astype(object)
        rows = first.where(first.notna(), None).to_dict("records")
        called = called_in(done.frames, partial(session.names, world))
        finding = findings(done.frames, called)[self.report]
        return Reported(
            answer="\n".join(
                [*map(shown, finding), f"Counts are of what is stored. By the rule pack {shown(done.pack)}."]
            ),
            pack=done.pack,
            at=world.at,
            report=self.report,
            graph_version=done.graph_version,
            total=len(frame),
            rows=[{str(name): cell for name, cell in row.items()} for row in rows],
        )


TOOLS: tuple[type[Question], ...] = (Find, Check, Unlock, Introduce, Match, Reach, Plan, Reports, Report, Diff)
