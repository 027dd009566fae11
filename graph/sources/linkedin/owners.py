"""Whose an archive is: LinkedIn does not write it down anywhere (docs/how-to/own-exports.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

from graph.errors import InvalidInput, SeveralOwners, UnknownOwners
from graph.model import Column, Table, Type
from graph.sources.linkedin.addresses import named_id
from graph.sources.linkedin.files import Contents
from graph.sources.linkedin.messages import person_in_every_conversation
from graph.sources.tables import TableFile

OWNERS = Table(
    "owners",
    (Column("archive", Type.TEXT), Column("owner", Type.TEXT)),
    key=("archive",),
    required=("archive", "owner"),
)


def owners_of(archives: Sequence[Contents], named: Mapping[str, str]) -> dict[str, str]:
    """The id of each archive's owner, by the archive's name; `named` says some of them.

    The first way that tells is taken: `named`, the inviter of outgoing invitations, the one person in every
    conversation, and the one person of the other archives who bears the name in `Profile.csv`.
    Raises UnknownOwners, and SeveralOwners where outgoing invitations are of different people.
    """
    owners = dict(named)
    for archive in archives:
        name = archive.archive.name
        if name not in owners and (owner := _inviter(archive) or _writer(archive)) is not None:
            owners[name] = owner
    while told := _namesakes(archives, owners):
        owners |= told
    if unknown := [archive.archive.name for archive in archives if archive.archive.name not in owners]:
        raise UnknownOwners(unknown)
    return owners


def read_owners(file: TableFile, archives: Set[str]) -> dict[str, str]:
    """What a file beside these archives says of them; raises InvalidInput where it says anything else."""
    owners: dict[str, str] = {}
    for chunk in file.chunks():
        if chunk.rejects:
            raise InvalidInput(f"{file.file}, line {chunk.rejects[0].line}: {chunk.rejects[0].reason}")
        for line, name, person in zip(chunk.lines, chunk.columns["archive"], chunk.columns["owner"], strict=True):
            place = f"{file.file}, line {line}"
            owner = named_id(person)
            if name not in archives:
                raise InvalidInput(
                    f"{place}: there is no archive {name!r} beside it, but {', '.join(sorted(archives))}"
                )
            if owner is None:
                raise InvalidInput(f"{place}: {person!r} is neither an address nor an id")
            if owners.setdefault(name, owner) != owner:
                raise InvalidInput(f"{place}: the archive {name!r} has another owner above")
    return owners


def _inviter(archive: Contents) -> str | None:
    if len(archive.inviters) > 1:
        raise SeveralOwners(archive.archive.name, len(archive.inviters))
    return next(iter(archive.inviters), None)


def _writer(archive: Contents) -> str | None:
    return person_in_every_conversation(archive.archive, {contact.id for contact in archive.contacts})


def _namesakes(archives: Sequence[Contents], owners: Mapping[str, str]) -> dict[str, str]:
    """Owners who are still to be told, by their names in archives whose owners are known and know them."""
    bearing: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for archive in archives:
        for contact in archive.contacts:
            bearing[contact.name][contact.id].add(archive.archive.name)
    told: dict[str, str] = {}
    for archive in archives:
        name = archive.archive.name
        if name in owners or not archive.name:
            continue
        elsewhere = {id: others - {name} for id, others in bearing[archive.name].items() if others != {name}}
        if len(elsewhere) == 1:
            ((person, listing),) = elsewhere.items()
            contacts = {contact.id for contact in archive.contacts}
            if any(owners.get(other) in contacts for other in listing):
                told[name] = person
    return told
