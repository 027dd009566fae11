"""The registry of reports: for each its question, its columns, and how it is made of what an engine hands in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import cast

import pandas as pd

from analysis.columns import Column, Unit, error_of, expanded, framed, with_errors
from analysis.report_engine import EstimateEngine, ReportEngine
from graph.instants import instant_text
from graph.rules.vocabulary import UNAVAILABLE, WITHHELD


@dataclass(frozen=True, slots=True)
class Report:
    """A report: `key` says what a row is, `order` how rows are sorted, `make` turns an engine's `frames` into rows.

    `make_redacted` does so for those who may not know of a block, where what they read differs, and `make_estimate`
    from a sample, where more than the twins of the frames' columns is needed.
    """

    name: str
    title: str
    question: str
    key: str
    order: str
    columns: tuple[Column, ...]
    frames: tuple[str, ...]
    make: Callable[[ReportEngine], pd.DataFrame]
    make_redacted: Callable[[ReportEngine], pd.DataFrame] | None = None
    make_estimate: Callable[[EstimateEngine], pd.DataFrame] | None = None

    @property
    def is_estimated(self) -> bool:
        """Whether a sample of recipients says something of it."""
        return any(column.estimated for column in self.columns)

    def run(self, engine: ReportEngine) -> pd.DataFrame:
        """The report's frame, with its declared columns for the engine's pack, in order.

        From a sample, behind each estimated column its standard error.
        """
        if engine.strata is None:
            return framed(self.make(engine), self._columns(engine))
        made = self.make_estimate(cast(EstimateEngine, engine)) if self.make_estimate else self.make(engine)
        return framed(made, with_errors(self._columns(engine), exact=engine.strata.is_whole))

    def run_redacted(self, engine: ReportEngine) -> pd.DataFrame:
        """The frame as those read it who may not know of a block."""
        if self.make_redacted is None:
            return self.run(engine)
        return framed(self.make_redacted(engine), self._columns(engine))

    def _columns(self, engine: ReportEngine) -> list[Column]:
        return expanded(self.columns, tiers=engine.pack.tiers, channels=engine.pack.channels)


def _member_reach(engine: ReportEngine) -> pd.DataFrame:
    counts = engine.reach_counts.merge(engine.direct_counts, how="outer")
    return engine.members.merge(counts, how="left").sort_values("member")


def _tier_reach(engine: ReportEngine) -> pd.DataFrame:
    present = engine.members[~engine.members["gone"].astype(bool)]
    reached = _direct_by_tier(engine, present).fillna(0)
    means = reached.mean()
    pairs = len(present) * (len(present) - 1)
    return pd.DataFrame(
        {
            "tier": engine.pack.tiers,
            "members": [int((present["effective_tier"] == tier).sum()) for tier in engine.pack.tiers],
            "mean": means.to_list(),
            "median": [_nearest_rank(reached[tier], 50) for tier in engine.pack.tiers],
            "p90": [_nearest_rank(reached[tier], 90) for tier in engine.pack.tiers],
            "max": [_nearest_rank(reached[tier], 100) for tier in engine.pack.tiers],
            "share": (reached.sum() / pairs).to_list() if pairs else None,
            "gain": means.diff().to_list(),
        }
    )


def _direct_by_tier(engine: ReportEngine, members: pd.DataFrame, of: Callable[[str], str] = str) -> pd.DataFrame:
    """Whom each of these members writes to directly as if on each tier: a row a member, a column a tier.

    A count of 0 may not be there. `of` names the columns to take: those themselves, or their errors.
    """
    measures = {of(f"direct_as_{tier}"): tier for tier in engine.pack.tiers}
    counts = members[["member"]].merge(engine.direct_counts, how="left").reindex(columns=list(measures))
    return counts.rename(columns=measures)


def _nearest_rank(values: pd.Series[float], percent: int) -> float | None:
    """The smallest value that at least `percent` of the values do not exceed; None of no values."""
    return float(values.sort_values().iloc[ceil(percent * len(values) / 100) - 1]) if len(values) else None


def _tier_reach_estimate(engine: EstimateEngine) -> pd.DataFrame:
    """Percentiles are those of estimates, each of which is off by itself: how far they are off is not known."""
    frame, errors, members = _tier_reach(engine), engine.direct_errors, engine.strata.members
    if not members:
        return frame
    unknown = 0.0 if engine.strata.is_whole else None
    return frame.assign(
        mean_se=errors["error"] / members,
        **{error_of(name): unknown for name in ("median", "p90", "max")},
        share_se=errors["error"] / (members * (members - 1)) if members > 1 else None,
        gain_se=errors["gain_error"] / members,
    )


def _group_bridges(engine: ReportEngine) -> pd.DataFrame:
    return engine.group_bridges.sort_values("group")


def _page_bridges(engine: ReportEngine) -> pd.DataFrame:
    return engine.page_bridges.sort_values("page")


def _segment_matrix(engine: ReportEngine) -> pd.DataFrame:
    cells = engine.segment_pairs.sort_values(["sender_segment", "recipient_segment"])
    return cells.assign(share=cells["reachable"] / cells["pairs"])


def _segment_matrix_estimate(engine: EstimateEngine) -> pd.DataFrame:
    cells = _segment_matrix(engine)
    return cells.assign(share_se=cells[error_of("reachable")] / cells["pairs"])


def _denials(engine: ReportEngine) -> pd.DataFrame:
    return engine.denials[engine.denials["reason"] != UNAVAILABLE.code]


def _denials_redacted(engine: ReportEngine) -> pd.DataFrame:
    return engine.denials[~engine.denials["reason"].isin(WITHHELD)]


def _lapse(engine: ReportEngine) -> pd.DataFrame:
    above = _above_base(engine)
    return pd.DataFrame(
        {
            "member": above["member"],
            "tier": above["effective_tier"],
            "expires_at": [instant_text(at) if at is not None else None for at in above["expires_at"]],
            **_direct_now_and_after(engine, above),
        }
    )


def _lapse_estimate(engine: EstimateEngine) -> pd.DataFrame:
    return _lapse(engine).assign(**_direct_now_and_after(engine, _above_base(engine), of=error_of))


def _above_base(engine: ReportEngine) -> pd.DataFrame:
    above = engine.members[engine.members["effective_tier"] != engine.pack.tiers[0]]
    return above.sort_values("member").reset_index(drop=True)


def _direct_now_and_after(
    engine: ReportEngine, members: pd.DataFrame, of: Callable[[str], str] = str
) -> dict[str, pd.Series[float]]:
    direct = _direct_by_tier(engine, members, of)
    own = direct.columns.get_indexer(pd.Index(members["effective_tier"]))
    now = pd.Series(direct.to_numpy()[range(len(members)), own], members.index)
    return {of("direct_now"): now, of("direct_after"): direct[engine.pack.tiers[0]]}


def _gatekeepers(engine: ReportEngine) -> pd.DataFrame:
    return engine.members[["member"]].merge(engine.gatekeepers, how="left").sort_values("member")


def _quotas(engine: ReportEngine) -> pd.DataFrame:
    return engine.quotas.sort_values("member")


def _certainty(engine: ReportEngine) -> pd.DataFrame:
    return engine.members[["member"]].merge(engine.certainty, how="left").sort_values("member")


def _unknowns(engine: ReportEngine) -> pd.DataFrame:
    return engine.unknowns.sort_values(["pairs", "member", "fact"], ascending=[False, True, True])


REPORTS = {
    report.name: report
    for report in (
        Report(
            name="member_reach",
            title="Reach of each member",
            question="Whom can each member write to, on which tier and by which channel, and who can write to them?",
            key="member",
            order="member",
            columns=(
                Column("member", Unit.ID, "the member"),
                Column("tier", Unit.TEXT, "the tier as stored"),
                Column("effective_tier", Unit.TEXT, "the tier at the instant asked about"),
                Column("degree_1", Unit.MEMBERS, "members at exactly distance 1: connections"),
                Column("degree_2", Unit.MEMBERS, "members at exactly distance 2", estimated=True),
                Column("degree_3", Unit.MEMBERS, "members at exactly distance 3", estimated=True),
                Column(
                    "direct_as_{tier}", Unit.MEMBERS, "open `direct` as if on this tier", per="tier", estimated=True
                ),
                Column(
                    "open_{channel}",
                    Unit.MEMBERS,
                    "this channel open on the effective tier",
                    per="channel",
                    estimated=True,
                ),
                Column("reach_now", Unit.MEMBERS, "reachable on the effective tier", estimated=True),
                Column("reach_now_free", Unit.MEMBERS, "reachable without a paid channel", estimated=True),
                Column(
                    "reached_by_now",
                    Unit.MEMBERS,
                    "senders who reach the member on their effective tiers",
                    estimated=True,
                ),
                Column("reached_by_now_free", Unit.MEMBERS, "those of them who need no paid channel", estimated=True),
            ),
            frames=("members", "reach_counts", "direct_counts"),
            make=_member_reach,
        ),
        Report(
            name="tier_reach",
            title="Reach of each tier",
            question="How many others could a member write to directly on each tier, and what does the next tier add?",
            key="tier",
            order="rank of the tier",
            columns=(
                Column("tier", Unit.TEXT, "the tier"),
                Column("members", Unit.MEMBERS, "members who are on it at the instant and not gone"),
                Column("mean", Unit.MEAN, "of direct_as_TIER over everybody who is not gone", estimated=True),
                Column("median", Unit.PERCENTILE, "of the same, by nearest rank", estimated=True),
                Column("p90", Unit.PERCENTILE, "of the same, by nearest rank", estimated=True),
                Column("max", Unit.PERCENTILE, "of the same", estimated=True),
                Column("share", Unit.SHARE, "of all ordered pairs of members who are not gone", estimated=True),
                Column("gain", Unit.MEAN, "mean less the mean of the tier below; empty on the lowest", estimated=True),
            ),
            frames=("members", "direct_counts"),
            make=_tier_reach,
            make_estimate=_tier_reach_estimate,
        ),
        Report(
            name="group_bridges",
            title="Groups as bridges",
            question="Which groups bring together members whom nothing else does?",
            key="group",
            order="group",
            columns=(
                Column("group", Unit.ID, "the group"),
                Column("members", Unit.MEMBERS, "members of the group who are not gone"),
                Column("pairs", Unit.PAIRS, "unordered pairs of them; with messaging off 0, as the next two"),
                Column("pairs_no_degree", Unit.PAIRS, "of these, pairs without a degree"),
                Column("pairs_only_here", Unit.PAIRS, "not connected, and no other shared group or page"),
            ),
            frames=("group_bridges",),
            make=_group_bridges,
        ),
        Report(
            name="page_bridges",
            title="Company pages as bridges",
            question="Which company pages bring together members whom nothing else does?",
            key="page",
            order="page",
            columns=(
                Column("page", Unit.ID, "the company page"),
                Column("members", Unit.MEMBERS, "members tied to it at the instant who are not gone, each once"),
                Column("pairs", Unit.PAIRS, "unordered pairs of them"),
                Column("pairs_no_degree", Unit.PAIRS, "of these, pairs without a degree"),
                Column("pairs_only_here", Unit.PAIRS, "not connected, and no other shared group or page"),
            ),
            frames=("page_bridges",),
            make=_page_bridges,
        ),
        Report(
            name="segment_matrix",
            title="Reach from segment to segment",
            question="Which share of the pairs from one segment to another is reachable?",
            key="sender_segment, recipient_segment",
            order="sender_segment, recipient_segment",
            columns=(
                Column("sender_segment", Unit.TEXT, "the sender's value of the column; no value is empty"),
                Column("recipient_segment", Unit.TEXT, "the recipient's value"),
                Column("pairs", Unit.PAIRS, "ordered pairs of members who are not gone"),
                Column("reachable", Unit.PAIRS, "of these, reachable on the sender's effective tier", estimated=True),
                Column("share", Unit.SHARE, "reachable of pairs", estimated=True),
            ),
            frames=("segment_pairs",),
            make=_segment_matrix,
            make_estimate=_segment_matrix_estimate,
        ),
        Report(
            name="denials",
            title="What keeps pairs apart",
            question="Which reasons deny the free channels, and which of them alone?",
            key="reason",
            order="the order of the rules",
            columns=(
                Column("reason", Unit.TEXT, "a code of a channel of kind message or request, or a gate"),
                Column("pairs", Unit.PAIRS, "ordered pairs not reachable free on such a channel of which it stands"),
                Column("pairs_alone", Unit.PAIRS, "of these, pairs that such a channel would join without it"),
            ),
            frames=("denials",),
            make=_denials,
            make_redacted=_denials_redacted,
        ),
        Report(
            name="lapse",
            title="What a lapsed tier costs",
            question="Whom could each paying member no longer write to directly if their tier lapsed?",
            key="member",
            order="member",
            columns=(
                Column("member", Unit.ID, "a member whose effective tier is not the base tier"),
                Column("tier", Unit.TEXT, "that tier"),
                Column("expires_at", Unit.TEXT, "when it expires, ISO 8601 in UTC; empty: never"),
                Column("direct_now", Unit.MEMBERS, "open `direct` on it", estimated=True),
                Column("direct_after", Unit.MEMBERS, "open `direct` as if on the base tier", estimated=True),
            ),
            frames=("members", "direct_counts"),
            make=_lapse,
            make_estimate=_lapse_estimate,
        ),
        Report(
            name="gatekeepers",
            title="Members who alone join others",
            question="Which pairs two steps apart would fall further apart without this one member?",
            key="member",
            order="member",
            columns=(
                Column("member", Unit.ID, "the member"),
                Column("pairs_only_they_join", Unit.PAIRS, "unordered pairs of degree 2 whose only mutual they are"),
            ),
            frames=("members", "gatekeepers"),
            make=_gatekeepers,
        ),
        Report(
            name="quotas",
            title="What is left this month",
            question="What may each member still send this month, and whom do they lose to what is spent?",
            key="member",
            order="member",
            columns=(
                Column("member", Unit.ID, "a member whose effective tier has a monthly limit or grants inmail"),
                Column("inmail_credits", Unit.CREDITS, "InMail credits"),
                Column("inmails_left", Unit.CREDITS, "the smaller of the credits and what the limit leaves"),
                Column("messages_left", Unit.LEFT, "what the limit leaves; empty without one"),
                Column(
                    "lost_to_quota",
                    Unit.MEMBERS,
                    "recipients reachable if limits and credits were no matter, and not as it is",
                    estimated=True,
                ),
            ),
            frames=("quotas",),
            make=_quotas,
        ),
        Report(
            name="certainty",
            title="What is certain of each member's reach",
            question="How many does each member reach whatever is not known, by what is stored, and possibly?",
            key="member",
            order="member",
            columns=(
                Column("member", Unit.ID, "the member"),
                Column("reach_certain", Unit.MEMBERS, "whom the member reaches, whatever is not known", estimated=True),
                Column("reach_now", Unit.MEMBERS, "whom the member reaches, by what is stored", estimated=True),
                Column("reach_possible", Unit.MEMBERS, "whom the member reaches, or could", estimated=True),
                Column(
                    "reach_free_certain",
                    Unit.MEMBERS,
                    "whom the member reaches without a paid channel, whatever is not known",
                    estimated=True,
                ),
                Column(
                    "reach_free_now",
                    Unit.MEMBERS,
                    "whom the member reaches without a paid channel, by what is stored",
                    estimated=True,
                ),
                Column(
                    "reach_free_possible",
                    Unit.MEMBERS,
                    "whom the member reaches without a paid channel, or could",
                    estimated=True,
                ),
                Column(
                    "reached_by_certain",
                    Unit.MEMBERS,
                    "senders who reach the member, whatever is not known",
                    estimated=True,
                ),
                Column(
                    "reached_by_now", Unit.MEMBERS, "senders who reach the member, by what is stored", estimated=True
                ),
                Column("reached_by_possible", Unit.MEMBERS, "senders who reach the member, or could", estimated=True),
                Column(
                    "reached_by_free_certain",
                    Unit.MEMBERS,
                    "senders who reach the member without a paid channel, whatever is not known",
                    estimated=True,
                ),
                Column(
                    "reached_by_free_now",
                    Unit.MEMBERS,
                    "senders who reach the member without a paid channel, by what is stored",
                    estimated=True,
                ),
                Column(
                    "reached_by_free_possible",
                    Unit.MEMBERS,
                    "senders who reach the member without a paid channel, or could",
                    estimated=True,
                ),
            ),
            frames=("members", "certainty"),
            make=_certainty,
        ),
        Report(
            name="unknowns",
            title="What to find out",
            question="Which facts of whom, not known so far, decide most pairs?",
            key="member, fact",
            order="pairs, most first, then member and fact",
            columns=(
                Column("member", Unit.ID, "a member of whom something is not known"),
                Column("fact", Unit.TEXT, "what: a name of the column `assumed`"),
                Column(
                    "pairs", Unit.PAIRS, "ordered pairs, the member on one side, that are not certain and rest on it"
                ),
            ),
            frames=("unknowns",),
            make=_unknowns,
        ),
    )
}
