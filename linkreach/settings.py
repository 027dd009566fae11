"""What a user sets once, from `LINKREACH_…` in the environment; what is given in a call comes before it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct, field

from graph.errors import InvalidSetting
from graph.files.regular import read_text

_PREFIX = "LINKREACH_"
_PASSWORD_BYTES_AT_MOST = 1 << 16
_SCHEMES = {f"{scheme}{security}" for scheme in ("bolt", "neo4j") for security in ("", "+s", "+ssc")}


class Secret(str):
    """A text that nobody sees by accident: its `repr` hides it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('…')"


def _default_home() -> Path:
    import platformdirs

    return platformdirs.user_data_path("linkreach")


class Settings(Struct, frozen=True, kw_only=True):
    """The settings, each read from the variable of its name in capitals after `LINKREACH_`."""

    home: Annotated[
        Path,
        Meta(
            description="The folder of the embedded server, its data and its password; "
            "unset: `linkreach` in your user's folder for data."
        ),
    ] = field(default_factory=_default_home)
    neo4j_uri: Annotated[str | None, Meta(description="A Neo4j of your own; unset: the embedded server.")] = None
    neo4j_user: Annotated[str, Meta(description="The user at a Neo4j of your own.")] = "neo4j"
    neo4j_password: Annotated[Secret | None, Meta(description="Their password; better in a file.")] = None
    neo4j_password_file: Annotated[
        Path | None, Meta(description="A file that holds the password and nothing else.")
    ] = None
    neo4j_database: Annotated[str | None, Meta(description="The database there; unset: its default.")] = None
    pack: Annotated[str, Meta(description="The rule pack of questions that name none.")] = "article"
    upload_bytes: Annotated[
        int, Meta(ge=1, description="How many bytes the files of a load over HTTP may have, in all.")
    ] = 1 << 30
    upload_files: Annotated[int, Meta(ge=1, description="How many files a load over HTTP may have.")] = 2_000
    api_keys_file: Annotated[Path | None, Meta(description="The keys of the API, as hashes; unset: in `home`.")] = None

    def __post_init__(self) -> None:
        if self.neo4j_uri is not None and not _is_address(self.neo4j_uri):
            raise InvalidSetting(
                "neo4j_uri",
                f"{self.neo4j_uri!r} is no address of a Neo4j: say bolt://localhost:7687, or neo4j+s://… to encrypt",
            )

    @classmethod
    def read(cls, given: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Self:
        """The settings of the environment, and before them those that are given and not None.

        An empty variable counts as unset. Raises InvalidSetting.
        """
        found = {name: environment.get(_PREFIX + name.upper()) or None for name in cls.__struct_fields__}
        chosen = {**found, **{name: value for name, value in given.items() if value is not None}}
        try:
            return msgspec.convert(
                {name: value for name, value in chosen.items() if value is not None},
                cls,
                strict=False,
                dec_hook=_decode,
            )
        except msgspec.ValidationError as error:
            problem, _, place = str(error).partition(" - at `$.")
            raise InvalidSetting(place.rstrip("`"), problem) from error

    def password(self) -> str:
        """The password for `neo4j_uri`; raises InvalidSetting where there is none or its file cannot be read."""
        if self.neo4j_password is not None:
            return self.neo4j_password
        if self.neo4j_password_file is None:
            raise InvalidSetting("neo4j_password_file", "a Neo4j of your own wants a password, or a file that holds it")
        try:
            return read_text(self.neo4j_password_file, _PASSWORD_BYTES_AT_MOST).strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "not text"
            raise InvalidSetting("neo4j_password_file", f"{self.neo4j_password_file} cannot be read: {why}") from error

    def keys_file(self) -> Path:
        """Where the keys of the API are."""
        return self.api_keys_file or self.home / "api-keys.json"


def _decode(kind: type, value: Any) -> Any:
    """The values of types that msgspec does not know."""
    return value if isinstance(value, kind) else kind(value)


def _is_address(uri: str) -> bool:
    """Whether the driver will take it: a routing context is for neo4j:// alone, and the user has a setting."""
    try:
        parts = urlsplit(uri)
        return (
            parts.scheme in _SCHEMES
            and bool(parts.hostname)
            and parts.port != 0
            and parts.username is None
            and not (parts.query and parts.scheme.startswith("bolt"))
        )
    except ValueError:  # of the port
        return False
