"""How each kind of answer is written, once for the command line and for the API: as JSON, and as rows of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from graph.instants import instant_text

if TYPE_CHECKING:
    import pandas as pd

    from analysis.reports import Report
    from graph.questions.answers import Reached, Verdict
    from graph.questions.counts import Counts
    from graph.questions.members import Found, Profile
    from graph.questions.names import Named
    from graph.questions.unlocks import Unlock
    from graph.rules.rulepack import Described

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """One kind of answer: its document, which `msgspec` writes as JSON, and its rows.

    `columns` maps the name of each column of the rows to its pandas type.
    `raw`: CSV has texts as they are, also those that a spreadsheet would run.
    """

    document: Callable[[T], Any]
    columns: Mapping[str, str]
    rows: Callable[[T], Iterator[tuple[Any, ...]]]
    raw: bool = True

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
        yield row.member, row.degree, ";".join(row.channels)

    return Form(
        lambda row: {other: row.member, "degree": row.degree, "channels": list(row.channels)},
        {other: "str", "degree": "Int64", "channels": "str"},
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


def _named_rows(named: Named) -> Iterator[tuple[Any, ...]]:
    yield named.kind, named.id, named.name


NAMED: Form[Named] = Form(asdict, {"kind": "str", "id": "str", "name": "str"}, _named_rows)


def _counts_rows(counts: Counts) -> Iterator[tuple[Any, ...]]:
    yield counts.member, "reach_now", counts.reach_now
    yield counts.member, "reach_now_free", counts.reach_now_free
    yield from ((counts.member, f"open_{channel}", count) for channel, count in counts.channels.items())


COUNTS: Form[Counts] = Form(asdict, {"member": "str", "measure": "str", "value": "Int64"}, _counts_rows)


def _found_rows(found: Found) -> Iterator[tuple[Any, ...]]:
    yield found.id, found.name, found.tier, found.status


FOUND: Form[Found] = Form(asdict, {"id": "str", "name": "str", "tier": "str", "status": "str"}, _found_rows)


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


def _pack(pack: Described) -> dict[str, Any]:
    return asdict(pack) | {"date": pack.date.isoformat()}


def _pack_rows(pack: Described) -> Iterator[tuple[Any, ...]]:
    for tier in pack.tiers:
        yield pack.name, pack.hash, tier["name"], tier["rank"], tier["direct_degree"], ";".join(tier["channels"])


PACK: Form[Described] = Form(
    _pack,
    {"pack": "str", "hash": "str", "tier": "str", "rank": "Int64", "direct_degree": "Int64", "channels": "str"},
    _pack_rows,
)


def table_form(columns: Mapping[str, str]) -> Form[tuple[Any, ...]]:
    """Rows of a report, with these columns; CSV as the command line writes it."""
    return Form(lambda row: dict(zip(columns, row, strict=True)), columns, lambda row: iter([row]), raw=False)


def _report(report: Report) -> dict[str, Any]:
    columns = [{"name": each.name, "unit": each.unit.value, "meaning": each.meaning} for each in report.columns]
    return {"name": report.name, "title": report.title, "question": report.question, "columns": columns}


def _report_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    yield report.name, report.title, report.question


REPORT: Form[Report] = Form(_report, {"name": "str", "title": "str", "question": "str"}, _report_rows)

_BRIDGE = {"id": "str", "members": "Int64", "pairs": "Int64", "pairs_no_degree": "Int64", "pairs_only_here": "Int64"}

BRIDGE: Form[dict[str, Any]] = Form(dict, _BRIDGE, lambda row: iter([tuple(row[name] for name in _BRIDGE)]))
