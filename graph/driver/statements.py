"""The statements of `cypher/`, read from their files and checked when they are read.

A file is a header of `//` lines and a text:

    // title: Which of these ids are members?
    // :param {ids: ['933', '1129']}
    // param ids: LIST<STRING>, the ids to look up
    // column id: STRING, an id that is a member's
    // order: id
    // scan: none

`:param` holds the parameters of an example on the sample network.
`scan` says how much a run may read:
`none` (what an index leads to), `members` (each once) or `pairs` (members by members).
A line `// include: NAME` inside the text stands for the text of the fragment `cypher/NAME.cypher`,
whose header has a title, `requires` and `provides` (variables) in place of the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from graph.errors import InvalidStatement

SCANS = ("none", "members", "pairs")
_HEADER = re.compile(
    r"// (?:(?P<kind>param|column) (?P<name>\w+)|(?P<key>title|order|scan|requires|provides)): (?P<value>.+)"
)
_EXAMPLE = re.compile(r"// :param (?P<map>\{.*\})")
_INCLUDE = re.compile(r"^[ \t]*// include: (?P<name>\w+)$", re.MULTILINE)
_PARAMETER = re.compile(r"\$(\w+)")
_TEXTS = re.compile(r"'(?:[^'\\]|\\.)*'|`[^`]*`|//.*")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: `parameters` and `columns` map a name to its type and meaning, `example` is a Cypher map."""

    name: str
    title: str
    text: str
    example: str
    parameters: dict[str, str]
    columns: dict[str, str]
    order: str
    scan: str


@dataclass(frozen=True, slots=True)
class Fragment:
    """A text that statements include: the variables that it requires and those that it provides."""

    name: str
    title: str
    text: str
    requires: tuple[str, ...]
    provides: tuple[str, ...]


@cache
def statement(name: str) -> Statement:
    """The statement of `cypher/NAME.cypher`, for example `reach/verdicts`.

    Raises InvalidStatement with file and line where header and text disagree.
    """
    lines = _lines(name)
    header, body_starts = _header(name, lines)
    text = _with_includes("\n".join(lines[body_starts:]).strip() + "\n")
    parameters = {key: value for (kind, key), value in header.items() if kind == "param"}
    columns = {key: value for (kind, key), value in header.items() if kind == "column"}
    used = set(_PARAMETER.findall(_TEXTS.sub("", text)))
    for undeclared in sorted(used - parameters.keys()):
        line = next((i for i, part in enumerate(lines, 1) if f"${undeclared}" in part), 1)
        raise _invalid(name, line, f"${undeclared} is used and not declared: add a line '// param {undeclared}: …'")
    for unused in sorted(parameters.keys() - used):
        line = next(i for i, part in enumerate(lines, 1) if part.startswith(f"// param {unused}:"))
        raise _invalid(name, line, f"the parameter {unused} is declared and not used: take the line out")
    values = {key: header.get(("", key)) for key in ("title", ":param", "order", "scan")}
    for key, value in values.items():
        if value is None:
            raise _invalid(name, 1, f"the header has no line '// {key}'")
    if values["scan"] not in SCANS:
        raise _invalid(name, 1, f"scan is one of {', '.join(SCANS)}")
    return Statement(
        name=name,
        title=str(values["title"]),
        text=text,
        example=str(values[":param"]),
        parameters=parameters,
        columns=columns,
        order=str(values["order"]),
        scan=str(values["scan"]),
    )


@cache
def fragment(name: str) -> Fragment:
    """The fragment of `cypher/NAME.cypher`; raises InvalidStatement where its header is not a fragment's."""
    lines = _lines(name)
    header, body_starts = _header(name, lines)
    for key in ("title", "requires", "provides"):
        if ("", key) not in header:
            raise _invalid(name, 1, f"the header of a fragment has no line '// {key}: …'")
    return Fragment(
        name=name,
        title=header["", "title"],
        text=_with_includes("\n".join(lines[body_starts:]).strip()),
        requires=tuple(header["", "requires"].split(", ")),
        provides=tuple(header["", "provides"].split(", ")),
    )


def names() -> list[str]:
    """The names of all statements, sorted; fragments stand at the top of `cypher/`, statements in its folders."""
    folders = sorted((entry for entry in files("cypher").iterdir() if entry.is_dir()), key=lambda entry: entry.name)
    return [
        f"{folder.name}/{file.name.removesuffix('.cypher')}"
        for folder in folders
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".cypher")
    ]


def fragments() -> list[str]:
    """The names of all fragments, sorted."""
    return sorted(
        entry.name.removesuffix(".cypher") for entry in files("cypher").iterdir() if entry.name.endswith(".cypher")
    )


def _lines(name: str) -> list[str]:
    resource = files("cypher").joinpath(f"{name}.cypher")
    if not resource.is_file():
        raise InvalidStatement(f"there is no file cypher/{name}.cypher")
    return resource.read_text("utf-8").splitlines()


def _header(name: str, lines: list[str]) -> tuple[dict[tuple[str, str], str], int]:
    header: dict[tuple[str, str], str] = {}
    for number, line in enumerate(lines, 1):
        if not line.startswith("// ") or _INCLUDE.match(line):
            return header, number - 1
        if example := _EXAMPLE.fullmatch(line):
            header["", ":param"] = example["map"]
        elif match := _HEADER.fullmatch(line):
            header[match["kind"] or "", match["name"] or match["key"]] = match["value"]
        else:
            raise _invalid(name, number, f"not a header line: {line}")
    raise _invalid(name, len(lines), "the file has a header and no text")


def _with_includes(text: str) -> str:
    return _INCLUDE.sub(lambda match: fragment(match["name"]).text, text)


def _invalid(name: str, line: int, problem: str) -> InvalidStatement:
    return InvalidStatement(f"cypher/{name}.cypher:{line}: {problem}")
