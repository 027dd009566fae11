"""Verdict tests as files: what pairs and members are expected to get, with the line of everything.

A file is YAML in which every plain value but null, true and false is text: ids are never read as numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import yaml
from msgspec import UNSET, Meta, Struct, UnsetType

from graph.errors import InvalidInput, InvalidTest
from graph.files.regular import read_text
from graph.instants import read_instant
from graph.model import REMOVALS, TABLES
from graph.rules.rule_pack import RulePack, is_file, pack_of, read_pack
from graph.rules.vocabulary import CHANNELS, GATES, REASONS
from graph.sources.change import REMOVE, Change, change_of, read_change
from graph.sources.names import nearest

ROWS_AT_MOST = 10_000
_BYTES_AT_MOST = 1 << 24
_SUFFIXES = (".yaml", ".yml")
_OF_OTHERS = "x-"
_REQUIRED = {table.name: table.required for table in (*TABLES, *REMOVALS)}
_CHANNEL_NAMES = tuple(channel.name for channel in CHANNELS)
_CODES = (*(reason.code for reason in REASONS), *(gate.reason.code for gate in GATES))

Id = Annotated[str, Meta(min_length=1, extra_json_schema={"type": ["string", "integer"]})]
Code = Annotated[str, Meta(extra_json_schema={"enum": [*_CODES]})]
Instant = Annotated[str, Meta(description="ISO 8601.", examples=["2026-11-23"])]
Tables = dict[str, Any]


class Check(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A pair (`sender`, `recipient`) or a `member`, and what is expected; what is not said may be anything."""

    name: Annotated[str | None, Meta(description="What it is about, for people.")] = None
    sender: Annotated[Id | None, Meta(description="The id of the member who wants to write.")] = None
    recipient: Annotated[Id | None, Meta(description="The id of the member to be reached.")] = None
    member: Annotated[Id | None, Meta(description="The id of a member asked about alone.")] = None
    at: Annotated[Instant | None, Meta(description="In place of the file's.")] = None
    as_tier: Annotated[str | None, Meta(description="Ask as if the sender were on this tier.")] = None
    change: Annotated[
        str | Tables | None,
        Meta(description="Ask as if this change were loaded: a folder, or tables of rows, and in `remove` what goes."),
    ] = None
    reachable: Annotated[bool | UnsetType, Meta(description="By message, request or paid.")] = UNSET
    reachable_free: Annotated[bool | UnsetType, Meta(description="By message or request.")] = UNSET
    degree: Annotated[
        Annotated[int, Meta(ge=1, le=3)] | UnsetType | None, Meta(description="1, 2 or 3; null: none.")
    ] = UNSET
    mutuals: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    tier: Annotated[str | UnsetType, Meta(description="The sender's effective tier, or the one asked as.")] = UNSET
    no_link: bool | UnsetType = UNSET
    gates: Annotated[list[Code] | UnsetType, Meta(description="All of them, in the order of the rules.")] = UNSET
    channels: Annotated[
        dict[str, Literal["open"] | list[Code]] | UnsetType,
        Meta(
            description="`open`, or all reasons in the order of the rules.",
            extra_json_schema={"propertyNames": {"enum": [*_CHANNEL_NAMES]}},
        ),
    ] = UNSET
    kinds: Annotated[dict[str, str] | UnsetType, Meta(description="What channels are; the pack says it.")] = UNSET
    groups: Annotated[list[Id] | UnsetType, Meta(description="The groups that both are in.")] = UNSET
    pages: Annotated[list[Id] | UnsetType, Meta(description="The pages that tie both and count.")] = UNSET
    rests_on: Annotated[
        dict[str, list[str]] | UnsetType, Meta(description="Of channels, the facts that are not known and decide it.")
    ] = UNSET
    certain: bool | UnsetType = UNSET
    possible: bool | UnsetType = UNSET
    certain_free: bool | UnsetType = UNSET
    possible_free: bool | UnsetType = UNSET
    reach: Annotated[list[Id] | UnsetType, Meta(description="Everybody whom the member reaches.")] = UNSET
    reached_by: Annotated[list[Id] | UnsetType, Meta(description="Everybody who reaches the member.")] = UNSET

    def __post_init__(self) -> None:
        of_a_pair = self.sender is not None and self.recipient is not None
        if (self.sender is None) != (self.recipient is None) or of_a_pair == (self.member is not None):
            raise ValueError("a check is about a pair, sender and recipient, or about a member")
        expected = {name for name in EXPECTED if getattr(self, name) is not UNSET}
        if not expected:
            raise ValueError("this check expects nothing")
        if strange := sorted(expected - {*(OF_A_PAIR if of_a_pair else OF_A_MEMBER)}):
            raise ValueError(f"{strange[0]} is not expected of a {'pair' if of_a_pair else 'member'}")
        for channel in (*(self.channels or ()), *(self.kinds or ()), *(self.rests_on or ())):
            if channel not in _CHANNEL_NAMES:
                raise ValueError(f"there is no channel {channel!r}{_meant(channel, _CHANNEL_NAMES)}")
        for code in self._codes():
            if code not in _CODES:
                raise ValueError(f"there is no code {code!r}{_meant(code, _CODES)}")
        _require_instant(self.at)

    def _codes(self) -> Iterator[str]:
        yield from self.gates or ()
        for reasons in (self.channels or {}).values():
            yield from reasons if isinstance(reasons, list) else ()

    @property
    def title(self) -> str:
        """What it is about: the name that it was given, or whom it asks about, and as what."""
        who = self.member if self.member is not None else f"{self.sender} to {self.recipient}"
        as_tier = f", as if on {self.as_tier}" if self.as_tier else ""
        return self.name or f"{who}{as_tier}"


