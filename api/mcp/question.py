"""What an assistant asks and is told: the base of each tool, and the fields that several have.

A tool is a kind of `Question`: its fields are the schema of what is asked, the struct that `answer` returns is the
schema of what is told, and its docstring says what the tool is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, get_type_hints

from msgspec import Meta, Struct
from msgspec.json import schema_components

from graph.errors import TooLarge
from graph.world import World
from linkreach.session import Session

Member = Annotated[str, Meta(description="A member: an id, or a name that means exactly one member.", min_length=1)]
Members = Annotated[list[Member], Meta(description="Members, each an id or a name that means one.", min_length=1)]
Rows = Annotated[int, Meta(description="Tell at most so many rows.", ge=1, le=1_000)]


class Conclusion(StrEnum):
    """What an answer comes to: what is not known is neither yes nor no (docs/rules.md, section 6)."""

    YES = "yes"
    YES_BY_WHAT_IS_STORED = "yes, by what is stored"
    NOT_KNOWN = "not known"
    NO = "no"


class Answer(Struct, frozen=True, kw_only=True):
    """What every tool tells."""

    answer: Annotated[str, Meta(description="The answer in words.")]


class AnswerOfWorld(Answer, frozen=True, kw_only=True):
    """An answer that holds by a rule pack, at an instant."""

    pack: Annotated[str, Meta(description="The rule pack that the answer is given by.")]
    at: Annotated[datetime, Meta(description="The instant that the answer is about.")]


def require_pairs(senders: Sequence[str], recipients: Sequence[str], most: int) -> None:
    """Returns where these are few enough pairs; raises TooLarge."""
    asked = len(senders) * len(recipients)
    if asked > most:
        raise TooLarge(f"{asked:,} pairs are asked about, and at most {most:,} at a time are judged")


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one tool is asked."""

    tool: ClassVar[str]
    title: ClassVar[str]

    def answer(self, session: Session) -> Answer:
        """The answer, asked of a session; raises what the session raises."""
        raise NotImplementedError

    @classmethod
    def description(cls) -> str:
        """What the tool is for."""
        return " ".join((cls.__doc__ or "").split())

    @classmethod
    def input_schema(cls) -> dict[str, Any]:
        """What can be asked, as JSON Schema."""
        return _schema(cls)

    @classmethod
    def output_schema(cls) -> dict[str, Any]:
        """What is told, as JSON Schema."""
        return _schema(get_type_hints(cls.answer)["return"])


class QuestionOfTime(Question, frozen=True, kw_only=True):
    """A question that is asked by a rule pack, at an instant."""

    at: Annotated[str | None, Meta(description="The instant asked about, ISO 8601 (2026-11-23); left out: now.")] = None
    pack: Annotated[str | None, Meta(description="The rule pack by name; left out: the one that is set.")] = None

    def world(self, session: Session) -> World:
        """What it is asked under."""
        return session.world(at=self.at, pack=self.pack)


class QuestionOfSender(QuestionOfTime, frozen=True, kw_only=True):
    """A question about a sender, who may be asked about as if on another tier."""

    as_tier: Annotated[
        str | None, Meta(description="Ask as if the sender were on this tier of the pack; left out: as they are.")
    ] = None

    def world(self, session: Session) -> World:
        """What it is asked under."""
        return session.world(at=self.at, pack=self.pack, as_tier=self.as_tier)


def _schema(struct: type[Struct]) -> dict[str, Any]:
    """The schema of a struct with its fields at the root, where the protocol wants them."""
    (reference,), components = schema_components([struct], ref_template="#/$defs/{name}")
    root = components.pop(reference["$ref"].rpartition("/")[2])
    told = {key: value for key, value in root.items() if key not in ("title", "description")}  # the tool has its own
    return {**told, "$defs": components} if components else told
