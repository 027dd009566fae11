"""What is said of own exports besides how their files were read: what nobody can know from them, and what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.output import say

if TYPE_CHECKING:
    from graph.loading.loading import LoadReport
    from graph.sources.chunks import OwnExports


def say_of_own_exports(source: OwnExports, report: LoadReport) -> None:
    """Says how many people are known from how many archives, what is not in an archive, and what is assumed."""
    people, archives = report.loaded.get("members", 0), len(source.owners)
    say(
        f"{people:,} {'person is' if people == 1 else 'people are'} known from "
        f"{archives:,} {'archive' if archives == 1 else 'archives'}; "
        "connections among those who are no owners are not in an archive"
    )
    if not source.has_settings:
        say("tier, credits and counts of the owners are assumed: settings.csv beside the archives can say them")
    if report.missing and not source.drop_missing:
        say("--drop-missing takes away the connections that are no longer listed")
