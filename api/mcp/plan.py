"""The tool that plans: whom a team should contact by which channel, and what to buy or do before."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from msgspec import Meta, Struct, convert, field

from api.mcp.question import AnswerOfWorld, Members, QuestionOfTime, Rows, require_pairs
from api.mcp.waiting import progress
from api.mcp.words import IN_WORDS_AT_MOST, asked_under, in_rows, sentences
from api.output import shown
from graph.instants import instant_text
from linkreach.session import Session

PAIRS_AT_MOST = 10_000

Action = Literal["upgrade", "credit", "join", "follow", "connect", "unblock"]
Amount = Annotated[float, Meta(ge=0)]


class OneMore(Struct, frozen=True):
    """What one more `credit`, `seat` of a tier or unit of `budget` would bring; null: no time was left to find out."""

    what: str
    tier: str | None
    contacted: int | None
    saved: float | None
    proven: bool


class Figures(Struct, frozen=True):
    """A plan in figures; `optimal`: no plan contacts more, and none that contacts as many costs less.

    Else no plan contacts more than `bound`. `contacted_before`: how many could be without any action.
    `uncertain`: contacts that are open by what is stored, and not for certain.
    """

    recipients: int
    contacted: int
    contacted_before: int
    uncertain: int
    inmails: int
    cost: float
    budget: float | None
    optimal: bool
    bound: int
    least_cost: float
    one_more: list[OneMore]


class Contact(Struct, frozen=True):
    """Who writes to whom by which channel; `needs`: what of the sender's actions it rests on."""

    recipient: str
    sender: str
    channel: str
    needs: list[str]


class Step(Struct, frozen=True):
    """Something a sender does before: `id` names a tier, group, page or member, `cost` is that of all `count`."""

    sender: str
    action: str
    id: str
    count: int
    cost: float


class Left(Struct, frozen=True):
    """A recipient whom nobody contacts, and why; `BUDGET`, `CAPACITY`: there is too little of it."""

    recipient: str
    reasons: list[str]


class Planned(AnswerOfWorld, frozen=True, kw_only=True):
    """A plan in figures, and the first rows of each of its lists."""

    graph_version: int
    plan: Figures
    contacts: list[Contact]
    actions: list[Step]
    uncovered: list[Left]
    more: Annotated[bool, Meta(description="Whether a list has more rows than are told.")]


class Plan(QuestionOfTime, frozen=True, kw_only=True):
    """Plans whom each of a team should contact by which channel, and what to buy or do before, within a budget.

    Most recipients are contacted, at least cost. Nothing is done, bought or written.
    """

    tool = "plan"
    title = "Who should contact whom?"

    senders: Members
    recipients: Members
    budget: Annotated[Amount | None, Meta(description="What all actions together may cost; left out: anything.")] = None
    costs: Annotated[
        dict[str, Amount],
        Meta(description='What an action costs, as {"join": 2, "upgrade:business": 60}; else as the pack says, or 1.'),
    ] = field(default_factory=dict)
    actions: Annotated[tuple[Action, ...], Meta(description="What may be done; none: contacts alone.")] = (
        "upgrade",
        "credit",
        "join",
        "follow",
    )
    free: Annotated[bool, Meta(description="By messages and requests alone, by no InMail.")] = False
    seconds: Annotated[float, Meta(description="How long to look; then the best so far is the plan.", gt=0, le=60)] = 20
    rows: Rows = 100

    def answer(self, session: Session) -> Planned:
        """The plan, which is checked in the graph before it is told."""
        from api.report.plan import AS_STORED, contact_words, names_in_plan, plan_findings
        from linkreach.planning import Wishes

        require_pairs(self.senders, self.recipients, PAIRS_AT_MOST)
        world = self.world(session)
        wishes = Wishes(self.budget, self.costs, self.actions, self.free, seconds=self.seconds)
        planned = session.plan(self.senders, self.recipients, world, wishes, progress=progress)
        plan, lists = planned.plan, (planned.plan.contacts, planned.plan.actions, planned.plan.uncovered)
        called = names_in_plan(plan, partial(session.names, world))
        finding, about = plan_findings(planned, called)
        return Planned(
            answer="\n".join(
                [
                    *sentences(finding, about),
                    *(f"- {shown(contact_words(each, called))}" for each in plan.contacts[:IN_WORDS_AT_MOST]),
                    *in_rows(len(plan.contacts)),
                    AS_STORED,
                    asked_under(world.pack, instant_text(world.at)),
                ]
            ),
            pack=world.pack,
            at=world.at,
            graph_version=planned.graph_version,
            plan=convert(planned.document, Figures),
            contacts=[
                Contact(each.recipient, each.sender, each.channel, [*each.needs]) for each in plan.contacts[: self.rows]
            ],
            actions=[
                Step(each.sender, str(each.action), each.id, each.count, float(each.cost))
                for each in plan.actions[: self.rows]
            ],
            uncovered=[Left(each.recipient, [*each.reasons]) for each in plan.uncovered[: self.rows]],
            more=any(len(each) > self.rows for each in lists),
        )
