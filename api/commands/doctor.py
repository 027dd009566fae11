"""`linkreach doctor`: is everything in place, and if not, what to do."""

from __future__ import annotations

from typing import Annotated

import typer

from api.advice import advised
from api.output import progress_bar, put
from graph.errors import LinkreachError
from linkreach.health import Finding, findings
from linkreach.health import fingerprint as take_fingerprint

WRONG = 2


def doctor(
    context: typer.Context,
    fingerprint: Annotated[
        bool,
        typer.Option("--fingerprint", help="Also hash the network in the graph: the same network, the same hash."),
    ] = False,
) -> None:
    """Say what is in place, what is wrong, and what to do about it.

    Looks at the installation, the server and the graph, and starts nothing (but with --fingerprint the server).

    Exit code: 0 all is well, 2 something is wrong.
    """
    healthy = True
    for finding in findings(context.obj):
        healthy &= _told(finding)
    if fingerprint:
        with progress_bar() as progress:
            finding = take_fingerprint(context.obj, progress)
        healthy &= _told(finding)
    if not healthy:
        raise typer.Exit(WRONG)


def _told(finding: Finding) -> bool:
    error = finding.found if isinstance(finding.found, LinkreachError) else None
    put(f"{'wrong' if error else 'ok   '}  {finding.what}: {advised(error) if error else finding.found}")
    return finding.healthy
