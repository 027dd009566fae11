"""Asks the product and the oracle the same, everything that there is to ask about a network, and compares."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from itertools import permutations
from typing import Any, NamedTuple

from analysis.bulk.bulk_engine import BulkEngine
from analysis.bulk.kernel import Wanted
from analysis.bulk.network import Network as Arrays
from analysis.bulk.run import blocks_of, count
from analysis.bulk.tally import Tally
from analysis.report_engine import ReportEngine
from analysis.reports import REPORTS, Report
from graph.driver.database import Database
from graph.driver.query import Query
from graph.instants import instant_text
from graph.questions import reach, unlocks
from graph.questions.cypher_engine import BLOCK, CypherEngine
from graph.questions.diagnosis import loaded_packs
from graph.questions.reach import Page, PageBounds, Reached, ReachFilter, reach_counts
from graph.questions.report_queries import first_block
from graph.questions.unlocks import unlock_document
from graph.questions.verdicts import Match, Verdict, matches, verdicts
from graph.rules.rule_pack import RulePack
from graph.snapshot.projection import project
from graph.world import World
from linkreach.forms import PACK
from tests.rules import oracle, oracle_assumed, oracle_reports
from tests.rules.case_files import Case
from tests.rules.oracle import Network, Pack, Row, instant

PAIRS_AT_ONCE = 2_000
FRAMES = {frame for report in REPORTS.values() for frame in report.frames}

# In networks of up to so many members everything is asked of everybody, and matches are compared.
SMALL = 20
# In a larger one every tenth member's reach is asked for in every way, the others' in the plain one.
EVERY_WAY_EACH = 10
# Every size in a small network and for the plain way; else members take turns with them.
PAGE_SIZES = (1, 5, 16, 53, 100, None)
# In a larger network smaller pages would take a hundred questions.
LARGE_PAGE_SIZES = PAGE_SIZES[2:]


def product_pack(pack: Mapping[str, Any]) -> RulePack:
    """A pack in its TOML's shape as the product reads it."""
    return RulePack.model_validate({**pack, "text": json.dumps(pack, default=str)})


def assert_case_agrees(database: Database, case: Case) -> None:
    """All that there is to ask about the network of a case, and not only what is written by hand."""
    assert_packs_agree(database, case)
    if case.refuses_all:
        return
    at = instant(case.at)
    assert at is not None
    assert_agreement(database, Network.of(case.network), case.pack, at, by=case.by)


def assert_packs_agree(database: Database, case: Case) -> None:
    """The packs that are loaded, by name: their tiers by rank, and channels in the order of the rules."""
    packs = [Pack.of(each) for each in (case.pack, case.beside) if each]
    expected = [
        (
            pack.name,
            [
                {
                    "name": tier.name,
                    "rank": tier.rank,
                    "direct_degree": tier.direct_degree,
                    "monthly_messages": tier.monthly_messages,
                    "monthly_inmails": tier.monthly_inmails,
                    "channels": [channel for channel in pack.channels if channel in tier.channels],
                }
                for tier in pack.tiers
            ],
        )
        for pack in sorted(packs, key=lambda pack: pack.name)
    ]
    assert expected == [(each.name, PACK.document(each)["tiers"]) for each in database.read(loaded_packs())]


def assert_agreement(
    database: Database, network: Network, pack: Mapping[str, Any], at: datetime, *, by: str = "tier"
) -> int:
    """Every ordered pair, everybody's reach in both directions, and every report; returns the number of pairs."""
    theirs = Pack.of(pack)
    small = len(network.members) <= SMALL
    sizes = PAGE_SIZES if small else LARGE_PAGE_SIZES
    pairs = list(permutations(sorted(network.members), 2))
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        some = pairs[start : start + PAIRS_AT_ONCE]
        found = database.read(verdicts(some, World(at, theirs.name)))
        for (sender, recipient), verdict in zip(some, found, strict=True):
            assert_verdict_agrees(network, oracle_assumed.verdict(network, theirs, sender, recipient, at), verdict)
    if small:
        assert_matches_agree(database, network, theirs, at)
        assert_counts_agree(database, network, theirs, at)
    for place, member in enumerate(sorted(network.members)):
        ways = everything_asked(theirs)
        for asked in ways if small or place % EVERY_WAY_EACH == 0 else ways[:1]:
            for other, expected_rows, ask, ask_page in (
                ("recipient", oracle_assumed.reach, reach.reach, reach.reach_page),
                ("sender", oracle_assumed.reached_by, reach.reached_by, reach.reached_by_page),
            ):
                rows = expected_rows(network, theirs, member, at, **asked)
                by_id = sorted(rows, key=lambda row: str(row[other]))
                world, wanted = World(at, theirs.name, asked.get("as_tier")), filter_of(asked)
                assert rows == rows_of(database.read(ask(member, world, wanted)), other)
                for size in sizes if small and not asked else [sizes[place % len(sizes)]]:
                    pages = paged(database, partial(ask_page, member, world, wanted), size)
                    assert by_id == rows_of(pages, other), size
    assert_reports_agree(database, network, theirs, at, by)
    return len(pairs)


