"""Snapshots that somebody changed: refused in a line, whatever they hold, and nothing of them is counted."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather

from graph.errors import InvalidSnapshot
from graph.snapshot.snapshot import Snapshot
from tests.rules import case_files
from tests.rules.oracle import Pack
from tests.support.ldbc import ldbc_network
from tests.support.snapshots import snapshot_of

ARTICLE = case_files.read_pack("article")


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    snapshot_of(ldbc_network(), Pack.of(ARTICLE), "visibility").save(tmp_path / "saved")
    return tmp_path / "saved"


def refused(folder: Path) -> str:
    with pytest.raises(InvalidSnapshot, match=f"^{folder} ") as told:
        Snapshot.open(folder)
    assert "\n" not in str(told.value)
    return str(told.value)


def test_every_flipped_byte_is_noticed(saved: Path) -> None:
    for name in ("members", "groups", "pages"):
        file = saved / f"{name}.arrow"
        whole = file.read_bytes()
        for place in range(8, len(whole), len(whole) // 7):
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            assert f"{name}.arrow is not the file that was saved" in refused(saved)
        file.write_bytes(whole)
    Snapshot.open(saved)


# What has the right hash, because whoever changed it can hash, too


def forge(folder: Path, name: str, change: Callable[[pa.Table], pa.Table]) -> None:
    file = folder / f"{name}.arrow"
    feather.write_feather(change(feather.read_table(file, memory_map=False)), file, compression="uncompressed")
    about = json.loads((folder / "snapshot.json").read_text())
    about["sha256"][name] = hashlib.sha256(file.read_bytes()).hexdigest()
    (folder / "snapshot.json").write_text(json.dumps(about))


def with_column(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), table.schema.field(name), column)


def array(table: pa.Table, name: str) -> pa.Array:
    return table[name].combine_chunks()


def with_buffer(table: pa.Table, name: str, number: int, change: Callable[[np.ndarray[Any, Any]], None]) -> pa.Table:
    """The table with the 32-bit numbers of a buffer of a column changed."""
    column = array(table, name)
    buffers = column.buffers()
    numbers = np.frombuffer(buffers[number], np.int64 if pa.types.is_large_list(column.type) else np.int32).copy()
    change(numbers)
    buffers[number] = pa.py_buffer(numbers)
    child = [column.values] if hasattr(column, "values") else []
    return with_column(
        table, name, pa.Array.from_buffers(column.type, len(column), buffers[:2] if child else buffers, children=child)
    )


def put(place: int, value: int) -> Callable[[np.ndarray[Any, Any]], None]:
    def change(numbers: np.ndarray[Any, Any]) -> None:
        numbers[place] = value

    return change


def with_values(table: pa.Table, name: str, value: Any) -> pa.Table:
    """The table with the first value of a list that has some replaced."""
    lists = table[name].to_pylist()
    first = next(place for place, each in enumerate(lists) if each)
    lists[first] = [value, *lists[first][1:]]
    return with_column(table, name, pa.array(lists, table.schema.field(name).type))


def with_cell(table: pa.Table, name: str, value: Any) -> pa.Table:
    cells = [value, *table[name].to_pylist()[1:]]
    return with_column(table, name, pa.array(cells, table.schema.field(name).type))


def not_utf8(table: pa.Table) -> pa.Table:
    column = array(table, "id")
    texts = bytearray(column.buffers()[2].to_pybytes())
    texts[0] = 0xFF
    buffers = [*column.buffers()[:2], pa.py_buffer(bytes(texts))]
    return with_column(table, "id", pa.Array.from_buffers(column.type, len(column), buffers))


def with_index(table: pa.Table, name: str, index: int) -> pa.Table:
    column = array(table, name)
    indices = pa.array([index, *column.indices.to_pylist()[1:]], column.indices.type)
    forged = pa.DictionaryArray.from_arrays(indices, column.dictionary, safe=False)
    return with_column(table, name, forged)


FORGED: dict[str, tuple[str, Callable[[pa.Table], pa.Table]]] = {
    "an offset past the end": ("members", lambda m: with_buffer(m, "connected_to", 1, put(5, 2**40))),
    "an offset before the last": ("members", lambda m: with_buffer(m, "groups", 1, put(5, -8))),
    "a row far away": ("members", lambda m: with_values(m, "groups", 10**9)),
    "a row below 0": ("members", lambda m: with_values(m, "connected_to", -1)),
    "no row": ("members", lambda m: with_values(m, "groups", None)),
    "no list": ("members", lambda m: with_cell(m, "groups", None)),
    "a connection to oneself": ("members", lambda m: with_values(m, "connected_to", 0)),
    "an index past the dictionary": ("members", lambda m: with_index(m, "status", 100)),
    "an index below 0": ("members", lambda m: with_index(m, "tier", -3)),
    "a choice that is none": ("members", lambda m: with_cell(m, "visibility", "sometimes")),
    "a tier of no pack": ("members", lambda m: with_cell(m, "tier", "gold")),
    "no tier": ("members", lambda m: with_cell(m, "tier", None)),
    "a count below 0": ("members", lambda m: with_cell(m, "inmail_credits", -1)),
    "an instant outside of the calendar": (
        "members",
        lambda m: with_column(
            m, "tier_expires_at", pa.array([2**62] * len(m), pa.int64()).cast(m.schema.field("tier_expires_at").type)
        ),
    ),
    "an end outside of the calendar": (
        "members",
        lambda m: with_column(
            m,
            "works_until",
            pa.ListArray.from_arrays(
                array(m, "works_until").offsets,
                pa.array([-(2**62)] * len(array(m, "works_until").values), pa.int64()).cast(
                    m.schema.field("works_until").type.value_type
                ),
            ),
        ),
    ),
    "bytes that are no text": ("members", not_utf8),
    "an id twice": ("groups", lambda g: with_cell(g, "id", g["id"][1].as_py())),
    "no id": ("pages", lambda p: with_cell(p, "id", None)),
    "no flag": ("groups", lambda g: with_cell(g, "messaging", None)),
    "a column more": ("pages", lambda p: p.append_column("more", pa.array([1] * len(p)))),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_table_is_refused(what: str, saved: Path) -> None:
    name, change = FORGED[what]
    forge(saved, name, change)
    assert "holds no snapshot that can be read" in refused(saved)


def test_a_table_that_was_written_again_as_it_is_opens(saved: Path) -> None:
    for name in ("members", "groups", "pages"):
        forge(saved, name, lambda table: table)
    assert Snapshot.open(saved).connections


MISTYPED: dict[str, Callable[[dict[str, Any]], object]] = {
    "a version in quotes": lambda about: about.update(version="1"),
    "a version below 0": lambda about: about.update(version=-1),
    "a column that is a number": lambda about: about.update(by=7),
    "more": lambda about: about.update(more=1),
    "no hashes": lambda about: about.pop("sha256"),
    "a hash less": lambda about: about["sha256"].pop("pages"),
    "no tiers": lambda about: about["pack"].update(tier_rules=[]),
    "tiers that are a text": lambda about: about["pack"].update(tier_rules="free"),
    "a rank between two": lambda about: about["pack"]["tier_rules"][0].update(rank=3.5),
    "ranks out of order": lambda about: about["pack"]["tier_rules"][0].update(rank=99),
    "a degree too far": lambda about: about["pack"]["tier_rules"][0].update(direct_degree=7),
    "a channel that is none granted": lambda about: about["pack"]["tier_rules"][0].update(grants=["pigeon"]),
    "a channel that is none": lambda about: about["pack"]["kinds"].update(pigeon="message"),
    "a format in quotes": lambda about: about.update(format="3"),
    "a format to come": lambda about: about.update(format=99),
}


@pytest.mark.parametrize("what", MISTYPED)
def test_a_mistyped_description_is_refused(what: str, saved: Path) -> None:
    about = json.loads((saved / "snapshot.json").read_text())
    MISTYPED[what](about)
    (saved / "snapshot.json").write_text(json.dumps(about))
    refused(saved)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"\xff", b"[" * 100_000, b'{"format": ' + b"1" * 5000 + b"}"],
    ids=["empty", "a list", "no text", "deep", "a long number"],
)
def test_a_description_that_is_none_is_refused(content: bytes, saved: Path) -> None:
    (saved / "snapshot.json").write_bytes(content)
    refused(saved)


@pytest.mark.parametrize("name", ["snapshot.json", "members.arrow"])
def test_what_is_no_file_is_refused_at_once(name: str, saved: Path) -> None:
    (saved / name).unlink()
    os.mkfifo(saved / name)
    assert "it is a pipe and no file" in refused(saved)
    (saved / name).unlink()
    (saved / name).symlink_to("/dev/zero")
    assert "it is a device and no file" in refused(saved)


def test_what_is_open_does_not_change_with_its_files(saved: Path) -> None:
    """A file that is cut short while it is mapped ends the process that looks at it."""
    opened = Snapshot.open(saved)
    expected = opened.members.to_pylist()
    (saved / "members.arrow").write_bytes(b"")
    assert expected == opened.members.to_pylist()


def test_only_its_owner_reads_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        snapshot_of(ldbc_network(), Pack.of(ARTICLE)).save(tmp_path / "a" / "saved")
    finally:
        os.umask(before)
    made = [tmp_path / "a", tmp_path / "a" / "saved", *(tmp_path / "a" / "saved").iterdir()]
    assert [0] * len(made) == [each.stat().st_mode & 0o077 for each in made]


def test_what_a_killed_save_left_goes_with_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".saved-killed"
    left.mkdir(mode=0o700)
    (left / "members.arrow").write_bytes(b"half")
    snapshot_of(ldbc_network(), Pack.of(ARTICLE)).save(tmp_path / "saved")
    assert ["saved"] == [each.name for each in tmp_path.iterdir()]
