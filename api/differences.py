"""What differs between two worlds, told where a command was typed, and whether it is beyond a limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from api.output import put, say
from api.phrases import counted

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.differences import Limit
    from linkreach.differing import Differed

BEYOND_LIMIT = 1
OWN = "own"
CAUSES_SHOWN = 5


def tier_after(said: str | None, before: str | None) -> str | None:
    """The tier that the world after is asked as: as before where none is said, `own` takes one back."""
    return None if said == OWN else said or before


def limits_of(texts: Sequence[str] | None) -> list[Limit]:
    """The limits that were typed; raises InvalidInput where one says nothing."""
    if not texts:
        return []
    from analysis.differences import Limit

    return [Limit.read(text) for text in texts]


def put_differences(differed: Differed, limits: Sequence[Limit], *pages: Path) -> None:
    """What differs, and the files and pages that it is in; leaves with BEYOND_LIMIT where a limit is exceeded."""
    for line in difference_lines(differed):
        put(line)
    for file in (*differed.files, *pages):
        put(file)
    exceeded = [limit.text for limit in limits if limit.is_exceeded(differed.differences.totals)]
    if exceeded:
        say(f"beyond the limit: {', '.join(exceeded)}")
        raise typer.Exit(BEYOND_LIMIT)


def difference_lines(differed: Differed) -> Iterator[str]:
    """What differs in words: the two worlds, and for each direction the pairs and their largest causes."""
    totals, causes = differed.differences.totals, differed.differences.causes
    free = " free" if differed.manifest["free"] else ""
    for name, reachable in (("before", totals.reachable_before), ("after", totals.reachable_after)):
        yield f"{name:<6}  {counted(reachable, 'pair')} reachable{free}: {world_words(differed.manifest[name])}"
    if differed.same:
        yield "nothing differs: the two worlds are the same"
        return
    for direction, verb in (("gained", "denied before by "), ("lost", "by ")):
        pairs = getattr(totals, direction)
        found = causes[causes["direction"] == direction].sort_values("pairs", ascending=False, kind="stable")
        told = [
            f"{pairs_of:,} {verb}{reason}{_alone(pairs_of, alone)}"
            for reason, pairs_of, alone in found[["reason", "pairs", "pairs_alone"]].itertuples(index=False, name=None)
        ]
        more = [f"and {len(told) - CAUSES_SHOWN} more causes"] if len(told) > CAUSES_SHOWN else []
        listed = ", ".join([*told[:CAUSES_SHOWN], *more])
        yield f"{counted(pairs, 'pair')} {direction}: {listed}" if pairs else f"no pair {direction}"


def world_words(world: Mapping[str, Any]) -> str:
    """A world of a manifest: what it was asked under."""
    tier = [f"as if on {world['as_tier']}"] if world["as_tier"] else []
    change = [f"as if {world['change']['name']} were loaded"] if "change" in world else []
    return ", ".join([f"pack {world['pack']}", f"at {world['at']}", *tier, *change])


def _alone(pairs: int, alone: int) -> str:
    return " alone" if alone == pairs else f" ({alone:,} alone)" if alone else ""
