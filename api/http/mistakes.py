"""What is wrong with a question, in our words: those of the libraries that check it are about their own insides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic_core import ErrorDetails

from api.http.problems import INVALID_REQUEST, Problem

# By the type of an error (pydantic's manual, "Validation errors"), filled in from what the check compared with.
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not asked for here",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "float_type": "must be a number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_type": "must be a text",
    "string_unicode": "must be a text",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
    "list_type": "must be a list",
    "enum": "must be one of {expected}",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "json_invalid": "is not JSON",
    "value_error": "{error}",
}
_OTHERWISE = "is not as the manual at /docs has it"
_TOLD_AT_MOST = 3


def mistakes(errors: Sequence[ErrorDetails]) -> Problem:
    """The problem of a question with these errors."""
    return wrong(
        [
            {
                "where": ".".join(str(part) for part in error["loc"]),
                "problem": _WORDS.get(error["type"], _OTHERWISE).format_map(error.get("ctx", {})),
            }
            for error in errors
        ]
    )


def wrong(mistakes: Sequence[dict[str, Any]]) -> Problem:
    """The problem of these mistakes, each of the keys where and problem."""
    detail = "; ".join(f"{each['where']} {each['problem']}" for each in mistakes[:_TOLD_AT_MOST])
    return Problem(INVALID_REQUEST, detail, mistakes=mistakes)
