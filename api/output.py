"""Answers on standard output, in each format; everything else that is said goes to standard error."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import typer
from msgspec import to_builtins

from api.options import Format
from graph.errors import InvalidInput

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

# Texts are shown as they are: an id may look like markup, or like the name of an emoji.
_PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False}


def say(text: str) -> None:
    """A line on standard error."""
    typer.echo(text, err=True)


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

    console = Console(width=None if sys.stdout.isatty() else 120, **_PLAIN)
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
    frame: Callable[[], pd.DataFrame],
    document: Callable[[], Any],
) -> None:
    """Writes one answer in the chosen format: `table` for people, `frame` for files, `document` for JSON.

    A document that is a list is a line each as JSON lines.
    """
    match chosen or (Format.TABLE if sys.stdout.isatty() else Format.CSV):
        case Format.TABLE:
            show(table())
        case Format.CSV:
            from analysis.files import csv_text

            sys.stdout.write(csv_text(frame(), raw=True))
        case Format.JSON:
            sys.stdout.write(json.dumps(to_builtins(document()), ensure_ascii=False, indent=1) + "\n")
        case Format.JSONL:
            whole = to_builtins(document())
            lines: Sequence[Any] = whole if isinstance(whole, list) else [whole]
            sys.stdout.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        case Format.PARQUET:
            if sys.stdout.isatty():
                raise InvalidInput("Parquet is no text: send it to a file, > answer.parquet")
            bytes_ = BytesIO()
            frame().to_parquet(bytes_, index=False)
            sys.stdout.buffer.write(bytes_.getvalue())


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
