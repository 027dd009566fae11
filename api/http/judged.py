"""One of many pairs: its verdict, or the problem that stands in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.http.problems import kind_of, problem_of
from graph.questions.batch import Unjudged
from graph.questions.verdicts import Verdict
from linkreach.forms import VERDICT, Form


def _document(pair: Verdict | Unjudged) -> Any:
    if isinstance(pair, Verdict):
        return VERDICT.document(pair)
    return {"sender": pair.sender, "recipient": pair.recipient, **problem_of(pair.error).document()}


def _rows(pair: Verdict | Unjudged) -> Iterator[tuple[Any, ...]]:
    if isinstance(pair, Verdict):
        yield from VERDICT.rows(pair)
    else:
        yield pair.sender, pair.recipient, None, None, None, kind_of(pair.error).name


JUDGED: Form[Verdict | Unjudged] = Form(_document, VERDICT.columns, _rows)
