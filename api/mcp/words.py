"""Answers in words, for an assistant to pass on: made from the verdict, in the words of the rules.

A text from the graph stands in them as it is, but for characters that are not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from api.mcp.question import Conclusion
from api.output import shown
from api.phrases import action_words, counted, listed
from graph.instants import instant_text
from graph.questions.introductions import Introductions
from graph.questions.unlocks import Unlock, UnlockAction
from graph.questions.verdicts import ChannelVerdict, Match, Verdict
from graph.rules.vocabulary import CHANNELS_BY_NAME, GATES, MESSAGING, REASONS, Action, resting
from graph.world import World

if TYPE_CHECKING:
    from linkreach.matching import Matched
    from linkreach.matching_at_once import MatchedAtOnce
    from linkreach.naming import AskNames, Names
    from linkreach.rows import ReachRows

IN_WORDS_AT_MOST = 20

_SENTENCES = {each.code: each.sentence for each in (*REASONS, *(gate.reason for gate in GATES))}


def concluded(answer: Verdict | Match) -> Conclusion:
    """What a verdict on a pair comes to."""
    if answer.reachable:
        return Conclusion.YES if answer.certain else Conclusion.YES_BY_WHAT_IS_STORED
    return Conclusion.NO if answer.certain else Conclusion.NOT_KNOWN


def concluded_of_channel(channel: ChannelVerdict) -> Conclusion:
    """What the verdict on one channel comes to."""
    if channel.open:
        return Conclusion.YES_BY_WHAT_IS_STORED if channel.rests_on else Conclusion.YES
    return Conclusion.NOT_KNOWN if channel.rests_on else Conclusion.NO


class Speaker:
    """Says what verdicts on pairs mean, with people by their names."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def verdict(self, verdict: Verdict) -> str:
        """Whether the sender reaches the recipient, what lies between them, and each channel with why."""
        return "\n".join(
            [
                self._headline(verdict),
                _between(verdict),
                *(f"- {self._channel(each, verdict)}" for each in verdict.channels if each.kind in MESSAGING),
                *self._beside(verdict),
                asked_under(verdict.pack, instant_text(verdict.at)),
            ]
        )

    def unlock(self, unlock: Unlock, verdict: Verdict) -> str:
        """What would open the pair, or a channel, and first whether it is open."""
        asked = next((each for each in verdict.channels if each.channel == unlock.channel), None)
        state = self._headline(verdict) if asked is None else f"{self._channel(asked, verdict)}"
        return "\n".join([state, *self._actions(unlock), asked_under(verdict.pack, instant_text(verdict.at))])

    def _headline(self, verdict: Verdict) -> str:
        sender = f"{self.member(verdict.sender)} on the tier {shown(verdict.tier)}"
        recipient = self.member(verdict.recipient)
        price = "" if verdict.reachable_free or not verdict.reachable else ", at a price"
        match concluded(verdict):
            case Conclusion.YES:
                return f"Yes: {sender} can reach {recipient}{price}."
            case Conclusion.YES_BY_WHAT_IS_STORED:
                return (
                    f"Yes, by what is stored: {sender} can reach {recipient}{price}, if what is not known is so, too."
                )
            case Conclusion.NOT_KNOWN:
                return (
                    f"Not known: what is stored opens no way for {sender} to write to {recipient}, "
                    "but something that is not known may."
                )
            case Conclusion.NO:
                return f"No: {sender} cannot reach {recipient}."

    def _channel(self, channel: ChannelVerdict, verdict: Verdict) -> str:
        title = CHANNELS_BY_NAME[channel.channel].title
        clause = resting(
            channel.rests_on, channel.channel, open=channel.open, degree=verdict.degree, reasons=channel.reasons
        )
        clause = self._about(clause, verdict)
        why = "; ".join(self._about(_SENTENCES[code], verdict) for code in channel.reasons)
        match concluded_of_channel(channel):
            case Conclusion.YES:
                return f"{title}: open{self._evidence(channel)}."
            case Conclusion.YES_BY_WHAT_IS_STORED:
                told = f", {clause}, which is not known" if clause else ""
                return f"{title}: open by what is stored{self._evidence(channel)}{told}."
            case Conclusion.NOT_KNOWN:
                told = f" It is denied {clause}." if clause else ""
                return f"{title}: not known.{told}"
            case Conclusion.NO:
                return f"{title}: denied. {why}."

    def _beside(self, verdict: Verdict) -> Iterable[str]:
        """Channels by which nobody is reached, and yet approached."""
        others = [each for each in verdict.channels if each.kind not in MESSAGING]
        states = {
            Conclusion.YES: "open",
            Conclusion.YES_BY_WHAT_IS_STORED: "open by what is stored",
            Conclusion.NOT_KNOWN: "not known",
            Conclusion.NO: "denied",
        }
        told = (f"{CHANNELS_BY_NAME[each.channel].title}: {states[concluded_of_channel(each)]}" for each in others)
        return [f"Beside messages: {'; '.join(told)}."] if others else []

    def _evidence(self, channel: ChannelVerdict) -> str:
        match channel.evidence:
            case {"path": [*path]} if len(path) > 2:
                return f", over {listed([self.member(id) for id in path[1:-1]])}"
            case {"groups": [*ids]}:
                return f", in {listed([_called(self._names.groups.get(id), id) for id in ids[:IN_WORDS_AT_MOST]])}"
            case {"pages": [*ids]}:
                return f", by {listed([_called(self._names.companies.get(id), id) for id in ids[:IN_WORDS_AT_MOST]])}"
            case _:
                return ""

    def _actions(self, unlock: Unlock) -> Iterable[str]:
        if unlock.open:
            yield "Nothing needs to be done."
            return
        if unlock.actions:
            yield "By what is stored, each of these alone opens it:"
            yield from (f"- {self._action(each)}" for each in unlock.actions)
        else:
            yield f"By what is stored, no single action of {self.member(unlock.sender)} opens it."
        if unlock.other_side:
            yield f"What only {self.member(unlock.recipient)} can change:"
            yield from (f"- {self._about(_SENTENCES[code], unlock)}." for code in unlock.other_side)

    def _action(self, action: UnlockAction) -> str:
        cost = "" if action.cost is None else f" (cost {action.cost:g})"
        return f"{self._done(action)}{cost}"

    def _done(self, action: UnlockAction) -> str:
        id = action.id or ""
        match action.action:
            case Action.JOIN:
                name = _called(self._names.groups.get(id), id)
            case Action.FOLLOW:
                name = _called(self._names.companies.get(id), id)
            case Action.CONNECT | Action.UNBLOCK:
                name = self.member(id)
            case Action.WAIT:
                name = "" if action.until is None else instant_text(action.until)
            case _:
                name = shown(id)
        return action_words(action.action, name)

    def member(self, id: str) -> str:
        """A member by name and id."""
        return _called(self._names.members.get(id), id)

    def _about(self, sentence: str, pair: Verdict | Unlock) -> str:
        """A sentence of the rules about a pair, by their names alone: the ids stand in the first sentence."""
        names = {id: shown(self._names.members.get(id, id)) for id in (pair.sender, pair.recipient)}
        return sentence.format(sender=names[pair.sender], recipient=names[pair.recipient])


