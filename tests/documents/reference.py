"""The pages of docs/reference/, each written from the registry that it describes."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import typer
from fastapi import APIRouter
from fastapi.routing import APIRoute
from msgspec import Meta, structs

from api.http.app import BESIDE, RESOURCES, create_app
from api.http.problems import KINDS
from api.http.service import Options
from api.main import app, run
from graph.driver.connection import Address
from graph.rules import vocabulary
from linkreach.settings import Settings
from linkreach.verdict_tests import schema
from tests.rules import oracle
from tests.support.paths import DOCS

WRITTEN = "This page is written by `make renew`, from"


def page(title: str, source: str, *lines: str) -> str:
    return "\n".join([f"# {title}", "", f"{WRITTEN} {source}.", *lines]) + "\n"


def table(*rows: Iterable[str]) -> Iterator[str]:
    """The lines of a table; the first row has the headings."""
    for number, row in enumerate(rows):
        cells = [" ".join(cell.split()).replace("|", "\\|") for cell in row]
        yield re.sub(r"  +", " ", f"| {' | '.join(cells)} |")
        if number == 0:
            yield f"|{' --- |' * len(cells)}"


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


# Commands


def every_command(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command below a group with the words that name it, groups too."""
    yield words, group
    for name, command in getattr(group, "commands", {}).items():
        yield from every_command(command, (*words, name))


COMMANDS = dict(every_command(typer.main.get_command(app)))


def commands() -> str:
    lines = ["Each is shown with its help, as it is typed."]
    for words in COMMANDS:
        typed = " ".join(("linkreach", *words))
        lines += ["", f"## {typed}", "", "```", *help_of(words).splitlines(), "```"]
    return page("Commands", "the command line itself", *lines)


def help_of(words: tuple[str, ...]) -> str:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as environment, redirect_stdout(out):
        environment.setenv("COLUMNS", "80")
        run([*words, "--help"])
    return out.getvalue().strip("\n")


# Settings


def settings() -> str:
    options = {name.replace("-", "_"): f"--{name}" for name in re.findall(r"^  --([\w-]+)", help_of(()), re.MULTILINE)}
    rows = [
        (
            f"`LINKREACH_{name.upper()}`",
            f"`{options[name]}`" if name in options else "",
            f"`{field.default}`" if isinstance(field.default, str | int) else "",
            description_of(field),
        )
        for name, field in ((field.name, field) for field in structs.fields(Settings))
    ]
    return page(
        "Settings",
        "`linkreach/settings.py`",
        "",
        "A setting is a variable of the environment.",
        "Some are options too, which stand before the command (`linkreach --home /data check …`) and come before the "
        "variable.",
        "An empty variable is none.",
        "",
        *table(("variable", "option", "default", "meaning"), *rows),
    )


def description_of(field: structs.FieldInfo) -> str:
    (about,) = (each for each in field.type.__metadata__ if isinstance(each, Meta))
    return about.description or ""


# Endpoints


def endpoints() -> str:
    schema = create_app(Options(Address("bolt://localhost", "neo4j", ""), Path())).openapi()
    scopes = {
        (route.path, method): scope
        for router, scope in RESOURCES
        for route in _routes(router)
        for method in route.methods or ()
    }
    lines = []
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            scope = scopes.get((path, method.upper()))
            lines += [
                "",
                f"## {method.upper()} {path}",
                "",
                f"{operation['summary'].rstrip('.?')}{'?' if operation['summary'].endswith('?') else '.'}",
                *operation.get("description", "").splitlines(),
                f"Takes a key with the scope `{scope}`." if scope else "Takes no key.",
                *_parameters([*operation.get("parameters", []), *_body(operation, schema)]),
                *_answers(operation["responses"]),
            ]
    lines += ["", "## Beside them", "", "Pages and files for people, which hold no data and take no key.", ""]
    beside = sorted({route.path for router in BESIDE for route in _routes(router)} - set(schema["paths"]))
    lines += [f"- `{path}`" for path in beside]
    anywhere = quoted(kind for kind in KINDS if f"`{kind}`" not in "\n".join(lines))
    return page(
        "Endpoints",
        "the service's own schema (OpenAPI)",
        "",
        "How to run the service, and what keys, forms, pages and problems are, is in [the API](../api.md).",
        "What each problem means stands [there](../api.md#problems), too.",
        f"What any request can end in is not said of each: {anywhere}.",
        *lines,
    )


def _routes(router: APIRouter) -> list[APIRoute]:
    return [route for route in router.routes if isinstance(route, APIRoute)]


