"""A drawn network as the seven tables of the native format.

Ids are a letter and a number without leading zeros, so that their order as text is not that of the numbers.
`members.csv` is written last: a folder that was not finished is no network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from graph.generate import names, sampling
from graph.generate.network import INDUSTRIES, LOCATIONS, SENIORITIES, Network, stream_of
from graph.model import BLOCKS

_ROWS_AT_ONCE = 1 << 20

_Integers = NDArray[np.int64]
_Progress = Callable[[str, int, int | None], None]
_Columns = dict[str, Any]  # cells by column: a list, or an array of numpy or Arrow


def write(network: Network, folder: Path, seed: int, progress: _Progress) -> None:
    """Writes the files into a folder, which is made where it is not there; settings and blocks are drawn on the way."""
    folder.mkdir(parents=True, exist_ok=True)
    members = _ids("m", network.members)
    companies = _ids("c", len(network.company_industry))
    groups = _ids("g", len(network.group_topic))

    _write(folder / "connections.csv", _connections(network, members, progress))
    texts = members.to_pylist()
    connections = _Pairs(texts, texts, network.a, network.b)
    memberships = _Pairs(texts, groups.to_pylist(), *network.group_members)
    blocks = sampling.blocks(texts, connections, memberships, seed)
    _write(folder / "blocks.csv", [{column.name: [row[column.name] for row in blocks] for column in BLOCKS.columns}])
    member, group = network.group_members
    _write(folder / "group_members.csv", [{"member": members.take(member), "group": groups.take(group)}])
    _write(folder / "groups.csv", [{"id": groups} | _groups(network)])
    _write(folder / "company_members.csv", _company_members(network, members, companies))
    _write(folder / "companies.csv", [{"id": companies} | _companies(network, stream_of(seed, "company names"))])
    progress("drawing settings", 0, None)
    named = {"name": names.people(stream_of(seed, "names"), network.members)}
    _write(folder / "members.csv", [sampling.settings(texts, seed) | named | _profiles(network)])


class _Pairs(Sequence[tuple[str, str]]):
    """The ids of pairs of numbers, made when they are looked at."""

    def __init__(self, lefts: Sequence[str], rights: Sequence[str], left: _Integers, right: _Integers) -> None:
        self._lefts, self._rights, self._left, self._right = lefts, rights, left, right

    def __len__(self) -> int:
        return len(self._left)

    @overload
    def __getitem__(self, place: int) -> tuple[str, str]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[tuple[str, str]]: ...
    def __getitem__(self, place: int | slice) -> tuple[str, str] | Sequence[tuple[str, str]]:
        if isinstance(place, slice):
            return _Pairs(self._lefts, self._rights, self._left[place], self._right[place])
        return self._lefts[self._left[place]], self._rights[self._right[place]]


def _connections(network: Network, members: pa.StringArray, progress: _Progress) -> Iterator[_Columns]:
    total = len(network.a)
    for start in range(0, total, _ROWS_AT_ONCE):
        some = slice(start, start + _ROWS_AT_ONCE)
        yield {"a": members.take(network.a[some]), "b": members.take(network.b[some])}
        progress("writing connections", min(some.stop, total), total)


def _company_members(network: Network, members: pa.StringArray, companies: pa.StringArray) -> Iterator[_Columns]:
    """Where everybody works or did last, then where some worked before, then the pages that some follow."""

    def ties(pairs: tuple[_Integers, _Integers], tie: str, since: Any, until: Any) -> _Columns:
        member, company = pairs
        ids = {"member": members.take(member), "company": companies.take(company)}
        return ids | {"tie": [tie] * len(member), "since": since, "until": until}

    now = np.arange(network.members), network.company
    since = [f"{year}-01-01" for year in network.hired.tolist()]
    yield ties(now, "works_at", since, np.where(network.has_left, sampling.PAST[:10], ""))
    before = len(network.earlier_companies[0])
    yield ties(network.earlier_companies, "works_at", ["2010-01-01"] * before, ["2014-12-31"] * before)
    nothing = [""] * len(network.followed[0])
    yield ties(network.followed, "follows", nothing, nothing)


def _groups(network: Network) -> _Columns:
    topics = INDUSTRIES + LOCATIONS
    return {
        "name": [f"{topics[topic]} {number}" for number, topic in enumerate(network.group_topic, 1)],
        "messaging": np.where(network.group_messaging, "true", "false"),
    }


def _companies(network: Network, random: np.random.Generator) -> _Columns:
    industry = _named(INDUSTRIES, network.company_industry)
    return {
        "name": names.companies(random, industry),
        "industry": industry,
        "location": _named(LOCATIONS, network.company_location),
    }


def _profiles(network: Network) -> _Columns:
    return {
        "location": _named(LOCATIONS, network.location),
        "industry": _named(INDUSTRIES, network.company_industry[network.company]),
        "seniority": _named(tuple(SENIORITIES), network.seniority),
    }


def _write(path: Path, pieces: Iterable[_Columns]) -> None:
    """Writes rows piece by piece; no cell may need quotes."""
    with path.open("wb") as file:
        for number, columns in enumerate(pieces):
            if number == 0:
                file.write((",".join(columns) + "\n").encode())
            table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
            pa.csv.write_csv(table, file, pa.csv.WriteOptions(include_header=False, quoting_style="none"))


def _ids(letter: str, count: int) -> pa.StringArray:
    return pa.array([f"{letter}{number}" for number in range(1, count + 1)], pa.string())


def _named(names: Sequence[str], numbers: _Integers) -> pa.StringArray:
    return pa.array(names, pa.string()).take(numbers)
