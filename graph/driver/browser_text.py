"""A query as Neo4j Browser runs it: a `:param` line for each parameter, then the statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from graph.driver.query import Query
from graph.instants import instant_text

_ESCAPES = str.maketrans({"\\": r"\\", "'": r"\'", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def browser_text(query: Query[Any]) -> str:
    """The title, parameters and text of a query, to be pasted into Neo4j Browser or cypher-shell as they are."""
    statement = query.statement
    parameters = "".join(f":param {name} => {literal(value)};\n" for name, value in query.parameters.items())
    return f"// {statement.title}\n{parameters}{statement.text.rstrip()};\n"


def literal(value: object) -> str:
    """A parameter as Cypher writes it, on one line (Cypher manual, "Values and types")."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return f"'{value.translate(_ESCAPES)}'"
        case datetime():
            return f"datetime('{instant_text(value)}')"
        case Mapping():
            return "{" + ", ".join(f"{name}: {literal(each)}" for name, each in value.items()) + "}"
        case Sequence():
            return "[" + ", ".join(literal(each) for each in value) + "]"
        case _:
            raise TypeError(f"no parameter is of the type {type(value).__name__}")
