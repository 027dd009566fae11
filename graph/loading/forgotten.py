"""Who asked to be forgotten: of their ids the graph keeps nothing but a keyed hash."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The hashes of ids; `key` is the graph's own, and empty while nobody was forgotten."""

    key: str
    hashes: Set[str]

    def __contains__(self, member: str) -> bool:
        return bool(self.hashes) and hash_of(member, self.key) in self.hashes


NOBODY = Forgotten("", frozenset())


def hash_of(member: str, key: str) -> str:
    """What is kept of an id: the HMAC with SHA-256, in hexadecimal."""
    return hmac.new(key.encode(), member.encode(), hashlib.sha256).hexdigest()