def assert_verdict_agrees(network: Network, expected: Row, verdict: Verdict) -> None:
    """The verdict of a pair, and the evidence that stands in its channels."""
    assert {**expected, **hidden(expected)} == comparable(verdict)
    assert_path_is_shortest(network, verdict)
    assert credits_of(network, verdict) == evidence(verdict, "inmail")


def paged(database: Database, ask: Callable[[PageBounds], Query[Page]], size: int | None) -> list[Reached]:
    """Everybody reached, a page of this size after the other, each of a window hardly larger; None: on one page."""
    bounds = PageBounds() if size is None else PageBounds(limit=size, window=size + 1)
    page = database.read(ask(bounds))
    rows = [*page.rows]
    while page.after is not None:
        page = database.read(ask(replace(bounds, after=page.after)))
        rows += page.rows
    return rows


def filter_of(asked: Mapping[str, Any]) -> ReachFilter:
    """Which of those reached are asked for, from options as the oracle takes them."""
    return ReachFilter(tuple(asked.get("channels") or ()), asked.get("max_degree"), asked.get("possible", False))


def everything_asked(pack: Pack) -> list[dict[str, Any]]:
    """The ways to ask for reach: as it is, at most two steps, what is possible, as if on a tier, any channel."""
    ways: list[dict[str, Any]] = [{}, {"max_degree": 2}, {"possible": True}, {"as_tier": pack.tiers[0].name}]
    return [*ways, {"channels": list(pack.channels)}] if pack.channels else ways


def assert_unlocks_agree(
    database: Database, network: Network, pack: Mapping[str, Any], at: datetime, *, most: int | None = None
) -> int:
    """For each pair that is not reachable, and each denied channel, what would open it.

    `most` bounds the pairs that are asked for unlocks; returns how many unlocks were asked for.
    """
    theirs = Pack.of(pack)
    asked = 0
    for sender, recipient in list(permutations(sorted(network.members), 2))[:most]:
        verdict = oracle.verdict(network, theirs, sender, recipient, at)
        denied = [each["channel"] for each in verdict["channels"] if not each["open"]]
        for channel in ([] if verdict["reachable"] else [None]) + denied:
            question = unlocks.unlock(sender, recipient, World(at, theirs.name), channel=channel, names=2)
            found = oracle.unlock(network, theirs, sender, recipient, at, channel=channel, names=2)
            assert found == unlock_document(database.read(question))
            asked += 1
    return asked


def assert_matches_agree(database: Database, network: Network, pack: Pack, at: datetime) -> None:
    """Every pair in short, in the order asked."""
    members = sorted(network.members)
    expected = oracle_assumed.match(network, pack, members, members, at)
    pairs = [(row["sender"], row["recipient"]) for row in expected]
    matched = database.read(matches(pairs, World(at, pack.name)))
    assert expected == [match_row(match) for match in matched]


def assert_counts_agree(database: Database, network: Network, pack: Pack, at: datetime) -> None:
    """How many each member reaches by each channel, as they are and as if on the lowest tier."""
    for member in network.members:
        others = network.members.keys() - {member}
        for as_tier in (None, pack.tiers[0].name):
            verdicts = [oracle.verdict(network, pack, member, other, at, as_tier) for other in others]
            opened = Counter(each["channel"] for verdict in verdicts for each in verdict["channels"] if each["open"])
            reached, free = (sum(each[key] for each in verdicts) for key in ("reachable", "reachable_free"))
            found = database.read(reach_counts(member, World(at, pack.name, as_tier)))
            assert (member, reached, free) == (found.member, found.reach_now, found.reach_now_free)
            assert [(channel, opened[channel]) for channel in pack.channels] == [*found.channels.items()]


def match_row(match: Match) -> Row:
    """The product's short answer in the oracle's shape."""
    return {**asdict(match), "channels": ";".join(match.channels), "reasons": ";".join(match.reasons), "unlock": None}


def assert_reports_agree(database: Database, network: Network, pack: Pack, at: datetime, by: str) -> None:
    """Every report of the registry, on every engine that reads from the graph; and whom statements are shown with."""
    assert sorted(network.members)[:BLOCK] == database.read(first_block())
    expected = expected_reports(network, pack, at, by)
    for engine in engines_on(database, pack, at, by):
        assert_reports_are(expected, engine)


