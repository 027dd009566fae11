"""Mutants of the statements: each a file of `cypher/` with one slip of the pen in it.

Operators are flipped, literals changed, relationships turned round, and elements of lists dropped:
gates, requirements, codes, and the branches of a count.
A mutant is text; whether anybody notices is found out in `tests/rules/mutants/hunt.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

import pytest

from graph.driver import query, statements

# What decides: the fragments, and the statements of these folders.
FOLDERS = ("reach", "report", "bridge")

_COMMENT = re.compile(r"//.*$", re.MULTILINE)
_STRING = re.compile(r"'[^'\n]*'")
_NAMING = re.compile(r"\bMATCH \w+ =|\breduce\(\w+ =")  # these do not compare

# A pattern, and what may stand there instead; `\g<0>` is what stands there.
_SLIPS = (
    (r"(?<= )AND(?= )", ["OR"]),
    (r"(?<= )OR(?= )", ["AND"]),
    (r"\bNOT (?!IN\b)", [""]),
    (r"\b(WHERE|AND|OR|WHEN|met:|holds:) (?=[\w.$'\[\]]+ IN )", [r"\g<0>NOT "]),
    (r"\bIS NULL\b", ["IS NOT NULL"]),
    (r"\bIS NOT NULL\b", ["IS NULL"]),
    (r"(?<!NOT )\bEXISTS \{", ["NOT EXISTS {"]),
    (r"(?<= )=(?= )", ["<>"]),
    (r"(?<= )<>(?= )", ["="]),
    (r"(?<= )<(?= )", ["<=", ">="]),
    (r"(?<= )<=(?= )", ["<", ">"]),
    (r"(?<= )>(?= )", [">=", "<="]),
    (r"(?<= )>=(?= )", [">", "<"]),
    (r"(?<= )\+(?= )", ["-"]),
    (r"(?<= )-(?= )", ["+"]),
    (r"\btrue\b", ["false"]),
    (r"\bfalse\b", ["true"]),
    (r"(?<![\w.])\d+(?![\w.])", ["{more}", "{less}"]),
    (r"\*(\d)\.\.(\d)", [r"*\1..{more2}", r"*\1..{less2}", r"*{more1}..\2"]),
    (r"\bmin\(", ["max("]),
    (r"\bmax\(", ["min("]),
    (r"\bany\(", ["all("]),
    (r"\ball\(", ["any("]),
    (r"\bhead\(", ["last("]),
    (r"\bDISTINCT ", [""]),
    (r"\bOPTIONAL MATCH\b", ["MATCH"]),
    (r"\bCOUNT \{", ["1 + COUNT {"]),
    (r"\bORDER BY [\w.]+", [r"\g<0> DESC"]),
    (r"\bORDER BY [\w.]+, [\w.]+", [r"\g<0> DESC"]),
    (r"-\[:CONNECTED_TO(\*[\d.]+)?\]-(?!>)", [r"\g<0>>", r"<\g<0>"]),
    (r"\(([rs])\)-\[:(BLOCKED|LIMITED)\]->\(([rs])\)", [r"(\1)<-[:\2]-(\3)"]),
    (r"\bBLOCKED\b", ["LIMITED"]),
    (r"\bLIMITED\b", ["BLOCKED"]),
    (r"\bWORKS_AT\|FOLLOWS\b", ["WORKS_AT", "FOLLOWS"]),
    (r"(?<!\|)\bWORKS_AT\b(?!\|)", ["FOLLOWS"]),
)
_SLIP = tuple((re.compile(pattern), instead) for pattern, instead in _SLIPS)


@dataclass(frozen=True)
class Mutant:
    """`file` of `cypher/` with, in the line `was`, `change` made; `text` is the whole of it.

    Of changes that look alike the second and later ones bear their number.
    """

    file: str
    was: str
    change: str
    text: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.file}.cypher: {self.change}    in    {self.was}"


def every_mutant() -> list[Mutant]:
    """All of them, in the order of files and lines."""
    names = [*statements.fragments(), *(name for name in statements.names() if name.split("/")[0] in FOLDERS)]
    return [mutant for name in names for mutant in mutants_of(name, "\n".join(statements._lines(name)) + "\n")]


def mutants_of(name: str, text: str) -> Iterator[Mutant]:
    """The mutants of one file, each once."""
    seen = {text}
    alike: Counter[tuple[str, str]] = Counter()
    for start, end, instead in sorted(_changes(text)):
        mutated = text[:start] + instead + text[end:]
        if mutated not in seen:
            seen.add(mutated)
            line_starts, line_ends = text.rfind("\n", 0, start) + 1, text.index("\n", start)
            was = text[line_starts:line_ends].strip()
            before = " ".join(text[start:end].split())
            change = f"{before} => {instead}".strip()
            alike[was, change] += 1
            nth = f" ({alike[was, change]})" if alike[was, change] > 1 else ""
            yield Mutant(name, was, change + nth, mutated)


def _changes(text: str) -> Iterator[tuple[int, int, str]]:
    """Places and what stands there instead."""
    body = next(place.start() for place in re.finditer(r"^(?!//)", text, re.MULTILINE))
    without_comments = _COMMENT.sub(lambda match: " " * len(match[0]), text)
    code = _STRING.sub(lambda match: "'" + "_" * (len(match[0]) - 2) + "'", without_comments)
    code = _NAMING.sub(lambda match: match[0].replace("=", "_"), code)
    for pattern, instead in _SLIP:
        for match in pattern.finditer(code, body):
            for each in instead:
                if (new := _filled(match, each)) is not None:
                    yield match.start(), match.end(), new
    for match in _STRING.finditer(without_comments, body):
        yield match.start(), match.end(), f"{match[0][:-1]}?'"
    for start, end in _elements(code, body):
        yield start, end, ""


def _filled(match: re.Match[str], instead: str) -> str | None:
    """The text that takes the place of a match; none where a number would fall below 0."""
    numbers = [int(part) for part in re.findall(r"\d+", match[0])]
    if "{less" in instead and (numbers[-1] == 0 or ("less2" in instead and numbers[1] == numbers[0])):
        return None
    first, last = (numbers[0], numbers[-1]) if numbers else (0, 0)
    filled = instead.replace("{more}", str(last + 1)).replace("{less}", str(last - 1))
    filled = (
        filled.replace("{more2}", str(last + 1)).replace("{less2}", str(last - 1)).replace("{more1}", str(first + 1))
    )
    return match.expand(filled)


def _elements(code: str, body: int) -> Iterator[tuple[int, int]]:
    """The spans of the elements of lists that are written out, each with the comma that goes with it."""
    for opening in re.finditer(r"(?<![\w\])-])\[(?=[^:\]])", code[body:]):
        start = body + opening.end()
        commas, end = _commas(code, start)
        if re.match(r"\s*\w+ IN ", code[start:end]):
            continue
        edges = [start - 1, *commas, end]
        for place, (left, right) in enumerate(pairwise(edges)):
            if len(edges) == 2:
                yield left + 1, right
            elif place:
                yield left, right
            else:
                yield left + 1, right + 1


def _commas(code: str, start: int) -> tuple[list[int], int]:
    """The commas of a list that opens before `start`, and where it closes."""
    commas, depth, place = [], 0, start
    while depth >= 0:
        depth += (code[place] in "[({") - (code[place] in "])}")
        if depth == 0 and code[place] == ",":
            commas.append(place)
        place += 1
    return commas, place - 1


@contextmanager
def alive(mutant: Mutant) -> Iterator[None]:
    """While it lives, its file reads like the mutant; a plan once made is kept, for planning takes longest."""
    read = statements._lines

    def lines(name: str) -> list[str]:
        return mutant.text.splitlines() if name == mutant.file else read(name)

    def statement(name: str) -> statements.Statement:
        found = statements.statement(name)
        return replace(found, text=f"CYPHER replan=skip {found.text}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statements, "_lines", lines)
        patch.setattr(query, "statement", statement)
        _forget()
        try:
            yield
        finally:
            _forget()


def _forget() -> None:
    statements.statement.cache_clear()
    statements.fragment.cache_clear()


@cache
def touched(file: str) -> frozenset[str]:
    """The statements that a file of `cypher/` is part of."""
    includes = {
        name: set(re.findall(r"^\s*// include: (\w+)$", "\n".join(statements._lines(name)), re.MULTILINE))
        for name in [*statements.names(), *statements.fragments()]
    }
    found = {file}
    while more := {name for name, parts in includes.items() if parts & found} - found:
        found |= more
    return frozenset(found) & {*statements.names()}
