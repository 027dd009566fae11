"""Networks in files: one module a format, told from the files.

Each turns its files into chunks of the tables of `graph.model`; what a cell means is `graph.loading.cells`.
"""

from __future__ import annotations

from pathlib import Path

from graph.errors import AmbiguousSource, InvalidInput, UncertainSource, UnknownSource
from graph.sources.chunks import Source
from graph.sources.edges import EdgesSource
from graph.sources.ldbc import LdbcSource
from graph.sources.linkedin.source import LinkedInSource, Reading
from graph.sources.native import NativeSource
from graph.sources.snap_ego import SnapEgoSource

Format = type[NativeSource] | type[LdbcSource] | type[SnapEgoSource] | type[LinkedInSource] | type[EdgesSource]

FORMATS: dict[str, Format] = {
    "native": NativeSource,
    "ldbc": LdbcSource,
    "snap-ego": SnapEgoSource,
    "linkedin": LinkedInSource,
    "edges": EdgesSource,
}
AUTO = "auto"


def open_source(path: Path, format: str = AUTO, own_exports: Reading | None = None) -> Source:
    """The source at a path; `format` is `auto` or a key of FORMATS; `own_exports` is for archives of LinkedIn.

    Raises UnknownSource where the files are of no known format, InvalidInput where one of them cannot be read.
    """
    if not path.exists():
        raise UnknownSource(f"there is nothing at {path}: name a folder of files to load, or an edge list")
    if format == AUTO:
        return _open(FORMATS[_told_from_the_files(path)], path, own_exports)
    source = FORMATS.get(format)
    if source is None:
        raise UnknownSource(f"{format!r} is no format: use one of {AUTO}, {', '.join(FORMATS)}")
    if not source.recognises(path):
        raise UnknownSource(f"{path} is not of the format {format}: there is no {source.looks_for}")
    return _open(source, path, own_exports)


def _open(source: Format, path: Path, own_exports: Reading | None) -> Source:
    if source is LinkedInSource:
        return source(path, own_exports)
    if own_exports is not None:
        raise InvalidInput(f"{path} is no archive of LinkedIn: owner, messages and missing connections are of those")
    return source(path)


def _told_from_the_files(path: Path) -> str:
    """The name of the format. Any file of two columns may be an edge list, so that is the last thing to think of."""
    found = _with_names_of_files(path)
    if len(found) > 1:
        raise AmbiguousSource(path, found)
    if found:
        return found[0]
    if EdgesSource.is_unmistakable(path):
        return "edges"
    if path.is_file():
        of = _with_names_of_files(path.parent)
        if of and (of != ["linkedin"] or LinkedInSource.is_unpacked(path.parent)):
            raise UnknownSource(f"{path} is one file of a {of[0]} folder: load the folder, {path.parent}")
        raise UncertainSource(path, "may be")
    if EdgesSource.recognises(path):
        raise UncertainSource(path, "has one file that may be")
    looked_for = ", ".join(f"{source.looks_for} for {name}" for name, source in FORMATS.items())
    raise UnknownSource(f"{path} is of no known format: there is no {looked_for}")


def _with_names_of_files(path: Path) -> list[str]:
    """The formats whose files are told by their names, of which there are some here."""
    return [name for name, source in FORMATS.items() if source is not EdgesSource and source.recognises(path)]
