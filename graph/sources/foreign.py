"""Formats that are known by name and not read, each with what can be done about it.

They are told by what is in a file, so that no hint ever leads to members called `<node`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.errors import ForeignFile

EDGE_LIST = "save it as an edge list, a connection a line"
TABLES = "save its sheets or tables as CSV, members.csv and connections.csv"

_UNPACK = "unpack it, and load what is in it"

_SIGNATURES: Sequence[tuple[bytes, str, str]] = (
    (b"PK\x03\x04", "a zip of several files, or within another", _UNPACK),
    (b"PK\x05\x06", "an empty zip", "there is nothing to load"),
    (b"PAR1", "Parquet", "name it for its table, members.parquet, and load its folder"),
    (b"ARROW1", "an Arrow file", "save it as Parquet or CSV"),
    (b"SQLite format 3\0", "a SQLite database", TABLES),
    (b"%PDF-", "a PDF", "ask for the data that it was made of"),
    (b"{\\rtf", "a document (RTF)", "save its table as CSV"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard", _UNPACK),
    (b"\x04\x22\x4d\x18", "compressed with LZ4", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"\x89HDF\r\n\x1a\n", "HDF5", EDGE_LIST),
    (b"\x93NUMPY", "an array of NumPy", EDGE_LIST),
    (b"MATLAB 5.0", "a MAT-file", EDGE_LIST),
    (b"\x89PNG\r\n\x1a\n", "a picture", "ask for the data that it was made of"),
    (b"\xff\xd8\xff", "a picture", "ask for the data that it was made of"),
    (b"GIF8", "a picture", "ask for the data that it was made of"),
    (b"\x80\x04\x95", "a pickle of Python", EDGE_LIST),
    (b"\x80\x05\x95", "a pickle of Python", EDGE_LIST),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TAR_AT, _TAR = 257, b"ustar"


def refuse_foreign_bytes(name: str, head: bytes) -> None:
    """Raises ForeignFile where the first bytes are those of something that is no text."""
    if head.startswith(OLE):
        protected = "EncryptedPackage".encode("utf-16-le") in head
        if protected:
            raise ForeignFile(name, "a workbook with a password", "save it without one")
        raise ForeignFile(name, "an old workbook or document (.xls, .doc)", "save it as .xlsx, or its sheets as CSV")
    if head[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
        raise ForeignFile(name, "a tar archive", _UNPACK)
    for signature, format, instead in _SIGNATURES:
        if head.startswith(signature):
            raise ForeignFile(name, format, instead)


# Of text, the first lines say what it is.

_DOT = re.compile(r"(strict\s+)?(di)?graph\b[^\[{\n]*\{", re.IGNORECASE)
_DIMACS_PROBLEM = re.compile(r"p\s+\w+(\s+\d+){2,3}\s*")
_DIMACS_LINE = re.compile(r"[cpeanv](\s.*)?")
_MARKUP = re.compile(r"<(!doctype\s+)?(?P<root>[\w:.-]+)", re.IGNORECASE)
_GRAPHS_OF_XML = ("graphml", "gexf")
_GML = re.compile(r"([ \t]*(#.*|(creator|version|comment|label)\b.*)?\r?\n)*[ \t]*graph\s*\[", re.IGNORECASE)
_PAJEK = re.compile(r"([ \t]*(%.*)?\r?\n)*[ \t]*\*(network|vertices|arcs|edges|matrix)\b", re.IGNORECASE)
_PROLOGUE = re.compile(r"(<\?xml.*?\?>|<!--.*?-->|\s)*", re.DOTALL)
_JSON = re.compile(r"(\{\s*([\"'}]|$)|\[\s*([\[\{\"\d-]|$))")
_TRIPLE = re.compile(r"(<[^>]+>|_:\w+)\s+<[^>]+>\s+.+\.\s*")
_BRACKETED = re.compile(r"\(.*\),?|\{.*\},?|\[.*\],?")
_LINKEDIN = re.compile(r'"?first name"?[,;\t]"?last name"?[,;\t].*connected on', re.IGNORECASE)
_NUMBER = re.compile(r"\d+")


def graph_format(text: str) -> str | None:
    """The format of a graph in a file that begins so: graphml, gexf, gml or pajek; None where it is none of these."""
    start = _PROLOGUE.match(text)
    markup = _MARKUP.match(text, start.end() if start else 0)
    if markup and (root := markup["root"].lower().rpartition(":")[2]) in _GRAPHS_OF_XML:
        return root
    if _GML.match(text):
        return "gml"
    return "pajek" if _PAJEK.match(text) else None


def refuse_foreign_text(name: str, lines: Sequence[str]) -> None:
    """Raises ForeignFile where the first lines are those of a format of text that is known and not read."""
    text = "\n".join(lines)
    start = _PROLOGUE.match(text)
    bare = text[start.end() if start else 0 :]
    said = [line.strip() for line in lines if line.strip()]
    if markup := _MARKUP.match(bare):
        root = markup["root"].lower()
        if root == "html":
            raise ForeignFile(name, "a page of HTML", "download the file itself, not the page about it")
        if root.rpartition(":")[2] not in _GRAPHS_OF_XML and ("<?xml" in text[:200] or bare.rstrip().endswith(">")):
            raise ForeignFile(name, f"XML ({markup['root']})", "save it as GraphML, or as an edge list")
    if _DOT.match(_without_comments(text)):
        raise ForeignFile(name, "DOT, of Graphviz", "save it as GraphML, or as an edge list")
    if _JSON.match(bare):
        raise ForeignFile(name, "JSON", f"{EDGE_LIST}, or as GraphML")
    if any(map(_DIMACS_PROBLEM.fullmatch, said)) and all(map(_DIMACS_LINE.fullmatch, said)):
        raise ForeignFile(name, "DIMACS", EDGE_LIST)
    if any(map(_LINKEDIN.match, lines[:10])):
        raise ForeignFile(name, "a list of contacts from LinkedIn", "load the archive it is of, as it was downloaded")
    if bare.startswith("version https://git-lfs"):
        raise ForeignFile(name, "a pointer of Git LFS", "fetch the file that it stands for: git lfs pull")
    for begins, format in _BEGINNINGS.items():
        if bare.lower().startswith(begins):
            raise ForeignFile(name, format, EDGE_LIST)
    if said and all(map(_BRACKETED.fullmatch, said)):
        raise ForeignFile(name, "a list of pairs in brackets", EDGE_LIST)
    triples = [line for line in said if not line.startswith(("#", "@"))]
    if triples and all(map(_TRIPLE.fullmatch, triples)):
        raise ForeignFile(name, "RDF", EDGE_LIST)
    if _are_two_lists(said):
        raise ForeignFile(name, "the Trivial Graph Format", EDGE_LIST)


_BEGINNINGS = {
    "nodedef>": "GDF, of GUESS",
    "dl n": "DL, of UCINET",
    "dl\n": "DL, of UCINET",
    "*node data": "VNA, of NetDraw",
    ">>graph6<<": "graph6",
    ">>sparse6<<": "sparse6",
    "begin:vcard": "a list of vCards",
    "-- mysql dump": "a dump of a database",
    "-- postgresql database dump": "a dump of a database",
}


def _without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/|^\s*(//|#).*$", "", text, flags=re.DOTALL | re.MULTILINE).lstrip()


def _are_two_lists(lines: Sequence[str]) -> bool:
    """Whether a line of `#` alone parts nodes from edges, and does not stand among comments."""
    return any(
        line == "#" and not before.startswith("#") and not after.startswith("#")
        for before, line, after in zip(lines, lines[1:], lines[2:], strict=False)
    )


def refuse_contacts(name: str, lines: Sequence[str]) -> None:
    """Raises ForeignFile where lines of several cells have profiles of LinkedIn, whatever language their heading is."""
    if any("linkedin.com/in/" in line.lower() and sum(map(line.count, ",;\t")) > 3 for line in lines):
        raise ForeignFile(name, "a list of people from LinkedIn", "load the archive it is of, as it was downloaded")


def refuse_foreign_rows(name: str, rows: Sequence[Sequence[str]], lines: int) -> None:
    """Raises ForeignFile where rows, and how many `lines` there are in all, say that they are no connections.

    `rows` are the cells of the first lines, without comments and empty lines.
    """
    if not rows:
        return
    first, rest = rows[0], rows[1:]
    widths = {len(row) for row in rows}
    if all(row[0].endswith(":") or ": " in row[0] for row in rows) or _are_lists_in_cells(rows):
        raise ForeignFile(name, "an adjacency list", EDGE_LIST)
    if rest and any(len(row) == 2 and row[1] == "{}" for row in rows):
        raise ForeignFile(name, "an adjacency list of several lines each, of networkx", EDGE_LIST)
    if len(widths) == 1 and len(first) > 2 and list(first[1:]) == [row[0] for row in rest[: len(first) - 1]]:
        raise ForeignFile(name, "a matrix of who knows whom", EDGE_LIST)
    if lines == len(first) + 1 > 2 and not any(map(_NUMBER.fullmatch, first)) and _are_zero_or_one(rest):
        raise ForeignFile(name, "a matrix of who knows whom", EDGE_LIST)
    if 2 <= len(first) <= 4 and all(map(_NUMBER.fullmatch, first)) and widths != {2} and _is_metis(first, rest, lines):
        raise ForeignFile(name, "METIS", EDGE_LIST)
    if len(widths) > 1 and max(widths) > 2 and _is_adjacency_list(rows):
        raise ForeignFile(name, "an adjacency list", EDGE_LIST)


def _are_zero_or_one(rows: Sequence[Sequence[str]]) -> bool:
    return all(cell in ("", "0", "1") for row in rows for cell in row)


def _is_metis(first: Sequence[str], rest: Sequence[Sequence[str]], lines: int) -> bool:
    """Members and connections, then a line for each member with the numbers of others."""
    members = int(first[0])
    cells = [cell for row in rest for cell in row]
    return lines - 1 == members and all(_NUMBER.fullmatch(cell) and int(cell) <= members for cell in cells)


def _are_lists_in_cells(rows: Sequence[Sequence[str]]) -> bool:
    """Whether second cells hold several, most of whom stand first in some line."""
    first = {row[0] for row in rows}
    several = [parts for row in rows if len(row) == 2 and len(parts := re.split(r"\s*[,;|]\s*", row[1])) > 1]
    listed = [part in first for parts in several for part in parts]
    return bool(listed) and 2 * sum(listed) >= len(listed)


def _is_adjacency_list(rows: Sequence[Sequence[str]]) -> bool:
    """Whether most of those in a third place or later also stand in the first or second of some line."""
    ends = {cell for row in rows for cell in row[:2]}
    further = [cell in ends for row in rows for cell in row[2:]]
    return bool(further) and 2 * sum(further) >= len(further)
