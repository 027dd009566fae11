"""Case files: one small network per corner of the rules, with verdicts written by hand.

```yaml
rule: "rules.md 2, gone: a gone member is no way through"   # the sentence that the corner is about
pack: article                     # the default; a pack that ships by its name, or a whole pack as in its TOML
at: 2026-06-01T00:00:00Z          # the default
by: tier                          # the default; the column that makes segments in reports
beside: linkedin-help             # another pack that is loaded too, given like `pack`; none by default
loading: true                     # a load is under way; false by default
members: {m1: {tier: business}, m2: {status: closed}, m3: {}}
connections: [[m1, m2], {a: m2, b: m3, strength: 80}]
groups: {g1: {messaging: false}}
group_members: [[m1, g1], [m3, g1]]
companies: {c1: {}}
company_members: [{member: m1, company: c1, tie: works_at, since: 2020-01-01, until: 2021-01-01}]
blocks: [{member: m1, other: m2, kind: block}]
verdicts:                         # only what is named is asserted; `channels` gives the reasons, [] is open
  - {sender: m1, recipient: m3, as_tier: career, at: 2026-05-01, tier: career, degree: null, mutuals: 0,
     reachable: true, reachable_free: false, no_link: true, gates: [], groups: [], pages: [],
     channels: {direct: [OUT_OF_NETWORK], inmail: []}, kinds: {group: message},
     certain: true, possible: true, certain_free: true, possible_free: false, rests_on: {direct: [], inmail: []}}
reaches:                          # all rows, in order: recipient, degree, channels
  - {sender: m1, channels: [direct], max_degree: 2, as_tier: career, at: 2026-05-01, rows: [[m2, 1, direct]]}
reached_by:                       # all rows, in order: sender, degree, channels
  - {recipient: m1, rows: [[m2, 1, direct]]}
unlocks:                          # an action: name, id, until, cost
  - {sender: m1, recipient: m3, channel: direct, names: 2, actions: [[upgrade, career, null, 30]],
     single_action_enough: true, other_side: []}
introductions:                    # the ways, in order: strength, then the members along the way
  - {sender: m1, recipient: m3, as_tier: career, n: 2, every_way: true, through: [], without: [m4],
     degree: 2, ways: [[0.72, m1, m2, m3]]}
refused:                          # an error, and what its text names; ask: a question of `by_hand.py`, or report
  - {ask: verdict, sender: m1, recipient: m9, names: [m9]}
reports:                          # all rows, in order; only the columns named are asserted
  tier_reach: [{tier: free, members: 2, mean: 0.5}]
```

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
QUESTIONS = ("verdicts", "reaches", "reached_by", "unlocks", "introductions", "refused", "reports")


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


def load(path: Path) -> Case:
    """Read a case file."""
    found = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    if unknown := found.keys() - {"rule", "pack", "beside", "loading", "at", "by", *NETWORK, *QUESTIONS}:
        raise ValueError(f"{path.name}: {sorted(unknown)} is not part of a case file")
    return Case(
        name=path.stem,
        rule=found["rule"],
        pack=_pack(found.get("pack", "article")),
        beside=_pack(found["beside"]) if "beside" in found else None,
        loading=found.get("loading", False),
        at=found.get("at", "2026-06-01T00:00:00Z"),
        by=found.get("by", "tier"),
        network={key: found[key] for key in NETWORK if key in found},
        verdicts=found.get("verdicts", []),
        reaches=found.get("reaches", []),
        reached_by=found.get("reached_by", []),
        unlocks=found.get("unlocks", []),
        introductions=found.get("introductions", []),
        refused=found.get("refused", []),
        reports=found.get("reports", {}),
    )


def every_case() -> list[Case]:
    """All case files, by name."""
    return [load(path) for path in sorted((HERE / "cases").glob("*.yaml"))]


def answered_cases() -> list[Case]:
    """Those that have a question with an answer."""
    return [case for case in every_case() if not case.refuses_all]
