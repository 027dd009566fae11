"""The file of a page to send: looked at before anything is computed, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from graph.errors import InvalidInput
from graph.files.private import create_private, make_private_folder, require_room, staging
from graph.files.regular import open_regular, require_replaceable

if TYPE_CHECKING:
    from api.report.page import Page
    from linkreach.naming import AskNames

MARK = b"<!doctype html>\n<!-- A report of linkreach -->\n"


class HasFiles(Protocol):
    """What was done, and the files that it has written."""

    @property
    def files(self) -> Iterable[Path]:
        """Their paths."""
        ...


def require_place(file: Path) -> None:
    """Returns where the page can be written, into a new file or in place of another page of ours.

    Raises InvalidInput, and leaves nothing behind.
    """
    try:
        require_replaceable(file)
        require_room(file.parent)
        if not _is_ours(file):
            raise InvalidInput(f"{file} is there and is no report of linkreach: choose another name")
    except OSError as error:
        raise InvalidInput(f"the page cannot be written to {file}: {error.strerror or error}") from error


def write_page(file: Path, page: str) -> None:
    """Writes the page; it is its owner's alone."""
    make_private_folder(file.parent)
    with staging(file.parent) as stage:
        with create_private(stage / file.name) as part:
            part.write(page.encode())
        (stage / file.name).replace(file)


def write_page_of(file: Path, make: Callable[..., Page], done: HasFiles, ask_names: AskNames) -> None:
    """Writes the page that `make` makes of what was done, with links to its CSV files, as seen from the page."""
    write_page(file, make(done, ask_names=ask_names, links=_links_from(file, done.files)).html())


def _links_from(file: Path, others: Iterable[Path]) -> dict[str, str]:
    """Where each CSV lies as seen from the page, by the name of its report."""
    csv = (each for each in others if each.suffix == ".csv")
    return {each.stem: quote(Path(os.path.relpath(each, file.parent)).as_posix()) for each in csv}


def _is_ours(file: Path) -> bool:
    """Whether nothing is there, or a page of ours."""
    if not file.exists():
        return True
    with open_regular(file) as there:
        return there.read(len(MARK)) == MARK
