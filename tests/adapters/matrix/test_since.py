"""Which messages of a room are answered: not those of before Sēlis's time there."""

from __future__ import annotations

from typing import Any

import nio
import pytest

from adapters.matrix.me import Me
from adapters.matrix.since import answerable

ME = Me(user_id="@selis:a.test", device_id="D", knows=lambda _: False)
MINUTE = 60_000


def event(at: int, text: str = "", **more: Any) -> Any:
    return nio.Event.parse_event({
        "type": "m.room.message", "event_id": f"${at}", "sender": "@anna:a.test", "origin_server_ts": at,
        "content": {"msgtype": "m.text", "body": text}, **more,
    })  # fmt: skip


def member(at: int, membership: str, before: str = "") -> Any:
    return event(
        at, type="m.room.member", state_key=ME.user_id, content={"membership": membership},
        unsigned={"prev_content": {"membership": before}} if before else {},
    )  # fmt: skip


def secret(at: int) -> Any:
    content = {
        "algorithm": "m.megolm.v1.aes-sha2", "sender_key": "k", "ciphertext": "c", "session_id": "s", "device_id": "d",
    }  # fmt: skip
    return event(at, type="m.room.encrypted", content=content)


def answered(*events: Any, first: bool = False) -> list[int]:
    return [
        one.server_timestamp
        for one, why_not in answerable(events, "!room", ME, first=first)
        if not why_not and not isinstance(one, nio.RoomMemberEvent)
    ]


def test_all_is_in_a_room_where_it_sits() -> None:
    assert answered(event(1), event(2)) == [1, 2]


def test_nothing_is_on_the_first_day() -> None:
    assert answered(event(1), event(2), first=True) == []


def test_what_is_newer_than_the_invite_is() -> None:
    day = 24 * 60 * MINUTE
    events = (event(1), member(day, "invite"), event(day + 1), member(2 * day, "join", "invite"), event(2 * day + 1))
    assert answered(*events) == [day + 1, 2 * day + 1]


def test_clocks_may_differ_by_a_minute() -> None:
    assert answered(event(MINUTE), member(2 * MINUTE - 1, "invite"), member(3 * MINUTE, "join", "invite")) == [MINUTE]


def test_without_the_invite_the_coming_counts() -> None:
    day = 24 * 60 * MINUTE
    assert answered(event(1), member(day, "join", "leave"), event(day + 1)) == [day + 1]


def test_a_change_of_its_own_name_is_no_coming() -> None:
    assert answered(event(1), member(90 * MINUTE, "join", "join"), event(91 * MINUTE)) == [1, 91 * MINUTE]


def test_what_cannot_be_decrypted_counts_from_its_coming_on() -> None:
    events = (member(1, "invite"), secret(2), member(3, "join", "invite"), secret(4))
    assert answered(*events) == [4]


@pytest.mark.parametrize("junk", [[], None, 5, "x"])
def test_junk_is_no_news(junk: object) -> None:
    found = nio.UnknownBadEvent(junk)
    assert [why for _, why in answerable([found], "!room", ME, first=False)] == [""]
