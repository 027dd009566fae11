"""What was measured, as a table for people, as docs/bench.csv, as a plot, and as the figures in docs/bench.md."""

from __future__ import annotations

import csv
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

import matplotlib
import numpy as np
import psutil

from graph.files import private
from graph.server.artifacts import NEO4J
from tests.bench.servers import print_table, say

DEGREES_ALONE = "linkreach, degrees alone"
PACKAGES = ("numba", "numpy", "igraph", "python-graphblas", "suitesparse-graphblas", "scipy", "pyspark", "neo4j")
HEADER = [
    "members",
    "connections",
    "way",
    "of members",
    "median",
    "least",
    "most",
    "unit",
    "ratio",
    "its spread",
    "differ",
]
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a way gave at one size: a value a round, and its ratio to what it stands next to in the same round."""

    members: int
    connections: int
    way: str
    unit: str
    values: tuple[float, ...]
    ratios: tuple[float, ...] = ()
    asked: int | None = None
    differ: int | None = None

    def cells(self) -> list[str]:
        """A row of the table."""
        sample = "" if self.asked is None else "all" if self.asked >= self.members else f"{self.asked:,}, extrapolated"
        return [
            f"{self.members:,}",
            f"{self.connections:,}",
            self.way,
            sample,
            *(_short(value) for value in (median(self.values), min(self.values), max(self.values))),
            self.unit,
            _short(median(self.ratios)) if self.ratios else "",
            f"{_short(min(self.ratios))} to {_short(max(self.ratios))}" if self.ratios else "",
            "" if self.differ is None else str(self.differ),
        ]


def require_room(folder: Path) -> None:
    """Returns where `publish` will be able to write; ends the program in a line where it will not."""
    try:
        for name in ("bench.csv", "bench.svg", "bench.md"):
            with (folder / name).open("r+" if name == "bench.md" else "a", encoding="utf-8"):
                pass
        private.require_room(folder)
    except OSError as error:
        raise SystemExit(f"the figures cannot be written: {error.filename}: {error.strerror}") from error


def publish(findings: Sequence[Finding], folder: Path) -> None:
    """Prints the table, and writes all that is made of it into the folder."""
    rows = [each.cells() for each in findings]
    growth = [[way, f"{exponent:.2f}"] for way, exponent in exponents(findings).items()]
    print_table("Everybody at once, next to its peers", HEADER, rows)
    print_table("Growth: seconds ∝ members to the power of", ["way", "exponent"], growth)
    with (folder / "bench.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["members", "connections", "way", "asked", "unit", "values", "ratios", "differ"])
        for each in findings:
            lists = (";".join(f"{value:.6g}" for value in values) for values in (each.values, each.ratios))
            writer.writerow([each.members, each.connections, each.way, each.asked, each.unit, *lists, each.differ])
    plot(findings, folder / "bench.svg")
    page = folder / "bench.md"
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    image = "![Seconds for all members by the size of the network](bench.svg)"
    figures = [*machine(), "", image, "", *_markdown(HEADER, rows)]
    if growth:
        figures += ["", *_markdown(["way", "exponent"], growth)]
    page.write_text("\n".join([f"{before}{BEGIN}", *figures, END]) + rest.partition(END)[2], encoding="utf-8")
    say(f"wrote bench.csv, bench.svg and the figures of bench.md in {folder}")


def exponents(findings: Sequence[Finding]) -> dict[str, float]:
    """The exponent of growth of each way that was measured at several sizes: least squares of logarithms."""
    found = {}
    for way in dict.fromkeys(each.way for each in findings if each.unit == "s"):
        here = [each for each in findings if each.way == way]
        if len(here) > 1:
            sizes, seconds = np.log([each.members for each in here]), np.log([median(each.values) for each in here])
            found[way] = float(np.polyfit(sizes, seconds, 1)[0])
    return found


def machine() -> list[str]:
    """What it was measured on, a line each."""
    model = platform.processor()
    if (file := Path("/proc/cpuinfo")).exists():
        model = next((line.partition(": ")[2] for line in file.read_text().splitlines() if "model name" in line), model)
    memory = f"{psutil.virtual_memory().total / 2**30:.0f} GiB"
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    versions = ", ".join(f"{package} {found}" for package in PACKAGES if (found := _version(package)))
    return [
        f"- {os.cpu_count()} processors ({model}), {memory}, {platform.system()}; load at the end {load}",
        f"- Python {platform.python_version()}, Neo4j {NEO4J.version}, {versions}",
    ]


def plot(findings: Sequence[Finding], file: Path) -> None:
    """Seconds for all members by size, a line a way, both axes logarithmic."""
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "linkreach"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(9, 6), layout="constrained")
    for way in dict.fromkeys(each.way for each in findings if each.unit == "s"):
        points = [(each.members, median(each.values)) for each in findings if each.way == way]
        axes.loglog(*zip(*points, strict=True), marker="o", label=way, linewidth=2 if "linkreach" in way else 1)
    axes.set_xlabel("members")
    axes.set_ylabel("seconds for all members")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)


def _markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
