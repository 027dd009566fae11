"""What is said of own exports after they were loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.loading.loading import LoadReport
    from graph.sources.linkedin.source import LinkedInSource


def lines_about(source: LinkedInSource, report: LoadReport) -> Iterator[str]:
    """Whose they are, what of them is not in the graph, and what nobody can know from them."""
    for archive in source.archives:
        name = f"{archive.owner_name} ({archive.owner})" if archive.owner_name else archive.owner
        yield f"{archive.name} is of {name}: {_counted(archive.contacts, 'connection')}"
        if archive.unread_dates:
            yield f"  without a date: {_counted(archive.unread_dates, 'connection')} whose date cannot be read"
        if archive.unread_messages:
            yield f"  left out: {_counted(archive.unread_messages, 'row')} of messages.csv that cannot be read"
    for owner, count in report.missing.items():
        what = "taken away" if source.drop_missing else "kept, --drop-missing takes them away"
        yield f"no longer listed: {_counted(count, 'connection')} of {owner}, {what}"
    if source.unread:
        yield f"no archives, and not read: {', '.join(source.unread)}"
    people, archives = report.loaded.get("members", 0), len(source.archives)
    yield (
        f"{people:,} people are known from {_counted(archives, 'archive')}; "
        "connections among those who are no owners are not in an archive"
    )
    if not source.has_settings:
        yield "tier, credits and counts of the owners are assumed: settings.csv beside the archives can say them"


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
