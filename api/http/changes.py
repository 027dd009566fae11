"""Changes in the body of a question: supposed for the answer, and never committed (docs/rules.md, section 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from api.http.access import Caller
from api.http.problems import SCOPE_NEEDED, Problem
from graph.sources.change import REMOVE, Change, change_of

ROWS_AT_MOST = 1_000

Supposed = Annotated[
    dict[str, Any] | None,
    Field(
        description='What to suppose, as `{table: [rows], "remove": {table: [rows]}}`: rows with the columns of the '
        f"native files, at most {ROWS_AT_MOST:,}. The answer is that of the graph after a load; nothing is written.",
        examples=[{"connections": [{"a": "8796093022357", "b": "4398046511333"}]}],
    ),
]


def read_change(document: Mapping[str, Any] | None, caller: Caller) -> Change | None:
    """The change of a body.

    Raises Problem where it adds or removes blocks that the caller may not know of: whether one is there must not be
    told by whether it can be removed. Raises InvalidInput and TooManyRows, too.
    """
    if document is None:
        return None
    for member in _owners_of_blocks(document):
        if not (isinstance(member, str) and caller.reader.knows_blocks_of(member)):
            raise Problem(SCOPE_NEEDED, "blocks and limits of others can be supposed with the scope audit alone")
    return change_of(document, rows_at_most=ROWS_AT_MOST)


def _owners_of_blocks(document: Mapping[str, Any]) -> Iterator[Any]:
    """Whoever stands as owner of a block in the document, before anything in it is verified."""
    removed = document.get(REMOVE)
    for tables in (document, removed if isinstance(removed, Mapping) else {}):
        rows = tables.get("blocks", [])
        for row in rows if isinstance(rows, list) else [rows]:
            yield row.get("member") if isinstance(row, Mapping) else None
