"""What is known of each member, and what could be: the rules where facts are not known, as bits (docs/rules.md, 6).

A feature says of a sender or a recipient what holds as it is stored, what holds with the best of the values that
their facts may have (`BEST_…`), and whether a requirement rests on one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, auto

import numpy as np
from numpy.typing import NDArray

from analysis.bulk.traits import Flags, People
from graph.rules.vocabulary import MESSAGING_CHANNELS

FEATURE_WORDS = 2


class Feature(IntEnum):
    """A bit of a member. Those of a sender come first, then those of a recipient, then those of either side."""

    @staticmethod
    def _generate_next_value_(_name: str, _start: int, count: int, _last: list[int]) -> int:
        return count

    HEARD = auto()  # neither gone nor silenced by the platform
    GRANT_DIRECT = auto()
    GRANT_OPEN_PROFILE = auto()
    GRANT_GROUP = auto()
    GRANT_COMPANY_PAGE = auto()
    GRANT_INMAIL = auto()
    BEST_GRANT_DIRECT = auto()
    BEST_GRANT_OPEN_PROFILE = auto()
    BEST_GRANT_GROUP = auto()
    BEST_GRANT_COMPANY_PAGE = auto()
    BEST_GRANT_INMAIL = auto()
    TIER_GRANTS_DIRECT = auto()  # the grant rests on the sender's tier
    TIER_GRANTS_OPEN_PROFILE = auto()
    TIER_GRANTS_GROUP = auto()
    TIER_GRANTS_COMPANY_PAGE = auto()
    TIER_GRANTS_INMAIL = auto()
    WITHIN_1 = auto()  # the tier's direct_degree is at least 1, and so on
    WITHIN_2 = auto()
    WITHIN_3 = auto()
    WORST_WITHIN_1 = auto()  # that of every tier that may be theirs
    WORST_WITHIN_2 = auto()
    WORST_WITHIN_3 = auto()
    BEST_WITHIN_1 = auto()  # that of some tier that may be theirs
    BEST_WITHIN_2 = auto()
    BEST_WITHIN_3 = auto()
    ENDS_AT_1 = auto()  # some tier that may be theirs has just this direct_degree
    ENDS_AT_2 = auto()
    ENDS_AT_3 = auto()
    MESSAGES = auto()
    BEST_MESSAGES = auto()
    TIER_LEAVES_MESSAGES = auto()
    SENT_MESSAGES = auto()
    CREDITS = auto()
    BEST_CREDITS = auto()
    CREDITS_UNSURE = auto()
    INMAILS = auto()
    BEST_INMAILS = auto()
    TIER_LEAVES_INMAILS = auto()
    SENT_INMAILS = auto()

    PRESENT = auto()  # the recipient is not gone
    PUBLIC = auto()
    NETWORK = auto()
    ANYONE = auto()
    SHARED = auto()
    CONNECTIONS = auto()
    BEST_PUBLIC = auto()
    BEST_NETWORK = auto()
    BEST_ANYONE = auto()
    BEST_SHARED = auto()
    BEST_CONNECTIONS = auto()
    VISIBILITY_UNSURE = auto()
    NETWORK_AT_3 = auto()  # the visibility may be network, which ends behind degree 3
    CLOSE_AT_1 = auto()  # it may be connections or private, which end behind degree 1
    AUDIENCE_UNSURE = auto()
    SHARED_AT_2 = auto()  # the audience may be one that ends behind degree 2
    CONNECTIONS_AT_1 = auto()  # or behind degree 1
    PROFILE = auto()
    BEST_PROFILE = auto()
    TIER_OPENS_PROFILE = auto()
    PROFILE_UNSURE = auto()
    TAKES_INMAIL = auto()
    BEST_TAKES_INMAIL = auto()
    INMAIL_UNSURE = auto()

    BLOCKS_UNSURE = auto()
    GROUPS_UNSURE = auto()
    SOME_GROUP = auto()  # has one with messaging, or may have
    PAGES_UNSURE = auto()
    SOME_PAGE = auto()  # has a tie that counts, or may have
    NEAR_0 = auto()  # steps to the nearest who has connections that the graph does not have: at most so many
    NEAR_1 = auto()
    NEAR_2 = auto()


def features(people: People, *, steps: NDArray[np.integer], in_group: Flags, at_page: Flags) -> NDArray[np.uint64]:
    """The bits of every member: a row each, of FEATURE_WORDS words.

    `steps`: to the nearest member with `connections` in their set, 3 for farther. `in_group`, `at_page`: who has a
    group with messaging, and a tie that counts. All in the order of the snapshot.
    """
    who = _of_senders(people) | _of_recipients(people)
    present = ~people.gone
    groups, pages = people.assumes("groups"), people.assumes("companies")
    who |= {
        Feature.BLOCKS_UNSURE: people.assumes("blocks"),
        Feature.GROUPS_UNSURE: groups & present,
        Feature.SOME_GROUP: (groups | in_group) & present,
        Feature.PAGES_UNSURE: pages & present,
        Feature.SOME_PAGE: (pages | at_page) & present,
        Feature.NEAR_0: (steps <= 0) & present,
        Feature.NEAR_1: (steps <= 1) & present,
        Feature.NEAR_2: (steps <= 2) & present,
    }
    bits = np.zeros((people.size, FEATURE_WORDS), np.uint64)
    for feature, flags in who.items():
        bits[:, feature >> 6] |= flags.astype(np.uint64) << np.uint64(feature & 63)
    return bits


def _of_senders(people: People) -> dict[Feature, Flags]:
    tiers = people.pack.tier_rules
    unsure = people.sender_tier_unsure
    who = {Feature.HEARD: ~people.silenced}
    for channel in MESSAGING_CHANNELS:
        name = channel.name.upper()
        granting = [channel.name in tier.grants for tier in tiers]
        granted = people.granted(channel.name)
        who[Feature[f"GRANT_{name}"]] = granted
        who[Feature[f"BEST_GRANT_{name}"]] = granted | (unsure & any(granting))
        who[Feature[f"TIER_GRANTS_{name}"]] = unsure & (any(granting) and not all(granting))
    degrees = np.array([tier.direct_degree for tier in tiers])
    own = degrees[people.sends_as]
    worst, best = np.where(unsure, degrees.min(), own), np.where(unsure, degrees.max(), own)
    for degree in (1, 2, 3):
        who[Feature[f"WITHIN_{degree}"]] = own >= degree
        who[Feature[f"WORST_WITHIN_{degree}"]] = worst >= degree
        who[Feature[f"BEST_WITHIN_{degree}"]] = best >= degree
        who[Feature[f"ENDS_AT_{degree}"]] = np.where(unsure, degree in degrees, own == degree)
    who |= _quota(people, "MESSAGES", people.messages_sent, "messages_sent", [tier.monthly_messages for tier in tiers])
    who |= _quota(people, "INMAILS", people.inmails_sent, "inmails_sent", [tier.monthly_inmails for tier in tiers])
    credits, credits_unsure = people.inmail_credits >= 1, people.assumes("inmail_credits")
    who[Feature.CREDITS], who[Feature.BEST_CREDITS] = credits, credits | credits_unsure
    who[Feature.CREDITS_UNSURE] = credits_unsure
    return who


def _quota(
    people: People, what: str, sent: NDArray[np.int64], fact: str, limits: Sequence[int | None]
) -> dict[Feature, Flags]:
    """Whether something is left of a monthly limit, and what that rests on; a limit of None is none."""
    unsure, sent_unsure = people.sender_tier_unsure, people.assumes(fact)
    left_on = np.stack([np.ones(people.size, bool) if limit is None else sent < limit for limit in limits])
    best_on = np.stack(
        [left | (sent_unsure & (limit is None or limit > 0)) for left, limit in zip(left_on, limits, strict=True)]
    )
    counts_on = np.array([limit is not None and limit > 0 for limit in limits])
    own = people.sends_as, np.arange(people.size)
    varies = left_on.any(axis=0) & ~left_on.all(axis=0)
    return {
        Feature[what]: left_on[own],
        Feature[f"BEST_{what}"]: np.where(unsure, best_on.any(axis=0), best_on[own]),
        Feature[f"TIER_LEAVES_{what}"]: unsure & np.where(sent_unsure, len({*limits}) > 1, varies),
        Feature[f"SENT_{what}"]: sent_unsure & np.where(unsure, counts_on.any(), counts_on[people.sends_as]),
    }


def _of_recipients(people: People) -> dict[Feature, Flags]:
    pack = people.pack
    visibility, audience = people.assumes("visibility"), people.assumes("accepts_from")
    public, network = people.is_one_of("visibility", "public"), people.is_one_of("visibility", "public", "network")
    anyone = people.is_one_of("accepts_from", "anyone")
    shared = people.is_one_of("accepts_from", "anyone", "shared_connections")
    connections = people.accept_connections
    flag, flag_unsure = people.flags("open_profile"), people.assumes("open_profile")
    above, tier_unsure = people.tier > 0, people.tier_unsure & (len(pack.tiers) > 1)
    takes, takes_unsure = people.flags("accepts_inmail"), people.assumes("accepts_inmail")
    respects = pack.inmail_respects_opt_out
    return {
        Feature.PRESENT: ~people.gone,
        Feature.PUBLIC: public,
        Feature.NETWORK: network,
        Feature.ANYONE: anyone,
        Feature.SHARED: shared,
        Feature.CONNECTIONS: connections,
        Feature.BEST_PUBLIC: public | visibility,
        Feature.BEST_NETWORK: network | visibility,
        Feature.BEST_ANYONE: anyone | audience,
        Feature.BEST_SHARED: shared | audience,
        Feature.BEST_CONNECTIONS: connections | audience,
        Feature.VISIBILITY_UNSURE: visibility,
        Feature.NETWORK_AT_3: visibility | (network & ~public),
        Feature.CLOSE_AT_1: visibility | ~network,
        Feature.AUDIENCE_UNSURE: audience,
        Feature.SHARED_AT_2: audience | (shared & ~anyone),
        Feature.CONNECTIONS_AT_1: audience | (connections & ~shared),
        Feature.PROFILE: flag & above,
        Feature.BEST_PROFILE: (flag | flag_unsure) & (above | tier_unsure),
        Feature.TIER_OPENS_PROFILE: tier_unsure & (flag | flag_unsure),
        Feature.PROFILE_UNSURE: flag_unsure & (above | tier_unsure),
        Feature.TAKES_INMAIL: takes | (not respects),
        Feature.BEST_TAKES_INMAIL: takes | takes_unsure | (not respects),
        Feature.INMAIL_UNSURE: takes_unsure & respects,
    }
