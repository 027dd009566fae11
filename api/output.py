"""Answers on standard output, in each format; everything else that is said goes to standard error.

Whatever goes to a terminal passes here, and no text of the data steers it: characters that would are shown escaped.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from api.options import Format
from graph.errors import InvalidInput

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType
    from rich.text import Text

# Texts are shown as they are: an id may look like markup, or like the name of an emoji.
_PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False}


# Controls, ends of lines, halves of characters, what is none, and what turns the direction of writing (Unicode's
# Bidi_Control).
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def shown(text: str) -> str:
    """The text as a terminal may have it: what would steer it as an escape."""
    return _STEERING.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def say(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(shown(text) + "\n")
    sys.stderr.flush()


def say_skipped(unknown: Sequence[str]) -> None:
    """A line about the ids of lists that were skipped, for nobody has them; none where there are none."""
    if unknown:
        say(f"{len(unknown):,} ids skipped, which are no member's: {', '.join(map(repr, unknown))}")


def put(line: object) -> None:
    """A line on standard output."""
    put_text(f"{line}\n")


def put_text(text: str) -> None:
    """A text on standard output, as it is where a program reads it."""
    if sys.stdout.isatty():
        text = "".join(shown(line) + "\n" for line in text.removesuffix("\n").split("\n"))
    sys.stdout.write(text)
    sys.stdout.flush()


def styled(text: str, style: str) -> Text:
    """A text for `show`, in a style."""
    from rich.text import Text

    return Text(shown(text), style=style)


class _OnStandardError(logging.Handler):
    """What the parts below say of their work, a line each."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage())


@contextmanager
def told() -> Iterator[None]:
    """While this lasts, whoever typed the command reads what the parts below say."""
    loggers = [logging.getLogger(name) for name in ("graph", "analysis", "linkreach")]
    handler = _OnStandardError(logging.INFO)
    for logger in loggers:
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


def show(*renderables: RenderableType) -> None:
    """Things for people on standard output, one below the other; piped, no narrower than a wide terminal."""
    from rich.console import Console

    class Plain(Console):
        """Every text that is no `Text` already becomes one here: cells of tables, too."""

        def render_str(self, text: str, **options: Any) -> Text:
            return super().render_str(shown(text), **options)

    console = Plain(width=None if sys.stdout.isatty() else 120, **_PLAIN)
    for renderable in renderables:
        console.print(renderable)


def rows_table(headings: Sequence[str], rows: Iterable[Sequence[str | RenderableType]]) -> RenderableType:
    """A plain table for people."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def emit(
    chosen: Format | None,
    *,
    table: Callable[[], RenderableType],
    frame: Callable[[], pd.DataFrame | Iterator[pd.DataFrame]],
    document: Callable[[], Any],
    raw: bool = False,
    named: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
) -> None:
    """Writes one answer in the chosen format: `table` for people, `frame` for files, `document` for JSON.

    A document that is a list, or comes one by one, is a line each as JSON lines. Frames that come one after the other
    are written as they come, and are one answer.
    `raw`: cells of CSV that a spreadsheet would run stay as they are.
    `named` puts names into the frame, where they are asked for.
    Raises InvalidInput where Parquet would go to a terminal.
    """

    def columns() -> Iterator[pd.DataFrame]:
        return _pieces(frame()) if named is None else map(named, _pieces(frame()))

    match chosen or (Format.TABLE if sys.stdout.isatty() else Format.CSV):
        case Format.TABLE:
            show(table())
        case Format.CSV:
            from analysis.files import csv_text

            for number, piece in enumerate(columns()):
                put_text(csv_text(piece, raw=raw, header=number == 0))
        case Format.JSON:
            whole = document()
            put(_json(to_builtins([*whole] if isinstance(whole, Iterator) else whole), indent=1))
        case Format.JSONL:
            whole = document()
            for line in whole if isinstance(whole, Iterator | list) else [whole]:
                put(_json(to_builtins(line)))
        case Format.PARQUET:
            if sys.stdout.isatty():
                raise InvalidInput("Parquet is no text: send it to a file, > answer.parquet")
            _put_parquet(columns())


def _pieces(frame: pd.DataFrame | Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    return frame if isinstance(frame, Iterator) else iter([frame])


def _put_parquet(pieces: Iterator[pd.DataFrame]) -> None:
    """The frames, at least one, as a file on standard output."""
    import pyarrow as pa
    from pyarrow import parquet

    first = pa.Table.from_pandas(next(pieces), preserve_index=False)
    with parquet.ParquetWriter(sys.stdout.buffer, first.schema) as writer:
        writer.write_table(first)
        for piece in pieces:
            writer.write_table(pa.Table.from_pandas(piece, first.schema, preserve_index=False))


def _json(document: Any, indent: int | None = None) -> str:
    """Steering characters are escapes in JSON, too, which mean the same to whoever reads it."""
    lines = json.dumps(document, ensure_ascii=False, indent=indent).split("\n")
    return "\n".join(_STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", line) for line in lines)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar on standard error while a person looks: the function takes what is done, how much, and of how much."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}"),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def progress(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield progress
