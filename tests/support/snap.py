"""SNAP's ego networks with settings and blocks from a seed, and as the oracle sees them."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from graph.generate import sampling
from graph.sources.chunks import Source
from graph.sources.snap_ego import SnapEgoSource
from tests.rules.oracle import Network, Row
from tests.support.paths import SHARED

DATA = SHARED / "data" / "snap-ego-facebook"
EGOS = ("0", "348", "414")
SEED = 1


def with_settings(folder: Path) -> Path:
    """SNAP's three egos in this folder, with settings and blocks from a seed beside them."""
    shutil.copytree(DATA, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    source = SnapEgoSource(folder)
    ids = [id for (id,) in rows(source, "members")]
    columns = sampling.settings(ids, SEED)
    text = [",".join(columns), *(",".join(row) for row in zip(*columns.values(), strict=True))]
    (folder / "settings.csv").write_text("\n".join(text))
    pairs = {table: [(a, b) for a, b in rows(source, table)] for table in ("connections", "group_members")}
    blocks = sampling.blocks(ids, pairs["connections"], pairs["group_members"], SEED)
    (folder / "blocks.csv").write_text("\n".join(",".join(row) for row in [blocks[0], *(b.values() for b in blocks)]))
    return folder


def rows(source: Source, table: str) -> list[tuple[str, ...]]:
    """The rows of one table, as the product reads them."""
    chunks = [chunk.columns for chunk in source.chunks() if chunk.table.name == table]
    return [row for columns in chunks for row in zip(*columns.values(), strict=True)]


def snap_network(folder: Path) -> Network:
    """The folder as the oracle sees it: the files read a second time, by other hands than the product's."""
    people: dict[str, set[str]] = {}
    groups: dict[str, list[str]] = {}
    works_at = set()
    connections = set()
    for each in EGOS:
        names = [line.split(" ", 1)[1] for line in _lines(folder / f"{each}.featnames")]
        features = {line.split()[0]: line.split()[1:] for line in _lines(folder / f"{each}.feat")}
        features[each] = _lines(folder / f"{each}.egofeat")[0].split()
        pairs = [line.split() for line in _lines(folder / f"{each}.edges")]
        circles = [line.split() for line in _lines(folder / f"{each}.circles")]
        groups |= {f"{each}-{circle[0]}": circle[1:] for circle in circles}
        works_at |= {
            (person, name.split(";")[-1])
            for person, cells in features.items()
            for name, cell in zip(names, cells, strict=True)
            if name.startswith("work;employer;") and cell == "1"
        }
        people[each] = {id for some in (*pairs, *(c[1:] for c in circles)) for id in some} | set(features)
        connections |= {frozenset(pair) for pair in pairs} | {frozenset((each, id)) for id in people[each] - {each}}
    settings = {row.pop("id"): row for row in _table(folder / "settings.csv")}
    return Network.of(
        {
            "members": {id: settings.get(id, {}) for id in set().union(*people.values())},
            "connections": [tuple(pair) for pair in connections],
            "groups": dict.fromkeys(groups),
            "group_members": [(id, group) for group, ids in groups.items() for id in ids],
            "companies": dict.fromkeys(company for _, company in works_at),
            "company_members": [{"member": member, "company": company} for member, company in works_at],
            "blocks": _table(folder / "blocks.csv"),
        }
    )


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def _table(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))
