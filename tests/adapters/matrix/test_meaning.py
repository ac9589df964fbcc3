"""What a homeserver's error costs a letter: a wait, or the letter itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.matrix.errors import LimitExceededError, MatrixError, RefusedError, UnknownTokenError, UnreachableError
from adapters.matrix.send import meaning
from bot.delivery import Refused, RetryLater, Unreachable


def waits(error: MatrixError) -> tuple[timedelta | None, bool]:
    found = meaning(error)
    assert isinstance(found, RetryLater)
    return found.after, found.everywhere


def test_a_server_that_wants_to_be_left_alone_is_left_alone_by_all_rooms() -> None:
    assert waits(LimitExceededError(timedelta(seconds=7))) == (timedelta(seconds=7), True)
    assert waits(LimitExceededError(None)) == (None, False), "how long, it did not say: only this letter waits"


@pytest.mark.parametrize("soft", [True, False])
def test_a_token_that_is_refused_costs_no_letter(soft: bool) -> None:
    after, everywhere = waits(UnknownTokenError(soft=soft))
    assert after is not None
    assert everywhere


def test_a_server_that_cannot_be_reached_costs_no_letter() -> None:
    assert isinstance(meaning(UnreachableError("away")), Unreachable)


@pytest.mark.parametrize(("code", "reason"), [("M_FORBIDDEN", "forbidden"), ("M_USER_DEACTIVATED", "user-deactivated")])
def test_what_will_never_be_allowed_costs_the_letter(code: str, reason: str) -> None:
    found = meaning(RefusedError(code, "no", 403))
    assert isinstance(found, Refused)
    assert found.reason == reason


def test_what_nobody_foresaw_is_a_fault() -> None:
    error = RefusedError("M_TOO_LARGE", "no", 413)
    assert meaning(error) is error
