"""Ids in paths: they may hold anything, a slash too.

A browser takes a part of a path that is `.` or `..` for a way up, however it is encoded: for these two, and whatever
has backslashes before them, one backslash stands in front (`%5C..` is the id `..`).
"""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import unquote

from fastapi import Path
from pydantic import AfterValidator, Field

_DOTS = re.compile(r"\\+\.{1,2}")


def _id(part: str) -> str:
    id = unquote(part)
    return id[1:] if _DOTS.fullmatch(id) else id


# What api.http.requests left encoded, so that the slash of an id is no slash of the path.
PathId = Annotated[
    str,
    Field(min_length=1, max_length=1_000),
    AfterValidator(_id),
    Path(
        description="An id, percent-encoded, also a slash in it; `.` and `..` as `%5C.` and `%5C..`.",
        examples=["4398046511325"],
    ),
]
