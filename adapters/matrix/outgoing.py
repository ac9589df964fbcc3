"""render(reply, kb, me, to) -> contents: a reply as messages of Matrix. Pure.

Each is an `m.notice`, which no other bot answers, with a `body` that reads well by itself. Choices are numbered: they
are taken by number, by their words, or by a reaction (`choices`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.matrix.addressed import PREFIX
from adapters.matrix.choices import carried
from adapters.matrix.me import Me
from adapters.matrix.relations import REPLACES, relating
from adapters.parts import as_html, split, titles_of
from bot.commands import SIGN
from bot.feedback import SIGNS, Verdict
from bot.messages import Reply
from bot.phrasebook import Phrasebook
from bot.typed import numbered, unlisted
from knowledge.model import KnowledgeBase

Content = dict[str, Any]
"""The content of an event, as it is sent or encrypted."""

MAX_UNITS = 2000
"""The longest text of a message, in UTF-16 units. An event may have 65,536 bytes; this much fits encrypted, as an edit,
and if every sign has to be written as six (`tests/adapters/matrix/test_outgoing.py`).
"""
_COMMAND = re.compile(r"(?<![\w/:.])/(?=[^\W\d_])(\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Towards:
    """Where a reply goes: the event it `answers` (where that is shown), its thread, the `person` called (in groups)."""

    answers: str = ""
    thread: str = ""
    person: str = ""


_NOWHERE = Towards()


def render(reply: Reply, kb: KnowledgeBase, me: Me, to: Towards = _NOWHERE) -> tuple[Content, ...]:
    """The messages of a reply, in order; the last one carries the choices. Pictures and files are `files`' matter."""
    text = with_choices(reply, Phrasebook(kb=kb, language=reply.language))
    titles, parts = titles_of(reply, kb), split(_as_typed_here(text, me), MAX_UNITS)
    contents = [notice(part, as_html(part, titles, newline="<br>")) for part in parts]
    for number, content in enumerate(contents):
        relation = relating(answers=to.answers if number == 0 else "", thread=to.thread)
        if relation:
            content["m.relates_to"] = relation
    if contents:
        contents[0]["m.mentions"] = {"user_ids": [to.person]} if to.person else {}
        contents[-1].update(carried(reply.choices))
    return tuple(contents)


def notice(text: str, html: str) -> Content:
    """A message of ours; it calls nobody."""
    return {
        "msgtype": "m.notice",
        "body": text,
        "format": "org.matrix.custom.html",
        "formatted_body": html,
        "m.mentions": {},
    }


def replacing(content: Mapping[str, Any], message: str) -> Content:
    """The content that edits an earlier message of ours to be this one."""
    new = {key: value for key, value in content.items() if key != "m.relates_to"}
    return {
        "msgtype": content["msgtype"],
        # For clients that show an edit as a message of its own.
        "body": f"* {content['body']}",
        # An edit calls nobody a second time.
        "m.mentions": {},
        "m.new_content": new,
        "m.relates_to": {"rel_type": REPLACES, "event_id": message},
    }


def with_choices(reply: Reply, say: Phrasebook) -> str:
    """The text with its choices, and how to choose."""
    lines = unlisted(reply)
    number = len(numbered(reply.choices))
    if number:
        lines.append(say("choose-by-number"))
    if number < len(reply.choices):
        lines.append(say("judge-by-sign", useful=SIGNS[Verdict.USEFUL], wrong=SIGNS[Verdict.WRONG]))
    return "\n\n".join(filter(None, [reply.text, "\n".join(lines)]))


def _as_typed_here(text: str, me: Me) -> str:
    """The text with its commands as they can be typed: clients keep what begins with a slash for themselves."""
    return _COMMAND.sub(lambda found: PREFIX + found[1] if me.knows(SIGN + found[1]) else found[0], text)
