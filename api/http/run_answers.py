"""Answers about runs, the same for reports, differences and plans: their state, and the rows that they have written."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from itertools import chain
from typing import Any

import pandas as pd
from starlette.concurrency import iterate_in_threadpool

from api.http.runner import Runner
from api.http.service import Service
from linkreach.forms import Form, table_form

_STATES = ("running", "finished", "failed")

RUN: Form[dict[str, Any]] = Form(dict, {"id": "Int64", "state": "str"}, lambda run: iter([(run["id"], state_of(run))]))


def state_of(run: dict[str, Any]) -> str:
    """Whether a run is under way, finished or failed; of several the first."""
    return next(state for state in _STATES if run[state])


def run_document(service: Service, runner: Runner, name: str, number: int) -> dict[str, Any] | None:
    """What there is of a run, and whether its graph is the one of today; None where there is nothing, or no more."""
    state = runner.run_state(name, number)
    return None if state is None else state | {"stale": service.is_stale(runner.runs.numbered(name, number))}


def run_documents(service: Service, runner: Runner, name: str) -> list[dict[str, Any]]:
    """The same of every run of a name, the newest first."""
    documents = (run_document(service, runner, name, number) for number in runner.numbers(name))
    return [document for document in documents if document is not None]


def as_rows(frames: Iterator[pd.DataFrame]) -> tuple[Form[Any], AsyncGenerator[list[tuple[Any, ...]]]]:
    """Frames with the same columns, of which there is at least one, as a form and its rows; an empty cell is None."""
    first = next(frames)
    form = table_form({str(column): str(dtype) for column, dtype in first.dtypes.items()})
    return form, _rows(chain([first], frames))


async def _rows(frames: Iterator[pd.DataFrame]) -> AsyncGenerator[list[tuple[Any, ...]]]:
    async for frame in iterate_in_threadpool(frames):
        yield [*frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)]
