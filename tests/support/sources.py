"""What a source gives, as lists that a test can compare."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from graph.sources.chunks import Reject, Source


def rows(source: Source, table: str) -> list[dict[str, str]]:
    """The rows of a table, each a map of its cells."""
    return [
        dict(zip(chunk.columns, row, strict=True))
        for chunk in source.chunks()
        if chunk.table.name == table
        for row in zip(*chunk.columns.values(), strict=True)
    ]


def lines(source: Source, table: str) -> list[int]:
    """The lines on which they stand."""
    return [line for chunk in source.chunks() if chunk.table.name == table for line in chunk.lines]


def members(source: Source) -> list[str]:
    """The ids of all members."""
    return [row["id"] for row in rows(source, "members")]


def connections(source: Source) -> list[tuple[str, str]]:
    """The ends of all connections."""
    return [(row["a"], row["b"]) for row in rows(source, "connections")]


def rejects(source: Source) -> list[Reject]:
    """The rows that the source itself sets aside."""
    return [reject for chunk in source.chunks() for reject in chunk.rejects]


def notes(source: Source) -> list[tuple[str, str]]:
    """What there is to know of each file, once all rows were read."""
    for _ in source.chunks():
        pass
    return [(note.file, note.text) for note in source.notes()]


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Text files in a folder, by their names there."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return folder
