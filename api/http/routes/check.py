"""`/v1/check`, `/v1/unlock` and `/v1/mutuals`: can one member reach another, and if not, what could be done?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.http import schemas
from api.http.access import TheCaller
from api.http.changes import read_change
from api.http.formats import Format
from api.http.judged import JUDGED
from api.http.naming import answered, judged, matched
from api.http.problems import (
    BODY_TOO_LARGE,
    INVALID_QUESTION,
    SAME_MEMBER,
    SEVERAL_MEMBERS,
    UNKNOWN_CHANNEL,
    UNKNOWN_MEMBER,
    UNKNOWN_PACK,
    UNKNOWN_TIER,
    UNREADABLE_BODY,
    Problem,
)
from api.http.questions import (
    BatchQuestion,
    CheckQuestion,
    FormQuestion,
    MatchQuestion,
    MutualsQuestion,
    ReachBody,
    UnlockBody,
    UnlockQuestion,
)
from api.http.reply import TheReply
from api.http.schemas import answer_of
from api.http.service import TheService
from graph.driver import schema
from graph.driver.query import Graph
from graph.driver.schema import GraphState
from graph.questions import batch, members
from graph.questions.batch import Judged, Pair
from graph.questions.reach import Reached, ReachFilter, reach
from graph.questions.unlocks import unlock as opening
from graph.questions.unlocks import unlocks
from graph.questions.verdicts import matches, verdict
from linkreach.forms import MATCH, MATCH_INTRODUCED, MUTUALS, REACHED, UNLOCK, VERDICT
from linkreach.matching import (
    MatchedPair,
    best_told,
    best_ways,
    closed_pairs,
    match_pairs,
    with_their_introductions,
    with_their_unlocks,
)

router = APIRouter(prefix="/v1", tags=["pairs"])

_UNKNOWN = (UNKNOWN_MEMBER, SEVERAL_MEMBERS, UNKNOWN_PACK, UNKNOWN_TIER)


@router.get("/check", summary="Can this member reach that one?", **answer_of(schemas.Verdict, *_UNKNOWN, SAME_MEMBER))
async def check(
    asked: Annotated[CheckQuestion, Query()], caller: TheCaller, reply: TheReply, service: TheService
) -> Response:
    """The verdict: every channel of the pack, open with its evidence, or denied with every reason."""
    caller.require(asked.sender)
    format = reply.format(asked.format)
    world = asked.world(service.default_pack)
    question = partial(verdict, world=world)
    if format is Format.CYPHER:
        return reply.statement(question(asked.sender, asked.recipient))
    ask = service.asking(question, world)
    found = await answered(service, caller, world, ask, asked.sender, asked.recipient)
    return reply.one(format, VERDICT, found)


@router.get(
    "/unlock",
    summary="What could the sender do?",
    **answer_of(schemas.Unlock, *_UNKNOWN, UNKNOWN_CHANNEL, SAME_MEMBER),
)
async def unlock(
    asked: Annotated[UnlockQuestion, Query()], caller: TheCaller, reply: TheReply, service: TheService
) -> Response:
    """Actions in the sender's own power, each of them enough alone, the cheapest first."""
    caller.require(asked.sender)
    format = reply.format(asked.format)
    world = asked.world(service.default_pack)
    question = partial(opening, world=world, channel=asked.channel, names=asked.names)
    if format is Format.CYPHER:
        return reply.statement(question(asked.sender, asked.recipient))
    ask = service.asking(question, world)
    found = await answered(service, caller, world, ask, asked.sender, asked.recipient)
    return reply.one(format, UNLOCK, found)


@router.post(
    "/unlock",
    summary="What could the sender do, as if?",
    **answer_of(schemas.Unlock, *_UNKNOWN, UNKNOWN_CHANNEL, SAME_MEMBER, UNREADABLE_BODY, BODY_TOO_LARGE),
)
async def unlock_as_if(
    asked: UnlockBody,
    form: Annotated[FormQuestion, Query()],
    caller: TheCaller,
    reply: TheReply,
    service: TheService,
) -> Response:
    """The same of a graph to which a change is supposed."""
    caller.require(asked.sender)
    format = reply.format(form.format)
    world = asked.world(service.default_pack, change=read_change(asked.change, caller))
    _refuse_statement(format)
    ask = service.asking(partial(opening, world=world, channel=asked.channel, names=asked.names), world)
    found = await answered(service, caller, world, ask, asked.sender, asked.recipient)
    return reply.one(format, UNLOCK, found)


@router.post(
    "/reach",
    summary="Whom does a member reach, as if?",
    **answer_of(schemas.Reach, *_UNKNOWN, UNKNOWN_CHANNEL, UNREADABLE_BODY, BODY_TOO_LARGE),
)
async def reach_as_if(
    asked: ReachBody,
    form: Annotated[FormQuestion, Query()],
    caller: TheCaller,
    reply: TheReply,
    service: TheService,
) -> Response:
    """Whom the member reaches in a graph to which a change is supposed: the first rows, nearest first."""
    caller.require(asked.member)
    format = reply.format(form.format)
    world = asked.world(service.default_pack, change=read_change(asked.change, caller))
    wanted = ReachFilter(tuple(asked.channel), asked.degree, asked.possible)
    _refuse_statement(format)

    async def ask(member: str) -> tuple[list[Reached], GraphState]:
        question = reach(member, world, wanted)
        return await service.suppose(world, lambda graph: (graph.read(question), graph.read(schema.state())))

    found, state = await answered(service, caller, world, ask, asked.member)
    return reply.many(format, REACHED, found[: asked.limit], "rows", next=None, graph_version=state.version)


