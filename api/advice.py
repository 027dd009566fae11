"""What to type about an error: the errors say what is the case, and know neither commands nor options."""

from __future__ import annotations

from graph import errors
from graph.errors import LinkreachError


def advised(error: LinkreachError) -> str:
    """The error in one line, with what to type about it, where something helps."""
    if isinstance(error, errors.InvalidSetting):
        return f"LINKREACH_{error.setting.upper()}: {error.problem}"
    advice = _advice(error)
    return f"{error}; {advice}" if advice else str(error)


def _advice(error: LinkreachError) -> str | None:
    match error:
        case errors.UnknownPack(loaded=loaded) if not loaded:
            return "load a network first: linkreach load PATH"
        case errors.UnknownMember(members=members, places=places) if any(
            places.get(id, "").endswith(", line 1") for id in members
        ):
            return "where the first line is a heading, --column NAME says which column the members are in"
        case errors.UnknownMember(places=places):
            several = ", and lists of members are taken without them by --skip-unknown" if places else ""
            return f"linkreach find TEXT looks for members by name{several}"
        case errors.SeveralMembers():
            return "say which by id"
        case errors.SeveralFormats():
            return "say which with --from"
        case errors.Unsure():
            return "where each line is a connection, say --from edges"
        case errors.NoSuchFormat():
            return "say --from auto, or leave it out"
        case errors.OtherFormat(format=format):
            return f"leave --from out, or say --from {format}"
        case errors.Undecodable():
            return "say which encoding it has (--encoding latin-1), or save the file as UTF-8"
        case errors.Unmarked():
            return "if it is text, say which encoding it has (--encoding utf-16-le)"
        case errors.ColumnsNotSaid(likely=(a, b)):
            return f"say which they are, as in --columns a={a},b={b}"
        case errors.NothingLoaded():
            return "load one: linkreach load PATH"
        case errors.SeveralOwners():
            return "say --owner ADDRESS, or write archive,owner and a line for it into owners.csv beside several"
        case errors.UnknownOwners():
            return (
                "say --owner ADDRESS for one archive, write archive,owner and a line for each into owners.csv beside "
                "several, or ask LinkedIn for an archive with Invitations.csv or messages.csv"
            )
        case errors.UnknownReport():
            return "or say all"
        case errors.SampleTooSmall(needed=needed):
            return f"say --sample {needed} or more"
        case errors.NotEstimated():
            return "leave --sample out for the whole"
        case errors.TooManyPairs():
            return "use --engine local, or say --force and have patience"
        case errors.NothingToLoad():
            return "--dry-run --rejects FILE says why"
        case errors.GraphNotEmpty():
            return "back it up, then say --replace"
        case errors.NotEmbedded():
            return "take that server's own tools, such as neo4j-admin database dump and load"
        case errors.ServerInUse():
            return "LINKREACH_HOME names another home"
        case errors.ServerSilent():
            return "linkreach neo4j stop ends it"
        case errors.DatabaseGaveUp():
            return "linkreach neo4j stop, where it is the embedded one"
        case errors.DatabaseUnavailable():
            return "is it running, and is LINKREACH_NEO4J_URI right?"
        case errors.AccessDenied():
            return "set LINKREACH_NEO4J_USER and LINKREACH_NEO4J_PASSWORD_FILE"
        case _:
            return None
