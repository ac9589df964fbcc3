"""An event that makes the library fail takes no other along: all that is beside it is taken in."""

from __future__ import annotations

import copy
from typing import Any

import nio
import pytest

from adapters.matrix.sound import sound
from tests.adapters.matrix.events import ILZE, SELIS, Json, message, state
from tests.fuzz.matrix import NEW, ROOM, told

FAULTS: list[Json] = [
    {"origin_server_ts": [1]},
    {"origin_server_ts": "soon"},
    {"origin_server_ts": None},
    {"origin_server_ts": 1e308},
    {"unsigned": 7},
    {"unsigned": None},
    {"content": None},
    {"content": []},
    {"content": "x", "unsigned": {"redacted_because": {"type": "m.room.redaction"}}},
    {"type": None, "origin_server_ts": {}},
]


def member(**more: Any) -> Json:
    return state("m.room.member", {"membership": "invite"}, SELIS) | more


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("event", [message("Sēlis: dome"), member()], ids=["message", "member"])
def test_one_event_that_is_not_sound_leaves_the_others(event: Json, fault: Json) -> None:
    body = told(event | fault, event | fault)
    read = nio.SyncResponse.from_dict(sound(copy.deepcopy(body)))
    assert isinstance(read, nio.SyncResponse)
    events = read.rooms.join[ROOM].timeline.events
    assert [one.source.get("sender") for one in (events[0], events[-1])] == [ILZE, ILZE]
    assert NEW in read.rooms.invite


def test_what_is_no_event_is_left_out() -> None:
    made = sound(told("x", None))
    assert len(made["rooms"]["join"][ROOM]["timeline"]["events"]) == 2
    assert made["rooms"]["join"][ROOM]["state"]["events"] == made["to_device"]["events"] == []


def test_sound_events_are_left_as_they_are() -> None:
    body = told(message("x"), member())
    assert sound(copy.deepcopy(body)) == body


def test_pages_of_a_room_are_made_sound_too() -> None:
    assert sound({"chunk": [message("x") | {"unsigned": 7}, 5]})["chunk"][0]["unsigned"] == {}


@pytest.mark.parametrize(
    "body", [{}, {"rooms": []}, {"rooms": {"join": [1]}}, {"rooms": {"join": {ROOM: 5}}}, {"chunk": 5}]
)
def test_what_is_no_answer_is_left_as_it_is(body: Json) -> None:
    assert sound(copy.deepcopy(body)) == body
