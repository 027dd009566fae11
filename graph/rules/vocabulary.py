"""The words of the rules, each declared once: kinds, channels, codes, gates, actions, facts (docs/rules.md, 3 and 6).

The bulk engine, the schemas, the reference and the page take their lists from here.
Cypher and the oracle of the tests are written by hand from the rules, and a test compares them with this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a channel is to the two who use it."""

    MESSAGE = "message"
    REQUEST = "request"
    PAID = "paid"
    OFF_PLATFORM = "off platform"
    PUBLIC = "public"
    INVITATION = "invitation"


KIND_WORDS = {
    Kind.MESSAGE: "message",
    Kind.REQUEST: "message request",
    Kind.PAID: "paid",
    Kind.OFF_PLATFORM: "off platform",
    Kind.PUBLIC: "public",
    Kind.INVITATION: "invitation",
}

# A pair is reachable by these, and reachable free by the first two.
MESSAGING = (Kind.MESSAGE, Kind.REQUEST, Kind.PAID)
FREE = (Kind.MESSAGE, Kind.REQUEST)


@dataclass(frozen=True, slots=True)
class Reason:
    """A code: what it means, and a sentence about two people, who stand in it as {sender} and {recipient}.

    Where a setting of the recipient's gives the code, `by_setting` has the sentence for each of its values that can.
    Where a higher tier lifts it, `with_tier` is the sentence for whoever knows the lowest that does, as {tier}.
    """

    code: str
    words: str
    sentence: str
    setting: str = ""
    by_setting: Mapping[str, str] = field(default_factory=dict)
    with_tier: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """A reason that denies channels of several kinds at once."""

    reason: Reason
    denies: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to write to somebody; `kind` None: the pack chooses. `requires`: the codes of what it asks for."""

    name: str
    title: str
    kind: Kind | None
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """What may not be known of two people: `assumed` is the name that says so in the set of whose fact it is.

    `codes`: the requirements that it may decide, by the code when one fails.
    `condition` is what has to be so for a channel to be open, as a clause about {sender} and {recipient};
    `by_degree` has those of some degrees, `while_open` the one of a channel that is open.
    `matters_to`: open channels that something else could close; none named: any.
    """

    name: str
    assumed: str
    codes: tuple[str, ...]
    words: str
    condition: str
    by_degree: Mapping[int, str] = field(default_factory=dict)
    while_open: str = ""
    matters_to: tuple[str, ...] = ()


NOT_IN_TIER = Reason(
    "NOT_IN_TIER", "the effective tier does not grant this channel", "{sender}'s tier does not include this channel"
)

# In the order of the rules.
REASONS = (
    NOT_IN_TIER,
    Reason(
        "TIER_TOO_LOW",
        "the degree is too far for this tier, and some tier of the pack that grants `direct` reaches it",
        "{recipient} is farther away than {sender}'s tier reaches; a higher one would reach them",
        with_tier="{recipient} is farther away than {sender}'s tier reaches; {tier} or higher would reach them",
    ),
    Reason(
        "OUT_OF_NETWORK",
        "no tier of the pack that grants `direct` reaches the degree, or there is no degree",
        "{recipient} is too far away for any tier",
    ),
    Reason(
        "NO_OPEN_PROFILE",
        "the recipient has no open profile, or is on the base tier",
        "{recipient} has no open profile that {sender} could write to",
    ),
    Reason(
        "NO_SHARED_GROUP",
        "no group with messaging has them both",
        "{sender} and {recipient} are in no group together that has messaging",
    ),
    Reason(
        "NO_SHARED_PAGE",
        "no company page that counts ties them both",
        "No company page that counts ties {sender} and {recipient} together",
    ),
    Reason(
        "CONTACT_INFO_HIDDEN",
        "the recipient's contact info is not shown to this sender",
        "{recipient} does not show {sender} any contact info",
        setting="contact_info",
        by_setting={
            "nobody": "{recipient} shows their contact info to nobody",
            "connections": "{recipient} shows their contact info to their connections alone",
            "network": "{recipient} shows their contact info within three steps alone",
        },
    ),
    Reason("NO_CONTACT_FORM", "the recipient has no contact form", "{recipient} has no contact form"),
    Reason("COMMENTS_CLOSED", "the recipient's posts take no comments", "{recipient} takes no comments on their posts"),
    Reason("NO_INMAIL_CREDITS", "the sender has no InMail credit", "{sender} has no InMail credit"),
    Reason(
        "INMAIL_LIMIT_REACHED",
        "the sender has sent this month's InMails",
        "{sender} has sent all InMails of this month",
    ),
    Reason(
        "INMAIL_DECLINED", "the recipient takes no InMail, and the pack respects that", "{recipient} takes no InMail"
    ),
    Reason("ALREADY_CONNECTED", "the two are connected", "{sender} and {recipient} are connected already"),
    Reason(
        "RECIPIENT_VISIBILITY",
        "the recipient's visibility hides them from this sender",
        "{recipient}'s profile is hidden from {sender}",
        setting="visibility",
        by_setting={
            "network": "{recipient} shows their profile within three steps alone",
            "connections": "{recipient} shows their profile to their connections alone",
            "private": "{recipient}'s profile is private",
        },
    ),
    Reason(
        "RECIPIENT_AUDIENCE",
        "the recipient's `accepts_from` leaves this sender out",
        "{recipient} does not take messages from {sender}",
        setting="accepts_from",
        by_setting={
            "shared_connections": "{recipient} takes messages from people who share a connection with them alone",
            "connections": "{recipient} takes messages from their connections alone",
            "nobody": "{recipient} takes messages from nobody",
        },
    ),
    Reason(
        "MESSAGE_LIMIT_REACHED",
        "the sender has sent this month's messages",
        "{sender} has sent all messages of this month",
    ),
)

_EVERY_KIND = tuple(Kind)

# In the order of the rules, behind the reasons.
GATES = (
    Gate(
        Reason(
            "SENDER_GONE",
            "the sender's account is deactivated or closed",
            "{sender}'s account is deactivated or closed",
        ),
        _EVERY_KIND,
    ),
    Gate(
        Reason(
            "RECIPIENT_GONE",
            "the recipient's account is deactivated or closed",
            "{recipient}'s account is deactivated or closed",
        ),
        _EVERY_KIND,
    ),
    Gate(
        Reason("BLOCKED_BY_RECIPIENT", "the recipient has blocked the sender", "{recipient} has blocked {sender}"),
        _EVERY_KIND,
    ),
    Gate(
        Reason("BLOCKED_BY_SENDER", "the sender has blocked the recipient", "{sender} has blocked {recipient}"),
        _EVERY_KIND,
    ),
    Gate(
        Reason(
            "SENDER_RESTRICTED",
            "the platform has restricted the sender, for spam or abuse",
            "The platform has restricted {sender}, for spam or abuse",
        ),
        MESSAGING,
    ),
    Gate(
        Reason(
            "SENDER_TEMPORARILY_LIMITED",
            "the platform limits the sender for a time, for security or unusual activity",
            "The platform limits {sender} for a time, for security or unusual activity",
        ),
        MESSAGING,
    ),
    Gate(
        Reason(
            "LIMITED_BY_RECIPIENT",
            "the recipient limits what this sender may send to them",
            "{recipient} limits what {sender} may send to them",
        ),
        MESSAGING,
    ),
)

# Of two networks that are compared, where one has both of a pair and the other lacks one of them.
NOT_IN_NETWORK = Reason(
    "NOT_IN_NETWORK",
    "one of the two is no member of that network",
    "{sender} and {recipient} are not both members of that network",
)

# What others read in place of the codes that are withheld from them; one of these the sender has set.
UNAVAILABLE = Reason(
    "UNAVAILABLE",
    "the recipient is not available to this sender, for a reason that is not told",
    "{recipient} is not available to {sender}, for a reason that is not told",
)
WITHHELD = ("BLOCKED_BY_RECIPIENT", "BLOCKED_BY_SENDER", "LIMITED_BY_RECIPIENT")
SET_BY_SENDER = "BLOCKED_BY_SENDER"

CODES = (*(reason.code for reason in REASONS), *(gate.reason.code for gate in GATES))

_ASK = ("RECIPIENT_VISIBILITY", "RECIPIENT_AUDIENCE", "MESSAGE_LIMIT_REACHED")

# In the order of the rules.
CHANNELS = (
    Channel("direct", "Direct message", Kind.MESSAGE, ("TIER_TOO_LOW", "OUT_OF_NETWORK", *_ASK)),
    Channel("open_profile", "Open profile message", Kind.MESSAGE, ("NO_OPEN_PROFILE", "MESSAGE_LIMIT_REACHED")),
    Channel("group", "Group message", None, ("NO_SHARED_GROUP", *_ASK)),
    Channel("company_page", "Company page message", Kind.REQUEST, ("NO_SHARED_PAGE", *_ASK)),
    Channel("contact_info", "Contact info", Kind.OFF_PLATFORM, ("CONTACT_INFO_HIDDEN", "RECIPIENT_VISIBILITY")),
    Channel("contact_form", "Contact form", Kind.OFF_PLATFORM, ("NO_CONTACT_FORM", "RECIPIENT_VISIBILITY")),
    Channel("comment", "Comment on a post", Kind.PUBLIC, ("COMMENTS_CLOSED", "RECIPIENT_VISIBILITY")),
    Channel("inmail", "InMail", Kind.PAID, ("NO_INMAIL_CREDITS", "INMAIL_LIMIT_REACHED", "INMAIL_DECLINED")),
    Channel("invite", "Connection request", Kind.INVITATION, ("ALREADY_CONNECTED", "RECIPIENT_VISIBILITY")),
)

CHANNELS_BY_NAME = {channel.name: channel for channel in CHANNELS}

# Those by which a pair can be reachable free, and reachable: whatever kind the pack gives to `group`, it is free.
FREE_CHANNELS = tuple(channel for channel in CHANNELS if channel.kind is None or channel.kind in FREE)
MESSAGING_CHANNELS = tuple(channel for channel in CHANNELS if channel.kind is None or channel.kind in MESSAGING)

# Those that can stand on a channel of MESSAGING_CHANNELS, in the order of the rules.
MESSAGING_CODES = tuple(
    code
    for code in CODES
    if code == NOT_IN_TIER.code
    or any(code in channel.requires for channel in MESSAGING_CHANNELS)
    or any(code == gate.reason.code for gate in GATES)
)

# In the order of the rules.
FACTS = (
    Fact(
        "degree",
        "connections",
        (
            "TIER_TOO_LOW",
            "OUT_OF_NETWORK",
            "CONTACT_INFO_HIDDEN",
            "ALREADY_CONNECTED",
            "RECIPIENT_VISIBILITY",
            "RECIPIENT_AUDIENCE",
        ),
        "how near the two are to each other",
        "a shorter way than is known joins {sender} and {recipient}",
        while_open="{sender} and {recipient} are not connected",
        matters_to=("invite",),  # any other channel that is open stays so, the nearer they are
    ),
    Fact(
        "groups",
        "groups",
        ("NO_SHARED_GROUP",),
        "whether they share a group with messaging",
        "{sender} and {recipient} share a group with messaging",
    ),
    Fact(
        "pages",
        "companies",
        ("NO_SHARED_PAGE",),
        "whether they share a company page that counts",
        "a company page ties {sender} and {recipient} together",
    ),
    Fact(
        "sender.tier",
        "tier",
        ("NOT_IN_TIER", "TIER_TOO_LOW", "OUT_OF_NETWORK", "INMAIL_LIMIT_REACHED", "MESSAGE_LIMIT_REACHED"),
        "the sender's tier",
        "{sender} is on another tier",
        while_open="{sender} is on this tier",
    ),
    Fact(
        "sender.messages_sent",
        "messages_sent",
        ("MESSAGE_LIMIT_REACHED",),
        "what the sender has sent this month",
        "{sender} has messages left this month",
    ),
    Fact(
        "sender.inmails_sent",
        "inmails_sent",
        ("INMAIL_LIMIT_REACHED",),
        "how many InMails the sender has sent this month",
        "{sender} has InMails left this month",
    ),
    Fact(
        "sender.inmail_credits",
        "inmail_credits",
        ("NO_INMAIL_CREDITS",),
        "the sender's InMail credits",
        "{sender} has an InMail credit",
    ),
    Fact(
        "recipient.tier",
        "tier",
        ("NO_OPEN_PROFILE",),
        "the recipient's tier",
        "{recipient} is on a tier above the lowest",
    ),
    Fact(
        "recipient.visibility",
        "visibility",
        ("RECIPIENT_VISIBILITY",),
        "to whom the recipient is visible",
        "{recipient} shows their profile to {sender}",
    ),
    Fact(
        "recipient.accepts_from",
        "accepts_from",
        ("RECIPIENT_AUDIENCE",),
        "from whom the recipient takes messages",
        "{recipient} takes messages from anyone",
        by_degree={
            1: "{recipient} takes messages from their connections",
            2: "{recipient} takes messages from connections of connections",
        },
    ),
    Fact(
        "recipient.accepts_inmail",
        "accepts_inmail",
        ("INMAIL_DECLINED",),
        "whether the recipient takes InMail",
        "{recipient} takes InMail",
    ),
    Fact(
        "recipient.open_profile",
        "open_profile",
        ("NO_OPEN_PROFILE",),
        "whether the recipient has an open profile",
        "{recipient} has an open profile",
    ),
    Fact(
        "recipient.contact_info",
        "contact_info",
        ("CONTACT_INFO_HIDDEN",),
        "to whom the recipient shows their contact info",
        "{recipient} shows {sender} their contact info",
    ),
    Fact(
        "recipient.contact_form",
        "contact_form",
        ("NO_CONTACT_FORM",),
        "whether the recipient has a contact form",
        "{recipient} has a contact form",
    ),
    Fact(
        "recipient.comments_open",
        "comments_open",
        ("COMMENTS_CLOSED",),
        "whether the recipient's posts take comments",
        "{recipient} takes comments on their posts",
    ),
    Fact(
        "recipient.blocks",
        "blocks",
        ("BLOCKED_BY_RECIPIENT", "LIMITED_BY_RECIPIENT"),
        "whom the recipient has blocked, and whom they limit",
        "{recipient} neither blocks {sender} nor limits what they may send",
    ),
    Fact(
        "sender.blocks",
        "blocks",
        ("BLOCKED_BY_SENDER",),
        "whom the sender has blocked",
        "{sender} does not block {recipient}",
    ),
)

FACTS_BY_NAME = {fact.name: fact for fact in FACTS}


def resting(facts: Sequence[str], channel: str, *, open: bool, degree: int | None, reasons: Sequence[str] = ()) -> str:
    """What the answer about a channel rests on, as a clause about {sender} and {recipient}; '' where on nothing.

    An open channel is so *if* all that it rests on holds; a denied one *unless*, for each of its reasons, some of it
    does.
    """
    fragile = [FACTS_BY_NAME[name] for name in facts]
    if open:
        all_of = [fact for fact in fragile if not fact.matters_to or channel in fact.matters_to]
        clauses = [fact.while_open or _condition(fact, degree) for fact in all_of]
        return f"if {' and '.join(clauses)}" if clauses else ""
    any_of = ([_condition(fact, degree) for fact in fragile if code in fact.codes] for code in reasons)
    clauses = [" or ".join(clauses) for clauses in any_of if clauses]
    return f"unless {', and '.join(dict.fromkeys(clauses))}" if clauses else ""


def _condition(fact: Fact, degree: int | None) -> str:
    return fact.by_degree.get(degree or 0, fact.condition)


class Action(StrEnum):
    """What is in the sender's own power, in the order in which equal costs are listed."""

    UNBLOCK = "unblock"
    JOIN = "join"
    FOLLOW = "follow"
    CONNECT = "connect"
    WAIT = "wait"
    CREDIT = "credit"
    UPGRADE = "upgrade"
