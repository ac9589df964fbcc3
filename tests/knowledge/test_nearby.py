"""The nearest known word is found by slips of the keyboard, and no farther."""

from __future__ import annotations

import pytest

from knowledge.nearby import Nearby

WORDS = ["krāslava", "krāslavai", "kraukļi", "preiļi", "preile", "ludza"]


@pytest.mark.parametrize(
    ("typed", "slips", "found"),
    [
        ("krāslava", 1, ["krāslava"]),
        ("krālsava", 1, ["krāslava"]),
        ("krāslvaa", 2, ["krāslava"]),
        ("krāslavaj", 1, ["krāslava", "krāslavai"]),
        ("krāsava", 1, ["krāslava"]),
        ("preil", 1, ["preile"]),
        ("preil", 2, ["preile"]),
        ("rkāslava", 2, []),
        ("ludzx", 0, []),
        ("", 1, []),
    ],
)
def test_the_fewest_slips_win(typed: str, slips: int, found: list[str]) -> None:
    assert Nearby(WORDS).nearest(typed, slips) == found


def test_more_first_letters_can_be_taken_as_right() -> None:
    assert Nearby(WORDS, alike=3).nearest("preidi", 1) == ["preiļi"]
    assert Nearby(WORDS, alike=3).nearest("pleiļi", 1) == []
