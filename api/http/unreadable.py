"""What is wrong with files that were sent, and what could be said about it: as problems that people and pages read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.http.problems import UNREADABLE_FILES, Problem
from graph import errors
from graph.errors import InvalidInput


def unreadable(error: InvalidInput, sent: Path) -> Problem:
    """The problem of files that were put into the folder `sent`; they are told by their names as they were sent.

    Where a parameter of a load would help, `wants` names it, with what there is to choose from.
    """
    if isinstance(error, errors.UnknownOwners):  # loose files are an archive without a name
        error = errors.UnknownOwners(["what was sent" if name == sent.name else name for name in error.archives])
    text = str(error).replace(f"{sent}/", "").replace(str(sent), "what was sent").replace(f"{sent.parent}/", "")
    wants = _wanted(error)
    return Problem(UNREADABLE_FILES, text, **({"wants": wants} if wants else {}))


def _wanted(error: InvalidInput) -> dict[str, Any] | None:
    match error:
        case errors.Undecodable() | errors.Unmarked():
            return {"parameter": "encoding"}
        case errors.ColumnsNotSaid(cells=cells, names=names, likely=likely):
            return {"parameter": "columns", "columns": cells, "names": list(names), "likely": list(likely)}
        case errors.SeveralOwners(archive=archive):
            return {"parameter": "owner", "archives": [archive]}
        case errors.UnknownOwners(archives=archives):
            return {"parameter": "owner", "archives": list(archives)}
        case errors.Unsure():
            return {"parameter": "from", "one_of": ["edges"]}
        case errors.SeveralFormats(formats=formats):
            return {"parameter": "from", "one_of": list(formats)}
        case errors.OtherFormat(format=format):
            return {"parameter": "from", "one_of": [format]}
        case _:
            return None
