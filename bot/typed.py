"""What a message chooses by being typed, where choices are numbered and nothing can be pressed. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bot.commands import SIGN
from bot.feedback import SIGNS, is_feedback, is_verdict, verdict_of
from bot.messages import Choice, IncomingMessage, Kind, Reply
from bot.state import ConversationState
from knowledge.text import normalise

_IN_BETWEEN = {Kind.SMALLTALK, Kind.NO_ANSWER}
"""Replies after which what was asked before still stands."""


def numbered(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """The choices that have a number, in their order; a verdict on an answer has a sign instead."""
    return tuple(choice for choice in choices if not is_verdict(choice.key))


def unlisted(reply: Reply) -> list[str]:
    """The choices as numbered lines, without those that stand so in the text of the reply already."""
    lines = [f"{number}. {choice.label}" for number, choice in enumerate(numbered(reply.choices), 1)]
    text = reply.text.split("\n")
    return [line for line in lines if not any(one == line or one.startswith(f"{line}: ") for one in text)]


def sign_of(choice: Choice) -> str:
    """What stands for a verdict; empty for a choice that has a number."""
    verdict = verdict_of(choice.key)
    return SIGNS[verdict] if verdict is not None else ""


def as_pressed(message: IncomingMessage, state: ConversationState) -> IncomingMessage:
    """The message, as a press where it is the number, the words or the sign of a choice that was shown last."""
    if message.pressed is not None or not message.text or not state.shown:
        return message
    key = _typed(normalise(message.text), state.shown)
    return message if key is None else replace(message, pressed=key)


def showing(state: ConversationState, reply: Reply) -> ConversationState:
    """The state once a reply was shown: its choices are those that can be typed from now on."""
    shown = reply.choices or (state.shown if reply.kind in _IN_BETWEEN else ())
    return state if shown == state.shown else replace(state, shown=shown)


def _typed(text: str, shown: Sequence[Choice]) -> str | None:
    for choice in shown:
        if text.casefold() == choice.label.casefold() or text == sign_of(choice):
            return choice.key
    number = text.rstrip(".)")
    if not (number.isdecimal() and len(number) < 3):
        return None
    found = numbered(shown)[int(number) - 1 : int(number)] if int(number) else ()
    # A question that was asked back is remembered whole (`bot.followup.picked`); its key holds less.
    return found[0].key if found and (is_feedback(found[0].key) or found[0].key.startswith(SIGN)) else None
