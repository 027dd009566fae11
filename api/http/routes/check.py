"""`/v1/check` and `/v1/unlock`: can one member reach another, and if not, what could be done?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.forms import UNLOCK, VERDICT
from api.http import schemas
from api.http.access import TheCaller
from api.http.formats import Format, chosen, statement_of, written
from api.http.judged import JUDGED
from api.http.problems import (
    BODY_TOO_LARGE,
    FOREIGN_ORIGIN,
    SAME_MEMBER,
    UNKNOWN_CHANNEL,
    UNKNOWN_MEMBER,
    UNKNOWN_PACK,
    UNKNOWN_TIER,
    UNREADABLE_BODY,
)
from api.http.questions import BatchQuestion, CheckQuestion, FormQuestion, UnlockQuestion
from api.http.schemas import answer_of
from api.http.service import TheService
from graph.questions import answers, batch, unlocks

router = APIRouter(prefix="/v1", tags=["pairs"])

_UNKNOWN = (UNKNOWN_MEMBER, UNKNOWN_PACK, UNKNOWN_TIER)


@router.get("/check", summary="Can this member reach that one?", **answer_of(schemas.Verdict, *_UNKNOWN, SAME_MEMBER))
async def check(
    asked: Annotated[CheckQuestion, Query()], request: Request, service: TheService, caller: TheCaller
) -> Response:
    """The verdict: every channel of the pack, open with its evidence, or denied with every reason."""
    format = chosen(request, asked.format)
    question = answers.verdict(
        asked.sender, asked.recipient, at=asked.instant(), pack=service.pack(asked.pack), as_tier=asked.as_tier
    )
    if format is Format.CYPHER:
        return statement_of(question)
    verdict = await service.read(question)
    verdict = verdict if caller.audits else verdict.withheld()
    return written(format, VERDICT, [verdict], VERDICT.document(verdict))


@router.get(
    "/unlock",
    summary="What could the sender do?",
    **answer_of(schemas.Unlock, *_UNKNOWN, UNKNOWN_CHANNEL, SAME_MEMBER),
)
async def unlock(
    asked: Annotated[UnlockQuestion, Query()], request: Request, service: TheService, caller: TheCaller
) -> Response:
    """Actions in the sender's own power, each of them enough alone, the cheapest first."""
    format = chosen(request, asked.format)
    question = unlocks.unlock(
        asked.sender,
        asked.recipient,
        at=asked.instant(),
        pack=service.pack(asked.pack),
        as_tier=asked.as_tier,
        channel=asked.channel,
        names=asked.names,
    )
    if format is Format.CYPHER:
        return statement_of(question)
    answer = await service.read(question)
    answer = answer if caller.audits else answer.withheld()
    return written(format, UNLOCK, [answer], UNLOCK.document(answer))


@router.post(
    "/check",
    summary="Can each of these senders reach their recipient?",
    **answer_of(schemas.Verdicts, UNKNOWN_PACK, UNKNOWN_TIER, UNREADABLE_BODY, BODY_TOO_LARGE, FOREIGN_ORIGIN),
)
async def check_many(
    asked: BatchQuestion,
    form: Annotated[FormQuestion, Query()],
    request: Request,
    service: TheService,
    caller: TheCaller,
) -> Response:
    """The verdicts in the order asked, in one query; a pair that cannot be judged has a problem in its place."""
    format = chosen(request, form.format)
    pairs = [(pair.sender, pair.recipient) for pair in asked.pairs]
    at, pack = asked.instant(), service.pack(asked.pack)
    question = batch.judged(pairs, at=at, pack=pack, as_tier=asked.as_tier)
    if format is Format.CYPHER:
        return statement_of(question)
    found = await service.read(question)
    missing = [pair for pair in dict.fromkeys(pairs) if pair not in found]
    reasons = await service.read(batch.unjudged(missing, pack=pack, as_tier=asked.as_tier)) if missing else []
    why = {(each.sender, each.recipient): each for each in reasons}
    told = {pair: verdict if caller.audits else verdict.withheld() for pair, verdict in found.items()}
    judged = [told.get(pair) or why[pair] for pair in pairs]
    return written(format, JUDGED, judged, {"verdicts": [JUDGED.document(each) for each in judged]})
