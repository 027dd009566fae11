"""Networks in the shape of case files, put into the graph the way that users do it: as native files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph.driver.database import Database
from graph.loading import loading
from graph.rules import pack_store
from graph.rules.rule_pack import RulePack
from graph.sources import open_source
from graph.sources.chunks import Reject
from tests.rules.case_files import NETWORK
from tests.rules.oracle import Network, Row


def put(database: Database, folder: Path, network: Mapping[str, Any], pack: RulePack) -> None:
    """Loads one pack and one network; a rejected row is a failure of the test."""
    write_native(folder, network)
    database.write(pack_store.save_pack(pack))
    tiers = database.read(pack_store.loaded_tiers())
    loading.load(database, open_source(folder), tiers=tiers, reject=_refuse)


def write_native(folder: Path, network: Mapping[str, Any]) -> None:
    """The network as a native folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("members", "groups", "companies"):
        rows = [{"id": key, **(cells or {})} for key, cells in (network.get(name) or {}).items()]
        _write(folder / f"{name}.csv", rows, ["id"])
    pairs = {"connections": ["a", "b"], "group_members": ["member", "group"]}
    for name, columns in pairs.items():
        _write(folder / f"{name}.csv", [_cells(row, columns) for row in network.get(name, ())], columns)
    _write(folder / "company_members.csv", network.get("company_members", ()), ["member", "company"])
    _write(folder / "blocks.csv", network.get("blocks", ()), ["member", "other"])


def write_change(folder: Path, change: Mapping[str, Any]) -> None:
    """A change as a folder: tables of rows by name, and those of `remove`; rows of a table have the same columns."""
    tables = {**change, **{f"remove/{name}": rows for name, rows in change.get("remove", {}).items()}}
    for name, rows in tables.items():
        if name != "remove":
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            _write(folder / f"{name}.csv", rows, [])


def read_native(folder: Path, rejects: Path | None = None) -> Network:
    """A native folder of CSV files as the oracle sees it, without the lines that a file of rejected rows names."""
    aside = {(row["file"], int(row["line"])) for _, row in (_lines(rejects) if rejects else ())}
    rows = {
        name: [row for line, row in _lines(folder / f"{name}.csv") if (f"{name}.csv", line) not in aside]
        for name in NETWORK
    }
    return Network.of(
        {
            **{name: {row.pop("id"): row for row in rows[name]} for name in ("members", "groups", "companies")},
            "connections": rows["connections"],
            "group_members": [(row["member"], row["group"]) for row in rows["group_members"]],
            "company_members": rows["company_members"],
            "blocks": rows["blocks"],
        }
    )


def _lines(path: Path) -> list[tuple[int, Row]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(enumerate(csv.DictReader(file), 2))


def _write(path: Path, rows: Iterable[Mapping[str, Any]], required: list[str]) -> None:
    rows = list(rows)
    columns = list(dict.fromkeys([*required, *(name for row in rows for name in row)]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cells(row: Mapping[str, Any] | Sequence[str], columns: Sequence[str]) -> Mapping[str, Any]:
    """A row is given with the names of its columns, or as the cells of the required ones."""
    return row if isinstance(row, Mapping) else dict(zip(columns, row, strict=True))


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _refuse(reject: Reject) -> None:
    raise AssertionError(f"rejected: {reject}")
