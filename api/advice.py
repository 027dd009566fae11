"""What the command line says besides the facts of an error: what to type instead."""

from __future__ import annotations

from graph.errors import ColumnsNotSaid, LinkreachError, NoSuchFormat, OtherFormat, SeveralFormats, Undecodable, Unsure


def advised(error: LinkreachError) -> str:
    """The error in one line, with what to do about it."""
    match error:
        case Unsure():
            return f"{error}: where each line is a connection, say --from edges"
        case SeveralFormats():
            return f"{error}: say which with --from"
        case NoSuchFormat():
            return f"{error}: say --from auto, or leave it out"
        case OtherFormat():
            return f"{error}: leave --from out, or say --from {error.format}"
        case Undecodable():
            return f"{error}: say which encoding it has (--encoding latin-1), or save the file as UTF-8"
        case ColumnsNotSaid():
            a, b = error.likely
            return f"{error}: say which they are, as in --columns a={a},b={b}"
        case _:
            return str(error)
