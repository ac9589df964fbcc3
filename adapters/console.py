"""The terminal: replies as text and as JSON, one question, lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from rich.console import Console

from bot.errors import UnknownPlaceError
from bot.messages import ConversationId, IncomingMessage, Reply
from bot.places import municipality_of
from bot.talk import Talk
from bot.typed import sign_of, unlisted


def as_json(reply: Reply, identifier: object = None) -> dict[str, Any]:
    """A reply as the object of the contract."""
    return {
        "id": identifier,
        "kind": reply.kind.value,
        "text": reply.text,
        "choices": [{"key": choice.key, "label": choice.label} for choice in reply.choices],
        "entries": list(reply.entries),
        "topic": reply.topic,
        "place": reply.place,
        "language": reply.language.value,
        "confidence": reply.confidence,
    }


def as_text(reply: Reply) -> str:
    """A reply with its choices numbered, for reading; a verdict on an answer has a sign."""
    numbers = [f"  {line}" for line in unlisted(reply)]
    signs = [f"  {sign_of(choice)} {choice.label}" for choice in reply.choices if sign_of(choice)]
    return "\n".join([reply.text, *numbers, *signs])


def failed(identifier: object, error: str) -> dict[str, Any]:
    """The object for a line that is no question."""
    return {
        "id": identifier, "kind": "no_answer", "text": "", "choices": [], "entries": [], "topic": None, "place": None,
        "language": "lv", "confidence": 0.0, "error": error,
    }  # fmt: skip


def answer_line(line: bytes, dialogue: Talk) -> dict[str, Any]:
    """The object for one line of `--jsonl`; whatever the line is, an object comes back."""
    try:
        asked = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return failed(None, "the line is not UTF-8: save it as UTF-8")
    except (ValueError, RecursionError):
        return failed(None, "the line is no JSON: write one object a line")
    if not isinstance(asked, dict):
        return failed(None, 'the line is no object: write {"id": …, "conversation": …, "text": …}')
    identifier, text, place = asked.get("id"), asked.get("text"), asked.get("place")
    if not isinstance(text, str):
        return failed(identifier, 'there is no "text"')
    try:
        home = municipality_of(str(place), dialogue.index) if place is not None else None
    except UnknownPlaceError as error:
        return failed(identifier, str(error))
    conversation = ConversationId.of_terminal(str(asked.get("conversation", identifier)))
    return as_json(dialogue.respond(IncomingMessage(conversation=conversation, text=text, home=home)), identifier)


def answer_lines(source: IO[bytes], dialogue: Talk) -> Iterator[str]:
    """One line of JSON for each line read, in order, each as soon as it is ready."""
    for line in source:
        if line.strip():
            yield json.dumps(answer_line(line, dialogue), ensure_ascii=False)


def printer(*, styled: bool) -> Console:
    """A console that never breaks an address or reads markup into a text."""
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True, no_color=not styled)
