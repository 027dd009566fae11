"""Asks the product and the oracle the same, everything that there is to ask about a network, and compares."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from itertools import permutations
from typing import Any

from analysis.reports import REPORTS
from graph import answers
from graph.answers import Reached, Verdict
from graph.database import Database
from graph.engine import CypherEngine
from graph.instants import instant_text
from graph.rulepack import CHANNELS, RulePack
from tests import oracle
from tests.oracle import Network, Pack, Row

PAIRS_AT_ONCE = 2_000


def product_pack(pack: Mapping[str, Any]) -> RulePack:
    """A pack in its TOML's shape as the product reads it."""
    return RulePack.model_validate({**pack, "text": json.dumps(pack, default=str)})


def assert_agreement(database: Database, network: Network, pack: Mapping[str, Any], at: datetime) -> int:
    """Every ordered pair, everybody's reach, and every report; returns how many pairs were compared."""
    theirs = Pack.of(pack)
    pairs = list(permutations(sorted(network.members), 2))
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        some = pairs[start : start + PAIRS_AT_ONCE]
        found = database.read(answers.verdicts(some, at=at, pack=theirs.name))
        for (sender, recipient), verdict in zip(some, found, strict=True):
            assert oracle_verdict(network, theirs, sender, recipient, at) == comparable(verdict)
            assert_evidence(network, theirs, verdict)
    for member in sorted(network.members):
        for asked in ({}, {"channels": list(theirs.channels)}, {"max_degree": 2}):
            if asked.get("channels") == []:
                continue
            reached = database.read(answers.reach(member, at=at, pack=theirs.name, **asked))
            assert oracle.reach(network, theirs, member, at, **asked) == rows_of(reached)
    assert_reports_agree(database, network, theirs, at)
    return len(pairs)


def assert_reports_agree(database: Database, network: Network, pack: Pack, at: datetime) -> None:
    """Every report of the registry: the columns and their order, the rows and theirs, the values."""
    engine = CypherEngine(database, at=at, pack=pack.name, progress=lambda *_: None, force=True)
    for name, report in REPORTS.items():
        frame = report.run(engine)
        expected = getattr(oracle, name)(network, pack, at)
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
        assert [rounded(row) for row in expected] == [rounded(row) for row in rows], name
        if expected:
            assert list(expected[0]) == list(frame.columns), name


def rounded(row: Mapping[Any, Any]) -> Row:
    """The row with its fractions to 9 decimals: the two add them up in different orders."""
    return {key: round(value, 9) if isinstance(value, float) else value for key, value in row.items()}


def oracle_verdict(
    network: Network, pack: Pack, sender: str, recipient: str, at: datetime, as_tier: str | None = None
) -> Row:
    """The oracle's verdict without the shared groups and pages, which stand in the product's evidence."""
    verdict = oracle.verdict(network, pack, sender, recipient, at, as_tier)
    return {key: value for key, value in verdict.items() if key not in ("groups", "pages")}


def comparable(verdict: Verdict) -> Row:
    """The product's verdict in the oracle's shape: as in JSON, without evidence."""
    return {
        "sender": verdict.sender,
        "recipient": verdict.recipient,
        "at": instant_text(verdict.at),
        "pack": verdict.pack,
        "tier": verdict.tier,
        "degree": verdict.degree,
        "mutuals": verdict.mutuals,
        "reachable": verdict.reachable,
        "reachable_free": verdict.reachable_free,
        "no_link": verdict.no_link,
        "gates": list(verdict.gates),
        "channels": [
            {"channel": each.channel, "kind": each.kind, "open": each.open, "reasons": list(each.reasons)}
            for each in verdict.channels
        ],
    }


def assert_evidence(network: Network, pack: Pack, verdict: Verdict) -> None:
    """The path is a shortest one where there is a degree, and groups, pages and credits are the real ones."""
    facts = oracle.verdict(network, pack, verdict.sender, verdict.recipient, verdict.at)
    evidence = {each.channel: each.evidence for each in verdict.channels}
    if "direct" in evidence:
        path = evidence["direct"].get("path")
        assert (path is None) == (verdict.degree is None)
        assert path is None or oracle.is_shortest_path(network, path, verdict.sender, verdict.recipient)
    if "group" in evidence:
        assert evidence["group"].get("groups", []) == facts["groups"]
    if "company_page" in evidence:
        assert evidence["company_page"].get("pages", []) == facts["pages"]
    if "inmail" in evidence:
        assert evidence["inmail"] == {"credits": network.members[verdict.sender]["inmail_credits"]}
    assert {"direct", "group", "company_page", "inmail"} >= {name for name, found in evidence.items() if found}


def rows_of(reached: list[Reached]) -> list[Row]:
    """The product's reach in the oracle's shape."""
    return [{"recipient": row.recipient, "degree": row.degree, "channels": ";".join(row.channels)} for row in reached]


def buildable(pack: Mapping[str, Any]) -> bool:
    """Whether the product has all channels of the pack yet."""
    return all(channel in CHANNELS for tier in pack["tiers"].values() for channel in tier["channels"])
