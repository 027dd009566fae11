"""Networks in files: one module a format, told from the files.

Each turns its files into chunks of the tables of `graph.model`; what a cell means is `graph.cells`.
"""

from __future__ import annotations

from pathlib import Path

from graph.errors import UnknownSource
from graph.sources.chunks import Source
from graph.sources.edges import EdgesSource
from graph.sources.ldbc import LdbcSource
from graph.sources.native import NativeSource
from graph.sources.snap_ego import SnapEgoSource

Format = type[NativeSource] | type[LdbcSource] | type[SnapEgoSource] | type[EdgesSource]

FORMATS: dict[str, Format] = {
    "native": NativeSource,
    "ldbc": LdbcSource,
    "snap-ego": SnapEgoSource,
    "edges": EdgesSource,
}
AUTO = "auto"


def open_source(path: Path, format: str = AUTO) -> Source:
    """The source at a path; `format` is `auto` or a key of FORMATS.

    Raises UnknownSource where the files are of no known format, InvalidInput where one of them cannot be read.
    """
    if not path.exists():
        raise UnknownSource(f"there is nothing at {path}: name a folder of files to load")
    if format == AUTO:
        return FORMATS[_told_from_the_files(path)](path)
    source = FORMATS.get(format)
    if source is None:
        raise UnknownSource(f"{format!r} is no format: use one of {AUTO}, {', '.join(FORMATS)}")
    if not source.recognises(path):
        raise UnknownSource(f"{path} is not of the format {format}: there is no {source.looks_for}")
    return source(path)


def _told_from_the_files(path: Path) -> str:
    """The name of the format. Any file of two columns may be an edge list, so that is the last thing to think of."""
    found = [name for name, source in FORMATS.items() if source is not EdgesSource and source.recognises(path)]
    if len(found) > 1:
        raise UnknownSource(f"{path} has files of {' and '.join(found)}: say which with --from")
    if found:
        return found[0]
    if EdgesSource.is_unmistakable(path):
        return "edges"
    if path.is_file():
        raise UnknownSource(f"{path} is a file: name the folder that it stands in; for an edge list, say --from edges")
    looked_for = ", ".join(f"{source.looks_for} for {name}" for name, source in FORMATS.items())
    raise UnknownSource(f"{path} is of no known format: there is no {looked_for}")
