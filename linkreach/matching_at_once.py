"""Many senders against many recipients, all at once: counted by the bulk engine, and handed on in pieces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from analysis.bulk.matching import Judged, judge
from graph.questions.verdicts import Match
from graph.rules.vocabulary import FREE, MESSAGING_CHANNELS, MESSAGING_CODES
from graph.snapshot.snapshot import Snapshot
from graph.world import World
from linkreach.forms import MATCH, Form
from linkreach.matching import MatchedPair
from linkreach.progress import Progress

_CHANNELS = tuple(channel.name for channel in MESSAGING_CHANNELS)


@dataclass(slots=True)
class MatchedAtOnce:
    """Every pair in the order of the lists, like `Matched`; nothing is kept, and each look judges all of them anew.

    `senders` and `recipients` are ids of members of the snapshot; `unknown`: the ids that were left out.
    """

    snapshot: Snapshot
    world: World
    senders: Sequence[str]
    recipients: Sequence[str]
    unknown: tuple[str, ...]
    progress: Progress
    _counts: NDArray[np.int64] | None = field(default=None, init=False)

    @property
    def introduced(self) -> bool:
        """Whether pairs have their best ways: never."""
        return False

    @property
    def form(self) -> Form[MatchedPair]:
        """How a pair is written."""
        return MATCH

    @property
    def frame(self) -> pd.DataFrame:
        """A row a pair, with the columns of the command `match`."""
        return pd.concat([*self.frames()], ignore_index=True)

    @property
    def pairs(self) -> tuple[MatchedPair, ...]:
        """All of them, for short lists."""
        return tuple(self)

    def frames(self) -> Iterator[pd.DataFrame]:
        """The same in pieces of about a million rows; at least one."""
        counts = np.zeros(3, np.int64)
        sender_rows, recipient_rows = map(self.snapshot.rows_of, (self.senders, self.recipients))
        found = judge(
            self.snapshot,
            sender_rows,
            recipient_rows,
            at=self.world.at,
            as_tier=self.world.as_tier,
            progress=partial(self.progress, "judging senders"),
        )
        first = 0
        frame = MATCH.frame([])
        for judged in found:
            frame = self._frame(judged, sender_rows[first : first + len(judged.degree)], recipient_rows)
            first += len(judged.degree)
            is_possible = ~(frame["reachable"] | frame["certain"])
            counts += np.array([frame["reachable"].sum(), frame["reachable_free"].sum(), is_possible.sum()], np.int64)
            yield frame
        if not first:
            yield frame
        self._counts = counts

    def __iter__(self) -> Iterator[MatchedPair]:
        for frame in self.frames():
            for row in frame.to_dict("records"):
                degree = None if pd.isna(row["degree"]) else int(row["degree"])
                channels, reasons = _parts(row["channels"]), _parts(row["reasons"])
                told = {name: row[name] for name in ("sender", "recipient", "reachable", "reachable_free", "certain")}
                yield MatchedPair(Match(degree=degree, channels=channels, reasons=reasons, **told))

    @property
    def size(self) -> int:
        """How many pairs there are."""
        return len(self.senders) * len(self.recipients) - self.skipped

    @property
    def skipped(self) -> int:
        """How many pairs were of somebody with themselves."""
        times = Counter(self.recipients)
        return sum(times[sender] for sender in self.senders)

    @property
    def reachable(self) -> int:
        """How many pairs are reachable."""
        return self._counted(0)

    @property
    def reachable_free(self) -> int:
        """How many of them without a paid channel."""
        return self._counted(1)

    @property
    def possible(self) -> int:
        """How many are not reachable, and possibly are (docs/rules.md, section 6)."""
        return self._counted(2)

    def _counted(self, what: int) -> int:
        if self._counts is None:
            for _ in self.frames():
                pass
        assert self._counts is not None
        return int(self._counts[what])

    def _frame(self, judged: Judged, senders: NDArray[np.int64], recipients: NDArray[np.int64]) -> pd.DataFrame:
        kinds = self.snapshot.pack.kinds
        free = sum(1 << place for place, name in enumerate(_CHANNELS) if kinds.get(name) in FREE)
        sender, recipient = np.nonzero(senders[:, None] != recipients)
        degree, channels = judged.degree[sender, recipient], judged.channels[sender, recipient]
        return (
            pd.DataFrame(
                {
                    "sender": self._ids(senders[sender]),
                    "recipient": self._ids(recipients[recipient]),
                    "degree": pd.array(degree, "Int64"),
                    "reachable": channels != 0,
                    "reachable_free": (channels & free) != 0,
                    "channels": _joined(channels, _CHANNELS),
                    "reasons": _joined(judged.reasons[sender, recipient], MESSAGING_CODES),
                    "unlock": "",
                    "certain": judged.certain[sender, recipient],
                }
            )
            .assign(degree=lambda frame: frame["degree"].mask(degree == 0))
            .astype(dict(MATCH.columns))
        )

    def _ids(self, rows: NDArray[np.int64]) -> pd.Series[str]:
        ids: pd.Series[str] = self.snapshot.members["id"].take(pa.array(rows)).to_pandas()
        return ids


def _joined(bits: NDArray[np.unsignedinteger], names: Sequence[str]) -> pd.Series[str]:
    """For each number the names whose bits it has, joined by `;`."""
    each, places = np.unique(bits, return_inverse=True)
    texts = [";".join(name for place, name in enumerate(names) if int(number) >> place & 1) for number in each]
    joined: pd.Series[str] = pa.array(texts, pa.large_string()).take(pa.array(places)).to_pandas()
    return joined


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()
