"""A network like a real one, from a seed, as native files: for trying things out at any size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graph.errors import InvalidInput
from graph.files.private import require_room
from graph.generate.files import write
from graph.generate.measures import Measures, measure
from graph.generate.network import draw_network

FEWEST_MEMBERS = 1_000
MOST_MEMBERS = 10_000_000
SMALLEST_MEAN_DEGREE = 10
LARGEST_MEAN_DEGREE = 100
MEMBERS_PER_DEGREE = 20

__all__ = ["Measures", "generate"]


def generate(
    folder: Path,
    *,
    members: int,
    mean_degree: float,
    seed: int,
    progress: Callable[[str, int, int | None], None] = lambda *_: None,
) -> Measures:
    """Writes the files into a new or empty folder, and measures the network in them.

    There are round(members x mean_degree / 2) connections. The same arguments give the same bytes.
    `progress` is told what is done, how much of it, and of how much.
    Raises InvalidInput where a number is out of its range or the folder holds something, and OSError.
    """
    if not FEWEST_MEMBERS <= members <= MOST_MEMBERS:
        raise InvalidInput(f"{members:,} members: say {FEWEST_MEMBERS:,} to {MOST_MEMBERS:,}")
    largest = min(LARGEST_MEAN_DEGREE, members // MEMBERS_PER_DEGREE)
    if not SMALLEST_MEAN_DEGREE <= mean_degree <= largest:
        raise InvalidInput(
            f"a mean degree of {mean_degree:g}: among {members:,} members, say {SMALLEST_MEAN_DEGREE} to {largest}"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidInput(f"{folder} is there already: name a new folder")
    require_room(folder)
    network = draw_network(members, mean_degree, seed, progress)
    write(network, folder, seed, progress)
    return measure(network, progress)
