"""Ids in paths: they may hold anything, a slash too."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import unquote

from fastapi import Path
from pydantic import AfterValidator, Field

# What api.http.requests left encoded, so that the slash of an id is no slash of the path.
PathId = Annotated[
    str,
    Field(min_length=1, max_length=1_000),
    AfterValidator(unquote),
    Path(description="An id, percent-encoded, also a slash in it.", examples=["4398046511325"]),
]
