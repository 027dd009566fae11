"""The registry of statements: every header tells the truth, and every plan keeps to what the header promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graph.driver import statements
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.driver.statements import fragment, fragments, names, statement
from graph.errors import InvalidStatement
from tests.support.paths import ROOT

TABLE = ROOT / "docs" / "statements.md"
PEOPLE = ("Member", "Group", "Company")
WHETHER_ANY = re.compile(r"NodeIndexScan RANGE INDEX unsure:")  # ends at the first, where there is one: steps.cypher


@dataclass(frozen=True)
class Plan:
    """What PROFILE says about a run: the operators that scan nodes, the level they make, and database hits."""

    scans: tuple[str, ...]
    level: str
    hits: int
    columns: tuple[str, ...]


@pytest.fixture(scope="module")
def plans(address: Address, request: pytest.FixtureRequest) -> dict[str, Plan]:
    """Every statement's own example, run on the sample network, each in a transaction that is rolled back."""
    sample: Database = request.getfixturevalue("module_sample")
    assert sample
    with (
        neo4j.GraphDatabase.driver(
            address.uri, auth=(address.user, address.password), notifications_min_severity="OFF"
        ) as driver,
        driver.session() as session,
    ):
        session.run("CALL db.prepareForReplanning(60)").consume()  # plans for what is there now, counted anew
        return {name: _profile(session, name) for name in names()}


def _profile(session: neo4j.Session, name: str) -> Plan:
    parameters = session.run(f"RETURN {statement(name).example} AS parameters").single(strict=True)["parameters"]
    prefix = "EXPLAIN " if name.startswith("schema/") and name.endswith("_unique") else "PROFILE "
    with session.begin_transaction() as transaction:
        result = transaction.run(prefix + statement(name).text, parameters)
        columns = tuple(result.keys())
        summary = result.consume()
        transaction.rollback()
    plan = summary.profile or summary.plan
    assert plan is not None
    scans = sorted({scan for scan, _ in _scans(plan, repeated=False)})
    repeated = any(repeated for _, repeated in _scans(plan, repeated=False))
    level = "pairs" if repeated else "members" if scans else "none"
    return Plan(tuple(scans), level, _hits(plan), columns)


def _scans(plan: dict[str, Any], *, repeated: bool) -> Iterator[tuple[str, bool]]:
    """The operators that scan members, groups or companies, each with whether it runs once for each of many rows."""
    operator = plan["operatorType"].split("@")[0]
    details = plan.get("args", {}).get("Details", "")
    scan = f"{operator} {details}"
    if "AllNodesScan" in operator or (
        operator.endswith("Scan")
        and any(re.search(rf"\b{label}\b", details) for label in PEOPLE)
        and not WHETHER_ANY.match(scan)
    ):
        yield scan, repeated
    children = plan.get("children", [])
    if children:
        yield from _scans(children[0], repeated=repeated)
    for child in children[1:]:
        nested = "Apply" in operator and _makes_many_rows(children[0])
        yield from _scans(child, repeated=repeated or nested)


def _makes_many_rows(plan: dict[str, Any]) -> bool:
    operator = plan["operatorType"].split("@")[0]
    if operator == "Unwind" or (operator.endswith("Scan") and any(_scans(plan, repeated=False))):
        return True
    if operator == "EagerAggregation" and "," not in plan.get("args", {}).get("Details", ""):
        return False
    children = plan.get("children", [])
    if operator.endswith("SemiApply") or operator == "RollUpApply":  # the other side only answers for each row
        children = children[:1]
    return any(_makes_many_rows(child) for child in children)


def _hits(plan: dict[str, Any]) -> int:
    return int(plan.get("dbHits", 0)) + sum(_hits(child) for child in plan.get("children", []))


@pytest.mark.parametrize("name", names())
def test_the_example_runs_and_gives_the_declared_columns(name: str, plans: dict[str, Plan]) -> None:
    assert tuple(statement(name).columns) == plans[name].columns


@pytest.mark.parametrize("name", names())
def test_the_plan_reads_no_more_than_the_header_says(name: str, plans: dict[str, Plan]) -> None:
    assert statement(name).scan == plans[name].level, plans[name].scans


@pytest.mark.parametrize("name", names())
def test_rows_have_a_total_order(name: str) -> None:
    found = statement(name)
    one_row_or_none = found.order in ("one row", "none") or found.order.startswith("one row")
    last = found.text[found.text.rindex("\nRETURN ") :] if "\nRETURN " in found.text else found.text
    assert one_row_or_none != bool(re.search(r"^ORDER BY ", last, re.MULTILINE))


def test_reason_codes_stand_in_the_rules_alone() -> None:
    code = re.compile(r"'[A-Z]+(_[A-Z]+)+'")
    files = {path.relative_to(ROOT / "cypher") for path in (ROOT / "cypher").rglob("*.cypher")}
    with_codes = {path for path in files if code.search((ROOT / "cypher" / path).read_text("utf-8"))}
    assert {Path("rules.cypher")} == with_codes


def test_every_fragment_is_included_somewhere() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "cypher").rglob("*.cypher")]
    assert [] == [name for name in fragments() if not any(f"// include: {name}\n" in text for text in texts)]


@pytest.mark.parametrize("name", fragments())
def test_a_fragment_names_what_it_gives(name: str) -> None:
    found = fragment(name)
    assert [] == [variable for variable in found.provides if not re.search(rf"\b{variable}\b", found.text)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("// title: T\n// :param {a: 1}\n// order: none\n// scan: none\nRETURN $a\n", "x/y.cypher:5: $a is used"),
        (
            "// title: T\n// :param {a: 1}\n// param a: INTEGER\n// order: none\n// scan: none\nRETURN 1\n",
            "x/y.cypher:3: the parameter a is declared and not used",
        ),
        ("// title: T\n// colour: blue\nRETURN 1\n", "x/y.cypher:2: not a header line"),
        ("// title: T\n// :param {}\n// order: none\nRETURN 1\n", "has no line '// scan'"),
        ("// title: T\n// :param {}\n// order: none\n// scan: much\nRETURN 1\n", "scan is one of"),
        ("// title: T\n", "has a header and no text"),
    ],
)
def test_a_header_that_lies_is_refused_with_its_line(
    text: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "y.cypher").write_text(text, "utf-8")
    monkeypatch.setattr(statements, "files", lambda _: tmp_path)
    statement.cache_clear()
    with pytest.raises(InvalidStatement, match=re.escape(problem)):
        statement("x/y")


@pytest.mark.usefixtures("newest")
def test_the_table_of_statements_is_up_to_date(plans: dict[str, Plan], renew: bool) -> None:
    """`make renew` writes it; database hits are measured then and not compared, the rest is."""
    lines = [
        "# Statements",
        "",
        "Every statement that linkreach sends, with what its plan scans and its database hits.",
        "Measured with `PROFILE` on Neo4j 2026.08.1 with the sample network, by the example in the statement's header.",
        "Written by `make renew`.",
        "",
        "| statement | what it answers | may read | operators that scan | database hits |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, plan in plans.items():
        scans = "<br>".join(f"`{scan}`" for scan in plan.scans) or "none"
        lines.append(f"| `{name}` | {statement(name).title} | {plan.level} | {scans} | {plan.hits:,} |")
    text = "\n".join(lines) + "\n"
    if renew:
        TABLE.write_text(text, "utf-8")
    without_hits = re.compile(r"\| [\d,]+ \|$", re.MULTILINE)
    assert without_hits.sub("", text) == without_hits.sub("", TABLE.read_text("utf-8"))
