"""Phrases in a message: the longest counts, wherever the tree of phrases branches or ends."""

from __future__ import annotations

import pytest

from knowledge.phrases import PhraseTable

TABLE = PhraseTable(
    [
        (("a", "b", "c"), "abc"),
        (("a",), "a"),
        (("a", "b", "d"), "abd"),
        (("b",), "b"),
        (("b",), "also b"),
        (("b",), "b"),
        ((), "nothing"),
    ]
)


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("a", [(0, 1, ("a",))]),
        ("a b", [(0, 1, ("a",)), (1, 2, ("b", "also b"))]),
        ("a b c", [(0, 3, ("abc",))]),
        ("a b d a b", [(0, 3, ("abd",)), (3, 4, ("a",)), (4, 5, ("b", "also b"))]),
        ("c d x", []),
        ("x a b x|c", [(1, 4, ("abc",))]),
        ("", []),
    ],
)
def test_the_longest_phrase_is_found(message: str, found: list[tuple[int, int, tuple[str, ...]]]) -> None:
    keys = [tuple(word.split("|")) for word in message.split()]
    assert [(match.start, match.end, match.payloads) for match in TABLE.find(keys)] == found


def test_the_keys_of_all_phrases_are_known() -> None:
    assert TABLE.keys == {"a", "b", "c", "d"}
