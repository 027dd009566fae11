"""The graph as arrays, of one version: what is counted for everybody at once, repeated, compared and sent away.

Nothing here knows Neo4j; `graph/snapshot/projection.py` fills a snapshot from there.
Members, groups and pages are rows in the order of their ids by code point, and stand for each other by row number.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather as feather
from pyarrow import ipc

from graph.errors import InvalidSnapshot
from graph.model import ASSUMED_NAMES
from graph.rules.loaded_pack import LoadedPack, TierRules

FORMAT = 4

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
        ("works_at", _ROWS),  # a stint each, and when it ends: a page can stand there twice
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
        for name, table in TIES.items():
            rows = pc.min_max(pc.list_flatten(self.members[name])).as_py()
            if rows["min"] is not None and not 0 <= rows["min"] <= rows["max"] < len(getattr(self, table)):
                raise ValueError(f"{name} leads to rows that {table} does not have")
        for one, other in (("works_at", "works_until"), ("connected_to", "strength")):
            if not pc.all(pc.equal(*(pc.list_value_length(self.members[name]) for name in (one, other)))).as_py():
                raise ValueError(f"{one} and {other} are of different lengths")

    @property
    def connections(self) -> int:
        """How many connections there are, each counted once."""
        return sum(len(chunk.values) for chunk in self.members["connected_to"].chunks)

    def save(self, folder: Path) -> None:
        """Writes the snapshot as Arrow files, whole or not at all; what another snapshot left there is replaced.

        Raises InvalidSnapshot where the folder holds anything else.
        """
        folder = folder.resolve()
        files = {"snapshot.json", *(f"{name}.arrow" for name in _TABLES)}
        if folder.exists() and any(path.name not in files for path in folder.iterdir()):
            raise InvalidSnapshot(f"{folder} holds something else than a snapshot: choose another folder")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
            new, old = Path(beside, "new"), Path(beside, "old")
            new.mkdir(mode=0o700)
            for name in _TABLES:
                feather.write_feather(getattr(self, name), new / f"{name}.arrow", compression="uncompressed")
            about = {"format": FORMAT, "version": self.version, "by": self.by, "pack": asdict(self.pack)}
            (new / "snapshot.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
            if folder.exists():
                folder.rename(old)
            new.rename(folder)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The snapshot of a folder, its files mapped into memory.

        Raises InvalidSnapshot where there is none, or one of another version of the format.
        """
        try:
            about: dict[str, Any] = json.loads((folder / "snapshot.json").read_text("utf-8"))
            if about["format"] != FORMAT:
                raise InvalidSnapshot(f"{folder} is a snapshot of format {about['format']}, not {FORMAT}: make it anew")
            tables = {name: _mapped(folder / f"{name}.arrow") for name in _TABLES}
            pack = about["pack"]
            tiers = tuple(TierRules(**{**tier, "grants": tuple(tier["grants"])}) for tier in pack["tier_rules"])
            return cls(about["version"], LoadedPack(**{**pack, "tier_rules": tiers}), about["by"], **tables)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidSnapshot(f"{folder} holds no snapshot that can be read: {error}") from error


def assumed_bits(sets: pa.ListArray) -> pa.Array:
    """Sets of ASSUMED_NAMES, lists of texts, as the column `assumed` has them."""
    places = pc.index_in(sets.flatten(), pa.array(ASSUMED_NAMES)).to_numpy().astype(np.int16)
    bits = np.zeros(len(sets), np.int16)
    np.bitwise_or.at(bits, pc.list_parent_indices(sets).to_numpy(), np.int16(1) << places)
    return pa.array(bits)


def _mapped(path: Path) -> pa.Table:
    return ipc.open_file(pa.memory_map(str(path))).read_all()