@router.get(
    "/mutuals",
    summary="Whom do two members both know?",
    **answer_of(schemas.Mutuals, *_UNKNOWN, SAME_MEMBER),
)
async def mutuals(
    asked: Annotated[MutualsQuestion, Query()], caller: TheCaller, reply: TheReply, service: TheService
) -> Response:
    """The members, not gone, who are connected to both; a verdict has their number."""
    caller.require(asked.sender)
    format = reply.format(asked.format)
    world = asked.world(service.default_pack)
    question = partial(members.mutuals, world=world, most=asked.limit)
    if format is Format.CYPHER:
        return reply.statement(question(asked.sender, asked.recipient))
    ask = service.asking(question, world)
    found = await answered(service, caller, world, ask, asked.sender, asked.recipient)
    return reply.one(format, MUTUALS, found)


@router.post(
    "/check",
    summary="Can each of these senders reach their recipient?",
    **answer_of(schemas.Verdicts, UNKNOWN_PACK, UNKNOWN_TIER, UNREADABLE_BODY, BODY_TOO_LARGE),
)
async def check_many(
    asked: BatchQuestion,
    form: Annotated[FormQuestion, Query()],
    caller: TheCaller,
    reply: TheReply,
    service: TheService,
) -> Response:
    """The verdicts in the order asked, in one query; a pair that cannot be judged has a problem in its place."""
    caller.require(*(pair.sender for pair in asked.pairs))
    format = reply.format(form.format)
    pairs = [(pair.sender, pair.recipient) for pair in asked.pairs]
    world = asked.world(service.default_pack, change=read_change(asked.change, caller))
    if world.change is not None:
        _refuse_statement(format)
    if format is Format.CYPHER:
        return reply.statement(batch.judged(pairs, world))

    async def ask(pairs: Sequence[Pair]) -> list[Judged]:
        if world.change is not None:
            return await service.suppose(world, lambda graph: batch.judge(graph, pairs, world))
        found = await service.read(batch.judged(pairs, world))
        missing = [pair for pair in dict.fromkeys(pairs) if pair not in found]
        reasons = await service.read(batch.unjudged(missing, world)) if missing else []
        why = {(each.sender, each.recipient): each for each in reasons}
        return [found.get(pair) or why[pair] for pair in pairs]

    return reply.many(format, JUDGED, await judged(service, caller, world, ask, pairs), "verdicts")


@router.post(
    "/match",
    summary="Which of these pairs can be reached, in short?",
    **answer_of(schemas.Matched, *_UNKNOWN, SAME_MEMBER, UNREADABLE_BODY, BODY_TOO_LARGE),
)
async def match(
    asked: MatchQuestion,
    form: Annotated[FormQuestion, Query()],
    caller: TheCaller,
    reply: TheReply,
    service: TheService,
) -> Response:
    """A row a pair in the order asked, as the command `match` writes it."""
    caller.require(*(pair.sender for pair in asked.pairs))
    format = reply.format(form.format)
    world = asked.world(service.default_pack, change=read_change(asked.change, caller))
    pairs = [(pair.sender, pair.recipient) for pair in asked.pairs]
    if world.change is not None:
        _refuse_statement(format)
    if format is Format.CYPHER:
        return reply.statement(matches(pairs, world))

    def supposed(graph: Graph, pairs: Sequence[Pair]) -> tuple[MatchedPair, ...]:
        return match_pairs(graph, pairs, world, with_unlocks=asked.unlock, with_introductions=asked.introductions)

    async def ask(pairs: Sequence[Pair]) -> tuple[MatchedPair, ...]:
        if world.change is not None:
            return await service.suppose(world, lambda graph: supposed(graph, pairs))
        found = await service.read(matches(pairs, world))
        closed = closed_pairs(found) if asked.unlock else []
        opened = await service.read(unlocks(closed, world, names=1)) if closed else []
        rows = with_their_unlocks(found, dict(zip(closed, opened, strict=True)))
        wanted = best_ways(pairs, world) if asked.introductions else []
        return with_their_introductions(rows, best_told([await service.read(each) for each in wanted]))

    written = MATCH_INTRODUCED if asked.introductions else MATCH
    return reply.many(format, written, await matched(service, caller, world, ask, pairs), "pairs")


def _refuse_statement(format: Format) -> None:
    """A statement that is asked elsewhere answers about the graph as it is."""
    if format is Format.CYPHER:
        raise Problem(INVALID_QUESTION, "what is supposed is in no statement: load the change to ask so elsewhere")