OF_A_MEMBER = ("reach", "reached_by")
OF_A_VERDICT = (
    *("reachable", "reachable_free", "degree", "mutuals", "tier", "no_link", "gates"),
    *("certain", "possible", "certain_free", "possible_free"),
)
OF_A_PAIR = (*OF_A_VERDICT, "groups", "pages", "channels", "kinds", "rests_on")
EXPECTED = (*OF_A_PAIR, *OF_A_MEMBER)


class VerdictTests(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Verdict tests for linkreach; keys that begin with `x-` are for others, and not looked at."""

    rule: Annotated[str | None, Meta(description="The sentence that is tested, for people.")] = None
    network: Annotated[
        str | Tables | None,
        Meta(
            description="A folder or file that can be loaded, or native tables; default: the graph that there is. "
            "Nodes stand by their ids, everything else as rows: `{members: {a: {tier: career}, b: {}}, "
            "connections: [[a, b]]}`."
        ),
    ] = None
    pack: Annotated[
        str | Tables | None,
        Meta(
            description="A rule pack: a name, a file, or all of it in the shape of its TOML, neither of which need be "
            "loaded; default: as asked."
        ),
    ] = None
    at: Annotated[Instant | None, Meta(description="The instant asked about; default: now.")] = None
    checks: Annotated[list[Check], Meta(min_length=1)]

    def __post_init__(self) -> None:
        _require_instant(self.at)


@dataclass(frozen=True, slots=True)
class CheckFile:
    """A file of verdict tests; what it names stands beside it."""

    path: Path
    tests: VerdictTests
    lines: Mapping[str, int]

    def line_of(self, place: str) -> int:
        """The line of a place, such as `$.checks[2].change`, or of what it is in."""
        while place not in self.lines:
            end = max(place.rfind("."), place.rfind("["))
            place = place[:end] if end > 0 else "$"
        return self.lines[place]

    def pack(self) -> RulePack | None:
        """The pack that stands in the file or beside it; None where it is meant by its name. Raises InvalidPack."""
        match self.tests.pack:
            case None:
                return None
            case str() as name:
                return read_pack(self.beside(name)) if is_file(name) else None
            case table:
                whole = {**table, "tiers": _numbers(table.get("tiers"))}
                return pack_of(whole, json.dumps(whole), str(table.get("name", "pack")))

    def beside(self, name: str) -> Path:
        """What a path that the file names means."""
        return self.path.parent / name

    def change(self, number: int) -> Change | None:
        """What a check supposes; raises InvalidInput."""
        change = self.tests.checks[number].change
        match change:
            case None:
                return None
            case str():
                return read_change(self.beside(change))
            case _:
                return change_of(_by_rows(change), rows_at_most=ROWS_AT_MOST)

    def network(self) -> Change | None:
        """The network that stands in the file, as a source; None where it is elsewhere. Raises InvalidInput."""
        tables = self.tests.network
        if tables is None or isinstance(tables, str):
            return None
        whole = {name: _with_every_column(rows) for name, rows in _by_rows(tables).items()}
        return change_of(whole, rows_at_most=ROWS_AT_MOST, name="network")


def schema() -> dict[str, Any]:
    """The JSON Schema of a file, for editors."""
    found = msgspec.json.schema(VerdictTests)
    found["$defs"]["VerdictTests"]["patternProperties"] = {f"^{_OF_OTHERS}": {}}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def read_tests(paths: Sequence[Path]) -> list[CheckFile]:
    """The files, and those of folders, by name.

    Raises InvalidTest with the line of the first mistake, and InvalidInput where there is no file.
    """
    return [_read(file) for path in paths for file in _files(path)]


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise InvalidInput(f"there are no tests at {path}")
    if not path.is_dir():
        return [path]
    found = sorted(each for each in path.rglob("*") if each.suffix in _SUFFIXES and each.is_file())
    if not found:
        raise InvalidInput(f"{path} holds no file of tests: their names end in {' or '.join(_SUFFIXES)}")
    return found


def _read(path: Path) -> CheckFile:
    try:
        text = read_text(path, _BYTES_AT_MOST)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise InvalidInput(f"{path} cannot be read: {reason}") from error
    lines: dict[str, int] = {"$": 1}
    try:
        for event in yaml.parse(text, _Composer):
            if isinstance(event, yaml.AliasEvent):  # a few lines of them could stand for more than memory holds
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise InvalidTest(path, line, "an alias is not read: write it out")
        node = _Composer(text).get_single_node()
        document = None if node is None else _plain(node, "$", lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InvalidTest(path, mark.line + 1 if mark else 1, f"not YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise InvalidTest(path, 1, f"not YAML: {str(error).partition(chr(10))[0]}") from error
    except RecursionError as error:
        raise InvalidTest(path, 1, "not YAML that anybody writes: its values lie too deep in each other") from error
    if isinstance(document, dict):
        document = {key: value for key, value in document.items() if not key.startswith(_OF_OTHERS)}
    file = CheckFile(path, VerdictTests(checks=[]), lines)
    try:
        return CheckFile(path, msgspec.convert(document, VerdictTests, strict=False), lines)
    except msgspec.ValidationError as error:
        problem, _, place = str(error).partition(" - at `")
        place = place.removesuffix("`").replace("[...]", "") or "$"
        if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", problem):
            fields = (Check if place.startswith("$.checks[") else VerdictTests).__struct_fields__
            raise InvalidTest(
                path,
                file.line_of(f"{place}.{unknown[1]}"),
                f"there is no key {unknown[1]!r}{_meant(unknown[1], fields)}",
            ) from error
        key = re.search(r"\.(\w+)$", place)
        raise InvalidTest(path, file.line_of(place), f"{key[1]}: {problem}" if key else problem) from error


class _Composer(yaml.SafeLoader):
    """YAML as it is written: times, numbers, yes and no are text."""


_Composer.yaml_implicit_resolvers = {}
_Composer.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z"), ["t", "f"])
_Composer.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:null|~|)\Z"), ["n", "~", ""])


def _plain(node: yaml.Node, place: str, lines: dict[str, int]) -> Any:
    """The value of a node; notes the line of everything by its place, as msgspec names places."""
    lines[place] = node.start_mark.line + 1
    match node:
        case yaml.MappingNode():
            mapping: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = key_node.value
                if not isinstance(key_node, yaml.ScalarNode):
                    raise yaml.composer.ComposerError(None, None, "a key is a word", key_node.start_mark)
                if key in mapping:
                    raise yaml.composer.ComposerError(None, None, f"{key!r} stands twice", key_node.start_mark)
                mapping[key] = _plain(value_node, f"{place}.{key}", lines)
                lines[f"{place}.{key}"] = key_node.start_mark.line + 1
            return mapping
        case yaml.SequenceNode():
            return [_plain(each, f"{place}[{number}]", lines) for number, each in enumerate(node.value)]
        case yaml.ScalarNode(tag="tag:yaml.org,2002:null"):
            return None
        case yaml.ScalarNode(tag="tag:yaml.org,2002:bool"):
            return node.value == "true"
        case _:
            return node.value


def _by_rows(tables: Mapping[str, Any]) -> dict[str, Any]:
    """Tables as lists of rows with columns: of nodes by their ids, of rows that are the required cells alone."""
    found: dict[str, Any] = {}
    for name, rows in tables.items():
        if name == REMOVE and isinstance(rows, Mapping):
            found[name] = {each: _rows(f"{REMOVE}/{each}", some) for each, some in rows.items()}
        else:
            found[name] = _rows(name, rows)
    return found


def _with_every_column(rows: Any) -> Any:
    """The rows of a table as its file would have them: a cell that a row does not name is empty."""
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return rows
    columns = dict.fromkeys(column for row in rows for column in row)
    return [{**columns, **row} for row in rows]


def _rows(table: str, rows: Any) -> Any:
    required = _REQUIRED.get(table, ())
    if isinstance(rows, Mapping) and required == ("id",):
        return [
            {"id": id, **(cells or {})} if isinstance(cells, Mapping | None) else cells for id, cells in rows.items()
        ]
    if not isinstance(rows, list):
        return rows
    return [
        dict(zip(required, row, strict=True)) if isinstance(row, list) and len(row) == len(required) else row
        for row in rows
    ]


def _require_instant(text: str | None) -> None:
    try:
        if text is not None:
            read_instant(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no time: say 2026-11-23 or 2026-11-23T09:30:00Z") from error


def _numbers(value: Any) -> Any:
    """The tiers of a pack, where every text of digits is a number."""
    match value:
        case dict():
            return {key: _numbers(each) for key, each in value.items()}
        case str() if re.fullmatch(r"[0-9]+", value):
            return int(value)
        case str() if re.fullmatch(r"[0-9]+\.[0-9]+", value):
            return float(value)
        case _:
            return value


def _meant(word: str, known: Sequence[str]) -> str:
    meant = nearest(word, known)
    return f": did you mean {meant!r}?" if meant else ""
