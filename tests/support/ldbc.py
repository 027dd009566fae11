"""The sample network as the oracle sees it: LDBC's files read a second time, by other hands than the product's."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

from graph.sample import FOLDER
from tests.rules.oracle import Network, Row


def ldbc_network() -> Network:
    """The people, groups, companies and ties of the sample, with its settings and blocks."""
    settings = {row.pop("id"): row for row in _comma("settings.csv")}
    groups = [row["id"] for row in _piped("dynamic/forum_0_0.csv") if row["title"].startswith("Group for ")]
    works_at = _piped("dynamic/person_workAt_organisation_0_0.csv")
    return Network.of(
        {
            "members": {row["id"]: settings.get(row["id"], {}) for row in _piped("dynamic/person_0_0.csv")},
            "connections": [(row["a"], row["b"]) for row in _piped("dynamic/person_knows_person_0_0.csv", "a|b|when")],
            "groups": dict.fromkeys(groups),
            "group_members": [
                (row["Person.id"], row["Forum.id"])
                for row in _piped("dynamic/forum_hasMember_person_0_0.csv")
                if row["Forum.id"] in groups
            ],
            "companies": dict.fromkeys(row["Organisation.id"] for row in works_at),
            "company_members": [
                {
                    "member": row["Person.id"],
                    "company": row["Organisation.id"],
                    "since": datetime(int(row["workFrom"]), 1, 1, tzinfo=UTC),
                }
                for row in works_at
            ],
            "blocks": _comma("blocks.csv"),
        }
    )


def _piped(name: str, header: str | None = None) -> list[Row]:
    first, *lines = (FOLDER / name).read_text("utf-8").splitlines()
    columns = (header or first).split("|")
    return [dict(zip(columns, line.split("|"), strict=True)) for line in lines]


def _comma(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
