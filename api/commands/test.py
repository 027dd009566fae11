"""`linkreach test`: verdicts that are expected, in files, next to those that come."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.junit import write_junit
from api.options import At, PackName
from api.output import progress_bar, put
from api.phrases import counted
from graph.files.regular import require_replaceable
from linkreach.session import Session

FAILS = 1


def run_tests(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files of tests, or folders of *.yaml files.")],
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write the results as JUnit XML, too.")
    ] = None,
    at: At = None,
    pack: PackName = None,
) -> None:
    """Hold a graph, or a rule pack, to the verdicts expected of it.

    A file that brings a network is asked of a server of its own, which is thrown away.
    What a file says comes before --at and --pack.

    Exit code: 0 all hold, 1 some do not, 2 an error.
    """
    if junit is not None:
        require_replaceable(junit)
    with Session(context.obj) as session, progress_bar() as progress:
        files = session.test(paths, session.world(at=at, pack=pack), progress=progress)
    checks = [(file.path, check) for file in files for check in file.checks]
    for path, check in checks:
        for failure in check.failures:
            put(f"{path}:{check.line}: {check.title}: {failure.what}: expected {failure.expected}, came {failure.came}")
    failing = sum(bool(check.failures) for _, check in checks)
    held = "all hold" if not failing else f"{failing} of them fail" if failing > 1 else "1 of them fails"
    put(f"{counted(len(checks), 'check')} in {counted(len(files), 'file')}: {held}")
    if junit is not None:
        write_junit(junit, files)
        put(junit)
    if failing:
        raise typer.Exit(FAILS)
