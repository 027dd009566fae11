"""What a question names and the graph does not have: the pack, the tier, members, channels, or a graph at rest."""

from __future__ import annotations

from collections.abc import Sequence

from graph.driver.connection import Row
from graph.driver.query import Query
from graph.errors import GraphLoading, UndefinedTiers, UnknownChannel, UnknownMember, UnknownPack, UnknownTier
from graph.rules.loaded_pack import LoadedPack, TierRules
from graph.world import World


def loaded_pack(name: str) -> Query[LoadedPack]:
    """A pack as it stands in the graph; raises, when it is read, UnknownPack."""
    return Query("reach/known", decode=lambda rows: _pack_of(rows[0], name), parameters={"pack": name, "members": []})


def askable_pack(world: World) -> Query[LoadedPack]:
    """The pack of a question about everybody; raises, when it is read, like `diagnosis`."""

    def decode(rows: Sequence[Row]) -> LoadedPack:
        pack = pack_asked(rows[0], world)
        refuse_undefined_tiers(rows[0], pack)
        return pack

    return Query("reach/known", decode=decode, parameters={"pack": world.pack, "members": []})


def loaded_packs() -> Query[list[LoadedPack]]:
    """The packs in the graph, by name."""
    return Query("reach/packs", decode=lambda rows: [_pack(row["described"]) for row in rows])


def diagnosis(world: World, *, members: Sequence[str] = (), channels: Sequence[str] = ()) -> Query[None]:
    """Raises, when it is read, the error of the first thing that a question names and the graph does not have.

    These are GraphLoading, UnknownPack, UnknownTier, UnknownChannel, UnknownMember and UndefinedTiers.
    """

    def decode(rows: Sequence[Row]) -> None:
        pack = pack_asked(rows[0], world)
        for channel in channels:
            if channel not in pack.channels:
                raise UnknownChannel(channel, pack.name, pack.channels)
        if rows[0]["unknown"]:
            raise UnknownMember(*dict.fromkeys(rows[0]["unknown"]))
        refuse_undefined_tiers(rows[0], pack)

    return Query("reach/known", decode=decode, parameters={"pack": world.pack, "members": list(members)})


def unknown_members(members: Sequence[str]) -> Query[list[str]]:
    """Those of these ids that are no member's, in the order asked."""
    return Query(
        "reach/known", decode=lambda rows: list(rows[0]["unknown"]), parameters={"pack": "", "members": list(members)}
    )


def pack_asked(row: Row, world: World) -> LoadedPack:
    """The pack of a row of `reach/known`; raises GraphLoading, UnknownPack, or UnknownTier of the tier asked as."""
    if row["loading"]:
        raise GraphLoading
    pack = _pack_of(row, world.pack)
    if world.as_tier and world.as_tier not in pack.tiers:
        raise UnknownTier(world.as_tier, pack.name, pack.tiers)
    return pack


def refuse_undefined_tiers(row: Row, pack: LoadedPack) -> None:
    """Raises UndefinedTiers where members are on tiers that the pack does not define."""
    if row["undefined"]:
        raise UndefinedTiers(pack.name, {each["tier"]: each["members"] for each in row["undefined"]})


def _pack_of(row: Row, name: str) -> LoadedPack:
    if row["described"] is None:
        raise UnknownPack(name, row["packs"])
    return _pack(row["described"])


def _pack(described: Row) -> LoadedPack:
    tiers = [_tier(tier) for tier in described["tiers"]]
    kinds = {channel["name"]: channel["kind"] for channel in described["channels"]}
    rest = {name: value for name, value in described.items() if name not in ("tiers", "channels")}
    return LoadedPack(**rest, tier_rules=tuple(tiers), kinds=kinds)


def _tier(described: Row) -> TierRules:
    costs = {action: cost for action, cost in described["costs"].items() if cost is not None}
    return TierRules(**{**described, "grants": tuple(described["grants"]), "costs": costs})
