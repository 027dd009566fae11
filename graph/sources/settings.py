"""`settings` and `blocks` beside the files of a format that has neither tiers nor settings.

`settings` has the columns of `members` and means the same as members of a later load, but declares nobody.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from graph.model import BLOCKS, MEMBERS
from graph.sources.native import TableFile, table_file

SETTINGS = replace(MEMBERS, name="settings", refers=(("id", MEMBERS.name),))


def files_beside(folder: Path) -> list[TableFile]:
    """Those of the two that are there; raises InvalidInput where one of them is wrong."""
    return [file for table in (SETTINGS, BLOCKS) if (file := table_file(folder, table)) is not None]
