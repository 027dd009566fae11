"""What is said of own exports: what to do where they do not say whose they are, and what was read of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.loading.loading import LoadReport
    from graph.sources.linkedin.source import LinkedInSource

HOW_TO_NAME_OWNERS = (
    "say --owner ADDRESS for one archive; write archive,owner and a line for each into owners.csv beside several; "
    "or ask LinkedIn for an archive with Invitations.csv or messages.csv"
)


def lines_about(network: LinkedInSource, report: LoadReport) -> Iterator[str]:
    """What to know after own exports were loaded."""
    for archive in network.archives:
        name = f"{archive.owner_name} ({archive.owner})" if archive.owner_name else archive.owner
        yield f"{archive.name} is of {name}: {_counted(archive.contacts, 'connection')}"
        if archive.unread_dates:
            yield f"  without a date: {_counted(archive.unread_dates, 'connection')} whose date cannot be read"
        if archive.unread_messages:
            yield f"  left out: {_counted(archive.unread_messages, 'row')} of messages.csv that cannot be read"
    for owner, count in report.missing.items():
        what = "taken away" if network.drop_missing else "kept, --drop-missing takes them away"
        yield f"no longer listed: {_counted(count, 'connection')} of {owner}, {what}"
    if network.unread:
        yield f"no archives, and not read: {', '.join(network.unread)}"
    people, archives = report.loaded.get("members", 0), len(network.archives)
    yield (
        f"{people:,} people are known from {_counted(archives, 'archive')}; "
        "connections among those who are no owners are not in an archive"
    )
    if not network.has_settings:
        yield "tier, credits and counts of the owners are assumed: settings.csv beside the archives can say them"


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
