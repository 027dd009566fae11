"""Strategies for networks with settings of every kind, and for packs of any shape, in the form of case files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

from hypothesis import strategies as st

from tests.rules.oracle import ACTIONS, ASSUMABLE, CHANNELS, FREE

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NUMBERS = ("monthly_messages", "monthly_inmails", "inmail_grant", "inmail_cap")
IDS = ("a", "b", "c", "d", "e", "f", "7", "é")
TIMES = st.sampled_from([None, *(NOW + timedelta(microseconds=n) for n in (-1, 0, 1))])


def subset(of: list[Any]) -> st.SearchStrategy[list[Any]]:
    """Some of these, each once."""
    return st.lists(st.sampled_from(of), unique_by=repr, max_size=len(of)) if of else st.just([])


@st.composite
def packs(draw: st.DrawFn, channels: Sequence[str] = tuple(CHANNELS)) -> dict[str, Any]:
    """A pack of any shape, with the tiers `t0` and up, as in its TOML."""
    tiers = {
        f"t{rank}": {
            "rank": rank,
            "direct_degree": draw(st.integers(0, 3)),
            "channels": draw(subset([*channels])),
            **draw(st.fixed_dictionaries({}, optional=dict.fromkeys(NUMBERS, st.integers(0, 2)))),
            "costs": {key: draw(st.integers(0, 3)) for key in draw(subset([*ACTIONS]))},
        }
        for rank in range(3)
    }
    switches = {
        "page_ties": draw(st.sampled_from(["any", "works_at"])),
        "inmail_respects_opt_out": draw(st.booleans()),
        "group_kind": draw(st.sampled_from(FREE)),
        **draw(st.fixed_dictionaries({}, optional={"connections_always_in_audience": st.booleans()})),
    }
    return {
        "name": "random",
        "title": "Random",
        "source": "a test",
        "date": NOW.date(),
        "switches": switches,
        "tiers": tiers,
    }


@st.composite
def networks(draw: st.DrawFn, tiers: tuple[str, ...] = ("", "t0", "t1", "t2")) -> dict[str, Any]:
    """A small network with settings of every kind, as in a case file."""
    ids = list(IDS[: draw(st.integers(2, len(IDS)))])
    member = st.fixed_dictionaries(
        {},
        optional={
            "tier": st.sampled_from(tiers),
            "tier_expires_at": TIMES,
            "status": st.sampled_from(["active", "active", "restricted", "closed", "deactivated"]),
            "restricted_until": TIMES,
            "visibility": st.sampled_from(["public", "network", "connections", "private"]),
            "accepts_from": st.sampled_from(["anyone", "shared_connections", "connections", "nobody"]),
            "contact_info": st.sampled_from(["nobody", "connections", "network", "anyone"]),
            "accepts_inmail": st.booleans(),
            "open_profile": st.booleans(),
            "contact_form": st.booleans(),
            "comments_open": st.booleans(),
            "inmail_credits": st.integers(0, 2),
            "messages_sent": st.integers(0, 2),
            "inmails_sent": st.integers(0, 2),
            "assumed": st.just("all") | subset([*ASSUMABLE]).map(";".join),
        },
    )
    ordered = [[a, b] for a, b in permutations(ids, 2)]
    unordered = [pair for pair in ordered if pair[0] < pair[1]]
    tie = st.fixed_dictionaries(
        {"member": st.sampled_from(ids), "company": st.sampled_from(["x", "y"])},
        optional={"tie": st.sampled_from(["works_at", "follows"]), "since": TIMES, "until": TIMES},
    )
    return {
        "members": {m: draw(member) for m in ids},
        "connections": [
            {"a": a, "b": b, **draw(st.fixed_dictionaries({}, optional={"strength": st.integers(1, 100)}))}
            for a, b in draw(subset(unordered))
        ],
        "groups": {"g": {}, "h": {"messaging": draw(st.booleans())}},
        "group_members": draw(subset([[m, group] for m in ids for group in ("g", "h")])),
        "companies": {"x": {}, "y": {}},
        "company_members": draw(st.lists(tie, max_size=6)),
        "blocks": [
            {"member": a, "other": b, "kind": draw(st.sampled_from(["block", "limit"]))}
            for a, b in draw(st.lists(st.sampled_from(ordered), max_size=2))
        ],
    }
