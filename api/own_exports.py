"""What is said of own exports: what to do where they do not say whose they are, and what was read of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.sources.linkedin.source import LinkedInSource

HOW_TO_NAME_OWNERS = (
    "say --owner ADDRESS for one archive; write archive,owner and a line for each into owners.csv beside several; "
    "or ask LinkedIn for an archive with Invitations.csv or messages.csv"
)


def lines_about(network: LinkedInSource, missing: Mapping[str, int]) -> Iterator[str]:
    """What to know after own exports were loaded; `missing` counts connections that are listed no more, by owner."""
    for archive in network.archives:
        name = f"{archive.owner_name} ({archive.owner})" if archive.owner_name else archive.owner
        yield f"{archive.name} is of {name}: {archive.contacts:,} connections"
        if archive.unread_dates:
            yield f"  {archive.unread_dates:,} of them have a date that cannot be read, and none in the graph"
        if archive.unread_messages:
            yield f"  {archive.unread_messages:,} rows of messages.csv cannot be read"
    for owner, count in missing.items():
        what = "and were taken away" if network.drop_missing else "and stay; --drop-missing takes them away"
        yield f"{count:,} connections of {owner} are no longer listed, {what}"
    if network.unread:
        yield f"no archives, and not read: {', '.join(network.unread)}"
    archives = "1 archive" if len(network.archives) == 1 else f"{len(network.archives)} archives"
    yield f"{network.people:,} people are known from {archives}; connections among others are in no archive"
    if not network.has_settings:
        yield "tier, credits and counts of the owners are assumed: settings.csv beside the archives can say them"
