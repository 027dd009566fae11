"""Which names of a host mean this machine alone."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether an address, or `localhost`, can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def name_of_host(host: str) -> str | None:
    """The name in a header `Host`, without the port; None where there is none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
