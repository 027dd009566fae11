"""Who is who: a person is the address of their profile, whatever way it is written."""

from __future__ import annotations

import codecs
import re
import unicodedata
from urllib.parse import unquote

_ADDRESS = re.compile(r"(?P<host>(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*)?(?P<path>[^?#]*)", re.IGNORECASE)
_BARE_HOST = re.compile(r"\A[^/]+\.[^/]+(?=/|\Z)")  # the first segment of an address without a scheme
_PROFILE = re.compile(r"/in/+(?P<name>[^/]*)", re.IGNORECASE)


def member_id(address: str) -> str | None:
    """The id of the person with this address, None where it is no address.

    Of a profile's address it is the first segment after `/in/`, of another one the whole path: percent-decoded once
    (bytes that are not UTF-8 stay encoded), in Unicode's form NFC, in lower case.
    Scheme, host, query and fragment say nothing.
    """
    parts = _ADDRESS.match(address.strip())
    if parts is None:
        return None
    path = parts["path"] if parts["host"] else _BARE_HOST.sub("", parts["path"])
    if profile := _PROFILE.search(f"/{path}"):
        return _decoded(profile["name"]) or None
    whole = _decoded(path.strip("/"))
    return whole if whole not in ("", "in") else None  # everybody's address would end in that `in`


def named_id(text: str) -> str | None:
    """The id of the person whom somebody names by an address or by an id; None where the text is neither."""
    return member_id(text) if "/" in text else _decoded(text.strip()) or None


def _decoded(text: str) -> str:
    return unicodedata.normalize("NFC", unquote(text, errors=_STAYS_ENCODED)).lower()


def _encoded(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(f"%{byte:02X}" for byte in error.object[error.start : error.end]), error.end


_STAYS_ENCODED = "linkreach: stays encoded"
codecs.register_error(_STAYS_ENCODED, _encoded)
