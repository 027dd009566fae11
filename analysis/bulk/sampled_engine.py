"""The bulk engine on a sample: counts over others estimated from some targets of each tier, with their errors."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.bulk.bulk_engine import BulkEngine, Counter, Counts
from analysis.bulk.kernel import Wanted
from analysis.bulk.network import Network
from analysis.bulk.tally import Count, Tally, empty_tally
from analysis.columns import error_of
from analysis.estimates import Sample, Strata, Stratum
from graph.errors import InvalidInput
from graph.snapshot.snapshot import Snapshot
from graph.world import World

_log = logging.getLogger(__name__)


class SampledEngine(BulkEngine):
    """Estimates for a whole snapshot at one instant; implements `analysis.report_engine.EstimateEngine`.

    A frame of counts over others has a column NAME_se behind each of them; other frames it does not have.
    Segments are tiers, as the sample is drawn by them: raises InvalidInput where others are asked for.
    Raises SampleTooSmall when it counts. Source: docs/rules.md, section 11.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        world: World,
        sample: Sample,
        *,
        counter: Counter,
        frames: Collection[str] = (),
        name: str = "local",
    ) -> None:
        if "segment_pairs" in frames and snapshot.by != "tier":
            raise InvalidInput(f"a sample is drawn by tier, and says too little of segments by {snapshot.by!r}")
        super().__init__(snapshot, world, frames=frames, counter=counter, name=name)
        self._sample = sample

    @cached_property
    def strata(self) -> Strata:
        """Who is drawn of each tier."""
        people = self._network_at.people
        strata = Strata(self._sample, self.pack.tiers, people.tier, people.gone)
        if self._sample.size > strata.members:
            _log.info(
                "a sample of %s is more than the %s members who are not gone: all of them are counted",
                f"{self._sample.size:,}",
                f"{strata.members:,}",
            )
        return strata

    @cached_property
    def direct_errors(self) -> pd.DataFrame:
        """Each tier by rank: `tier`, and the errors of what all members together reach directly as if on it.

        `error` is that of the sum, `gain_error` that of the sum less the sum on the tier below, NaN on the lowest.
        """
        by_target = [tally.by_target for tally in self._tallies_of("direct_counts")]
        tiers = range(len(self.pack.tiers))
        gains = [[each[:, tier] - each[:, tier - 1] for each in by_target] for tier in tiers[1:]]
        return pd.DataFrame(
            {
                "tier": self.pack.tiers,
                "error": [self.strata.error_of_sum([each[:, tier] for each in by_target]) for tier in tiers],
                "gain_error": [np.nan, *(self.strata.error_of_sum(gain) for gain in gains)],
            }
        )

    @cached_property
    def segment_pairs(self) -> pd.DataFrame:
        """Cells of tiers with at least one pair: as of the whole, and behind `reachable` its error."""
        tallies, strata = self._tallies_of("segment_pairs"), self.strata
        people, tiers = self._network_at.people, len(self.pack.tiers)
        rows = []
        for recipient, (stratum, tally) in enumerate(zip(strata.strata, tallies, strict=True)):
            reached = strata.part(recipient, self._by_count(tally)[:, Count.REACH])
            reachable = np.bincount(people.tier, weights=reached, minlength=tiers)
            for sender, other in enumerate(strata.strata):
                pairs = other.members * (stratum.members - (sender == recipient))
                if pairs:
                    error = stratum.error_of_sum(tally.by_target[:, tiers + sender])
                    rows.append((other.tier, stratum.tier, pairs, reachable[sender], error))
        return pd.DataFrame(
            rows, columns=["sender_segment", "recipient_segment", "pairs", "reachable", error_of("reachable")]
        )

    def _over_others(self, frame: str, counts: Callable[[Tally], Counts]) -> Mapping[str, Any]:
        tallies = self._tallies_of(frame)
        columns: dict[str, Any] = {}
        for name, estimate in self.strata.estimates(lambda number: counts(tallies[number])).items():
            if name == "degree_1":
                columns[name] = self._by_row(np.diff(self._network_at.network.starts))
            else:
                columns[name], columns[error_of(name)] = estimate.values, estimate.errors
        return columns

    def _tallied(self, frame: str) -> Tally:
        raise NotImplementedError(f"{frame} is not estimated")

    def _count(self, wanted: Wanted) -> Sequence[Tally]:
        wanted = (wanted & ~Wanted.SEGMENTS) | Wanted.REACH | Wanted.TARGETS
        placed, people = self._network_at, self._network_at.people
        heard_as = [people.heard_as(tier) for tier in self.pack.tier_rules]
        on_tier = [people.tier == place for place in range(len(heard_as))]
        network = placed.network._replace(
            heard_as=np.column_stack(heard_as)[placed.row_of], on_tier=np.column_stack(on_tier)[placed.row_of]
        )
        networks = [network._replace(targets=self._targets(network, stratum)) for stratum in self.strata.strata]
        return [self._counter(each, wanted) if len(each.targets) else empty_tally(each) for each in networks]

    def _targets(self, network: Network, stratum: Stratum) -> Any:
        """The places of those drawn, in the order in which blocks take them."""
        is_drawn = np.zeros(len(self._network_at.row_of), bool)
        is_drawn[stratum.drawn] = True
        return network.targets[is_drawn[self._network_at.row_of][network.targets]]
