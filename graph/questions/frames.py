"""What reports are made of: the frames that every engine hands in, each declared once.

Counts are in members, pairs as docs/rules.md and docs/reports.md say; a count that is not there is 0.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame: a row for each `key`, further `columns`, and where each engine has it from.

    A column may stand for several: `degree_N`, `open_CHANNEL`, `direct_as_TIER`.
    `statements` are those of the Cypher engine, in their order; `counts` is what the bulk engine counts for it, by the
    names of `analysis.bulk.kernel.Wanted`, nothing where the snapshot says it.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    statements: tuple[str, ...]
    counts: tuple[str, ...] = ()


_BRIDGE = ("members", "pairs", "pairs_no_degree", "pairs_only_here")

_WAYS = ("reach", "reach_free", "reached_by", "reached_by_free")

FRAMES = {
    frame.name: frame
    for frame in (
        Frame("members", ("member",), ("tier", "effective_tier", "expires_at", "gone"), ("report/members",)),
        Frame(
            "reach_counts",
            ("member",),
            ("degree_N", "open_CHANNEL", "reach_now", "reach_now_free", "reached_by_now", "reached_by_now_free"),
            ("report/member_counts",),
            ("DEGREES", "REACH"),
        ),
        Frame("direct_counts", ("member",), ("direct_as_TIER",), ("report/direct_by_tier",), ("REACH",)),
        Frame("group_bridges", ("group",), _BRIDGE, ("bridge/groups", "bridge/group_pairs"), ("BRIDGES",)),
        Frame("page_bridges", ("page",), _BRIDGE, ("bridge/pages", "bridge/page_pairs"), ("BRIDGES",)),
        Frame("gatekeepers", ("member",), ("pairs_only_they_join",), ("bridge/gatekeepers",), ("GATEKEEPERS",)),
        Frame(
            "segment_pairs",
            ("sender_segment", "recipient_segment"),
            ("pairs", "reachable"),
            ("report/segments", "report/segment_pairs"),
            ("SEGMENTS",),
        ),
        Frame("denials", ("reason",), ("pairs", "pairs_alone"), ("report/reasons", "report/denials"), ("DENIALS",)),
        Frame(
            "quotas",
            ("member",),
            ("inmail_credits", "inmails_left", "messages_left", "lost_to_quota"),
            ("report/quotas",),
            ("REACH",),
        ),
        Frame(
            "certainty",
            ("member",),
            tuple(f"{way}_{sure}" for way in _WAYS for sure in ("certain", "now", "possible")),
            ("report/certainty",),
            ("REACH", "CERTAINTY"),
        ),
        Frame("unknowns", ("member", "fact"), ("pairs",), ("report/unknowns",), ("CERTAINTY",)),
    )
}
