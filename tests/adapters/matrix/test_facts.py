"""What is known of rooms by their state: how often their keys change, and which room replaces which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from adapters.matrix.facts import Facts
from tests.adapters.matrix.events import ME, state

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


@pytest.mark.parametrize(
    ("wants", "messages", "age"),
    [
        ({}, 100, WEEK),
        ({"rotation_period_msgs": 7, "rotation_period_ms": 7_200_000}, 7, 2 * HOUR),
        ({"rotation_period_msgs": 0, "rotation_period_ms": 1}, 1, HOUR),
        ({"rotation_period_msgs": 10_000, "rotation_period_ms": 10**15}, 100, WEEK),
        ({"rotation_period_msgs": "often", "rotation_period_ms": None}, 100, WEEK),
        ([], 100, WEEK),
    ],
)
def test_a_room_may_want_new_keys_more_often_and_not_less(wants: Any, messages: int, age: timedelta) -> None:
    facts = Facts(me=ME)
    facts.note("!a", [state("m.room.encryption", wants)])
    assert facts.view("!a").encrypted
    assert facts.rotation("!a") == (messages, age)
    assert facts.rotation("!unknown") == (100, WEEK)


def test_rooms_say_which_one_replaces_them() -> None:
    facts = Facts(me=ME)
    facts.note("!a", [state("m.room.tombstone", {"replacement_room": "!c"})])
    facts.note("!b", [state("m.room.tombstone", {"replacement_room": "!c"})])
    facts.note("!c", [state("m.room.tombstone", {"replacement_room": "!c"})])
    facts.note("!d", [state("m.room.tombstone", {"replacement_room": 7})])
    assert facts.replaced_by("!c") == ["!a", "!b"]
    assert facts.replaced_by("") == []
    facts.forget("!a")
    assert facts.replaced_by("!c") == ["!b"]