def verdict_words(verdict: Verdict, ask_names: AskNames) -> str:
    """A verdict in words."""
    return Speaker(names_in(verdict, ask_names)).verdict(verdict)


def unlock_words(unlock: Unlock, verdict: Verdict, ask_names: AskNames) -> str:
    """What would open a pair, or a channel, in words; `verdict` is that of the pair."""
    actions = {action: [each.id for each in unlock.actions if each.action is action] for action in Action}
    names = names_in(
        verdict,
        ask_names,
        members=actions[Action.CONNECT],
        groups=actions[Action.JOIN],
        companies=actions[Action.FOLLOW],
    )
    return Speaker(names).unlock(unlock, verdict)


def names_in(verdict: Verdict, ask_names: AskNames, **more: Iterable[str | None]) -> Names:
    """What all are called whom a verdict names, and `more` of each kind."""
    evidence = [each.evidence for each in verdict.channels]
    return ask_names(
        members=[
            verdict.sender,
            verdict.recipient,
            *(id for each in evidence for id in each.get("path", ())),
            *more.get("members", ()),
        ],
        groups=[*(id for each in evidence for id in each.get("groups", ())), *more.get("groups", ())],
        companies=[*(id for each in evidence for id in each.get("pages", ())), *more.get("companies", ())],
    )


