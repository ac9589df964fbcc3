"""Waiting grows, is spread by chance, and obeys the network to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.retry import RetryPolicy

NOW = datetime(2026, 11, 20, tzinfo=UTC)
POLICY = RetryPolicy(first=timedelta(seconds=1), longest=timedelta(seconds=60), maximum_age=timedelta(hours=1))
chances = st.floats(0, 1, exclude_max=True)


def test_the_longest_wait_doubles_up_to_its_limit() -> None:
    waits = [POLICY.wait(tries, 1.0).total_seconds() for tries in range(1, 9)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


@given(st.integers(0, 10**6), chances)
def test_a_wait_is_within_its_limits(tries: int, chance: float) -> None:
    assert timedelta(0) <= POLICY.wait(tries, chance) <= POLICY.longest


def test_chance_spreads_the_waits_over_all_of_the_time() -> None:
    assert [POLICY.wait(4, chance).total_seconds() for chance in (0.0, 0.25, 0.5)] == [0, 2, 4]


@given(st.integers(1, 100), chances, st.timedeltas(timedelta(0), timedelta(days=2)))
def test_what_the_network_says_is_obeyed_exactly(tries: int, chance: float, after: timedelta) -> None:
    assert POLICY.next_try(NOW, tries, chance, after) == NOW + after


def test_what_waits_too_long_is_given_up() -> None:
    assert not POLICY.too_old(NOW - timedelta(hours=1), NOW)
    assert POLICY.too_old(NOW - timedelta(hours=1, microseconds=1), NOW)
    assert not POLICY.too_old(NOW + timedelta(hours=5), NOW), "a clock that was set back drops nothing"
