"""The graph as arrays, of one version: what is counted for everybody at once, repeated, compared and sent away.

Nothing here knows Neo4j; `graph/snapshot/projection.py` fills a snapshot from there.
Members, groups and pages are rows in the order of their ids by code point, and stand for each other by row number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Self

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather as feather
from msgspec import Meta, Struct
from numpy.typing import NDArray
from pyarrow import ipc

from graph.errors import InvalidSnapshot, UndefinedTiers, UnknownMember
from graph.files.private import create_private, make_private_folder, require_room, staging, take_place
from graph.files.regular import open_regular, read_whole
from graph.model import ASSUMED_NAMES
from graph.rules.loaded_pack import LoadedPack
from graph.snapshot import soundness

FORMAT = 4
_ABOUT = "snapshot.json"
_ABOUT_BYTES_AT_MOST = 1 << 24

_CHOICE = pa.dictionary(pa.int8(), pa.string())
_TIME = pa.timestamp("us", "UTC")
_ROWS = pa.list_(pa.int32())

MEMBERS = pa.schema(
    [
        ("id", pa.large_string()),
        ("tier", pa.dictionary(pa.int16(), pa.string())),
        ("tier_expires_at", _TIME),
        ("status", _CHOICE),
        ("restricted_until", _TIME),
        ("visibility", _CHOICE),
        ("accepts_from", _CHOICE),
        ("accepts_inmail", pa.bool_()),
        ("open_profile", pa.bool_()),
        ("contact_info", _CHOICE),
        ("contact_form", pa.bool_()),
        ("comments_open", pa.bool_()),
        ("inmail_credits", pa.int64()),
        ("messages_sent", pa.int64()),
        ("inmails_sent", pa.int64()),
        ("assumed", pa.int16()),  # what is not known of the member: a bit for each of ASSUMED_NAMES
        ("segment", pa.dictionary(pa.int32(), pa.string())),  # what the column that was asked for says, as text
        ("connected_to", pa.large_list(pa.int32())),  # each connection once, at the member with the smaller id
        ("strength", pa.large_list(pa.int8())),  # of each of these 1 to 100, or 0 where nobody gave one
        ("groups", _ROWS),
        ("works_at", _ROWS),  # a stint each, and when it began and ends: a page can stand there twice
        ("works_since", pa.list_(_TIME)),
        ("works_until", pa.list_(_TIME)),
        ("follows", _ROWS),
        ("blocked", _ROWS),  # whom the member has blocked
        ("limited", _ROWS),  # whose messages the member limits
    ]
)
GROUPS = pa.schema([("id", pa.large_string()), ("messaging", pa.bool_())])
PAGES = pa.schema([("id", pa.large_string())])

# The tables whose rows the ties of members lead to.
TIES = {
    "connected_to": "members",
    "groups": "groups",
    "works_at": "pages",
    "follows": "pages",
    "blocked": "members",
    "limited": "members",
}

_TABLES = {"members": MEMBERS, "groups": GROUPS, "pages": PAGES}


class _Format(Struct, frozen=True):
    """What each version of the format begins with."""

    format: int


class _About(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `snapshot.json`; `sha256` has the hash of each table's file, in hexadecimal."""

    format: int
    version: Annotated[int, Meta(ge=0)]
    by: str
    pack: LoadedPack
    sha256: dict[str, str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One version of the graph with one pack: immutable tables of the schemas above.

    `by` names the column of members whose texts are the column `segment` of `members`.
    Raises ValueError where a table has other columns, or a list leads to rows that are not there.
    """

    version: int
    pack: LoadedPack
    by: str
    members: pa.Table
    groups: pa.Table
    pages: pa.Table

    def __post_init__(self) -> None:
        for name, schema in _TABLES.items():
            found = getattr(self, name).schema
            if found.remove_metadata() != schema:
                raise ValueError(f"the columns of {name} are {found}, not {schema}")
        soundness.verify_pack(self.pack)
        soundness.verify_tables(self.members, self.groups, self.pages, tiers=self.pack.tiers, ties=TIES)

    def under(self, pack: LoadedPack) -> Self:
        """The same graph with another pack; raises UndefinedTiers."""
        refuse_undefined_tiers(self.members, pack)
        return self if pack == self.pack else replace(self, pack=pack)

    @property
    def connections(self) -> int:
        """How many connections there are, each counted once."""
        return sum(len(chunk.values) for chunk in self.members["connected_to"].chunks)

    def rows_of(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """Where these members stand in `members`; raises UnknownMember with all who are not there."""
        known = self.members["id"]
        rows = pc.index_in(pa.array(ids, known.type), value_set=known)
        if rows.null_count:
            raise UnknownMember(*(id for id, row in zip(ids, rows.to_pylist(), strict=True) if row is None))
        found: NDArray[np.int64] = rows.to_numpy().astype(np.int64)
        return found

    def save(self, folder: Path) -> None:
        """Writes the snapshot as Arrow files, whole or not at all; what another snapshot left there is replaced.

        Raises InvalidSnapshot where the folder holds anything else, and OSError.
        """
        folder = folder.resolve()
        require_place(folder)
        make_private_folder(folder.parent)
        with staging(folder.parent, f".{folder.name}-") as stage:
            new = stage / "new"
            make_private_folder(new)
            for name in _TABLES:
                with create_private(new / f"{name}.arrow") as file:
                    feather.write_feather(getattr(self, name), file, compression="uncompressed")
            about = _About(
                format=FORMAT,
                version=self.version,
                by=self.by,
                pack=self.pack,
                sha256={name: _sha256_of(new / f"{name}.arrow") for name in _TABLES},
            )
            with create_private(new / _ABOUT) as file:
                file.write(msgspec.json.format(msgspec.json.encode(about), indent=2) + b"\n")
            take_place(new, folder)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The snapshot of a folder, read into memory and held to its hashes and to all that counting relies on.

        Raises InvalidSnapshot where there is none, one of another version of the format, or one that was changed.
        """
        try:
            text = read_whole(folder / _ABOUT, _ABOUT_BYTES_AT_MOST)
            format = msgspec.json.decode(text, type=_Format).format
            if format != FORMAT:
                raise InvalidSnapshot(f"{folder} is a snapshot of format {format}, not {FORMAT}: make it anew")
            about = msgspec.json.decode(text, type=_About)
            tables = {name: _table(folder / f"{name}.arrow", about.sha256.get(name)) for name in _TABLES}
            return cls(about.version, about.pack, about.by, **tables)
        except (OSError, ValueError, MemoryError, RecursionError) as error:  # Arrow's and msgspec's are ValueErrors
            reason = str(error).partition("\n")[0]
            raise InvalidSnapshot(f"{folder} holds no snapshot that can be read: {reason}") from error


def assumed_bits(sets: pa.ListArray) -> pa.Array:
    """Sets of ASSUMED_NAMES, lists of texts, as the column `assumed` has them."""
    places = pc.index_in(sets.flatten(), pa.array(ASSUMED_NAMES)).to_numpy().astype(np.int16)
    bits = np.zeros(len(sets), np.int16)
    np.bitwise_or.at(bits, pc.list_parent_indices(sets).to_numpy(), np.int16(1) << places)
    return pa.array(bits)


def refuse_undefined_tiers(members: pa.Table, pack: LoadedPack) -> None:
    """Raises UndefinedTiers where members are on tiers that the pack does not define."""
    counts = {each["values"]: each["counts"] for each in pc.value_counts(members["tier"].cast(pa.string())).to_pylist()}
    undefined = sorted(counts.keys() - {"", *pack.tiers})
    if undefined:
        raise UndefinedTiers(pack.name, {tier: counts[tier] for tier in undefined})


def require_place(folder: Path) -> None:
    """Returns where a snapshot can be saved in a folder; raises InvalidSnapshot where it holds anything else."""
    files = {_ABOUT, *(f"{name}.arrow" for name in _TABLES)}
    try:
        require_room(folder)
        others = folder.exists() and any(path.name not in files for path in folder.iterdir())
    except OSError as error:
        raise InvalidSnapshot(f"a snapshot cannot be saved in {folder}: {error.strerror or error}") from error
    if others:
        raise InvalidSnapshot(f"{folder} holds something else than a snapshot: choose another folder")


def _table(path: Path, sha256: str | None) -> pa.Table:
    """What is checked is what is used: the file is read once, and may change afterwards."""
    with open_regular(path) as file:
        content = file.read()
    if _sha256(content) != sha256:
        raise ValueError(f"{path.name} is not the file that was saved (its SHA-256 differs)")
    table = ipc.open_file(pa.py_buffer(content)).read_all()
    table.validate(full=True)
    return table


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sha256_of(file: Path) -> str:
    """The same of a file, a piece at a time."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
