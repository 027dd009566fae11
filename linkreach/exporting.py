"""The network as a file that other programs open: members with their reach, and who is connected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.graph_files import require_format, write_graph
from analysis.reports import REPORTS
from graph.driver.database import Database
from graph.driver.query import Graph
from graph.errors import UnknownMember
from graph.files.private import create_private, staging
from graph.files.regular import require_replaceable
from graph.snapshot.projection import project
from graph.world import World
from linkreach.asking import asking, supposed
from linkreach.member_lists import MemberList, known_members
from linkreach.naming import Names, names_of
from linkreach.progress import Progress, untold
from linkreach.reporting import LOCAL, EngineChoice, bulk_engine

if TYPE_CHECKING:
    from graph.snapshot.snapshot import Snapshot

_REPORT = REPORTS["member_reach"]


@dataclass(frozen=True, slots=True)
class Around:
    """A member, by id or by name, and how far away others may be: 1 to 3 steps."""

    member: str
    degree: int


@dataclass(frozen=True, slots=True)
class Exported:
    """How many members and connections a file has."""

    members: int
    connections: int


def export(
    database: Database, file: Path, world: World, *, around: Around | None = None, progress: Progress = untold
) -> Exported:
    """Writes everybody, or whoever is `around` a member, and who of them is connected.

    A member has the columns of the report member_reach; `label`: the name, or the id of those who have none; `gone`;
    and where it is around somebody `degree`: how far away from them.
    Raises InvalidInput where the file is named for no format, or a text cannot stand in XML; UnknownMember,
    SeveralMembers; OSError where it cannot be written there, and what `project` raises.
    """
    require_format(file)
    require_replaceable(file)
    with staging(file.parent) as stage:
        snapshot = supposed(project(database, world, progress=progress), world)
        members, connections = _members(snapshot, world, progress), _connections(snapshot)
        with asking(database, world) as graph:
            if around is not None:
                members, connections = _near(members, connections, _meant(graph, around))
            members.insert(1, "label", _labels(names_of(graph, members=members["member"]), members))
        part = stage / file.name
        with create_private(part) as binary:
            write_graph(binary, file.suffix, members, connections)
        part.replace(file)
    return Exported(len(members), len(connections))


def _meant(graph: Graph, around: Around) -> Around:
    """The same, where the member is named, by id."""
    known, _ = known_members(graph, MemberList((around.member,)))
    return replace(around, member=known[0].ids[0]) if known[0].ids else around


def _members(snapshot: Snapshot, world: World, progress: Progress) -> pd.DataFrame:
    engine = bulk_engine(snapshot, world, choice=EngineChoice(LOCAL), frames=_REPORT.frames, progress=progress)
    members = _REPORT.run(engine)
    members.insert(1, "gone", engine.members["gone"].to_numpy(bool))
    return members


def _connections(snapshot: Snapshot) -> pd.DataFrame:
    lists = snapshot.members["connected_to"].combine_chunks()
    return pd.DataFrame({"a": pc.list_parent_indices(lists), "b": pc.list_flatten(lists)})


def _near(members: pd.DataFrame, connections: pd.DataFrame, around: Around) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who is at most so far away, and their connections; who is gone is no way through, and near to nobody."""
    degrees = _degrees(members, connections, around)
    kept = np.flatnonzero(degrees >= 0)
    place = np.full(len(members), -1)
    place[kept] = range(len(kept))
    ends = connections.apply(lambda rows: place[rows])
    near = members.iloc[kept].reset_index(drop=True)
    near.insert(1, "degree", degrees[kept])
    return near, ends[(ends >= 0).all(axis=1)].reset_index(drop=True)


def _degrees(members: pd.DataFrame, connections: pd.DataFrame, around: Around) -> NDArray[np.int64]:
    """The degree of each member, 0 of the one in the middle, -1 of those who are farther away."""
    middle = np.flatnonzero(members["member"] == around.member)
    if not len(middle):
        raise UnknownMember(around.member)
    here = ~members["gone"].to_numpy()
    a, b = (connections[end].to_numpy() for end in ("a", "b"))
    tied = here[a] & here[b]
    ends = np.concatenate([a[tied], b[tied]]), np.concatenate([b[tied], a[tied]])
    degrees = np.full(len(members), -1)
    degrees[middle] = 0
    for degree in range(1, around.degree + 1):
        others = ends[1][degrees[ends[0]] == degree - 1]
        degrees[others[degrees[others] < 0]] = degree
    return degrees


def _labels(called: Names, members: pd.DataFrame) -> pd.Series[str]:
    return members["member"].map(called.members).fillna(members["member"])
