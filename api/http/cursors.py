"""Cursors: where a list goes on. Opaque to programs, and bound to the question and to the version of the graph."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from msgspec import MsgspecError, json

from api.http.problems import CURSOR_OF_ANOTHER_QUESTION, GRAPH_CHANGED, Problem
from graph.questions.reach import ReachFilter
from graph.world import World


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last id given, the version of the graph, the instant asked about, and a hash of the rest of the question."""

    after: str
    version: int
    at: datetime
    question: str

    def text(self) -> str:
        """The cursor as it is handed out."""
        return base64.urlsafe_b64encode(json.encode(self)).rstrip(b"=").decode()

    def check(self, question: str, version: int) -> None:
        """Raises Problem where it belongs to another question, or to another version of the graph."""
        if self.question != question:
            raise Problem(CURSOR_OF_ANOTHER_QUESTION, "ask the same question as before, or begin without a cursor")
        if self.version != version:
            raise Problem(GRAPH_CHANGED, "the graph has been loaded since this list began: begin without a cursor")


def read_cursor(text: str) -> Cursor:
    """The cursor of a text; raises Problem where it was never handed out."""
    try:
        return json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Cursor)
    except (ValueError, MsgspecError, RecursionError) as error:
        raise Problem(CURSOR_OF_ANOTHER_QUESTION, "this is no cursor that was handed out here") from error


def question_hash(statement: str, member: str, world: World, wanted: ReachFilter) -> str:
    """The same question, the same hash."""
    return hashlib.sha256(json.encode((statement, member, world, wanted))).hexdigest()[:16]
