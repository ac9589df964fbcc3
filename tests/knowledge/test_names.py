"""Features are found by their names, and only those that are there."""

from __future__ import annotations

from knowledge.names import named

FEATURES = ["en:night", "g:^na", "g:ķis$", "lv:nakt", "lv=un", "p:lv:nakt|lv:min", "r:nak", "ru:ноч"]


def test_names_keep_their_rows() -> None:
    names = named(FEATURES)
    assert list(names) == FEATURES
    assert len(names) == len(FEATURES)
    assert names.words == {name: row for row, name in enumerate(FEATURES) if name[:2] not in {"g:", "p:"}}


def test_letters_and_pairs_are_found_and_others_are_not() -> None:
    names = named(FEATURES)
    assert names.rows(["p:lv:nakt|lv:min", "g:nav", "g:ķis$", "g:^na", "lv:nakt"]).tolist() == [5, -1, 2, 1, -1]
    assert names.rows([]).tolist() == []


def test_no_names_know_nothing() -> None:
    names = named([])
    assert (list(names), len(names), names.rows(["g:^na"]).tolist()) == ([], 0, [-1])
