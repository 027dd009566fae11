"""Takes members out of the graph so that no later load brings them back.

They go with all their ties; what stays is a hash of the id (`graph.loading.forgotten`).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from graph.driver import schema
from graph.driver.connection import Row, native
from graph.driver.database import Database
from graph.driver.query import Query
from graph.errors import ForgottenOwner, GraphLoading, InvalidInput, UnknownMember
from graph.instants import instant_text
from graph.loading.forgotten import NOBODY, Forgotten, hash_of
from graph.loading.load_lock import load_lock, loader
from graph.sources.chunks import OwnExports, Source


@dataclass(frozen=True, slots=True)
class ForgottenHash:
    """What is left of somebody who was forgotten, and since when (ISO 8601)."""

    hash: str
    since: str


def forget(database: Database, members: Sequence[str]) -> list[str]:
    """Takes members out of the graph, all or none, and gives their hashes; who was forgotten before stays so.

    Raises UnknownMember for ids that are neither in the graph nor forgotten, LoadRunning, and GraphLoading after a
    load that was cut short, which has to be completed first.
    """
    _refuse_half_a_network(database)
    before = database.read(forgotten())
    known = database.read(Query("load/known_members", decode=_ids, parameters={"ids": [*dict.fromkeys(members)]}))
    if unknown := [member for member in members if member not in known and member not in before]:
        raise UnknownMember(*unknown)
    schema.apply(database)
    with load_lock(database, emptying=False) as lock:
        made = Query("forget/key", decode=lambda rows: str(rows[0]["key"]), parameters={"key": secrets.token_hex(32)})
        key = database.write(made, first=lock.held)
        hashes = {member: hash_of(member, key) for member in members}
        rows = [{"id": member, "hash": hash} for member, hash in hashes.items()]
        database.write(Query("forget/members", decode=lambda _: None, parameters={"rows": rows}), first=lock.held)
    return list(hashes.values())


def remember(database: Database, hash: str) -> None:
    """Takes a hash back: later loads may bring the member again. Raises InvalidInput where there is no such hash."""
    if not database.write(Query("forget/undo", decode=lambda rows: rows[0]["taken"], parameters={"hash": hash})):
        raise InvalidInput(f"nobody was forgotten under the hash {hash!r}")


def forgotten() -> Query[Forgotten]:
    """Who asked to be forgotten, to compare ids with."""
    return Query("forget/forgotten", decode=_forgotten)


def forgotten_hashes() -> Query[list[ForgottenHash]]:
    """The hashes of everybody who was forgotten, the latest last."""
    return Query("forget/forgotten", decode=_hashes)


def refuse_forgotten_owners(source: Source, asked: Forgotten) -> None:
    """Raises ForgottenOwner where an archive is of somebody who asked to be forgotten."""
    if isinstance(source, OwnExports):
        for archive, owner in source.owners.items():
            if owner in asked:
                raise ForgottenOwner(archive)


def _refuse_half_a_network(database: Database) -> None:
    other = database.read(loader())
    if (other is None or other.dead) and database.read(schema.state()).loading:
        raise GraphLoading


def _ids(rows: Sequence[Row]) -> set[str]:
    return {row["id"] for row in rows}


def _forgotten(rows: Sequence[Row]) -> Forgotten:
    return Forgotten(rows[0]["key"], frozenset(hash for hash, _ in rows[0]["forgotten"])) if rows else NOBODY


def _hashes(rows: Sequence[Row]) -> list[ForgottenHash]:
    return [ForgottenHash(hash, instant_text(since)) for row in rows for hash, since in native(row["forgotten"])]
