"""What an engine hands to the reports: frames for one graph, one pack and one instant."""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from analysis.estimates import Strata
from graph.rules.loaded_pack import LoadedPack
from graph.world import World


class ReportEngine(Protocol):
    """Computes what the reports are made of; counts are in members, pairs as docs/rules.md and docs/reports.md say."""

    name: str
    world: World
    by: str
    graph_version: int

    @property
    def pack(self) -> LoadedPack:
        """The pack that it answers by."""
        ...

    @property
    def strata(self) -> Strata | None:
        """Who was drawn of each tier; None: everybody is counted."""
        ...

    @property
    def members(self) -> pd.DataFrame:
        """Every member: `member`, `tier`, `effective_tier`, `expires_at` (UTC or None), `gone`."""
        ...

    @property
    def reach_counts(self) -> pd.DataFrame:
        """Members: `member`, and a column a count, degree_N, open_CHANNEL, reach_now…; one that is not there is 0."""
        ...

    @property
    def direct_counts(self) -> pd.DataFrame:
        """Members: `member`, and direct_as_TIER for each tier; a count that is not there is 0."""
        ...

    @property
    def group_bridges(self) -> pd.DataFrame:
        """Every group: `group`, `members`, `pairs`, `pairs_no_degree`, `pairs_only_here`."""
        ...

    @property
    def page_bridges(self) -> pd.DataFrame:
        """Every page: `page`, `members`, `pairs`, `pairs_no_degree`, `pairs_only_here`."""
        ...

    @property
    def gatekeepers(self) -> pd.DataFrame:
        """Members who alone join pairs of degree 2: `member`, `pairs_only_they_join`."""
        ...

    @property
    def segment_pairs(self) -> pd.DataFrame:
        """Cells with at least one pair: `sender_segment`, `recipient_segment`, `pairs`, `reachable`."""
        ...

    @property
    def denials(self) -> pd.DataFrame:
        """Every code of the free channels, in the order of the rules: `reason`, `pairs`, `pairs_alone`.

        After BLOCKED_BY_RECIPIENT comes UNAVAILABLE: the pairs with any of the codes that are withheld, and those of
        them where without all of these such a channel would be open. It is computed, for it is not their sum.
        """
        ...

    @property
    def quotas(self) -> pd.DataFrame:
        """Members with a quota: `member`, `inmail_credits`, `inmails_left`, `messages_left`, `lost_to_quota`."""
        ...

    @property
    def certainty(self) -> pd.DataFrame:
        """Members: `member`, reach, reach_free, reached_by, reached_by_free, each `_certain`, `_now`, `_possible`.

        A count that is not there is 0. Source: docs/rules.md, section 6.
        """
        ...

    @property
    def unknowns(self) -> pd.DataFrame:
        """What is not known of members and decides ordered pairs: `member`, `fact`, `pairs`."""
        ...

    def verify_unchanged(self) -> None:
        """Returns where the graph is still the one that was read; raises GraphChanged."""
        ...


class EstimateEngine(ReportEngine, Protocol):
    """Computes what reports from a sample are made of: in its frames of counts over others, each has a twin NAME_se."""

    @property
    def strata(self) -> Strata:
        """Who was drawn of each tier."""
        ...

    @property
    def direct_errors(self) -> pd.DataFrame:
        """Each tier by rank: `tier`, the `error` of the sum of direct_as_TIER over all members, and `gain_error`.

        The latter is that of the sum less the sum on the tier below.
        """
        ...
