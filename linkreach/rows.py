"""Answers of many rows: the typed rows themselves, and a pandas frame of them for whoever wants one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graph.questions.reach import Reached
from linkreach.forms import REACHED, REACHING, Form

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class ReachRows:
    """Those who are reached, or who reach; `other` names them: recipient or sender.

    Who possibly is, and is not by what is stored, has no channels.
    """

    other: str
    rows: tuple[Reached, ...]

    def __iter__(self) -> Iterator[Reached]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def possible(self) -> int:
        """How many of them are there because they possibly are."""
        return sum(not row.channels for row in self.rows)

    @property
    def documents(self) -> list[dict[str, Any]]:
        """A map each, as JSON has it: recipient or sender, degree, channels (a list), certain."""
        return [self._form.document(row) for row in self.rows]

    @property
    def frame(self) -> pd.DataFrame:
        """Columns: recipient or sender, degree (Int64), channels (open ones, joined by `;`), certain."""
        return self._form.frame(self.rows)

    @property
    def _form(self) -> Form[Reached]:
        return REACHED if self.other == "recipient" else REACHING
