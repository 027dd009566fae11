"""Networks in files: one module a format, told from the files.

Each turns its files into chunks of the tables of `graph.model`; what a cell means is `graph.loading.cells`.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Protocol

from graph.errors import FurtherWithin, InvalidInput, NoSuchFormat, PartOfFolder, SeveralFormats, UnknownSource, Unsure
from graph.sources.chunks import NO_HINTS, Hints, Source
from graph.sources.edges import EdgesSource, KonectSource
from graph.sources.files import Folder, require_a_file
from graph.sources.graph_files import GexfSource, GmlSource, GraphMLSource, PajekSource
from graph.sources.ldbc import LdbcSource
from graph.sources.linkedin.source import LinkedInSource
from graph.sources.native import NativeSource, is_called_as_table
from graph.sources.snap_ego import SnapEgoSource

# A cell of any length is one bad cell; with the default limit it would break the rows around it. It is said here, for
# whoever reads CSV imports something of this package.
csv.field_size_limit(2**31 - 1)


class Format(Protocol):
    """A class of sources: `looks_for` says in words what tells a format."""

    looks_for: str

    def __call__(self, path: Path, hints: Hints = ...) -> Source:
        """The source at a path; raises UnknownSource where it is of another format, InvalidInput where it is broken."""

    def recognises(self, path: Path) -> bool:
        """Whether the files leave no doubt; it may raise InvalidInput where they cannot be looked into."""


FORMATS: dict[str, Format] = {
    "native": NativeSource,
    "ldbc": LdbcSource,
    "snap-ego": SnapEgoSource,
    "linkedin": LinkedInSource,
    "edges": EdgesSource,
    "konect": KonectSource,
    "graphml": GraphMLSource,
    "gexf": GexfSource,
    "gml": GmlSource,
    "pajek": PajekSource,
}
AUTO = "auto"
EDGES, KONECT, LINKEDIN = "edges", "konect", "linkedin"
_FOLDERS_LOOKED_INTO = 100
_FILES_NAMED = 5


def open_source(path: Path, format: str = AUTO, hints: Hints = NO_HINTS) -> Source:
    """The source at a path; `format` is `auto` or a key of FORMATS.

    Raises UnknownSource where the files are of no known format, InvalidInput where one of them cannot be read.
    """
    if not path.exists():
        raise UnknownSource(f"there is nothing at {path}: name a folder of files to load, or an edge list")
    if not path.is_dir():
        require_a_file(path)
    if format not in (AUTO, *FORMATS):
        raise NoSuchFormat(format, [AUTO, *FORMATS])
    if hints.of_own_exports and format == AUTO:
        format = LINKEDIN
    if hints.columns and format not in (AUTO, EDGES, KONECT):
        raise InvalidInput(f"columns are told of an edge list, and {path} is to be read as {format}")
    if hints.of_own_exports and format != LINKEDIN:
        raise InvalidInput(f"owners and messages are of archives of LinkedIn, and {path} is to be read as {format}")
    if format != AUTO:
        return FORMATS[format](path, hints)
    return EdgesSource(path, hints) if hints.columns else _told_from_the_files(path, hints)


def _told_from_the_files(path: Path, hints: Hints) -> Source:
    """The source of the format that the files tell. Any file of two columns may be an edge list: that comes last."""
    found, problems = _recognising(path)
    if len(found) > 1:
        raise SeveralFormats(str(path), found)
    if found:
        return FORMATS[found[0]](path, hints)
    if problems:
        raise problems[0]
    if not EdgesSource.may_be(path):
        if file := _sole_file(path):
            return _told_from_the_files(file, hints)
        looked_for = ", ".join(f"{source.looks_for} for {name}" for name, source in FORMATS.items())
        raise UnknownSource(f"{path} is of no known format: {_holdings(path)}there is no {looked_for}")
    try:
        source = EdgesSource(path, hints)
        if not source.is_unmistakable:
            raise Unsure(str(path))
    except InvalidInput:
        if path.is_file() and (of := _folder_of(path)):
            raise PartOfFolder(str(path), of, str(path.parent)) from None
        raise
    return source


def _sole_file(path: Path) -> Path | None:
    """The only file of a folder of no known format, which may be told by itself; None of other places.

    Raises InvalidArchive or FurtherWithin where there is more to say of the place.
    """
    if whole := Folder.at(path):
        LinkedInSource.refuse_incomplete(whole)
    if not path.is_dir() or whole is None:
        return None
    if further := _further_within(path):
        raise FurtherWithin(str(path), *further)
    return whole.files[0].path if len(whole.files) == 1 and not whole.folders else None


def _holdings(path: Path) -> str:
    """What a folder holds, as the beginning of a sentence."""
    whole = Folder.at(path)
    names = [file.name for file in whole.files] if whole else []
    more = f" and {len(names) - _FILES_NAMED} more files" if len(names) > _FILES_NAMED else ""
    return f"it holds {', '.join(names[:_FILES_NAMED])}{more}, and " if names else ""


def _further_within(path: Path) -> tuple[str, str] | None:
    """The format and the path of a folder within one that is of none, the least deep and first by name."""
    to_see = [path]
    for folder in to_see:
        inner = [each for each in sorted(folder.iterdir()) if each.is_dir() and not each.is_symlink()]
        to_see += inner[: _FOLDERS_LOOKED_INTO - len(to_see)]
        found = _recognising(folder)[0] if folder != path else []
        if found:
            return found[0], str(folder)
    return None


def _recognising(path: Path) -> tuple[list[str], list[InvalidInput]]:
    """The formats that leave no doubt, but edge lists, and why others could not look."""
    found: list[str] = []
    problems: list[InvalidInput] = []
    for name, format in FORMATS.items():
        if name != EDGES:
            try:
                if format.recognises(path):
                    found.append(name)
            except InvalidInput as error:
                problems.append(error)
    return found, problems


def _folder_of(path: Path) -> str | None:
    """The format of the folder that a file is a part of; None where it is part of none."""
    found, _ = _recognising(path.parent)
    return next((name for name in found if _is_part(path, name)), None)


def _is_part(path: Path, format: str) -> bool:
    """Whether a file belongs to the folder of this format that it stands in, and is not there by chance."""
    match format:
        case "native":
            return is_called_as_table(path)
        case "linkedin":
            return LinkedInSource.is_unpacked(path.parent)
        case _:
            return True
