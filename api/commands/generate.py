"""`linkreach generate`: a network like a real one, as files to load."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from api.output import progress_bar, put, say
from linkreach.session import Session

if TYPE_CHECKING:
    from graph.generate.measures import Measures


def generate(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The new folder for its files.")],
    members: Annotated[int, typer.Option(metavar="N", help="How many members: 1,000 to 10,000,000.")] = 10_000,
    mean_degree: Annotated[
        float,
        typer.Option(metavar="D", help="How many connections each has on average: 10 to 100, and at most N / 20."),
    ] = 48,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="The same seed gives the same files.")] = 1,
) -> None:
    """Make up a network like a real one, from a seed, as files.

    Heavy-tailed degrees, communities by company, triangles, overlapping groups, tiers, settings and blocks.
    Says how much like a real one it came out.
    """
    started = monotonic()
    with progress_bar() as progress:
        measures = Session.generate(out, members=members, mean_degree=mean_degree, seed=seed, progress=progress)
    for name, value in _lines(measures):
        put(f"{name:<28}{value}")
    say(f"the network is in {out}, after {monotonic() - started:.1f} s; load it with: linkreach load {out}")


def _lines(measures: Measures) -> list[tuple[str, str]]:
    degrees = f"{measures.mean_degree:.1f}, {measures.median_degree:g}, {measures.largest_degree:,}"
    everybody = measures.clustering_of == measures.members
    sampled = "" if everybody else f" (a sample of {measures.clustering_of:,} members)"
    return [
        ("members", f"{measures.members:,}"),
        ("connections", f"{measures.connections:,}"),
        ("degree: mean, median, most", degrees),
        ("tail exponent", f"{measures.tail_exponent:.2f} (degrees from {measures.tail_begins:,} up)"),
        ("clustering", f"{measures.clustering:.3f}{sampled}"),
        ("share of the top 1 %", f"{measures.top_share:.1%} of all ends of connections"),
    ]
