"""The options that several commands take, each with one meaning."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from graph.instants import read_instant


class Format(StrEnum):
    """How an answer is written: for people, or for programs."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"


def instant(text: str) -> datetime:
    """The instant that was typed; raises BadParameter."""
    try:
        return read_instant(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no time: say 2026-11-23 or 2026-11-23T09:30:00Z") from error


At = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        parser=instant,
        metavar="TIME",
        help="The instant asked about, ISO 8601; default: now. It moves the clocks and does not rebuild a past graph.",
    ),
]
PackName = Annotated[
    str | None, typer.Option("--pack", metavar="NAME", help="The rule pack; default: LINKREACH_PACK, else article.")
]
AsTier = Annotated[
    str | None, typer.Option("--as-tier", metavar="TIER", help="Ask as if the sender were on this tier.")
]
Change = Annotated[
    Path | None,
    typer.Option(
        "--change",
        metavar="FOLDER",
        help="Ask as if this change were loaded: native files, and in remove/ what goes; nothing is written.",
    ),
]
As = Annotated[
    Format | None,
    typer.Option("--format", help="How to write the answer; default: a table for people, CSV when piped."),
]
Html = Annotated[
    Path | None,
    typer.Option(
        "--html",
        metavar="FILE",
        help="A page to send: the finding, charts and first rows in one file, with links to --out.",
    ),
]
Names = Annotated[
    bool,
    typer.Option(
        "--names",
        help="Put a column of names after each column of members' ids, in CSV and Parquet. Tables have names anyway.",
    ),
]
Column = Annotated[
    str | None,
    typer.Option(
        "--column",
        metavar="NAME",
        help="The column of ids or names, of files with a heading: CSV, a workbook or Parquet.",
    ),
]
SkipUnknown = Annotated[
    bool,
    typer.Option("--skip-unknown", help="Leave out whoever is nobody, and say who that is, instead of ending."),
]
Possible = Annotated[
    bool,
    typer.Option("--possible", help="List those, too, who are not reached and possibly are, by what is not known."),
]
Raw = Annotated[
    bool, typer.Option("--raw", help="Leave cells of CSV that a spreadsheet would run as they are, without a '.")
]
Engine = Annotated[
    str,
    typer.Option(metavar="ENGINE", help="What counts: local (on this machine) or spark (on many); auto is local."),
]
Threads = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Of the local engine.", show_default="one a processor")
]
Master = Annotated[
    str | None, typer.Option(metavar="URL", help="Of Spark.", show_default="local[*], which is this machine")
]
Segments = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="COLUMN",
        help="The column of members that makes the segments; of a snapshot, the one that it was saved by.",
        show_default="tier, the effective one",
    ),
]
Free = Annotated[
    bool, typer.Option("--free", help="Count what is reachable free: by channels of kind message and request.")
]
Pairs = Annotated[
    Path | None,
    typer.Option("--pairs", metavar="FILE", help="Write every pair that changes, too: FILE.parquet or FILE.csv."),
]
FailIf = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-if",
        metavar="LIMIT",
        help="End with 1 where there are more: 'lost>0', 'gained>100', 'lost>0.5%' (of the pairs reachable before); "
        "may repeat.",
    ),
]
