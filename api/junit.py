"""Results of verdict tests as JUnit XML, which build servers read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from api.output import shown
from graph.files.private import create_private, make_private_folder, staging

if TYPE_CHECKING:
    from linkreach.testing import CheckedFile


def write_junit(path: Path, files: Sequence[CheckedFile]) -> None:
    """Writes a suite a file, with a case a check; whole, or not at all. What XML cannot hold is an escape."""
    root = ElementTree.Element("testsuites", name="linkreach")
    for file in files:
        name = shown(str(file.path))
        failing = sum(bool(check.failures) for check in file.checks)
        suite = ElementTree.SubElement(
            root, "testsuite", name=name, tests=f"{len(file.checks)}", failures=f"{failing}", errors="0"
        )
        for check in file.checks:
            case = ElementTree.SubElement(
                suite, "testcase", classname=name, name=shown(check.title), file=name, line=f"{check.line}"
            )
            for failure in check.failures:
                message = f"{failure.what}: expected {failure.expected}, came {failure.came}"
                ElementTree.SubElement(case, "failure", message=shown(message))
    ElementTree.indent(root)
    make_private_folder(path.parent)
    with staging(path.parent) as stage:
        with create_private(stage / path.name) as out:
            ElementTree.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
        (stage / path.name).replace(path)
