"""One network out of several archives: who is known, who knows whom, and who works where.

Archives count in their order, the files of each as `graph.sources.linkedin.files` reads them, rows as written.
The last cell that is not empty wins; of a row about an owner only the connection counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from graph.sources.linkedin.archive import CONNECTIONS
from graph.sources.linkedin.files import FOLLOWS, POSITIONS, PROFILE, Contact, Contents, Position
from graph.sources.linkedin.messages import Exchange


class Row(NamedTuple):
    """A row of a table, with the place that it comes from; a cell that is not there leaves the graph's value alone."""

    file: str
    line: int
    cells: dict[str, str]


Rows = dict[str, Row]


@dataclass(slots=True)
class Network:
    """Rows by their keys: people, owners and jobs by the member, companies by the company, connections by both ends.

    `listed`: all whom the last archive of an owner lists, and the other owners whose last archives list them.
    `earlier`: those whom earlier archives of the same owner list, and that one does not.
    """

    owners: Rows = field(default_factory=dict)
    people: Rows = field(default_factory=dict)
    companies: Rows = field(default_factory=dict)
    connections: dict[tuple[str, ...], Row] = field(default_factory=dict)
    jobs: Rows = field(default_factory=dict)
    stints: list[Row] = field(default_factory=list)
    follows: list[Row] = field(default_factory=list)
    listed: dict[str, set[str]] = field(default_factory=dict)
    earlier: dict[str, set[str]] = field(default_factory=dict)


def network_of(
    archives: Sequence[Contents],
    owners: Mapping[str, str],
    exchanges: Mapping[str, Exchange],
    *,
    drop_missing: bool,
) -> Network:
    """The network of these archives, in their order; `owners` and `exchanges` are by the name of an archive.

    `drop_missing`: who is in `earlier` is no connection.
    """
    network = Network()
    of_owner: defaultdict[str, list[Contents]] = defaultdict(list)
    for archive in archives:
        of_owner[owners[archive.archive.name]].append(archive)
    _compare(network, of_owner)
    for archive in archives:
        owner = owners[archive.archive.name]
        for contact in archive.contacts:
            if not (drop_missing and contact.id in network.earlier[owner]):
                strength = exchanges[archive.archive.name].strengths.get(contact.id) if exchanges else None
                _connect(network, owner, contact, archive.place(CONNECTIONS), strength)
            if contact.id not in of_owner:
                _meet(network, contact, archive.place(CONNECTIONS))
        _take_over(network, owner, archive)
    for owner, theirs in of_owner.items():
        network.owners[owner].cells.update(_known(theirs))
    used = {row.cells["company"] for row in (*network.jobs.values(), *network.stints, *network.follows)}
    network.companies = {id: row for id, row in network.companies.items() if id in used}
    return network


def _compare(network: Network, of_owner: Mapping[str, Sequence[Contents]]) -> None:
    for owner, archives in of_owner.items():
        network.listed[owner] = {contact.id for contact in archives[-1].contacts}
    for owner, listed in list(network.listed.items()):
        for other in listed & of_owner.keys():
            network.listed[other].add(owner)
    for owner, archives in of_owner.items():
        earlier = {contact.id for archive in archives[:-1] for contact in archive.contacts}
        network.earlier[owner] = earlier - network.listed[owner]


def _connect(network: Network, owner: str, contact: Contact, place: str, strength: int | None) -> None:
    a, b = sorted((owner, contact.id))
    before = network.connections.get((a, b))
    strongest = max(strength or 0, int(before.cells.get("strength", 0)) if before else 0)
    cells = {"a": a, "b": b, "since": contact.since, "strength": str(strongest or "")}
    network.connections[a, b] = _merged(before, place, contact.line, cells)


def _meet(network: Network, contact: Contact, place: str) -> None:
    cells = {"id": contact.id, "name": contact.name, "company": contact.company, "position": contact.position}
    network.people[contact.id] = _merged(network.people.get(contact.id), place, contact.line, cells)
    if contact.company:
        company = _company(network, contact.company, place, contact.line)
        network.jobs[contact.id] = Row(place, contact.line, {"member": contact.id, "company": company})


def _take_over(network: Network, owner: str, archive: Contents) -> None:
    """What an archive says of its owner."""
    place = archive.place(POSITIONS)
    for position in archive.positions or ():
        company = _company(network, position.company, place, position.line)
        cells = {"member": owner, "company": company, "since": position.since, "until": position.until}
        network.stints.append(Row(place, position.line, cells))
    for follow in archive.follows or ():
        company = _company(network, follow.company, archive.place(FOLLOWS), follow.line)
        cells = {"member": owner, "company": company, "tie": "follows", "since": follow.since}
        network.follows.append(_merged(None, archive.place(FOLLOWS), follow.line, cells))
    current = max((each for each in archive.positions or () if not each.until), key=_begin, default=None)
    cells = {"id": owner, "name": archive.name}
    if current is not None:
        cells |= {"company": current.company, "position": current.title}
    place = archive.place(PROFILE if PROFILE in archive.archive else CONNECTIONS)
    network.owners[owner] = _merged(network.owners.get(owner), place, 1, cells)


def _begin(position: Position) -> str:
    return position.since


def _company(network: Network, name: str, place: str, line: int) -> str:
    """The id of a company: its name with white space collapsed, case-folded; who names it first, names its page."""
    name = " ".join(name.split())
    id = name.casefold()
    network.companies.setdefault(id, Row(place, line, {"id": id, "name": name}))
    return id


def _known(archives: Sequence[Contents]) -> dict[str, str]:
    """What the owner's last archive has all of, and whether there are stints."""
    last = archives[-1]
    known = {
        "connections": not last.lost_contacts,
        "companies": last.positions is not None and last.follows is not None,
    }
    return {
        "known": ";".join(name for name, all_of_them in known.items() if all_of_them),
        "positions": str(any(archive.positions is not None for archive in archives)).lower(),
    }


def _merged(before: Row | None, file: str, line: int, cells: Mapping[str, str]) -> Row:
    filled = {name: cell for name, cell in cells.items() if cell}
    return Row(file, line, filled if before is None else before.cells | filled)
