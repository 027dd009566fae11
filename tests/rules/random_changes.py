"""Strategies for changes of a network: what is added, updated and removed, each row one that a load would take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.rules.oracle import Network
from tests.rules.random_networks import NOW, TIMES, subset

NEW = ("0", "new", "ñ")

_COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "tier": st.sampled_from(["", "t0", "t1", "t2"]),
    "tier_expires_at": TIMES,
    "status": st.sampled_from(["active", "restricted", "closed", None]),
    "restricted_until": TIMES,
    "visibility": st.sampled_from(["public", "network", "connections", "private"]),
    "accepts_from": st.sampled_from(["anyone", "shared_connections", "connections", "nobody"]),
    "accepts_inmail": st.booleans(),
    "open_profile": st.booleans(),
    "inmail_credits": st.integers(0, 2),
    "messages_sent": st.integers(0, 2),
    "assumed": st.sampled_from(["", "all", "tier;connections"]),
}


@st.composite
def changes(draw: st.DrawFn, network: Mapping[str, Any]) -> dict[str, Any]:
    """A change of a network of `random_networks`, as in a document."""
    before = Network.of(network)
    ids = [*before.members, *draw(subset([*NEW]))]
    columns = draw(subset([*_COLUMNS]))
    updated = {*draw(subset(ids)), *(ids[len(before.members) :])}
    pairs = draw(st.lists(st.tuples(*[st.sampled_from(ids)] * 2).filter(lambda pair: pair[0] != pair[1]), max_size=4))
    tie = {
        "member": st.sampled_from(ids),
        "company": st.sampled_from(["x", "y", "z"]),
        "tie": st.sampled_from(["works_at", "follows"]),
        "since": TIMES,
        "until": TIMES,
    }
    removed = {
        "connections": draw(subset([{"a": b, "b": a} for a, b in sorted(before.connections)])),
        "group_members": draw(subset([{"member": m, "group": g} for m, g in sorted(before.memberships)])),
        "company_members": draw(
            subset([{"member": tie.member, "company": tie.company, "tie": tie.tie} for tie in before.ties])
        ),
        "blocks": draw(
            subset([{"member": who, "other": whom} for who, whom in sorted(before.blocked | before.limited)])
        ),
    }
    return {
        "members": [{"id": id, **{name: draw(_COLUMNS[name]) for name in columns}} for id in sorted(updated)],
        "groups": [*draw(subset([{"id": "g", "messaging": False}, {"id": "i"}])), {"id": "h"}],
        "companies": [{"id": "z"}],
        "connections": [{"a": a, "b": b, "strength": draw(st.integers(1, 100))} for a, b in pairs],
        "group_members": draw(subset([{"member": m, "group": group} for m in ids for group in ("g", "h")])),
        "company_members": draw(st.lists(st.fixed_dictionaries(tie), max_size=4)),
        "blocks": [{"member": a, "other": b, "kind": draw(st.sampled_from(["block", "limit"]))} for a, b in pairs[:2]],
        "remove": removed,
    }


def in_words(change: Mapping[str, Any]) -> dict[str, Any]:
    """The change as JSON has it: instants are texts."""
    return {
        table: in_words(rows) if table == "remove" else [{k: _word(v) for k, v in row.items()} for row in rows]
        for table, rows in change.items()
    }


def _word(value: Any) -> Any:
    return value.isoformat() if isinstance(value, type(NOW)) else value
