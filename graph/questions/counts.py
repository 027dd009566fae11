"""How many one member reaches, by each channel (docs/rules.md, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from graph.driver.database import Query, Row
from graph.questions.answers import diagnosis


@dataclass(frozen=True, slots=True)
class Counts:
    """How many others: `reach_now` and `reach_now_free` as in the report member_reach, `channels` those of the pack."""

    member: str
    reach_now: int
    reach_now_free: int
    channels: dict[str, int]


def reach_counts(member: str, *, at: datetime, pack: str, as_tier: str | None = None) -> Query[Counts]:
    """How many a member reaches, by each channel; raises, when read, UnknownMember, UnknownPack or UnknownTier."""

    def decode(rows: Sequence[Row]) -> Counts:
        values = {row["measure"]: row["value"] for row in rows}
        free, now = values.pop("reach_now_free"), values.pop("reach_now")
        return Counts(member, now, free, {measure.removeprefix("open_"): count for measure, count in values.items()})

    return Query(
        "reach/reach_counts",
        decode=decode,
        parameters={"member": member, "at": at, "pack": pack, "as_tier": as_tier or ""},
        expected_rows=1,
        diagnosis=diagnosis(pack, members=[member], as_tier=as_tier),
    )
