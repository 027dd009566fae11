"""Where things are in a checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SHARED = ROOT.parent / "shared"
NATIVE = ROOT / "tests" / "rules" / "native"
GOLDEN = ROOT / "tests" / "engines" / "golden"
