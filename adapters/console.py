"""The terminal: one question, lines of JSON, or a conversation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import typer
from rich.console import Console

from bot.errors import UnknownPlaceError
from bot.messages import ConversationId, IncomingMessage, Reply
from bot.places import municipality_of
from bot.talk import Talk

PROMPT = "> "
_CONVERSATION = ConversationId.of_terminal("chat")


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
    """A reply with its choices numbered, for reading."""
    choices = [f"  {number}. {choice.label}" for number, choice in enumerate(reply.choices, 1)]
    return "\n".join([reply.text, *choices])


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


@dataclass(slots=True)
class Chat:
    """A conversation in the terminal. A number or the words of a choice stand for the choice."""

    dialogue: Talk
    home: str | None = None
    offered: Reply | None = None

    def reply(self, line: str) -> Reply:
        """The reply to a line."""
        key = self._key(line.strip())
        if key is not None:
            reply = self.dialogue.press(_CONVERSATION, key)
        else:
            reply = self.dialogue.respond(IncomingMessage(conversation=_CONVERSATION, text=line, home=self.home))
        self.offered = reply if reply.choices else None
        return reply

    def _key(self, line: str) -> str | None:
        for number, choice in enumerate(self.offered.choices if self.offered else (), 1):
            if line.rstrip(".)") == str(number) or line.casefold() == choice.label.casefold():
                return choice.key
        return None


def typed_lines() -> Iterator[str]:
    """Lines from the keyboard, with editing and history for this session (nothing is written to disk)."""
    import readline  # noqa: F401  input() edits lines once it is imported; not every Python has it

    while True:
        try:
            yield input(PROMPT)
        except (EOFError, KeyboardInterrupt):
            typer.echo()
            return


def piped_lines(source: IO[bytes]) -> Iterator[str]:
    """Lines from a pipe or a file; bytes that are no UTF-8 are shown as such and lose nothing else."""
    for line in source:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")


def printer(*, styled: bool) -> Console:
    """A console that never breaks an address or reads markup into a text."""
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True, no_color=not styled)
