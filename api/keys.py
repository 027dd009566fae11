"""API keys: who may ask over HTTP, and what. Keys are shown once, and kept as hashes in a file of their owner's."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from graph.errors import InvalidInput
from graph.files.private import make_private_folder, write_private
from graph.files.regular import read_whole

if TYPE_CHECKING:
    from filelock import FileLock

SCOPES = ("read", "report", "load", "audit")
_PREFIX = "linkreach_"
_BYTES_AT_MOST = 1 << 24


class Key(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A key by name; `hash` is SHA-256 in hexadecimal, which is enough for 256 random bits.

    `senders`: the members whom alone it asks for, by id; None: it is bound to nobody.
    """

    name: Annotated[str, Meta(pattern=r"^[\w.-]{1,64}$")]
    hash: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    scopes: tuple[str, ...]
    senders: Annotated[tuple[Annotated[str, Meta(min_length=1)], ...], Meta(min_length=1)] | None = None


class KeyFile:
    """The keys in a file, read again when it has changed; a file that is not there has none.

    Raises InvalidInput where the file is no list of keys.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int, int] | None = None
        self._keys: tuple[Key, ...] = ()

    def all(self) -> tuple[Key, ...]:
        """All keys, in the order in which they were made."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return ()
        seen = (found.st_mtime_ns, found.st_size, found.st_ino)
        if seen != self._seen:
            try:
                self._keys = msgspec.json.decode(read_whole(self.path, _BYTES_AT_MOST), type=tuple[Key, ...])
            except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                raise InvalidInput(f"{self.path} is no file of keys: linkreach key new writes one") from error
            self._seen = seen
        return self._keys

    def find(self, secret: str) -> Key | None:
        """The key that this is; takes as long whichever it is, and if it is none."""
        hash = _hash(secret)
        matching = [key for key in self.all() if hmac.compare_digest(key.hash, hash)]
        return matching[0] if matching else None

    def new(self, name: str, scopes: Sequence[str], senders: Sequence[str] = ()) -> str:
        """Makes a key, bound to these senders where there are some; returns its secret, which nobody can read again.

        Raises InvalidInput.
        """
        unknown = [scope for scope in scopes if scope not in SCOPES]
        if unknown or not scopes:
            raise InvalidInput(
                f"there is no scope {unknown[0]!r}: use {', '.join(SCOPES)}" if unknown else "say a scope"
            )
        if not all(senders):
            raise InvalidInput("no member has an empty id: say the id of a sender")
        secret = _PREFIX + secrets.token_urlsafe(32)
        fields = {
            "name": name,
            "hash": _hash(secret),
            "scopes": [scope for scope in SCOPES if scope in scopes],
            "senders": list(dict.fromkeys(senders)) or None,
        }
        try:
            key = msgspec.convert(fields, Key)
        except msgspec.ValidationError as error:
            raise InvalidInput(
                f"{name!r} is no name of a key: letters, digits, '.', '_' and '-', at most 64"
            ) from error
        with self._lock():
            if any(key.name == name for key in self.all()):
                raise InvalidInput(f"there is a key {name!r} already: choose another name, or remove it first")
            self._write((*self.all(), key))
        return secret

    def remove(self, name: str) -> None:
        """Removes a key; raises InvalidInput where there is none of the name."""
        with self._lock():
            left = tuple(key for key in self.all() if key.name != name)
            if len(left) == len(self.all()):
                raise InvalidInput(f"there is no key {name!r}: see linkreach key list")
            self._write(left)

    def _lock(self) -> FileLock:
        from filelock import FileLock

        make_private_folder(self.path.parent)
        return FileLock(self.path.with_name(self.path.name + ".lock"), mode=0o600)

    def _write(self, keys: tuple[Key, ...]) -> None:
        write_private(self.path, msgspec.json.format(msgspec.json.encode(keys), indent=1))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
