"""Writing a network as a file that other programs open: GraphML and GEXF, by the writers of networkx, or Parquet.

Source: the documentation of networkx, "Reading and writing graphs".
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from graph.errors import InvalidInput

if TYPE_CHECKING:
    import networkx as nx

FORMATS = (".graphml", ".gexf", ".parquet")

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def require_format(file: Path) -> None:
    """Returns where the file is named for what can be written; raises InvalidInput."""
    if file.suffix not in FORMATS:
        raise InvalidInput(f"{file}: its name ends in none of {', '.join(FORMATS)}, which say what to write")


def write_graph(file: BinaryIO, format: str, members: pd.DataFrame, connections: pd.DataFrame) -> None:
    """Writes members, their first column the id and every other one an attribute, and who is connected.

    `connections`: each once, as rows `a` and `b` of `members`. A value that is not there is an attribute left out.
    As Parquet it is a row a member, and a column `connected_to` with the ids of those after them.
    Raises InvalidInput where a text cannot stand in XML.
    """
    if format == ".parquet":
        parquet.write_table(_as_table(members, connections), file)
        return
    import networkx as nx

    graph = _as_graph(members, connections)
    if format == ".gexf":
        nx.write_gexf(graph, file)
    else:
        nx.write_graphml_xml(graph, file)


def _as_table(members: pd.DataFrame, connections: pd.DataFrame) -> pa.Table:
    table = pa.Table.from_pandas(members, preserve_index=False)
    ends = connections.astype("int64").sort_values("a", kind="stable")
    starts = np.searchsorted(ends["a"], np.arange(len(members) + 1))
    ids = table.column(0).cast(pa.large_string()).combine_chunks().take(pa.array(ends["b"]))  # may be more than 2 GiB
    lists = pa.LargeListArray.from_arrays(starts, ids)
    return table.replace_schema_metadata().append_column("connected_to", lists)


def _as_graph(members: pd.DataFrame, connections: pd.DataFrame) -> nx.Graph[str]:
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    names = [str(name) for name in members.columns[1:]]
    for id, *values in members.astype(object).where(members.notna(), None).itertuples(index=False, name=None):
        known = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        for text in (id, *(value for value in known.values() if isinstance(value, str))):
            if _NO_XML.search(text):
                raise InvalidInput(f"{text!r}, of the member {id!r}, has a character that cannot stand in XML")
        graph.add_node(id, **known)
    ids = members[members.columns[0]]
    graph.add_edges_from(zip(connections["a"].map(ids), connections["b"].map(ids), strict=True))
    return graph