def _body(operation: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The members of a body's document, or the fields of its form, in the shape of parameters."""
    content: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    body: dict[str, Any] = next((each["schema"] for each in content.values()), {})
    reference = next(iter(re.findall(r"#/components/schemas/(\w+)", str(body))), None)
    model = body if reference is None else schema["components"]["schemas"][reference]
    return [
        {
            "name": name,
            "in": "body",
            "required": name in model.get("required", []),
            "schema": field,
            "description": field.get("description", ""),
        }
        for name, field in model.get("properties", {}).items()
    ]


def _parameters(found: list[dict[str, Any]]) -> Iterator[str]:
    if found:
        yield ""
        yield from table(
            ("parameter", "in", "default", "meaning"),
            *(
                (
                    f"`{each['name']}`",
                    each["in"],
                    "required" if each.get("required") else _default(each["schema"].get("default")),
                    each.get("description", ""),
                )
                for each in found
            ),
        )


def _default(value: Any) -> str:
    return "" if value in (None, []) else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _answers(responses: dict[str, Any]) -> Iterator[str]:
    yield ""
    for status, answer in sorted(responses.items()):
        problems = re.findall(r"`([\w-]+)`: ", answer["description"])
        yield f"- {status}: {quoted(problems) if problems else ', '.join(answer.get('content', {})) or 'no content'}"


# Reasons


def reasons() -> str:
    words = {each.code: each.words for each in (*vocabulary.REASONS, *(gate.reason for gate in vocabulary.GATES))}
    rows = [
        (
            f"`{code}`",
            words[code],
            _where(code),
            quoted(lifting(code)) or "nothing",
            "yes" if code in oracle.THEIRS else "no",
        )
        for code in vocabulary.CODES
    ]
    return page(
        "Reasons",
        "`graph/rules/vocabulary.py`",
        "",
        "A channel that is denied lists every reason, in this order; the gates, which deny several channels at once, "
        "come last.",
        "*The sender can* names the actions that can lift the reason; what each of them does stands in "
        "[the rules](../rules.md#unlocks).",
        "`linkreach unlock SENDER RECIPIENT` says which of them are enough alone for a pair, and for whom or what.",
        "*The recipient can* says whether it comes of something that the recipient alone has set or done.",
        "Where neither can, nobody has to (`ALREADY_CONNECTED`), or it is between the sender and the platform.",
        "",
        *table(("reason", "in words", "denies", "the sender can", "the recipient can"), *rows),
        "",
        f"Over the API, a key without the scope `audit` reads `{vocabulary.UNAVAILABLE.code}` in place of "
        f"{quoted(vocabulary.WITHHELD)}: {vocabulary.UNAVAILABLE.words}.",
        "",
        "## What is not known",
        "",
        "These are the facts that an answer can rest on (`rests_on`), in this order, where the names in the second "
        "column are `assumed` of the member whose fact it is, or of either of the two.",
        "A channel that is denied for one of the reasons in the last column may be open all the same, and one that is "
        "open may be denied for it; what that means stands in [the rules](../rules.md#6-what-is-not-known).",
        "",
        *table(
            ("fact", "assumed", "in words", "reasons that rest on it"),
            *(
                (
                    f"`{fact.name}`",
                    f"`{fact.assumed}`",
                    fact.words,
                    quoted(code for code in vocabulary.CODES if code in fact.codes),
                )
                for fact in vocabulary.FACTS
            ),
        ),
    )


def page_words() -> str:
    """The words of the rules as the page for people has them: a module of its own."""
    reasons = {each.code: each.words for each in (*vocabulary.REASONS, vocabulary.NOT_IN_NETWORK)}
    gates = {gate.reason.code: gate.reason.words for gate in vocabulary.GATES}
    others = (vocabulary.NOT_IN_NETWORK, vocabulary.UNAVAILABLE)
    every = (*vocabulary.REASONS, *(gate.reason for gate in vocabulary.GATES), *others)
    lists = {
        "REASONS": reasons,
        "GATES": gates | {vocabulary.UNAVAILABLE.code: vocabulary.UNAVAILABLE.words},
        "SENTENCES": {each.code: each.sentence for each in every},
        "BY_SETTING": {each.code: {"setting": each.setting, **each.by_setting} for each in every if each.setting},
        "WITH_TIER": {each.code: each.with_tier for each in every if each.with_tier},
        "CHANNELS": {channel.name: channel.title for channel in vocabulary.CHANNELS},
        "KINDS": {kind.value: words for kind, words in vocabulary.KIND_WORDS.items()},
        "MESSAGING": [*vocabulary.MESSAGING],
        "FACTS": {
            fact.name: {
                "codes": [*fact.codes],
                "condition": fact.condition,
                "by_degree": {str(degree): clause for degree, clause in fact.by_degree.items()},
                "while_open": fact.while_open,
                "matters_to": [*fact.matters_to],
            }
            for fact in vocabulary.FACTS
        },
    }
    texts = {name: json.dumps(value, indent=2).replace("`", "") for name, value in lists.items()}
    exports = (f"export const {name} = {text};\n" for name, text in texts.items())
    return "\n".join(["// Written by make renew, from graph/rules/vocabulary.py.\n", *exports])


def lifting(code: str) -> list[str]:
    """The actions that can lift a reason, as the rules have it."""
    return re.findall(r"`(\w+)`", _row_of(code)[-1])


def _row_of(code: str) -> list[str]:
    rules = (DOCS / "rules.md").read_text("utf-8")
    section = rules.partition("\n## 3. ")[2].partition("\n## 4. ")[0]
    found = re.search(rf"^\| (`{code}` \| .+) \|$", section, re.MULTILINE)
    assert found, code
    return found[1].split(" | ")


def _where(code: str) -> str:
    if code == vocabulary.NOT_IN_TIER.code:
        return "any channel"
    for gate in vocabulary.GATES:
        if gate.reason.code == code:
            return "messaging" if gate.denies == vocabulary.MESSAGING else "every channel"
    return quoted(channel.name for channel in vocabulary.CHANNELS if code in channel.requires)


def verdict_tests() -> str:
    """The JSON Schema of a file of verdict tests."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "settings.md": settings,
    "endpoints.md": endpoints,
    "reasons.md": reasons,
    "verdict-tests.schema.json": verdict_tests,
}
