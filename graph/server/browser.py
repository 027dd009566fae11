"""What Neo4j Browser is given: saved queries made of the files of `cypher/`, a style, and a guide.

Browser draws nothing of a script of several statements, so no `:param` goes ahead of a saved query:
the values of its example stand in it instead.
Source: Neo4j Browser 5.24, which takes a zip of folders of `.cypher` files, a `.grass` file, and a guide in Markdown.
"""

from __future__ import annotations

import io
import re
import zipfile
from importlib.resources import files

from graph.driver.statements import statement

TOPICS = {
    "Look around": ("browser/kinds", "browser/member", "browser/most_connected"),
    "Degrees": ("browser/degrees", "browser/ways", "browser/mutuals"),
    "Introductions": ("browser/introductions", "browser/introducers"),
    "Reach by tier": ("reach/reach", "reach/reached_by", "report/direct_by_tier", "browser/opened_by_tier"),
    "Group and page bridges": (
        "bridge/groups",
        "browser/group_bridge",
        "bridge/pages",
        "browser/page_bridge",
        "browser/gatekeeper",
    ),
    "Denials and reasons": (
        "reach/verdicts",
        "reach/unlock",
        "browser/denied",
        "browser/blocks",
        "browser/gone",
        "report/denials",
    ),
    "The rule pack": ("load/packs", "browser/pack"),
}
"""The folders of the saved queries, and the statements in each."""

STYLE = "linkreach.grass"
GUIDE = "linkreach-guide.md"
QUERIES = "linkreach-queries.zip"

_TOKEN = re.compile(r"'(?:[^'\\]|\\.)*'|[\[\](){},]|[^\[\](){},']+")
_TEXT_OR_PARAMETER = re.compile(r"('(?:[^'\\]|\\.)*'|//.*)|\$(\w+)")
_SAVED = re.compile(r"^// saved: (\S+)$", re.MULTILINE)
_SOME_DAY = (1980, 1, 1, 0, 0, 0)  # the zip is the same whenever it is made


def saved_query(name: str) -> str:
    """The text of a statement with the values of its example in place of its parameters, ready to be run."""
    found = statement(name)
    values = _values(found.example)
    text = _TEXT_OR_PARAMETER.sub(lambda match: match[1] or values[match[2]], found.text)
    changeable = [f"// {parameter}: {value}" for parameter, value in values.items()]
    return "\n".join([f"// {found.title}", *changeable, text])


def _values(example: str) -> dict[str, str]:
    """The values of a Cypher map, each as it stands there."""
    parts, depth = [""], 0
    for token in _TOKEN.findall(example[1:-1]):
        depth += (token in "([{") - (token in ")]}")
        if token == "," and not depth:
            parts.append("")
        else:
            parts[-1] += token
    return {name.strip(): value.strip() for name, colon, value in (part.partition(":") for part in parts) if colon}


def queries_zip() -> bytes:
    """The saved queries as the zip that Browser takes by drag and drop: a folder for each topic."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for topic, names in TOPICS.items():
            for name in names:
                path = f"{topic}/{name.replace('/', '-')}.cypher"
                archive.writestr(zipfile.ZipInfo(path, _SOME_DAY), saved_query(name), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def style() -> str:
    """The GraSS style: colours and captions by label and type."""
    return files("cypher").joinpath("browser", STYLE).read_text("utf-8")


def guide(style_url: str) -> str:
    """The guide in Markdown, a slide between lines of three hyphens; `style_url`: where Browser gets the style."""
    text = files("cypher").joinpath("browser", GUIDE).read_text("utf-8")
    text = _SAVED.sub(lambda match: saved_query(match[1]).rstrip(), text)
    return text.replace("STYLE_URL", style_url)
