"""In groups Sēlis is silent unless spoken to, and it never answers a bot."""

from __future__ import annotations

from itertools import product

import pytest

from bot.gate import Heard, heard, is_for_bot
from bot.messages import Attachment, ConversationId, IncomingMessage

GROUP = ConversationId(network="telegram", chat="-100", person="7")


def message(**more: object) -> IncomingMessage:
    return IncomingMessage(conversation=GROUP, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["kur celt trauksmi?", "", "  "])
def test_in_private_everything_is_for_the_bot_even_a_picture(text: str) -> None:
    assert heard(message(text=text, private=True)) is Heard.PRIVATE


@pytest.mark.parametrize(
    "said",
    [
        {"text": "kurš nāk uz talku?"},
        {"text": ""},
        {"location": (56.5, 25.9)},
        {"attachment": Attachment(name="a.yaml", data=b"")},
        {"text": "kurš nāk uz talku rīt?", "edits": "12"},
        {"text": "es te esmu galvenais", "owner": True},
    ],
)
def test_in_a_group_what_people_say_to_each_other_is_not_answered(said: dict[str, object]) -> None:
    assert heard(message(private=False, **said)) is Heard.NOT_ADDRESSED
    assert not is_for_bot(message(private=False, **said))


def test_in_a_group_who_speaks_to_selis_is_answered() -> None:
    assert heard(message(text="policija Dagdā?", private=False, addressed=True)) is Heard.ADDRESSED
    assert is_for_bot(message(private=False, addressed=True))


def test_in_a_group_a_press_is_for_the_bot_whoever_pressed() -> None:
    assert heard(message(private=False, pressed="policija:aa::")) is Heard.PRESSED


def test_bots_are_never_answered() -> None:
    for private, addressed, pressed in product([True, False], [True, False], [None, "key"]):
        bot = message(text="labdien", private=private, addressed=addressed, pressed=pressed, from_bot=True)
        assert not is_for_bot(bot)
