"""So many messages a minute and no more: one notice, then silence; clocks that jump do no harm; memory is bounded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits import WINDOW, Limits, Pace, Verdict, Window, check
from bot.messages import ConversationId, IncomingMessage
from tests.knowledge.samples import FUZZ

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 31, 23, 59, 45, tzinfo=UTC)
SECOND = timedelta(seconds=1)
A, W, S = Verdict.ALLOWED, Verdict.WARN_ONCE, Verdict.SILENT


def message(person: str = "1", chat: str = "", **more: object) -> IncomingMessage:
    of = ConversationId(network="telegram", chat=chat or person, person=person)
    return IncomingMessage(conversation=of, private=not chat, **more)  # type: ignore[arg-type]


def pace(person: int = 3, group: int = 5, most: int = 100) -> Pace:
    return Pace(limits=Limits(person=person, group=group), most=most)


@pytest.mark.parametrize("start", [NOON, MIDNIGHT])
def test_one_notice_then_silence_until_there_is_room(start: datetime) -> None:
    held = pace()
    said = [held.check(message(), start + second * SECOND) for second in (0, 10, 20, 21, 22, 59)]
    assert said == [A, A, A, W, S, S]
    assert held.check(message(), start + 60 * SECOND) is A
    assert held.check(message(), start + 61 * SECOND) is S
    assert held.check(message(), start + 70 * SECOND) is A


def test_who_goes_on_too_fast_is_warned_once_a_minute_and_answered_as_often_as_anybody() -> None:
    held = pace(person=30)
    said = [held.check(message(), NOON + number * SECOND / 5) for number in range(5 * 600)]
    assert said.count(W) == 10
    assert said.count(A) == 30 * 10


@FUZZ
@given(st.lists(st.integers(min_value=0, max_value=2_000), max_size=80))
def test_no_minute_ever_holds_more_than_allowed(pauses: list[int]) -> None:
    held, now, allowed = pace(), NOON, []
    for pause in pauses:
        now += timedelta(milliseconds=pause * 10)
        if held.check(message(), now) is A:
            allowed.append(now)
    for first in allowed:
        assert sum(first <= time < first + WINDOW for time in allowed) <= 3


def test_presses_count_and_so_do_messages_of_other_chats() -> None:
    held = pace()
    for one in (message(), message(pressed="key"), message(chat="-5")):
        assert held.check(one, NOON) is A
    assert held.check(message(pressed="key"), NOON) is W


def test_people_and_networks_do_not_share_a_window() -> None:
    held = pace(person=1)
    matrix = IncomingMessage(conversation=ConversationId(network="matrix", chat="1", person="1"))
    assert [held.check(one, NOON) for one in (message("1"), message("2"), matrix)] == [A, A, A]


def test_a_group_has_a_limit_of_its_own() -> None:
    held = pace()
    said = [held.check(message(str(person), chat="-5"), NOON) for person in range(7)]
    assert said == [A, A, A, A, A, W, S]
    assert held.check(message("99", chat="-6"), NOON) is A
    assert held.check(message("0"), NOON) is A


def test_what_a_person_was_refused_does_not_fill_the_group() -> None:
    held = pace()
    for _ in range(20):
        held.check(message("1", chat="-5"), NOON)
    assert [held.check(message("2", chat="-5"), NOON) for _ in range(2)] == [A, A]


def test_an_admin_is_never_locked_out_and_takes_no_room() -> None:
    held = pace(person=1, group=1)
    assert {held.check(message(chat="-5"), NOON, admin=True) for _ in range(50)} == {A}
    assert held.check(message(chat="-5"), NOON) is A


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1), timedelta(hours=-1), -WINDOW])
def test_a_clock_that_jumps_locks_nobody_out(jump: timedelta) -> None:
    held = pace()
    for _ in range(5):
        held.check(message(), NOON)
    assert held.check(message(), NOON + jump) is A


def test_a_clock_set_back_a_little_neither_opens_the_gate_nor_closes_it_for_long() -> None:
    held = pace()
    for _ in range(4):
        held.check(message(), NOON)
    back = NOON - 10 * SECOND
    assert held.check(message(), back) is S
    assert held.check(message(), back + 2 * WINDOW) is A


def test_the_windows_can_be_kept_anywhere() -> None:
    first = check(Limits(person=1, group=1), Window(), Window(), NOON)
    second = check(Limits(person=1, group=1), first.person, None, NOON)
    assert (first.verdict, second.verdict) == (A, W)
    assert (first.person.times, first.group) == ((NOON,), Window(times=(NOON,)))


def test_memory_is_bounded_and_the_longest_silent_go_first() -> None:
    held = pace(person=1, most=10)
    held.check(message("first"), NOON)
    for number in range(9):
        held.check(message(str(number)), NOON)
    held.check(message("first"), NOON)
    held.check(message("one more"), NOON)
    assert len(held.windows) == 10
    assert held.check(message("first"), NOON) is S
    assert held.check(message("0"), NOON) is A


def test_old_windows_are_dropped() -> None:
    held = pace()
    for number in range(50):
        held.check(message(str(number), chat="-5"), NOON)
    held.check(message("new"), NOON + WINDOW)
    assert list(held.windows) == [("person", "telegram", "new")]