def engines_on(database: Database, pack: Pack, at: datetime, by: str = "tier") -> list[ReportEngine]:
    """Both engines that read from the graph: Cypher, whatever the size, and the bulk engine in several blocks."""
    cypher = CypherEngine(database, World(at, pack.name), by=by, progress=lambda *_: None, force=True)
    snapshot = project(database, World(at, pack.name), by=by)
    return [cypher, BulkEngine(snapshot, World(at, snapshot.pack.name), frames=FRAMES, counter=in_several_blocks)]


class OracleReports(NamedTuple):
    """What the oracle reports: the rows of every report of the registry, and the denials as they are withheld."""

    rows: dict[str, list[Row]]
    denials_withheld: list[Row]


def expected_reports(network: Network, pack: Pack, at: datetime, by: str = "tier") -> OracleReports:
    """Every report of the registry, from the oracle."""
    rows = {name: [rounded(row) for row in oracle_report(name, network, pack, at, by)] for name in REPORTS}
    return OracleReports(rows, oracle_reports.denials_withheld(network, pack, at))


def assert_reports_are(expected: OracleReports, engine: ReportEngine) -> None:
    """Every report of the registry: the columns and their order, the rows and theirs, the values."""
    for name, report in REPORTS.items():
        rows = report_rows(report, engine)
        assert expected.rows[name] == rows, (engine.name, name)
        if rows:
            assert list(expected.rows[name][0]) == list(rows[0]), (engine.name, name)
    withheld = REPORTS["denials"].run_redacted(engine).to_dict("records")
    assert expected.denials_withheld == withheld, engine.name


def report_rows(report: Report, engine: ReportEngine) -> list[Row]:
    """The product's report in the oracle's shape."""
    frame = report.run(engine)
    return [rounded(row) for row in frame.astype(object).where(frame.notna(), None).to_dict("records")]


def in_several_blocks(network: Arrays, wanted: Wanted) -> Tally:
    """Blocks on two threads, several of them: of three targets in a small network, else of two words of bits."""
    targets = 3 if len(network.traits) <= SMALL else 100
    return count(network, blocks_of(network, targets), wanted, targets=targets, threads=2)


def oracle_report(name: str, network: Network, pack: Pack, at: datetime, by: str) -> list[Row]:
    """A report by its name, from the oracle."""
    if name == "segment_matrix":
        return oracle_reports.segment_matrix(network, pack, at, by)
    module = oracle_assumed if name in ("certainty", "unknowns") else oracle_reports
    rows: list[Row] = getattr(module, name)(network, pack, at)
    return rows


def rounded(row: Mapping[Any, Any]) -> Row:
    """The row with its fractions to 9 decimals: the two add them up in different orders."""
    return {key: round(value, 9) if isinstance(value, float) else value for key, value in row.items()}


def comparable(verdict: Verdict) -> Row:
    """The product's verdict in the oracle's shape: as in JSON, with the evidence of groups and pages outside."""
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
            {
                "channel": each.channel,
                "kind": each.kind,
                "open": each.open,
                "reasons": list(each.reasons),
                "rests_on": list(each.rests_on),
            }
            for each in verdict.channels
        ],
        "certain": verdict.certain,
        "possible": verdict.possible,
        "certain_free": verdict.certain_free,
        "possible_free": verdict.possible_free,
        "groups": evidence(verdict, "group").get("groups", []),
        "pages": evidence(verdict, "company_page").get("pages", []),
    }


def hidden(expected: Row) -> Row:
    """Groups and pages stand in the evidence of channels, so without the channel they are not told."""
    channels = {each["channel"] for each in expected["channels"]}
    return {key: [] for key, of in (("groups", "group"), ("pages", "company_page")) if of not in channels}


def evidence(verdict: Verdict, channel: str) -> dict[str, Any]:
    """The evidence of one channel, {} where the pack does not have it."""
    return next((each.evidence for each in verdict.channels if each.channel == channel), {})


def credits_of(network: Network, verdict: Verdict) -> dict[str, Any]:
    """The evidence that inmail must have."""
    has_inmail = any(each.channel == "inmail" for each in verdict.channels)
    return {"credits": network.members[verdict.sender]["inmail_credits"]} if has_inmail else {}


def assert_path_is_shortest(network: Network, verdict: Verdict) -> None:
    """The path of direct is a shortest one, and there where there is a degree."""
    if any(each.channel == "direct" for each in verdict.channels):
        path = evidence(verdict, "direct").get("path")
        assert (path is None) == (verdict.degree is None)
        assert path is None or oracle.is_shortest_path(network, path, verdict.sender, verdict.recipient)


def rows_of(reached: list[Reached], other: str) -> list[Row]:
    """The product's reach in the oracle's shape."""
    return [
        {other: row.member, "degree": row.degree, "channels": ";".join(row.channels), "certain": row.certain}
        for row in reached
    ]
