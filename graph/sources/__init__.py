"""Networks in files: one module a format, told from the files.

Each turns its files into chunks of the tables of `graph.model`; what a cell means is `graph.cells`.
"""

from __future__ import annotations

from pathlib import Path

from graph.errors import UnknownSource
from graph.sources.chunks import Source
from graph.sources.ldbc import LdbcSource
from graph.sources.native import NativeSource

FORMATS: dict[str, type[NativeSource] | type[LdbcSource]] = {"native": NativeSource, "ldbc": LdbcSource}
AUTO = "auto"


def open_source(path: Path, format: str = AUTO) -> Source:
    """The source at a path; `format` is `auto` or a key of FORMATS.

    Raises UnknownSource where the files are of no known format, InvalidInput where one of them cannot be read.
    """
    if not path.exists():
        raise UnknownSource(f"there is nothing at {path}: name a folder of files to load")
    if not path.is_dir():
        raise UnknownSource(f"{path} is a file: name the folder that it stands in")
    if format != AUTO:
        return _open_as(path, format)
    found = [name for name, source in FORMATS.items() if source.recognises(path)]
    if not found:
        looked_for = ", ".join(f"{source.looks_for} for {name}" for name, source in FORMATS.items())
        raise UnknownSource(f"{path} is of no known format: there is no {looked_for}")
    if len(found) > 1:
        raise UnknownSource(f"{path} has files of {' and '.join(found)}: say which with --from")
    return _open_as(path, found[0])


def _open_as(path: Path, format: str) -> Source:
    source = FORMATS.get(format)
    if source is None:
        raise UnknownSource(f"{format!r} is no format: use one of {AUTO}, {', '.join(FORMATS)}")
    if not source.recognises(path):
        raise UnknownSource(f"{path} is not of the format {format}: there is no {source.looks_for}")
    return source(path)
