"""Case files: one small network per corner of the rules, with verdicts written by hand, as verdict tests have them.

```yaml
rule: "rules.md 2, gone: a gone member is no way through"   # the sentence that the corner is about
pack: article                     # the default; a pack that ships by its name, or a whole pack as in its TOML
at: 2026-06-01T00:00:00Z          # the default
network:
  members: {m1: {tier: business}, m2: {status: closed}, m3: {}}
  connections: [[m1, m2], {a: m2, b: m3, strength: 80}]
  groups: {g1: {messaging: false}}
  group_members: [[m1, g1], [m3, g1]]
  companies: {c1: {}}
  company_members: [{member: m1, company: c1, tie: works_at, since: 2020-01-01, until: 2021-01-01}]
  blocks: [{member: m1, other: m2, kind: block}]
checks:                           # only what is named is asserted; `channels` gives the reasons, or `open`
  - {sender: m1, recipient: m3, as_tier: career, at: 2026-05-01, tier: career, degree: null, mutuals: 0,
     reachable: true, reachable_free: false, no_link: true, gates: [], groups: [], pages: [],
     channels: {direct: [OUT_OF_NETWORK], inmail: open}, kinds: {group: message},
     certain: true, possible: true, certain_free: true, possible_free: false, rests_on: {direct: [], inmail: []}}
x-by: tier                        # the default; the column that makes segments in reports
x-beside: linkedin-help           # another pack that is loaded too, given like `pack`; none by default
x-loading: true                   # a load is under way; false by default
x-reaches:                        # all rows, in order: recipient, degree, channels
  - {sender: m1, channels: [direct], max_degree: 2, as_tier: career, at: 2026-05-01, rows: [[m2, 1, direct]]}
x-reached-by:                     # all rows, in order: sender, degree, channels
  - {recipient: m1, rows: [[m2, 1, direct]]}
x-unlocks:                        # an action: name, id, until, cost
  - {sender: m1, recipient: m3, channel: direct, names: 2, actions: [[upgrade, career, null, 30]],
     single_action_enough: true, other_side: []}
x-introductions:                  # the ways, in order: strength, then the members along the way
  - {sender: m1, recipient: m3, as_tier: career, n: 2, every_way: true, through: [], without: [m4],
     degree: 2, ways: [[0.72, m1, m2, m3]]}
x-refused:                        # an error, and what its text names; ask: a question of `by_hand.py`, or report
  - {ask: verdict, sender: m1, recipient: m9, names: [m9]}
x-reports:                        # all rows, in order; only the columns named are asserted
  tier_reach: [{tier: free, members: 2, mean: 0.5}]
```

What stands before `x-` is what `linkreach test` reads, too; cases without a verdict are in `other_cases/`.
Times stay the text that is written, so that every reader gets what a cell of a CSV file would hold.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tests.support.paths import ROOT

HERE = Path(__file__).parent
PACKS = ROOT / "graph" / "rules" / "packs"

NETWORK = ("members", "connections", "groups", "group_members", "companies", "company_members", "blocks")
OTHERS = (
    *("x-by", "x-beside", "x-loading"),
    *("x-reaches", "x-reached-by", "x-unlocks", "x-introductions", "x-refused", "x-reports"),
)


class _Loader(yaml.SafeLoader):
    """YAML without times, and in which a key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(mapping) < len(node.value):
            raise yaml.constructor.ConstructorError(problem="a key stands twice", problem_mark=node.start_mark)
        return mapping


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Case:
    """A case file; packs are in the shape of their TOML, `network` has the keys in `NETWORK`."""

    name: str
    rule: str
    pack: dict[str, Any]
    beside: dict[str, Any] | None
    loading: bool
    at: str
    by: str
    network: dict[str, Any]
    verdicts: list[dict[str, Any]]
    reaches: list[dict[str, Any]]
    reached_by: list[dict[str, Any]]
    unlocks: list[dict[str, Any]]
    introductions: list[dict[str, Any]]
    refused: list[dict[str, Any]]
    reports: dict[str, list[dict[str, Any]]]

    @property
    def refuses_all(self) -> bool:
        """Whether no question has an answer: while a load is under way, and where a stored tier is not of the pack."""
        tiers = {member.get("tier", "") for member in self.network["members"].values()}
        return self.loading or not tiers <= {"", *self.pack["tiers"]}


def read_pack(name: str) -> dict[str, Any]:
    """Read the pack of this name that ships."""
    return tomllib.loads((PACKS / f"{name}.toml").read_text(encoding="utf-8"))


def _pack(given: str | dict[str, Any]) -> dict[str, Any]:
    return read_pack(given) if isinstance(given, str) else {**given, "date": date.fromisoformat(given["date"])}


def document(path: Path) -> dict[str, Any]:
    """What stands in a case file."""
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    return found


def load(path: Path) -> Case:
    """Read a case file."""
    found = document(path)
    others = {key: found.pop(key) for key in [*found] if key.startswith("x-")}
    if unknown := (found.keys() - {"rule", "pack", "at", "network", "checks"}) | (others.keys() - {*OTHERS}):
        raise ValueError(f"{path.name}: {sorted(unknown)} is not part of a case file")
    if unknown := found["network"].keys() - {*NETWORK}:
        raise ValueError(f"{path.name}: {sorted(unknown)} is no table of a network")
    return Case(
        name=path.stem,
        rule=found["rule"],
        pack=_pack(found.get("pack", "article")),
        beside=_pack(others["x-beside"]) if "x-beside" in others else None,
        loading=others.get("x-loading", False),
        at=found.get("at", "2026-06-01T00:00:00Z"),
        by=others.get("x-by", "tier"),
        network=found["network"],
        verdicts=[_verdict(check) for check in found.get("checks", [])],
        reaches=others.get("x-reaches", []),
        reached_by=others.get("x-reached-by", []),
        unlocks=others.get("x-unlocks", []),
        introductions=others.get("x-introductions", []),
        refused=others.get("x-refused", []),
        reports=others.get("x-reports", {}),
    )


def _verdict(check: dict[str, Any]) -> dict[str, Any]:
    """A check, with no reasons for a channel that is open."""
    if "channels" not in check:
        return check
    channels = {name: [] if reasons == "open" else reasons for name, reasons in check["channels"].items()}
    return {**check, "channels": channels}


def every_case() -> list[Case]:
    """All case files, by name."""
    paths = (path for folder in ("cases", "other_cases") for path in (HERE / folder).glob("*.yaml"))
    return [load(path) for path in sorted(paths, key=lambda path: path.name)]


def answered_cases() -> list[Case]:
    """Those that have a question with an answer."""
    return [case for case in every_case() if not case.refuses_all]
