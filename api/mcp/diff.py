"""The tool that compares: which pairs are gained and lost between two worlds, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from msgspec import Meta, Struct, convert

from api.differences import tier_after, world_words
from api.mcp.question import Answer, QuestionOfSender, Rows
from api.mcp.waiting import progress
from api.mcp.words import sentences
from api.output import shown
from graph.errors import UnknownPack
from graph.rules.redaction import AUDITOR
from graph.rules.rule_pack import is_file
from graph.sources.change import change_of
from graph.world import World
from linkreach.session import Session

CHANGED_AT_MOST = 1_000


class ComparedWorld(Struct, frozen=True):
    """One of the two worlds, and how many pairs are reachable in it."""

    pack: str
    at: datetime
    as_tier: str | None
    graph_version: int
    members: int
    reachable: int


class Cause(Struct, frozen=True):
    """Of gained pairs a reason before, of lost ones a reason after; `pairs_alone`: where no other stands in the way."""

    direction: str
    reason: str
    pairs: int
    pairs_alone: int


class TouchedMember(Struct, frozen=True):
    """A member who reaches others than before, or is reached by others."""

    member: str
    reach_before: int
    reach_after: int
    gained: int
    lost: int
    reached_by_before: int
    reached_by_after: int
    reached_by_gained: int
    reached_by_lost: int


class TouchedSegments(Struct, frozen=True):
    """Between whom pairs are gained and lost."""

    sender_segment: str
    recipient_segment: str
    gained: int
    lost: int


class ChangedPair(Struct, frozen=True):
    """A pair that is gained or lost: channels where it is reachable, and why they are denied where it is not."""

    sender: str
    recipient: str
    direction: str
    channels: list[str]
    reasons: list[str]


class Differed(Answer, frozen=True, kw_only=True):
    """What differs, and of each table the rows with most in them."""

    before: ComparedWorld
    after: ComparedWorld
    gained: Annotated[int, Meta(description="Pairs that are reachable after and not before.")]
    lost: Annotated[int, Meta(description="Pairs that are reachable before and not after.")]
    causes: list[Cause]
    members: Annotated[list[TouchedMember], Meta(description="Whose reach changes, the most first.")]
    segments: Annotated[list[TouchedSegments], Meta(description="Between whom, the most first.")]
    pairs: Annotated[list[ChangedPair], Meta(description="Some pairs of the members who gain or lose most.")]


class Diff(QuestionOfSender, frozen=True, kw_only=True):
    """Compares two worlds: which pairs of sender and recipient the second gains and loses, of everybody, and why.

    What is said without to_ is of the world before; what the world after does not say is as before.
    A change is supposed and never loaded. It takes a while in a large graph.
    """

    tool = "diff"
    title = "What would change?"

    to_at: Annotated[str | None, Meta(description="The instant after.")] = None
    to_pack: Annotated[str | None, Meta(description="The rule pack after, by name.")] = None
    to_as_tier: Annotated[
        str | None, Meta(description="Everybody asked about as if on this tier, after; own: on their own again.")
    ] = None
    change: Annotated[
        dict[str, Any] | None,
        Meta(
            description='Supposed after: {table: [rows], "remove": {table: [rows]}}, rows with the columns of the '
            'native files, as {"connections": [{"a": "1", "b": "2"}]} and {"members": [{"id": "1", "tier": "career"}]}.'
        ),
    ] = None
    by: Annotated[str, Meta(description="The column of members that makes the segments.")] = "tier"
    free: Annotated[bool, Meta(description="Count what is reachable by messages and requests, and not by InMail.")] = (
        False
    )
    rows: Rows = 20

    def answer(self, session: Session) -> Differed:
        """What differs, in all and for the rows with most in them."""
        from api.report.difference import difference_findings
        from api.report.leading import called_in, leading

        before, after = self._worlds(session)
        done = session.diff(before, after, by=self.by, is_free=self.free, examples=True, progress=progress)
        frames = done.differences.frames(AUDITOR)
        finding, about = difference_findings(done, called_in(frames, partial(session.names, after)))
        told = {name: leading(name, frame).head(self.rows).to_dict("records") for name, frame in frames.items()}
        pairs = [_pair(row) for row in done.examples.head(self.rows).to_dict("records")]
        totals = done.differences.totals
        return Differed(
            answer="\n".join(
                [
                    *sentences(finding, about),
                    *(_under(name, done.manifest[name]) for name in ("before", "after")),
                ]
            ),
            before=_world(done.manifest["before"], totals.reachable_before),
            after=_world(done.manifest["after"], totals.reachable_after),
            gained=totals.gained,
            lost=totals.lost,
            causes=convert(told["diff_causes"], list[Cause]),
            members=[each for each in convert(told["diff_members"], list[TouchedMember]) if _is_touched(each)],
            segments=convert(told["diff_segments"], list[TouchedSegments]),
            pairs=pairs,
        )

    def _worlds(self, session: Session) -> tuple[World, World]:
        """The two worlds; raises UnknownPack where a pack is a file, which a tool does not read."""
        for pack in (self.pack, self.to_pack):
            if pack is not None and is_file(pack):
                raise UnknownPack(pack, [each.name for each in session.packs()])
        before = self.world(session)
        after = session.world(
            at=self.to_at or before.at,
            pack=self.to_pack or before.pack,
            as_tier=tier_after(self.to_as_tier, self.as_tier),
            change=None if self.change is None else change_of(self.change, rows_at_most=CHANGED_AT_MOST),
        )
        return before, after


def _world(manifest: Mapping[str, Any], reachable: int) -> ComparedWorld:
    return convert({**manifest, "reachable": reachable}, ComparedWorld)


def _under(name: str, manifest: Mapping[str, Any]) -> str:
    return f"{name.capitalize()}: {shown(world_words(manifest))}."


def _pair(row: Mapping[Any, Any]) -> ChangedPair:
    lists = {name: row[name].split(";") for name in ("channels", "reasons")}
    return convert({**row, **lists}, ChangedPair)


def _is_touched(member: TouchedMember) -> bool:
    return any((member.gained, member.lost, member.reached_by_gained, member.reached_by_lost))
