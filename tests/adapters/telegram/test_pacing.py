"""No chat gets more than Telegram allows, and no chat waits for another."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.pacing import Limits, Pacing


def test_a_chat_gets_one_a_second_and_another_does_not_wait() -> None:
    pacing = Pacing()
    assert pacing.wait("7", "a", 100.0) == 0
    assert pacing.wait("7", "b", 100.25) == 0.75
    assert pacing.wait("8", "c", 100.25) == 0
    assert pacing.wait("7", "b", 101.0) == 0


def test_those_that_wait_do_not_all_come_back_at_once() -> None:
    pacing = Pacing()
    assert [pacing.wait("-7", name, 100.0) for name in "abcd"] == [0, 1, 2, 3]
    assert [pacing.wait("-7", name, 101.0) for name in "bcd"] == [0, 1, 2]


def test_a_group_gets_twenty_a_minute() -> None:
    pacing = Pacing()
    sent = [100.0 + number for number in range(20)]
    assert all(pacing.wait("-7", str(time), time) == 0 for time in sent)
    assert pacing.wait("-7", "more", 120.0) == 40.0
    assert pacing.wait("7", "a person", 120.0) == 0


def test_what_telegram_says_goes_before_our_own_count() -> None:
    pacing = Pacing()
    pacing.wait("7", "a", 100.0)
    waits = pacing.wait("7", "b", 100.0)
    pacing.close("7", 9.0, 100.0)
    assert waits == 1.0
    assert pacing.wait("7", "b", 101.0) == 8.0
    assert pacing.wait("7", "a", 101.0) == 9.0


def test_all_chats_together_get_thirty_a_second() -> None:
    pacing = Pacing()
    waits = [pacing.wait_everywhere(100.0) for _ in range(75)]
    assert waits == [0.0] * 30 + [1.0] * 30 + [2.0] * 15
    assert pacing.wait_everywhere(110.0) == 0.0


@settings(derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["7", "-7"]), st.floats(0, 3)), max_size=60))
def test_the_limits_hold_however_messages_come(steps: list[tuple[str, float]]) -> None:
    pacing = Pacing(limits=Limits(group=3, group_seconds=10))
    now = 1000.0
    sent: dict[str, list[float]] = {"7": [], "-7": []}
    for number, (chat, pause) in enumerate(steps):
        now += pause
        at = now
        while (wait := pacing.wait(chat, str(number), at)) > 0:
            at += wait
        sent[chat].append(at)
    for chat, times in sent.items():
        times.sort()
        assert all(later - earlier > 0.999 for earlier, later in itertools.pairwise(times))
        if chat == "-7":
            assert all(later - earlier > 9.999 for earlier, later in zip(times, times[3:], strict=False))


def test_chats_that_were_silent_for_a_minute_are_forgotten() -> None:
    pacing = Pacing()
    for number in range(500):
        assert pacing.wait(str(number), "a", 100.0 + number) == 0
    assert len(pacing._chats) == 60, "what was sent a minute ago holds nothing up"
    pacing.close("499", 500.0, 599.0)
    assert pacing.wait("new", "a", 900.0) == 0
    assert list(pacing._chats) == ["499", "new"]
    assert pacing.wait("499", "b", 900.0) == 199.0, "Telegram asked for more than a minute"