def match_words(matched: Matched | MatchedAtOnce, world: World, ask_names: AskNames) -> str:
    """How many pairs come to what, and the first pairs one by one."""
    pairs = [each.match for each in matched.pairs]
    counts = Counter(map(concluded, pairs))
    told = "; ".join(f"{conclusion}: {counts[conclusion]:,}" for conclusion in Conclusion if counts[conclusion])
    first = pairs[:IN_WORDS_AT_MOST]
    speaker = Speaker(ask_names(members=[id for pair in first for id in (pair.sender, pair.recipient)]))
    skipped = [f"Left out are {matched.skipped:,} pairs of somebody with themselves."] if matched.skipped else []
    return "\n".join(
        [
            f"Can the sender reach the recipient? Of {counted(len(pairs), 'pair')}, {told or 'none'}.",
            *skipped,
            *(f"- {speaker.member(each.sender)} to {speaker.member(each.recipient)}: {_short(each)}" for each in first),
            *in_rows(len(pairs)),
            asked_under(world.pack, instant_text(world.at)),
        ]
    )


def reach_words(member: str, found: ReachRows, world: World, ask_names: AskNames) -> str:
    """How many are reached, or reach, and the nearest of them."""
    first = found.rows[:IN_WORDS_AT_MOST]
    speaker = Speaker(ask_names(members=[member, *(row.member for row in first)]))
    certain = sum(bool(row.channels) and row.certain for row in found)
    stored = len(found) - found.possible
    reaches = "reaches" if found.other == "recipient" else "is reached by"
    possibly = f", and possibly {found.possible:,} more, which is not known" if found.possible else ""
    lines = [
        (
            f"{speaker.member(member)} {reaches} {counted(stored, 'member')} by what is stored"
            f" ({certain:,} of them for certain){possibly}."
        ),
        *(
            f"- {speaker.member(row.member)}, {_degree(row.degree)}: {_titles(row.channels) or 'not known'}"
            for row in first
        ),
    ]
    return "\n".join([*lines, *in_rows(len(found)), asked_under(world.pack, instant_text(world.at))])


def ways_words(found: Introductions, world: World, ask_names: AskNames) -> str:
    """Over whom the two could be introduced, the strongest way first."""
    speaker = Speaker(ask_names(members=[found.sender, found.recipient, *(id for way in found.ways for id in way.via)]))
    pair = f"{speaker.member(found.sender)} to {speaker.member(found.recipient)}"
    need = ["They are connected, and need no introduction."] if found.degree == 1 else []
    ways = [
        f"- over {listed([speaker.member(id) for id in way.via])} (strength {way.strength:.2f})" for way in found.ways
    ]
    told = f"By what is stored, {counted(len(ways), 'way')} from {pair}, the strongest first:"
    none = f"By what is stored, no way leads from {pair}."
    return "\n".join([*need, told if ways else none, *ways, asked_under(world.pack, instant_text(world.at))])


def sentences(finding: Sequence[str], about: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """What was found, in all and in each table."""
    return map(shown, chain(finding, *about.values()))


def in_rows(count: int) -> Iterable[str]:
    """Says that there are more than are told one by one."""
    return [f"The other {count - IN_WORDS_AT_MOST:,} stand in the rows."] if count > IN_WORDS_AT_MOST else []


def asked_under(pack: str, at: str) -> str:
    """What an answer holds by."""
    return f"By the rule pack {shown(pack)}, at {at}."


def _short(match: Match) -> str:
    conclusion = concluded(match)
    if match.channels:
        return f"{conclusion} ({_titles(match.channels)})"
    return f"{conclusion} ({', '.join(match.reasons)})" if conclusion is Conclusion.NO else str(conclusion)


def _between(verdict: Verdict) -> str:
    if verdict.no_link:
        return (
            "Nothing joins them: no path of three steps or fewer, no shared group, no shared page, as far as is known."
        )
    if verdict.degree is None:
        return "No path of three steps or fewer is known."
    mutuals = f", with {counted(verdict.mutuals, 'mutual connection')}" if verdict.mutuals else ""
    return f"They are of {_degree(verdict.degree)}{mutuals}."


def _degree(degree: int | None) -> str:
    return "no known degree" if degree is None else f"degree {degree}"


def _titles(channels: Sequence[str]) -> str:
    return ", ".join(CHANNELS_BY_NAME[each].title for each in channels)


def _called(name: str | None, id: str) -> str:
    return shown(id) if name is None else f"{shown(name)} ({shown(id)})"
