"""A plan as files: lists for people and their other tools, and a change that makes it come true."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.files import csv_text
from analysis.plans.plan import Plan
from graph.errors import InvalidInput
from graph.files.private import create_private, make_private_folder, require_room, staging, take_place
from graph.files.regular import require_replaceable
from graph.model import REMOVALS, TABLES
from graph.rules.redaction import AUDITOR, Reader

_LISTS = ("contacts.csv", "actions.csv", "uncovered.csv", "plan.json")
_CHANGE, _REMOVE = "change", "remove"
_CHANGED = {f"{table.name}.csv" for table in (*TABLES, *REMOVALS)}

_MEMBERS = ("id", "tier", "tier_expires_at", "inmail_credits")


def contacts_frame(plan: Plan) -> pd.DataFrame:
    """A row a contact, in the order of the recipients: recipient, sender, channel, needs (joined by `;`)."""
    rows = [(each.recipient, each.sender, each.channel, ";".join(each.needs)) for each in plan.contacts]
    return pd.DataFrame(rows, columns=["recipient", "sender", "channel", "needs"], dtype="str")


def actions_frame(plan: Plan) -> pd.DataFrame:
    """A row an action, in the order of the senders: sender, action, id, count (Int64), cost of all (Float64)."""
    rows = [(each.sender, str(each.action), each.id, each.count, float(each.cost)) for each in plan.actions]
    frame = pd.DataFrame(rows, columns=["sender", "action", "id", "count", "cost"])
    return frame.astype({"sender": "str", "action": "str", "id": "str", "count": "Int64", "cost": "Float64"})


def uncovered_frame(plan: Plan, reader: Reader = AUDITOR) -> pd.DataFrame:
    """A row a recipient whom nobody contacts: recipient, every reason (joined by `;`), as this reader reads them."""
    rows = [(each.recipient, ";".join(reader.codes(each.reasons, sender=""))) for each in plan.uncovered]
    return pd.DataFrame(rows, columns=["recipient", "reasons"], dtype="str")


def require_room_for_plan(folder: Path) -> None:
    """Returns where a plan can be written into a folder; raises InvalidInput, and leaves nothing behind."""
    try:
        require_room(folder)
        for file in _LISTS:
            require_replaceable(folder / file)
        there = folder / _CHANGE
        others = there.exists() and [
            path for path in there.rglob("*") if not path.is_dir() and str(path.relative_to(there)) not in _CHANGED
        ]
    except OSError as error:
        raise InvalidInput(f"a plan cannot be written into {folder}: {error.strerror or error}") from error
    if others:
        raise InvalidInput(f"{there} holds something else than a change: choose another folder")


def write_plan(
    folder: Path,
    plan: Plan,
    document: Mapping[str, Any],
    *,
    raw: bool = False,
    named: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
) -> list[Path]:
    """Writes the lists, `plan.json` and the folder `change/`, each whole or not at all; returns their paths.

    `document` is what `plan.json` says; `named` puts names into the lists. Texts that a spreadsheet would run are
    prefixed with `'`, unless `raw`; those of the change never are. Raises OSError.
    """
    frames = {
        "contacts.csv": contacts_frame(plan),
        "actions.csv": actions_frame(plan),
        "uncovered.csv": uncovered_frame(plan),
    }
    texts = {
        **{name: csv_text(named(frame) if named else frame, raw=raw) for name, frame in frames.items()},
        "plan.json": json.dumps(document, indent=2, ensure_ascii=False) + "\n",
    }
    make_private_folder(folder)
    with staging(folder) as stage:
        for name, text in texts.items():
            _write(stage / name, text)
        _write_change(stage / _CHANGE, plan.change)
        written = [(stage / name).replace(folder / name) for name in texts]
        take_place(stage / _CHANGE, folder / _CHANGE)
        return [*written, folder / _CHANGE]


def _write_change(folder: Path, change: Mapping[str, Any]) -> None:
    """Native files; where nothing changes, members without a row."""
    make_private_folder(folder)
    for table, rows in ({"members": []} | {**change}).items():
        if table == _REMOVE:
            make_private_folder(folder / _REMOVE)
            for removed, some in rows.items():
                _write(folder / _REMOVE / f"{removed}.csv", _table(some))
        elif rows or not change:
            _write(folder / f"{table}.csv", _table(rows))


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Ids as they are: the file is for a load, and for no spreadsheet."""
    return csv_text(pd.DataFrame(rows, columns=[*(rows[0] if rows else _MEMBERS)], dtype="str"), raw=True)


def _write(path: Path, text: str) -> None:
    with create_private(path) as file:
        file.write(text.encode())
