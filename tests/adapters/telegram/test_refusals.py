"""What Telegram refuses, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from adapters.telegram.refusals import Manner, cannot_be_edited, is_unchanged, meaning, milder
from bot.delivery import Refused, RetryLater, Unreachable


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (RetryAfter(7), RetryLater),
        (Forbidden("Forbidden: bot was blocked by the user"), Refused),
        (BadRequest("Chat not found"), Refused),
        (BadRequest("Message text is empty"), BadRequest),
        (TimedOut(), Unreachable),
        (NetworkError("Bad Gateway"), Unreachable),
        (InvalidToken(), RetryLater),
        (TelegramError("?"), TelegramError),
    ],
)
def test_what_an_error_means_for_a_letter(error: TelegramError, means: type[Exception]) -> None:
    assert type(meaning(error)) is means


def test_the_time_to_wait_is_exactly_what_telegram_says() -> None:
    later = meaning(RetryAfter(7))
    assert isinstance(later, RetryLater)
    assert (later.after, later.everywhere) == (timedelta(seconds=7), False)


@pytest.mark.parametrize(
    ("said", "left_away"),
    [
        ("Can't parse entities: unsupported start tag", "html"),
        ("Message thread not found", "thread"),
        ("Topic_closed", "thread"),
        ("Button_url_invalid", "extras"),
        ("Inline keyboard button url 'x' is invalid: wrong http url", "extras"),
    ],
)
def test_what_is_refused_of_a_message_is_left_away_once(said: str, left_away: str) -> None:
    manner = milder(BadRequest(said), Manner())
    assert manner is not None
    assert [name for name in ("html", "thread", "extras") if not getattr(manner, name)] == [left_away]
    assert milder(BadRequest(said), manner) is None


def test_refusals_of_edits_are_told_apart() -> None:
    assert is_unchanged(BadRequest("Message is not modified: specified new message content and reply markup are …"))
    assert cannot_be_edited(BadRequest("Message to edit not found"))
    assert not cannot_be_edited(BadRequest("Message is not modified"))
