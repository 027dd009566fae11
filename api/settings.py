"""What a user sets once, from `LINKREACH_…` in the environment; an option of the command line comes before it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph.errors import InvalidInput

_SCHEMES = {f"{scheme}{security}" for scheme in ("bolt", "neo4j") for security in ("", "+s", "+ssc")}


class Settings(BaseSettings):
    """The settings, each read from the variable of its name in capitals after `LINKREACH_`."""

    model_config = SettingsConfigDict(env_prefix="LINKREACH_", env_ignore_empty=True, frozen=True)

    home: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("linkreach"),
        description="The folder of the embedded server, its data and its password; "
        "unset: `linkreach` in your user's folder for data.",
    )
    neo4j_uri: str | None = Field(None, description="A Neo4j of your own; unset: the embedded server.")
    neo4j_user: str = Field("neo4j", description="The user at a Neo4j of your own.")
    neo4j_password: SecretStr | None = Field(None, description="Their password; better in a file.")
    neo4j_password_file: Path | None = Field(None, description="A file that holds the password and nothing else.")
    neo4j_database: str | None = Field(None, description="The database there; unset: its default.")
    pack: str = Field("article", description="The rule pack of questions that name none.")
    api_keys_file: Path | None = Field(None, description="The keys of the API, as hashes; unset: in `home`.")

    @field_validator("neo4j_uri")
    @classmethod
    def _speaks_bolt(cls, uri: str | None) -> str | None:
        if uri is not None and not _is_address(uri):
            raise ValueError(f"{uri!r} is no address of a Neo4j: say bolt://localhost:7687, or neo4j+s://… to encrypt")
        return uri

    def password(self) -> str:
        """The password for `neo4j_uri`; raises InvalidInput where there is none or its file cannot be read."""
        if self.neo4j_password is not None:
            return self.neo4j_password.get_secret_value()
        if self.neo4j_password_file is None:
            raise InvalidInput("a Neo4j of your own wants LINKREACH_NEO4J_PASSWORD_FILE or LINKREACH_NEO4J_PASSWORD")
        try:
            return self.neo4j_password_file.read_text("utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "not text"
            raise InvalidInput(f"the password file {self.neo4j_password_file} cannot be read: {why}") from error

    def keys_file(self) -> Path:
        """Where the keys of the API are."""
        return self.api_keys_file or self.home / "api-keys.json"


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
