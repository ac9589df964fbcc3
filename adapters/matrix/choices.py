"""Choices on Matrix, which has no buttons: what a reaction or an answer to their message chooses. Pure.

The message that offers them carries their keys in a field of its own. So a reaction works for anyone in the room, after
a restart and on a message of last week, as a press on a button does: the key holds the whole question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.matrix.fields import mapping, sequence, text
from bot.feedback import SIGNS, Verdict, is_verdict, verdict_of
from bot.messages import Choice
from bot.question import MAX_KEY_BYTES

FIELD = "lv.selis.choices"
"""Where a message of ours keeps the keys of its choices, in the order they are numbered in."""

_MOST = 20
# How an emoji looks (as a picture, with which skin) is not part of what it says.
_LOOKS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_NUMBER = re.compile("([0-9]{1,2})\u20e3?[.)]?")
_TEN = "🔟"


def carried(choices: Sequence[Choice]) -> dict[str, Any]:
    """The field for a message that offers choices; empty where it offers none."""
    return {FIELD: [choice.key for choice in choices]} if choices else {}


def chosen(key: str, content: Mapping[str, Any]) -> str | None:
    """The key of the choice that a sign means (a reaction, or a word that answers), by the content of our message; None
    where none.
    """
    keys = [one for one in map(text, sequence(content.get(FIELD))[:_MOST]) if 0 < _bytes(one) <= MAX_KEY_BYTES]
    number, verdict = _number(key), _verdict(key)
    if verdict is not None:
        return next((one for one in keys if verdict_of(one) is verdict), None)
    numbered = [one for one in keys if not is_verdict(one)]
    return numbered[number - 1] if number is not None and 1 <= number <= len(numbered) else None


def _bytes(key: str) -> int:
    """How long a key is; what others wrote may hold half a letter."""
    return len(key.encode(errors="surrogatepass"))


def may_choose(key: str) -> bool:
    """Whether a sign chooses anything at all."""
    return _number(key) is not None or _verdict(key) is not None


def content_of(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a message says now: the server brings its last edit along."""
    latest = mapping(mapping(mapping(event.get("unsigned")).get("m.relations")).get("m.replace"))
    edited = mapping(mapping(latest.get("content")).get("m.new_content"))
    return edited if edited and latest.get("sender") == event.get("sender") else mapping(event.get("content"))


def _plain(sign: str) -> str:
    return _LOOKS.sub("", sign).strip()


def _number(sign: str) -> int | None:
    plain = _plain(sign)
    if plain == _TEN:
        return 10
    found = _NUMBER.fullmatch(plain)
    return int(found.group(1)) if found is not None else None


def _verdict(sign: str) -> Verdict | None:
    plain = _plain(sign)
    return next((verdict for verdict, shown in SIGNS.items() if shown == plain), None)
