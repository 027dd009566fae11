"""The rules about one member as bits: what they allow as a recipient, and what they may do as a sender.

What the rules say of a pair beside its degree, groups, pages and blocks, they say of one of the two.
So each member is one number, a `Trait` a bit, for one instant and one pack (docs/rules.md, sections 2 and 3).
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, auto
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph.model import ASSUMED_NAMES
from graph.rules.loaded_pack import TierRules
from graph.snapshot.snapshot import Snapshot

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


class Trait(IntEnum):
    """A bit of a member. Those of a recipient come first, then those of a sender on the tier that is asked as."""

    @staticmethod
    def _generate_next_value_(_name: str, _start: int, count: int, _last: list[int]) -> int:
        return count

    GONE = auto()
    ABSENT = auto()  # gone, for this network never had them: another does that is counted beside it
    PUBLIC = auto()  # visibility
    NETWORK = auto()  # visibility is network or wider: visible at any degree, and approachable
    NOT_PRIVATE = auto()
    ANYONE = auto()  # accepts_from
    SHARED = auto()  # accepts_from is shared_connections or wider
    CONNECTIONS = auto()  # accepts_from is connections or wider
    INFO_ANYONE = auto()  # contact_info
    INFO_NETWORK = auto()  # contact_info is network or wider
    INFO_CONNECTIONS = auto()  # contact_info is connections or wider
    FORM = auto()
    COMMENTS = auto()
    PROFILE = auto()  # an open profile, and above the base tier
    TAKES_INMAIL = auto()  # or the pack does not ask

    GRANTED_DIRECT = auto()
    GRANTED_OPEN_PROFILE = auto()
    GRANTED_GROUP = auto()
    GRANTED_COMPANY_PAGE = auto()
    GRANTED_INMAIL = auto()
    WITHIN_1 = auto()  # the tier's direct_degree is at least 1, and so on
    WITHIN_2 = auto()
    WITHIN_3 = auto()
    MESSAGES_LEFT = auto()
    CREDITS_LEFT = auto()
    INMAILS_LEFT = auto()
    RESTRICTED = auto()
    TEMPORARILY_LIMITED = auto()

    # All that the channel asks of the sender holds, and no gate of theirs.
    MAY_DIRECT_1 = auto()
    MAY_DIRECT_2 = auto()
    MAY_DIRECT_3 = auto()
    MAY_OPEN_PROFILE = auto()
    MAY_GROUP = auto()
    MAY_COMPANY_PAGE = auto()
    MAY_INMAIL = auto()

    # The same if nothing were spent this month, and credits were no matter.
    WOULD_DIRECT_1 = auto()
    WOULD_DIRECT_2 = auto()
    WOULD_DIRECT_3 = auto()
    WOULD_OPEN_PROFILE = auto()
    WOULD_GROUP = auto()
    WOULD_COMPANY_PAGE = auto()
    WOULD_INMAIL = auto()


class People:
    """Columns of a snapshot's members as arrays, and what follows for them from a pack at an instant.

    Every array has a value per member, in the order of the snapshot.
    `as_tier`: the tier that every sender is asked as; `tier`, which recipients keep, is their own effective one.
    """

    def __init__(self, snapshot: Snapshot, at: datetime, *, as_tier: str | None = None) -> None:
        self._members = snapshot.members
        self._at = at
        self.pack = snapshot.pack
        self.size = snapshot.members.num_rows
        self.gone = self.is_one_of("status", "deactivated", "closed")
        self.tier = self._effective_tiers()
        asked_as = None if as_tier is None else self.pack.tiers.index(as_tier)
        self.sends_as = self.tier if asked_as is None else np.full(self.size, asked_as)
        self._is_asked_as = asked_as is not None
        self.inmail_credits = self._numbers("inmail_credits")
        self.messages_sent = self._numbers("messages_sent")
        self.inmails_sent = self._numbers("inmails_sent")
        self.restricted = self.is_one_of("status", "restricted")
        self.temporarily_limited = self._is_later("restricted_until", without=False)
        self.silenced = self.gone | self.restricted | self.temporarily_limited

    def assumes(self, name: str) -> Flags:
        """Of whom a name of ASSUMED_NAMES is not known."""
        bits: Integers = self._members["assumed"].to_numpy()
        flags: Flags = bits >> ASSUMED_NAMES.index(name) & 1 == 1
        return flags

    @property
    def assume_something(self) -> bool:
        """Whether there is anything that is not known of anybody."""
        return bool(self._members["assumed"].to_numpy().any())

    @cached_property
    def tier_unsure(self) -> Flags:
        """Who may be on any tier: what has expired is the base tier all the same."""
        return self.assumes("tier") & self._is_later("tier_expires_at", without=True)

    @cached_property
    def sender_tier_unsure(self) -> Flags:
        """Who may be on any tier as a sender: not where they are asked as on one."""
        return self.tier_unsure & (not self._is_asked_as)

    def granted(self, channel: str) -> Flags:
        """Who, as a sender, is granted a channel by their tier."""
        return np.array([channel in tier.grants for tier in self.pack.tier_rules])[self.sends_as]

    def messages_left(self, tier: TierRules) -> Flags:
        """Who would have messages left this month on a tier."""
        return _below(self.messages_sent, tier.monthly_messages)

    def heard_as(self, tier: TierRules) -> Flags:
        """Whom the platform would let write to others on a tier."""
        return self.messages_left(tier) & ~self.silenced

    @cached_property
    def who(self) -> dict[Trait, Flags]:
        """Who has each trait."""
        return {**self._as_recipients(), **self._as_senders()}

    def traits(self) -> NDArray[np.uint64]:
        """The bits of every member."""
        bits = np.zeros(self.size, np.uint64)
        for trait, who in self.who.items():
            bits |= who.astype(np.uint64) << np.uint64(trait)
        return bits

    def _as_recipients(self) -> dict[Trait, Flags]:
        above_base = self.tier > 0
        return {
            Trait.GONE: self.gone,
            Trait.PUBLIC: self.is_one_of("visibility", "public"),
            Trait.NETWORK: self.is_one_of("visibility", "public", "network"),
            Trait.NOT_PRIVATE: ~self.is_one_of("visibility", "private"),
            Trait.ANYONE: self.is_one_of("accepts_from", "anyone"),
            Trait.SHARED: self.is_one_of("accepts_from", "anyone", "shared_connections"),
            Trait.CONNECTIONS: self.accept_connections,
            Trait.INFO_ANYONE: self.is_one_of("contact_info", "anyone"),
            Trait.INFO_NETWORK: self.is_one_of("contact_info", "anyone", "network"),
            Trait.INFO_CONNECTIONS: ~self.is_one_of("contact_info", "nobody"),
            Trait.FORM: self.flags("contact_form"),
            Trait.COMMENTS: self.flags("comments_open"),
            Trait.PROFILE: self.flags("open_profile") & above_base,
            Trait.TAKES_INMAIL: self.flags("accepts_inmail") | (not self.pack.inmail_respects_opt_out),
        }

    def _as_senders(self) -> dict[Trait, Flags]:
        tiers = self.pack.tier_rules
        within = [np.array([tier.direct_degree >= degree for tier in tiers])[self.sends_as] for degree in (1, 2, 3)]
        messages_left = self._on_their_tier([self.messages_left(tier) for tier in tiers])
        credits_left = self.inmail_credits >= 1
        inmails_left = self._on_their_tier([_below(self.inmails_sent, tier.monthly_inmails) for tier in tiers])
        heard = ~self.silenced
        would = {
            Trait.WOULD_DIRECT_1: self.granted("direct") & within[0] & heard,
            Trait.WOULD_DIRECT_2: self.granted("direct") & within[1] & heard,
            Trait.WOULD_DIRECT_3: self.granted("direct") & within[2] & heard,
            Trait.WOULD_OPEN_PROFILE: self.granted("open_profile") & heard,
            Trait.WOULD_GROUP: self.granted("group") & heard,
            Trait.WOULD_COMPANY_PAGE: self.granted("company_page") & heard,
            Trait.WOULD_INMAIL: self.granted("inmail") & heard,
        }
        return {
            Trait.GRANTED_DIRECT: self.granted("direct"),
            Trait.GRANTED_OPEN_PROFILE: self.granted("open_profile"),
            Trait.GRANTED_GROUP: self.granted("group"),
            Trait.GRANTED_COMPANY_PAGE: self.granted("company_page"),
            Trait.GRANTED_INMAIL: self.granted("inmail"),
            Trait.WITHIN_1: within[0],
            Trait.WITHIN_2: within[1],
            Trait.WITHIN_3: within[2],
            Trait.MESSAGES_LEFT: messages_left,
            Trait.CREDITS_LEFT: credits_left,
            Trait.INMAILS_LEFT: inmails_left,
            Trait.RESTRICTED: self.restricted,
            Trait.TEMPORARILY_LIMITED: self.temporarily_limited,
            Trait.MAY_DIRECT_1: would[Trait.WOULD_DIRECT_1] & messages_left,
            Trait.MAY_DIRECT_2: would[Trait.WOULD_DIRECT_2] & messages_left,
            Trait.MAY_DIRECT_3: would[Trait.WOULD_DIRECT_3] & messages_left,
            Trait.MAY_OPEN_PROFILE: would[Trait.WOULD_OPEN_PROFILE] & messages_left,
            Trait.MAY_GROUP: would[Trait.WOULD_GROUP] & messages_left,
            Trait.MAY_COMPANY_PAGE: would[Trait.WOULD_COMPANY_PAGE] & messages_left,
            Trait.MAY_INMAIL: would[Trait.WOULD_INMAIL] & credits_left & inmails_left,
            **would,
        }

    def _effective_tiers(self) -> Integers:
        """The effective tier of each member, as its place among the pack's tiers; 0 is the base tier."""
        column = self._members["tier"].combine_chunks()
        names = column.dictionary.to_pylist()
        places = np.array([self.pack.tiers.index(name) if name else 0 for name in names], np.int64)
        stored = places[column.indices.to_numpy()]
        return np.where(self._is_later("tier_expires_at", without=True), stored, 0)

    def _on_their_tier(self, by_tier: list[Flags]) -> Flags:
        theirs: Flags = np.stack(by_tier)[self.sends_as, np.arange(self.size)]
        return theirs

    @property
    def accept_connections(self) -> Flags:
        """Who accepts messages from connections, by their own setting or by the pack's."""
        return ~self.is_one_of("accepts_from", "nobody") | self.pack.connections_always_in_audience

    def is_one_of(self, name: str, *values: str) -> Flags:
        """Whose choice is one of these values."""
        column = self._members[name].combine_chunks()
        wanted = np.array([value in values for value in column.dictionary.to_pylist()], bool)
        who: Flags = wanted[column.indices.to_numpy()]
        return who

    def _is_later(self, name: str, *, without: bool) -> Flags:
        """Whose instant is later than the one asked about; `without`, who has none."""
        at = pa.scalar(self._at, pa.timestamp("us", "UTC"))
        return _flags(pc.fill_null(pc.greater(self._members[name], at), without))

    def flags(self, name: str) -> Flags:
        """Who has a setting on."""
        return _flags(self._members[name])

    def _numbers(self, name: str) -> Integers:
        numbers: Integers = self._members[name].to_numpy()
        return numbers


def _flags(column: pa.ChunkedArray) -> Flags:
    flags: Flags = column.combine_chunks().to_numpy(zero_copy_only=False)
    return flags


def _below(sent: Integers, limit: int | None) -> Flags:
    return np.ones(len(sent), bool) if limit is None else sent < limit
