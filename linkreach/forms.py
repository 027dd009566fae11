"""How each kind of answer is written, once for the command line and for the API: as JSON, and as rows of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from graph.instants import instant_text

if TYPE_CHECKING:
    import pandas as pd

    from analysis.plans.what_if import Investment
    from analysis.reports import Report
    from graph.questions.introductions import Introductions, Way
    from graph.questions.members import Found, Mutuals, Overview, Profile
    from graph.questions.names import Named
    from graph.questions.places import Company, Group
    from graph.questions.reach import ReachCounts, Reached
    from graph.questions.unlocks import Unlock, UnlockAction
    from graph.questions.verdicts import Verdict
    from graph.rules.loaded_pack import LoadedPack
    from linkreach.introducing import RecipientWays
    from linkreach.matching import MatchedPair

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """One kind of answer: its document, which `msgspec` writes as JSON, and its rows.

    `columns` maps the name of each column of the rows to its pandas type.
    """

    document: Callable[[T], Any]
    columns: Mapping[str, str]
    rows: Callable[[T], Iterator[tuple[Any, ...]]]

    def frame(self, answers: Iterable[T]) -> pd.DataFrame:
        """The rows of all these answers, typed, also where there are none."""
        import pandas as pd

        rows = [row for answer in answers for row in self.rows(answer)]
        return pd.DataFrame(rows, columns=list(self.columns)).astype(dict(self.columns))


def _verdict_rows(verdict: Verdict) -> Iterator[tuple[Any, ...]]:
    for each in verdict.channels:
        yield verdict.sender, verdict.recipient, each.channel, each.kind, each.open, ";".join(each.reasons)


VERDICT: Form[Verdict] = Form(
    lambda verdict: verdict,
    {"sender": "str", "recipient": "str", "channel": "str", "kind": "str", "open": "boolean", "reasons": "str"},
    _verdict_rows,
)


def _reached(other: str) -> Form[Reached]:

    def rows(row: Reached) -> Iterator[tuple[Any, ...]]:
        yield row.member, row.degree, ";".join(row.channels), row.certain

    return Form(
        lambda row: {
            other: row.member,
            "degree": row.degree,
            "channels": list(row.channels),
            "certain": row.certain,
        },
        {other: "str", "degree": "Int64", "channels": "str", "certain": "bool"},
        rows,
    )


REACHED = _reached("recipient")
REACHING = _reached("sender")


def _unlock(answer: Unlock) -> dict[str, Any]:
    from graph.questions.unlocks import unlock_document

    return unlock_document(answer)


def _unlock_rows(answer: Unlock) -> Iterator[tuple[Any, ...]]:
    for each in answer.actions:
        yield each.action, each.id, None if each.until is None else instant_text(each.until), each.cost


UNLOCK: Form[Unlock] = Form(_unlock, {"action": "str", "id": "str", "until": "str", "cost": "Float64"}, _unlock_rows)


def action_text(action: UnlockAction) -> str:
    """The action in a cell: `credit`, `upgrade:career`, `wait:2026-12-01T00:00:00Z`."""
    what = action.id if action.until is None else instant_text(action.until)
    return action.action if what is None else f"{action.action}:{what}"


def _way(way: Way) -> dict[str, Any]:
    ties = [{"a": tie.a, "b": tie.b, "strength": tie.strength, "mutuals": tie.mutuals} for tie in way.ties]
    return {"members": list(way.members), "strength": way.strength, "ties": ties}


def _way_rows(ways: Iterable[Way]) -> Iterator[tuple[Any, ...]]:
    for rank, way in enumerate(ways, 1):
        yield way.members[0], way.members[-1], rank, way.strength, ";".join(way.via)


_WAYS = {"sender": "str", "recipient": "str", "rank": "Int64", "strength": "Float64", "via": "str"}

INTRODUCTIONS: Form[Introductions] = Form(
    lambda found: {
        "sender": found.sender,
        "recipient": found.recipient,
        "degree": found.degree,
        "ways": [_way(way) for way in found.ways],
    },
    _WAYS,
    lambda found: _way_rows(found.ways),
)
WAYS_TO: Form[RecipientWays] = Form(
    lambda found: {"recipient": found.recipient, "ways": [_way(way) for way in found.ways]},
    _WAYS,
    lambda found: _way_rows(found.ways),
)


def _match(pair: MatchedPair, *, introduced: bool = False) -> dict[str, Any]:
    match, way = asdict(pair.match), pair.introduction
    certain = match.pop("certain")
    introduction = {
        "introduction": "" if way is None else ";".join(way.via),
        "introduction_strength": None if way is None else way.strength,
    }
    return {
        **match,
        "channels": list(pair.match.channels),
        "reasons": list(pair.match.reasons),
        "unlock": "" if pair.cheapest is None else action_text(pair.cheapest),
        **(introduction if introduced else {}),
        "certain": certain,
    }


def _matching(*, introduced: bool) -> Form[MatchedPair]:
    columns = {
        "sender": "str",
        "recipient": "str",
        "degree": "Int64",
        "reachable": "bool",
        "reachable_free": "bool",
        "channels": "str",
        "reasons": "str",
        "unlock": "str",
        **({"introduction": "str", "introduction_strength": "Float64"} if introduced else {}),
        "certain": "bool",
    }

    def rows(pair: MatchedPair) -> Iterator[tuple[Any, ...]]:
        cells = _match(pair, introduced=introduced).values()
        yield tuple(";".join(value) if isinstance(value, list) else value for value in cells)

    return Form(partial(_match, introduced=introduced), columns, rows)


MATCH = _matching(introduced=False)
MATCH_INTRODUCED = _matching(introduced=True)


def _named_rows(named: Named) -> Iterator[tuple[Any, ...]]:
    yield named.kind, named.id, named.name


NAMED: Form[Named] = Form(asdict, {"kind": "str", "id": "str", "name": "str"}, _named_rows)


def _counts_rows(counts: ReachCounts) -> Iterator[tuple[Any, ...]]:
    yield counts.member, "reach_now", counts.reach_now
    yield counts.member, "reach_now_free", counts.reach_now_free
    yield from ((counts.member, f"open_{channel}", count) for channel, count in counts.channels.items())


COUNTS: Form[ReachCounts] = Form(asdict, {"member": "str", "measure": "str", "value": "Int64"}, _counts_rows)


def _mutuals_rows(found: Mutuals) -> Iterator[tuple[Any, ...]]:
    yield from ((each["id"], each["name"]) for each in found.mutuals)


MUTUALS: Form[Mutuals] = Form(asdict, {"id": "str", "name": "str"}, _mutuals_rows)


def _overview_rows(found: Overview) -> Iterator[tuple[Any, ...]]:
    yield found.members, found.connections, found.groups, found.companies


OVERVIEW: Form[Overview] = Form(
    asdict, {"members": "Int64", "connections": "Int64", "groups": "Int64", "companies": "Int64"}, _overview_rows
)


def _found_rows(found: Found) -> Iterator[tuple[Any, ...]]:
    yield found.id, found.name, found.tier, found.status, found.company, found.location


FOUND: Form[Found] = Form(
    asdict,
    {"id": "str", "name": "str", "tier": "str", "status": "str", "company": "str", "location": "str"},
    _found_rows,
)


def _group_rows(group: Group) -> Iterator[tuple[Any, ...]]:
    yield group.id, group.name, group.messaging


GROUP: Form[Group] = Form(asdict, {"id": "str", "name": "str", "messaging": "boolean"}, _group_rows)


def _company_rows(company: Company) -> Iterator[tuple[Any, ...]]:
    yield company.id, company.name


COMPANY: Form[Company] = Form(asdict, {"id": "str", "name": "str"}, _company_rows)


def _profile(profile: Profile) -> dict[str, Any]:
    properties = {name: _cell(value) for name, value in sorted(profile.properties.items())}
    return {
        "id": properties.pop("id"),
        "name": properties.pop("name", None),
        **(asdict(profile) | {"properties": properties}),
    }


def _profile_rows(profile: Profile) -> Iterator[tuple[Any, ...]]:
    yield from (
        (profile.properties["id"], name, str(_cell(value))) for name, value in sorted(profile.properties.items())
    )


def _cell(value: Any) -> Any:
    return instant_text(value) if isinstance(value, datetime) else value


PROFILE: Form[Profile] = Form(_profile, {"member": "str", "column": "str", "value": "str"}, _profile_rows)


def _pack(pack: LoadedPack) -> dict[str, Any]:
    return {
        "name": pack.name,
        "title": pack.title,
        "source": pack.source,
        "date": pack.date,
        "hash": pack.hash,
        "tiers": [
            {
                "name": tier.name,
                "rank": tier.rank,
                "direct_degree": tier.direct_degree,
                "monthly_messages": tier.monthly_messages,
                "monthly_inmails": tier.monthly_inmails,
                "channels": list(tier.grants),
            }
            for tier in pack.tier_rules
        ],
    }


def _pack_rows(pack: LoadedPack) -> Iterator[tuple[Any, ...]]:
    for tier in pack.tier_rules:
        yield pack.name, pack.hash, tier.name, tier.rank, tier.direct_degree, ";".join(tier.grants)


PACK: Form[LoadedPack] = Form(
    _pack,
    {"pack": "str", "hash": "str", "tier": "str", "rank": "Int64", "direct_degree": "Int64", "channels": "str"},
    _pack_rows,
)


def table_form(columns: Mapping[str, str]) -> Form[tuple[Any, ...]]:
    """Rows of a report, with these columns."""
    return Form(lambda row: dict(zip(columns, row, strict=True)), columns, lambda row: iter([row]))


def _report(report: Report) -> dict[str, Any]:
    columns = [{"name": each.name, "unit": each.unit.value, "meaning": each.meaning} for each in report.columns]
    return {"name": report.name, "title": report.title, "question": report.question, "columns": columns}


def _report_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    yield report.name, report.title, report.question


REPORT: Form[Report] = Form(_report, {"name": "str", "title": "str", "question": "str"}, _report_rows)

INVESTMENT: Form[Investment] = Form(
    lambda each: {**asdict(each), "action": str(each.action), "cost": float(each.cost)},
    {
        "together": "boolean",
        "rank": "Int64",
        "sender": "str",
        "action": "str",
        "id": "str",
        "cost": "Float64",
        "contacted": "Int64",
    },
    lambda each: iter(
        [(each.together, each.rank, each.sender, str(each.action), each.id, float(each.cost), each.contacted)]
    ),
)

_BRIDGE = {"id": "str", "members": "Int64", "pairs": "Int64", "pairs_no_degree": "Int64", "pairs_only_here": "Int64"}

BRIDGE: Form[dict[str, Any]] = Form(dict, _BRIDGE, lambda row: iter([tuple(row[name] for name in _BRIDGE)]))
