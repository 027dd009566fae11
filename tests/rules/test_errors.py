"""Errors say what is the case; what to type or to send is for those to say who know where somebody asks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.advice import advised
from graph import errors
from graph.errors import Namesake
from tests.documents import reference
from tests.support.paths import ROOT

BELOW = ("analysis", "graph", "linkreach")
COMMANDS = "|".join(" ".join(words) for words in reference.COMMANDS if words)
ADVICE = re.compile(rf"--[a-z]|\blinkreach ({COMMANDS})\b|LINKREACH_")


def texts_of_errors(path: Path) -> Iterator[str]:
    """Every text in a `raise`, and in what an error hands to its base."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Raise() | ast.Call(func=ast.Attribute(attr="__init__")):
                parts = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
                yield from (part for part in parts if isinstance(part, str))


FIND = "linkreach find TEXT looks for members by name"
SKIP = "lists of members are taken without them by --skip-unknown"
HEADING = "where the first line is a heading, --column NAME says which column the members are in"


@pytest.mark.parametrize("folder", BELOW)
def test_no_error_below_the_edge_names_an_option_a_command_or_a_variable(folder: str) -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), text)
        for path in (ROOT / folder).rglob("*.py")
        for text in texts_of_errors(path)
        if ADVICE.search(text)
    }
    assert set() == found


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (errors.UnknownPack("x", []), "no rule pack 'x' is loaded; load a network first: linkreach load PATH"),
        (errors.UnknownPack("x", ["article"]), "no rule pack 'x' is loaded; loaded are article"),
        (errors.InvalidSetting("neo4j_uri", "'x' is no address"), "LINKREACH_NEO4J_URI: 'x' is no address"),
        (errors.GraphNotEmpty(2, 0), "the graph has 2 nodes, which would go; back it up, then say --replace"),
        (errors.UnknownMember("a"), f"no member has the id 'a'; {FIND}"),
        (
            errors.UnknownMember("a", "b", places={"b": "x, line 2"}),
            f"no members have the ids 'a', 'b' (x, line 2); {FIND}, and {SKIP}",
        ),
        (
            errors.UnknownMember("b", places={"b": "x.txt, line 2"}),
            f"x.txt, line 2: no member has the id 'b'; {FIND}, and {SKIP}",
        ),
        (
            errors.UnknownMember("id;name", places={"id;name": "x.csv, line 1"}),
            f"x.csv, line 1: no member has the id 'id;name'; {HEADING}",
        ),
        (
            errors.SeveralMembers(
                {"ada": [Namesake("m1", "Ada", "Globex", "London"), Namesake("m2", None, None, None)]}
            ),
            "'ada' means several members: 'm1' (Ada, Globex, London), 'm2'; say which by id",
        ),
    ],
)
def test_the_command_line_says_what_to_type(error: errors.LinkreachError, told: str) -> None:
    assert told == advised(error)
