"""A small network of people with names, of some of whom not everything is known."""

from __future__ import annotations

from typing import Any

NETWORK: dict[str, Any] = {
    "members": {
        "m1": {"name": "Ada Byron", "tier": "career", "company": "Analytical Engines", "city": "London"},
        "m2": {"name": "Ada Byron", "company": "Globex"},
        "m3": {"name": "Ada Byron King"},
        "m4": {"name": "Conan O'Brien"},
        "m5": {"name": "王小明"},
        "m6": {"name": "王明小"},
        "m7": {"name": "J.R.R. Tolkien"},
        "m8": {"name": "=Zoë Ångström", "assumed": "accepts_from"},
        "m9": {"name": "Li Wei", "assumed": "groups"},
        "Li Wei": {"name": "Wei Li"},
        "nameless": {},
        **{f"x{number:02}": {"name": "Max Muster"} for number in range(12)},
    },
    "connections": [["m1", "m4"], ["m4", "m8"]],
    "groups": {"g1": {"name": "Engineers of note"}},
    "group_members": [["m1", "g1"], ["m7", "g1"], ["m3", "g1"]],
    "companies": {"c1": {"name": "Globex"}},
    "company_members": [{"member": "m3", "company": "c1"}],
}
"""Of those whom m1 reaches, m8 is so for all that is known; m9 is not, and possibly shares a group with them."""
