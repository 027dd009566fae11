"""The documents cannot drift: their links lead somewhere, and the tables of the rules name what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.http.problems import KINDS
from api.http.questions import PAIRS_AT_MOST, ROWS_AT_MOST
from api.http.requests import BODY_BYTES, UNDER_WAY
from api.http.service import Options
from graph.driver.connection import Address
from graph.model import MEMBERS, Type
from graph.rules.rule_pack import SHIPPED, shipped_pack
from graph.rules.vocabulary import CHANNELS_BY_NAME
from tests.documents.examples import PAGES
from tests.rules import oracle
from tests.support.paths import ROOT

RULES = (ROOT / "docs" / "rules.md").read_text("utf-8")


def table(heading: str) -> list[str]:
    """The first cells of the first table below a heading of the rules, without the backquotes."""
    below = RULES.partition(f"\n### {heading}\n")[2]
    rows = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert rows, heading
    return [line.split(" | ")[0].removeprefix("| ").replace("`", "") for line in rows[0].splitlines()[2:]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_or_a_heading(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text("utf-8")):
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        assert file.exists(), target
        headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE) if anchor else []
        assert not anchor or anchor in {
            re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings
        }


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs" / "adr" / "README.md").read_text("utf-8")
    pages = sorted(path.name for path in (ROOT / "docs" / "adr").glob("0*.md"))
    assert pages == re.findall(r"\]\((0\w[\w-]+\.md)\)", index)


def test_the_rules_list_the_channels_of_the_oracle_and_of_the_product() -> None:
    channels = table("Channels")
    assert list(oracle.CHANNELS) == channels
    assert list(CHANNELS_BY_NAME) == channels


def test_the_rules_list_the_codes_of_the_oracle_and_of_the_statements_in_order() -> None:
    codes = [*table("Reasons"), *table("Gates")]
    assert list(oracle.CODES) == codes
    stated = re.findall(r"'([A-Z]+(?:_[A-Z]+)+)'", (ROOT / "cypher" / "rules.cypher").read_text("utf-8"))
    assert list(dict.fromkeys(stated)) == codes


def test_the_rules_list_the_values_of_a_member_with_the_default_first() -> None:
    section = RULES.partition("### Fields and their values")[2].partition("\n### ")[0]
    values = {
        field: tuple(re.findall(r"`(\w+)`", cells))
        for fields, cells in re.findall(r"^\| (`.+?) \| (`.+) \|$", section, re.MULTILINE)
        for field in re.findall(r"`(\w+)`", fields)
    }
    for column in MEMBERS.columns:
        match column.type:
            case Type.CHOICE:
                assert column.choices == values[column.name]
            case Type.FLAG:
                assert str(column.default).lower() == values[column.name][0]


def test_the_page_of_the_api_lists_every_kind_of_problem() -> None:
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (\d+) \| (.+) \|$", page, re.MULTILINE)
    assert [(kind.name, str(kind.status), kind.title) for kind in KINDS.values()] == rows


def test_the_page_of_the_api_gives_the_limits_that_are() -> None:
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    options = Options(Address("bolt://localhost", "neo4j", ""), Path())
    for limit in (
        f"| body | {BODY_BYTES >> 20} MiB |",
        f"| pairs of a batch | {PAIRS_AT_MOST:,} |",
        f"| rows of a page | {ROWS_AT_MOST:,} |",
        f"| requests under way | {UNDER_WAY};",
        f"| questions in the graph at a time | {options.at_once};",
        f"| time for an answer | {options.deadline:g} s, for a stream {options.stream_deadline:g} s;",
    ):
        assert limit in page


@pytest.mark.parametrize("name", SHIPPED)
def test_the_rules_say_the_numbers_of_each_tier_of_a_pack_that_ships(name: str) -> None:
    below = re.split(rf"\n### `{name}`.*\n", RULES)[1].partition("\n#")[0]
    header, _, *rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in below.splitlines() if "|" in line]
    said = [dict(zip(header, row, strict=True)) for row in rows]
    expected = []
    for tier, fields in shipped_pack(name).tiers.items():
        numbers = {"tier": f"`{tier}`", "rank": str(fields.rank), "`direct_degree`": str(fields.direct_degree)}
        if "InMail credits a month, and at most" in header:
            credits = [fields.inmail_grant, fields.inmail_cap] if fields.inmail_grant else []
            numbers["InMail credits a month, and at most"] = ", ".join(map(str, credits))
        expected.append(numbers)
    assert expected == [{key: row[key] for key in numbers} for row, numbers in zip(said, expected, strict=True)]
