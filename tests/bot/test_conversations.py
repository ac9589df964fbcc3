"""Dialogues written as data: tests/conversations/*.yaml, with the shipped knowledge."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot.messages import ConversationId, IncomingMessage
from bot.talk import Talk
from knowledge.index import Index
from knowledge.text import MAX_LENGTH

HERE = ConversationId.of_terminal("c")
FILES = sorted((Path(__file__).parent.parent / "conversations").glob("*.yaml"))
CONVERSATIONS = [
    pytest.param(conversation, id=f"{path.stem}: {conversation['name']}")
    for path in FILES
    for conversation in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def dialogue_over(index: Index) -> Talk:
    return Talk(index=index, clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC))


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_conversation(shipped: Index, conversation: dict[str, list[dict[str, object]]]) -> None:
    dialogue = dialogue_over(shipped)
    for turn in conversation["turns"]:
        reply = dialogue.respond(IncomingMessage(conversation=HERE, text=str(turn["says"])))
        assert reply.kind.value == turn["kind"], reply
        for fact in turn.get("shows", []):  # type: ignore[attr-defined]
            assert str(fact) in reply.text, reply
        for fact in turn.get("hides", []):  # type: ignore[attr-defined]
            assert str(fact) not in reply.text, reply
        for label in turn.get("offers", []):  # type: ignore[attr-defined]
            assert label in [choice.label for choice in reply.choices], reply


def test_conversations_do_not_mix(shipped: Index) -> None:
    dialogue = dialogue_over(shipped)
    dialogue.respond(
        IncomingMessage(conversation=ConversationId.of_terminal("one"), text="sociālais dienests Krāslavā")
    )
    other = dialogue.respond(IncomingMessage(conversation=ConversationId.of_terminal("two"), text="sociālais dienests"))
    assert other.kind.value == "clarify"


@pytest.mark.parametrize("text", ["", "   ", "\u202e\u200b", "\x00\x01"])
def test_a_message_without_words_gets_an_example(shipped: Index, text: str) -> None:
    reply = dialogue_over(shipped).respond(IncomingMessage(conversation=HERE, text=text))
    assert reply.kind.value == "no_answer"
    assert "kur celt trauksmi" in reply.text


def test_a_message_that_is_too_long_is_asked_for_in_short(shipped: Index) -> None:
    reply = dialogue_over(shipped).respond(IncomingMessage(conversation=HERE, text="policija " * MAX_LENGTH))
    assert (reply.kind.value, reply.entries) == ("no_answer", ())


def test_an_old_button_is_told_so(shipped: Index) -> None:
    reply = dialogue_over(shipped).press(HERE, "gone:kraslava::")
    assert (reply.kind.value, reply.entries) == ("no_answer", ())


def test_a_command_that_asks_is_the_question_behind_it(shipped: Index) -> None:
    for command in ("/jautat", "/jautāt@selis_bot", "/спросить", "/ask"):
        reply = dialogue_over(shipped).respond(
            IncomingMessage(conversation=HERE, text=f"{command} sociālais dienests Krāslavā")
        )
        assert reply.entries == ("contact/kraslava/socialais-dienests",), command
    assert dialogue_over(shipped).respond(IncomingMessage(conversation=HERE, text="/jautat")).kind.value == "no_answer"
