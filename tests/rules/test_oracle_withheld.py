"""Who may read what, at the end of section 3, in the oracle: a block or a limit is told to whoever set it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules import case_files, oracle, oracle_reports, random_networks
from tests.rules.oracle import UNAVAILABLE, UNTOLD, UNTOLD_TO_THE_SENDER, Network, Pack, untold
from tests.rules.random_networks import NOW

ARTICLE = Pack.of(case_files.read_pack("article"))


@pytest.mark.parametrize(
    ("codes", "told", "told_to_the_sender"),
    [
        ([], [], []),
        (["NOT_IN_TIER", "SENDER_GONE"], ["NOT_IN_TIER", "SENDER_GONE"], ["NOT_IN_TIER", "SENDER_GONE"]),
        (["BLOCKED_BY_RECIPIENT"], [UNAVAILABLE], [UNAVAILABLE]),
        (["LIMITED_BY_RECIPIENT"], [UNAVAILABLE], [UNAVAILABLE]),
        (["BLOCKED_BY_SENDER"], [UNAVAILABLE], ["BLOCKED_BY_SENDER"]),
        (
            ["BLOCKED_BY_RECIPIENT", "BLOCKED_BY_SENDER", "LIMITED_BY_RECIPIENT"],
            [UNAVAILABLE],
            [UNAVAILABLE, "BLOCKED_BY_SENDER"],
        ),
        (
            ["RECIPIENT_AUDIENCE", "RECIPIENT_GONE", "BLOCKED_BY_SENDER", "SENDER_RESTRICTED"],
            ["RECIPIENT_AUDIENCE", "RECIPIENT_GONE", UNAVAILABLE, "SENDER_RESTRICTED"],
            ["RECIPIENT_AUDIENCE", "RECIPIENT_GONE", "BLOCKED_BY_SENDER", "SENDER_RESTRICTED"],
        ),
        # The last gate of the table stands where the first of the three does.
        (
            ["RECIPIENT_GONE", "BLOCKED_BY_SENDER", "SENDER_TEMPORARILY_LIMITED", "LIMITED_BY_RECIPIENT"],
            ["RECIPIENT_GONE", UNAVAILABLE, "SENDER_TEMPORARILY_LIMITED"],
            ["RECIPIENT_GONE", UNAVAILABLE, "BLOCKED_BY_SENDER", "SENDER_TEMPORARILY_LIMITED"],
        ),
    ],
)
def test_one_code_stands_for_the_three(codes: list[str], told: list[str], told_to_the_sender: list[str]) -> None:
    assert (told, told_to_the_sender) == (untold(codes), untold(codes, UNTOLD_TO_THE_SENDER))


# Somebody who is connected to all the others; who of the two has blocked or limited the other one.
BLOCKED: dict[str, list[dict[str, str]]] = {
    "r has blocked s": [{"member": "r", "other": "s"}],
    "s has blocked r": [{"member": "s", "other": "r"}],
    "both have": [{"member": "r", "other": "s"}, {"member": "s", "other": "r"}],
    "r limits s": [{"member": "r", "other": "s", "kind": "limit"}],
}


@pytest.mark.parametrize("who", BLOCKED)
def test_the_answer_to_an_unlock_does_not_say_who_has_blocked_whom(who: str) -> None:
    """Asked with the scope, they differ; without, all say the same."""
    network = Network.of({"members": {"s": {}, "r": {}}, "connections": [["s", "r"]], "blocks": BLOCKED[who]})
    told = oracle.unlock_untold(network, ARTICLE, "s", "r", NOW)
    assert ([], False, [UNAVAILABLE]) == (told["actions"], told["single_action_enough"], told["other_side"])
    actions = [action["action"] for action in oracle.unlock(network, ARTICLE, "s", "r", NOW)["actions"]]
    assert (["unblock"] if who == "s has blocked r" else []) == actions


def test_other_actions_and_codes_are_told_as_they_are() -> None:
    """Of a pair without a block, and of a channel that a limit does not deny."""
    network = Network.of(
        {
            "members": {"s": {}, "r": {"accepts_from": "nobody", "contact_form": False}},
            "blocks": [{"member": "r", "other": "s", "kind": "limit"}],
        }
    )
    form = oracle.unlock_untold(network, ARTICLE, "s", "r", NOW, channel="contact_form")
    assert ([], ["NO_CONTACT_FORM"]) == (form["actions"], form["other_side"])
    direct = oracle.unlock_untold(network, ARTICLE, "s", "r", NOW, channel="direct")
    assert ([], ["RECIPIENT_AUDIENCE", UNAVAILABLE]) == (direct["actions"], direct["other_side"])
    free = Network.of({"members": {"s": {}, "r": {}}})
    assert oracle.unlock(free, ARTICLE, "s", "r", NOW) == oracle.unlock_untold(free, ARTICLE, "s", "r", NOW)


def test_denials_have_one_row_for_the_three() -> None:
    """Pairs with any of them; alone without all three. It stands where BLOCKED_BY_RECIPIENT does."""
    network = Network.of(
        {
            "members": {"a": {}, "b": {}, "c": {}, "d": {}},
            "connections": [["a", "b"], ["a", "c"]],
            "blocks": [
                {"member": "a", "other": "b"},
                {"member": "a", "other": "b", "kind": "limit"},
                {"member": "a", "other": "c", "kind": "limit"},
                {"member": "d", "other": "a"},
            ],
        }
    )
    # a → b and b → a by the block (b → a by the limit, too), c → a by the limit: each channel `direct` would be open.
    # a → d and d → a by another block, and they are strangers.
    expected = [("RECIPIENT_GONE", 0, 0), (UNAVAILABLE, 5, 3), ("SENDER_RESTRICTED", 0, 0)]
    rows = [tuple(row.values()) for row in oracle_reports.denials_withheld(network, ARTICLE, NOW)]
    place = rows.index((UNAVAILABLE, 5, 3))
    assert expected == rows[place - 1 : place + 2]
    assert "SENDER_TEMPORARILY_LIMITED" == rows[-1][0]
    alone = {row["reason"]: row["pairs_alone"] for row in oracle_reports.denials(network, ARTICLE, NOW)}
    # With the scope, b → a has two reasons, and neither stands alone.
    assert (0, 1, 1) == tuple(
        alone[code] for code in ("BLOCKED_BY_RECIPIENT", "BLOCKED_BY_SENDER", "LIMITED_BY_RECIPIENT")
    )


@settings(max_examples=40, deadline=None)
@given(st.builds(Network.of, random_networks.networks()), st.builds(Pack.of, random_networks.packs()))
def test_nobody_reads_of_a_block(network: Network, pack: Pack) -> None:
    """No answer without the scope has one of the codes, or `unblock`."""
    for s in network.members:
        for r in network.members.keys() - {s}:
            answer = oracle.verdict(network, pack, s, r, NOW)
            read: list[Any] = [code for each in answer["channels"] for code in untold(each["reasons"])]
            if not answer["reachable"]:
                told = oracle.unlock_untold(network, pack, s, r, NOW)
                read += [*told["other_side"], *(action["action"] for action in told["actions"])]
            assert not {*UNTOLD, "unblock"} & {*read}
