"""Rule packs as people mean them: by a file, or by a name."""

from __future__ import annotations

from pathlib import Path

from graph.driver.database import Database
from graph.errors import UnknownPack
from graph.rules.pack_store import pack_hashes, pack_text
from graph.rules.rule_pack import SHIPPED, RulePack, is_file, parse_pack, read_pack, shipped_pack


def pack_meant(pack: str, graph: Database | None) -> RulePack:
    """The pack of a file, or of this name: in the graph, where there is one, or else of those that ship.

    Raises UnknownPack and InvalidPack.
    """
    if is_file(pack):
        return read_pack(Path(pack))
    return parse_pack(text_of_pack(pack, graph), pack)


def text_of_pack(name: str, graph: Database | None) -> str:
    """The TOML text of the pack of this name: in the graph, where there is one, or else of those that ship.

    Raises UnknownPack.
    """
    text = None if graph is None else graph.read(pack_text(name))
    if text is not None:
        return text
    if name in SHIPPED:
        return shipped_pack(name).text
    raise UnknownPack(name, sorted({*SHIPPED, *({} if graph is None else graph.read(pack_hashes()))}))
