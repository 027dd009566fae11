"""Rule packs as they are written: which tier may use which channel, how far, and how often (docs/rules.md, section 4).

A pack is a TOML file. It is validated as a whole and then loaded into the graph,
where every statement reads it: one text decides everywhere.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from graph.errors import InvalidPack
from graph.files.regular import read_text
from graph.rules.loaded_pack import LoadedPack, TierRules
from graph.rules.vocabulary import CHANNELS, CHANNELS_BY_NAME, Action

SHIPPED = ("article", "linkedin-help")
NAME_LENGTH = 64  # of a pack, and of a tier: names are asked by in addresses, and stand in tables

_BYTES_AT_MOST = 1 << 20


def _known_channel(name: str) -> str:
    if name not in CHANNELS_BY_NAME:
        raise ValueError(f"{name!r} is not one of {', '.join(CHANNELS_BY_NAME)}")
    return name


Channel = Annotated[str, AfterValidator(_known_channel)]
Count = Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]  # what Neo4j can hold
Limit = Count | Literal["unlimited"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Tier(_Strict):
    """One tier: its place (`rank`), how far `direct` goes, its monthly limits, and the channels it grants.

    A limit that is absent means that the text is silent, and counts as no limit.
    `costs`: what it costs to be upgraded to this tier, and what each other action costs a sender on it.
    """

    rank: Count
    direct_degree: Annotated[int, Field(strict=True, ge=0, le=3)]
    monthly_messages: Limit | None = None
    monthly_inmails: Limit | None = None
    inmail_grant: Count | None = None
    inmail_cap: Count | None = None
    channels: tuple[Channel, ...]
    costs: dict[Action, Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]] = {}


class Switches(_Strict):
    """What a pack decides for all of its tiers."""

    page_ties: Literal["any", "works_at"]
    group_kind: Literal["message", "request"]
    inmail_respects_opt_out: Annotated[bool, Field(strict=True)]
    connections_always_in_audience: Annotated[bool, Field(strict=True)] = False


class RulePack(_Strict):
    """A rule pack; its identity is its name and `hash`, the SHA-256 of its text in hexadecimal."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=NAME_LENGTH)]
    title: str
    source: str
    date: date
    switches: Switches
    tiers: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=NAME_LENGTH)], Tier], Field(min_length=1)
    ]
    text: str = Field(repr=False)

    @property
    def hash(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def as_loaded(self) -> LoadedPack:
        """The pack as the graph would hold it once it is loaded."""
        granted = {channel for tier in self.tiers.values() for channel in tier.channels}
        in_order = [channel for channel in CHANNELS if channel.name in granted]
        return LoadedPack(
            name=self.name,
            hash=self.hash,
            title=self.title,
            source=self.source,
            date=self.date.isoformat(),
            page_ties=self.switches.page_ties,
            inmail_respects_opt_out=self.switches.inmail_respects_opt_out,
            connections_always_in_audience=self.switches.connections_always_in_audience,
            tier_rules=tuple(
                TierRules(
                    name,
                    tier.rank,
                    tier.direct_degree,
                    _number(tier.monthly_messages),
                    _number(tier.monthly_inmails),
                    tier.inmail_grant,
                    tier.inmail_cap,
                    tuple(channel.name for channel in in_order if channel.name in tier.channels),
                    {str(action): cost for action, cost in tier.costs.items()},
                )
                for name, tier in sorted(self.tiers.items(), key=lambda item: item[1].rank)
            ),
            kinds={channel.name: channel.kind or self.switches.group_kind for channel in in_order},
        )

    @model_validator(mode="after")
    def _ranks_differ(self) -> Self:
        names: dict[int, str] = {}
        for name, tier in self.tiers.items():
            if tier.rank in names:
                raise ValueError(f"the tiers {names[tier.rank]} and {name} have the same rank {tier.rank}")
            names[tier.rank] = name
        return self


def _number(limit: Limit | None) -> int | None:
    return None if limit == "unlimited" else limit


def is_file(pack: str) -> bool:
    """Whether a text means the file of a pack, and not one by its name."""
    return pack.endswith(".toml") or any(separator in pack for separator in ("/", "\\"))


def read_pack(path: Path) -> RulePack:
    """The pack of a TOML file; raises InvalidPack with file, key and reason for each mistake."""
    try:
        return parse_pack(read_text(path, _BYTES_AT_MOST), str(path))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise InvalidPack(f"{path}: cannot be read: {reason}") from error


def shipped_pack(name: str) -> RulePack:
    """A pack that ships with linkreach, by its name, one of SHIPPED."""
    file = files("graph.rules").joinpath("packs", f"{name}.toml")
    return parse_pack(file.read_text("utf-8"), f"{name}.toml")


def is_shipped(name: str, hash: str) -> bool:
    """Whether a pack in the graph is one that ships, as it ships."""
    return name in SHIPPED and shipped_pack(name).hash == hash


def parse_pack(text: str, place: str) -> RulePack:
    """The pack of a TOML text; `place` is what errors call it. Raises InvalidPack."""
    try:
        table = tomllib.loads(text)
    except RecursionError as error:
        raise InvalidPack(f"{place}: not TOML that anybody writes: its values lie too deep in each other") from error
    except ValueError as error:  # TOMLDecodeError, and a number that Python refuses to read
        raise InvalidPack(f"{place}: not TOML: {error}") from error
    return pack_of(table, text, place)


def pack_of(table: Mapping[str, Any], text: str, place: str) -> RulePack:
    """The pack that a table says, in the shape of its TOML, of this text; raises InvalidPack, with `place` for file."""
    try:
        return RulePack.model_validate({**table, "text": text})
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, problem['loc'])) or 'pack'}: {problem['msg']}" for problem in error.errors()]
        raise InvalidPack(f"{place}: {'; '.join(problems)}") from error
