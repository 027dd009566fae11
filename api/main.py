"""The command `linkreach`: its options, its commands, and how each of them ends.

Exit codes: 0 done, or reachable; 1 not reachable, beyond a limit that was set, or a test that fails; 2 an error, told
in one line on standard error; 130 interrupted; 141 whoever read the answer closed the pipe.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from api import interruption
from api.advice import advised
from api.commands.backup import backup, restore
from api.commands.check import check
from api.commands.demo import demo
from api.commands.diff import diff
from api.commands.doctor import doctor
from api.commands.find import find
from api.commands.forget import forget
from api.commands.generate import generate
from api.commands.introduce import introduce
from api.commands.key import app as key
from api.commands.load import load
from api.commands.match import match
from api.commands.mcp import mcp
from api.commands.neo4j import app as neo4j
from api.commands.pack import app as pack
from api.commands.plan import plan
from api.commands.reach import reach, reached_by
from api.commands.reach_sets import reach_sets
from api.commands.report import report
from api.commands.serve import serve
from api.commands.snapshot import snapshot
from api.commands.test import run_tests
from api.commands.unlock import unlock
from api.commands.version import version_line
from api.output import put, say, told
from graph.errors import LinkreachError
from linkreach.settings import Settings

ERROR = 2
CLOSED_PIPE = 141  # SIGPIPE; neither 0 nor 1, which are answers

app = typer.Typer(
    name="linkreach",
    epilog="Start with: linkreach demo",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command(epilog="Example: linkreach demo --keep")(demo)
app.add_typer(
    neo4j,
    name="neo4j",
    help="Start and stop the embedded server, a real Neo4j.",
    epilog="Example: linkreach neo4j status",
)
app.command(epilog="Example: linkreach load my-network/ --rejects rejects.csv")(load)
app.command(epilog="Example: linkreach forget ada-muster-1a2b")(forget)
app.command(epilog="Example: linkreach generate big/ --members 100000 --mean-degree 48 --seed 1")(generate)
app.add_typer(
    pack,
    name="pack",
    help="Show and load rule packs: what each tier may do.",
    epilog="Example: linkreach pack show article > mine.toml",
)
app.command(epilog="Example: linkreach find Jan Zakrzewski")(find)
app.command(epilog="Example: linkreach check m1 m9 --as-tier business --format json")(check)
app.command(epilog="Example: linkreach reach m1 --channel direct --degree 2 > reached.csv")(reach)
app.command("reached-by", epilog="Example: linkreach reached-by m9 --as-tier business")(reached_by)
app.command(epilog="Example: linkreach match --senders team.txt --recipients targets.txt --unlock > match.csv")(match)
app.command(epilog="Example: linkreach unlock m1 m9 --channel direct")(unlock)
app.command(epilog="Example: linkreach introduce m1 m9 --without m4")(introduce)
app.command(
    epilog="Example: linkreach plan --senders team.txt --recipients targets.txt --budget 20 --cost join=2 --out plan/"
)(plan)
app.command(epilog="Example: linkreach report all --out reports/ --at 2026-11-23")(report)
app.command(epilog="Example: linkreach diff --out diff/ --to-pack mine.toml --fail-if 'lost>0.5%'")(diff)
app.command("test", epilog="Example: linkreach test expectations/ --junit tests.xml")(run_tests)
app.command("reach-sets", epilog="Example: linkreach reach-sets near.parquet --degree 2")(reach_sets)
app.command(epilog="Example: linkreach snapshot today/")(snapshot)
app.command(epilog="Example: linkreach serve --port 8080")(serve)
app.command(epilog="Example: linkreach mcp")(mcp)
app.add_typer(
    key, name="key", help="Make and remove the keys of the API.", epilog="Example: linkreach key new me --scope read"
)
app.command(epilog="Example: linkreach backup monday.dump")(backup)
app.command(epilog="Example: linkreach restore monday.dump")(restore)
app.command(epilog="Example: linkreach doctor")(doctor)


@app.callback(invoke_without_command=True)
def common(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="The embedded server's folder. [LINKREACH_HOME]", show_default=False)
    ] = None,
    neo4j_uri: Annotated[
        str | None, typer.Option(help="A Neo4j of your own, for example bolt://localhost:7687. [LINKREACH_NEO4J_URI]")
    ] = None,
    neo4j_user: Annotated[str | None, typer.Option(help="The user there. [LINKREACH_NEO4J_USER]")] = None,
    neo4j_password_file: Annotated[
        Path | None, typer.Option(help="A file with their password. [LINKREACH_NEO4J_PASSWORD_FILE]")
    ] = None,
    neo4j_database: Annotated[str | None, typer.Option(help="The database there. [LINKREACH_NEO4J_DATABASE]")] = None,
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the versions of linkreach and of the graph, with its packs, and exit."),
    ] = False,
) -> None:
    """Who can reach whom in a professional network, by which channel, and why not."""
    options: dict[str, Any] = {
        "home": home,
        "neo4j_uri": neo4j_uri,
        "neo4j_user": neo4j_user,
        "neo4j_password_file": neo4j_password_file,
        "neo4j_database": neo4j_database,
    }
    context.obj = Settings.read(options)
    if version:
        put(version_line(context.obj))
        raise typer.Exit
    if context.invoked_subcommand is None:
        context.fail("Missing command.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and leaves with its exit code."""
    with interruption.raised():
        code = run(arguments)
    interruption.leave(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command, `arguments` without the program's name; returns its exit code."""
    try:
        try:
            with told():
                code = _dispatch(sys.argv[1:] if arguments is None else arguments)
            sys.stdout.flush()
        except Exception as error:  # an interruption that something took for its own error
            if interruption.came():
                raise KeyboardInterrupt from error
            raise
        if interruption.came():  # and something lost it
            raise KeyboardInterrupt
        return code
    except TyperException as error:
        return _usage(error)
    except LinkreachError as error:
        return _error(advised(error))
    except KeyboardInterrupt:
        say("linkreach: interrupted")
        return interruption.INTERRUPTED
    except BrokenPipeError:
        # Whoever read the answer has enough; nothing is left to be flushed into their closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    except UnicodeEncodeError as error:  # as of an argument that is not UTF-8
        return _error(f"{error.object!r} cannot be written as {error.encoding}")
    except OSError as error:
        return _error(f"{error.filename or 'the system'}: {error.strerror or error}")
    except Exception as error:  # a defect of ours: still one line, with the rest in a file for whoever mends it
        import tempfile
        import traceback

        with tempfile.NamedTemporaryFile("w", prefix="linkreach-", suffix=".txt", delete=False) as file:
            traceback.print_exc(file=file)
        return _error(f"a defect in linkreach, please report it with {file.name}: {type(error).__name__}: {error}")


def _dispatch(arguments: Sequence[str]) -> int:
    """Runs the command; unlike `app(…)`, leaves an interruption and a closed pipe to its caller."""
    try:
        with typer.main.get_command(app).make_context("linkreach", list(arguments) or ["--help"]) as context:
            context.command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    return 0


def _usage(error: TyperException) -> int:
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    message = message.replace("Value error, ", "")  # the preamble of who checks the values
    context = getattr(error, "ctx", None)
    option = getattr(error, "option_name", "")
    if option and context and any(parameter.param_type_name == "argument" for parameter in context.command.params):
        message = f"{message.rstrip('.')}; an id that begins with - stands after --"
    return _error(f"{message.rstrip('.')}; see: {context.command_path if context else 'linkreach'} --help")


def _error(message: str) -> int:
    say("linkreach: " + " ".join(message.split("\n")))
    return ERROR
