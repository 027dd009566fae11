"""The program `linkreach`: it answers Ctrl-C before it imports anything that takes time."""

from __future__ import annotations


def main() -> None:
    """Runs the command that was typed, and leaves with its exit code."""
    try:
        from api.interruption import end_at_once

        end_at_once()
    except KeyboardInterrupt:
        import os

        os.write(2, b"linkreach: interrupted\n")
        os._exit(130)
    from api.main import main

    main()
