"""Cursors: where a list goes on. Opaque to programs, and bound to the question and to the version of the graph."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from msgspec import MsgspecError, json

from api.http.problems import CURSOR_OF_ANOTHER_QUESTION, GRAPH_CHANGED, Problem
from graph.questions.reach import ReachFilter
from graph.world import World


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last id given, the version of the graph, the instant asked about, and a hash of the rest of the question.

    The version is that of the rule packs, too: a pack that is replaced makes another graph.
    """

    after: str
    version: int
    at: datetime | None
    question: str

    def text(self) -> str:
        """The cursor as it is handed out."""
        return base64.urlsafe_b64encode(json.encode(self)).rstrip(b"=").decode()

    def check_question(self, question: str) -> None:
        """Raises Problem where it belongs to another question."""
        if self.question != question:
            raise Problem(CURSOR_OF_ANOTHER_QUESTION, "ask the same question as before, or begin without a cursor")

    def check_version(self, version: int) -> None:
        """Raises Problem where it belongs to another version of the graph."""
        if self.version != version:
            raise Problem(
                GRAPH_CHANGED,
                "the graph or a rule pack has been loaded since this list began: begin without a cursor",
            )


def read_cursor(text: str) -> Cursor:
    """The cursor of a text; raises Problem where it was never handed out."""
    try:
        return json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Cursor)
    except (ValueError, MsgspecError, RecursionError) as error:
        raise Problem(CURSOR_OF_ANOTHER_QUESTION, "this is no cursor that was handed out here") from error


def question_hash(statement: str, member: str, world: World, wanted: ReachFilter) -> str:
    """The same question, the same hash."""
    return _hash((statement, member, world, wanted))


def list_hash(kind: str, text: str | None) -> str:
    """The same list of groups or company pages, the same hash."""
    return _hash((kind, text))


def _hash(question: tuple[Any, ...]) -> str:
    return hashlib.sha256(json.encode(question)).hexdigest()[:16]


def next_page(answer: Response, request: Request, cursor: str | None) -> Response:
    """The answer with a header `Link` to the same question from the cursor on, as a reference to this host."""
    if cursor is not None:
        asked = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        address = f"{request.scope['raw_path'].decode()}?{urlencode([*asked, ('cursor', cursor)])}"
        answer.headers["Link"] = f'<{address}>; rel="next"'
    return answer
