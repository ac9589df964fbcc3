"""Choices that are taken by being typed: where nothing can be pressed, and where somebody types all the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from bot.messages import Choice, ConversationId, IncomingMessage, Kind, Reply
from bot.state import ConversationState
from bot.typed import as_pressed, numbered, showing, sign_of

HERE = ConversationId.of_terminal("ilze")
HOMES = (Choice(key="/novads a", label="Pirmais novads"), Choice(key="/novads b", label="Otrais novads"))
QUESTIONS = (Choice(key="t:a::", label="Bāriņtiesa"), Choice(key="t:b::", label="Policija"))
VERDICTS = (Choice(key="!useful:e", label="Noderēja"), Choice(key="!wrong:e", label="Nepareizi"))
REASONS = (Choice(key="!number:e", label="Numurs neatbild"), Choice(key="!other:e", label="Ko citu"))


def pressed(text: str, shown: tuple[Choice, ...]) -> str | None:
    message = IncomingMessage(conversation=HERE, text=text)
    return as_pressed(message, ConversationState(shown=shown)).pressed


@pytest.mark.parametrize(
    ("text", "shown", "key"),
    [
        ("2", HOMES, "/novads b"),
        (" 1. ", HOMES, "/novads a"),
        ("2)", REASONS, "!other:e"),
        ("otrais NOVADS", HOMES, "/novads b"),
        ("policija", QUESTIONS, "t:b::"),
        ("👎", VERDICTS, "!wrong:e"),
        ("noderēja", VERDICTS, "!useful:e"),
        # The number of a question leads to the question itself, which is remembered.
        ("2", QUESTIONS, None),
        # A verdict has no number: "1" is said about what was asked, if anything.
        ("1", VERDICTS, None),
        ("0", HOMES, None),
        ("3", HOMES, None),
        ("", HOMES, None),
        ("²", HOMES, None),
        ("novads", HOMES, None),
    ],
)
def test_what_is_typed_is_a_choice(text: str, shown: tuple[Choice, ...], key: str | None) -> None:
    assert pressed(text, shown) == key


def test_what_was_pressed_stays_what_it_was() -> None:
    message = IncomingMessage(conversation=HERE, text="2", pressed="t:a::")
    assert as_pressed(message, ConversationState(shown=HOMES)) is message


def test_verdicts_have_signs_and_all_else_has_numbers() -> None:
    assert numbered((*QUESTIONS, *VERDICTS)) == QUESTIONS
    assert [sign_of(choice) for choice in (*VERDICTS, *HOMES)] == ["👍", "👎", "", ""]


def test_choices_stand_until_something_else_is_said() -> None:
    asked = showing(ConversationState(), Reply(kind=Kind.COMMAND, text="Kurš?", choices=HOMES))
    assert asked.shown == HOMES
    for kind in (Kind.SMALLTALK, Kind.NO_ANSWER):
        assert showing(asked, Reply(kind=kind, text="Lūdzu!")) is asked
    assert showing(asked, Reply(kind=Kind.ANSWER, text="Zvaniet.")).shown == ()
    assert showing(asked, Reply(kind=Kind.ANSWER, text="Zvaniet.", choices=VERDICTS)).shown == VERDICTS


def test_a_stale_conversation_has_nothing_to_choose_from() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    state = replace(ConversationState(shown=HOMES), at=now)
    assert state.fresh(now + timedelta(hours=11)).shown == HOMES
    assert state.fresh(now + timedelta(hours=13)).shown == ()
