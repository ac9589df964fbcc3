"""Whether a message speaks to Sēlis, and its words without what only says so. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote

from adapters.matrix.fields import mapping, sequence, text
from adapters.matrix.me import Me
from adapters.matrix.room import RoomView
from bot.commands import SIGN
from knowledge.text import fold

PREFIX = "!"
"""Before a command, and before the name: clients keep messages with a slash for themselves."""
CALLED = "selis"
"""What `!selis` calls, whatever the account is named."""

_LONGEST_HTML = 20_000
_LINK = re.compile(r"<a\b([^<>]{0,1000})>([^<>]{0,200})</a")
_TARGET = re.compile(r"href\s*=\s*[\"']?([^\"'\s]+)")
_MATRIX_TO = re.compile(r"(?:https?://matrix\.to/#/|matrix:u/)([^?/]+)")
_NAME_FIRST = re.compile(r"@?(?P<name>[^:,!?.\n]{1,80}?)(?:[:,!?.]+(?:\s+|$)|:+|\s+[-–—]+\s+|\s*$)")
_SOMEBODYS_ID = re.compile(r"@[^\s:]+:\w")
_BEHIND_A_NAME = re.compile(r"[\s:,!?.–—-]*")
_VOCATIVE = re.compile(r"(?<=\w{3})s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The words of a message. `visibly` is whether Sēlis is named, called or commanded in them."""

    words: str
    visibly: bool = False


def is_mentioned(content: Mapping[str, Any], me: Me) -> bool:
    """Whether `m.mentions` names Sēlis. Clients copy mentions into whatever answers a message, and what answers that:
    in an answer it shows nothing.
    """
    return me.user_id in sequence(mapping(content.get("m.mentions")).get("user_ids"))


def heard(content: Mapping[str, Any], room: RoomView, me: Me, *, answers: bool) -> Heard:
    """The words of a message's text, which quotes another one where it `answers` it."""
    words = unicodedata.normalize("NFC", text(content.get("body")))
    html = text(content.get("formatted_body"))[:_LONGEST_HTML]
    if answers:
        words, html = _without_quote(words), _without_quoted_html(html)
    pills = tuple(_pills(html, me))
    words, linked = _without_ids(words, me)
    mentioned = bool(pills) or linked or is_mentioned(content, me)
    words, named = _without_name(words.strip(), _names(room, me, pills), mentioned=mentioned)
    words, called = _without_prefix(words, room, me)
    words, commanded = _as_command(words, me, called=called)
    return Heard(words=words, visibly=bool(pills) or linked or named or called or commanded)


def _without_quote(words: str) -> str:
    """The text without the lines that older clients quote above an answer."""
    if not words.startswith("> "):
        return words
    lines = words.split("\n")
    first = next((number for number, line in enumerate(lines) if not line.startswith(">")), len(lines))
    return "\n".join(lines[first:])


def _without_quoted_html(html: str) -> str:
    end = html.rfind("</mx-reply>")
    return html[end:] if end >= 0 else html


def _pills(html: str, me: Me) -> Iterator[str]:
    """The words of the links to Sēlis."""
    for found in _LINK.finditer(html):
        target = _TARGET.search(found.group(1))
        if target is not None and _leads_to(unescape(target.group(1)), me):
            yield unescape(found.group(2)).strip()


def _leads_to(address: str, me: Me) -> bool:
    found = _MATRIX_TO.match(address)
    return found is not None and unquote(found.group(1)) in {me.user_id, me.user_id.removeprefix("@")}


def _without_ids(words: str, me: Me) -> tuple[str, bool]:
    """The text without the full id, alone or as a link of Markdown, and whether it stood there."""
    identifier = re.escape(me.user_id)
    link = rf"(?:\[[^\[\]\n]{{0,200}}\]\()?<?https?://matrix\.to/#/{identifier}(?:\?[^\s)>]{{0,200}})?>?\)?"
    # An id goes on as long as letters of ids do: "@selis:example.org.lv" is somebody else.
    alone = rf"(?<![\w.=/+-]){identifier}(?![\w-]|[.:]\w)"
    found = re.compile(rf"(?:{link}|{alone})(?:[:,]+(?=\s|$))?", re.IGNORECASE)
    without, times = found.subn("", words)
    return without, times > 0


def _names(room: RoomView, me: Me, pills: tuple[str, ...]) -> set[str]:
    """What Sēlis is called here, folded, with the Latvian way of calling somebody: "Sēli, …"."""
    names = {_folded(one.removeprefix("@")) for one in (me.display_name, room.own_name, me.localpart, *pills)}
    return {one for name in names if name for one in (name, _VOCATIVE.sub("", name))}


def _folded(name: str) -> str:
    return fold(unicodedata.normalize("NFC", name).strip().lower())


def _without_name(words: str, names: set[str], *, mentioned: bool) -> tuple[str, bool]:
    """The text without the name it begins with, or which it ends with where a mention says that it is meant.

    A name without a sign behind it ("Sēlis bija Ilūkstē") is spoken of, and not to, unless a mention says so.
    """
    found = _NAME_FIRST.match(words)
    if found is not None and _folded(found["name"]) in names and not _SOMEBODYS_ID.match(words):
        return words[found.end() :].lstrip(), True
    if not mentioned:
        return words, False
    first = next((end for end in _ends_of_words(words) if _folded(words[:end].removeprefix("@")) in names), None)
    if first is not None:
        return words[first + len(_BEHIND_A_NAME.match(words[first:]).group()) :], True  # type: ignore[union-attr]
    bare = words.rstrip(" \t.,!?")
    last = next((at for at in _beginnings(bare) if _folded(bare[at:].removeprefix("@")) in names), None)
    if last is not None:
        return bare[:last].rstrip(" \t,–—-") + words[len(bare) :], True
    return words, False


def _ends_of_words(words: str) -> Iterator[int]:
    """Where the first words end, the most of them first: a name may have several."""
    return iter([found.end() for found in re.finditer(r"\S*[^\s:,!?.]", words[:80])][3::-1])


def _beginnings(words: str) -> Iterator[int]:
    """Where the last words begin, the most of them first."""
    start = max(0, len(words) - 80)
    return iter([start + found.start() for found in re.finditer(r"(?<!\S)\S", words[start:])][-4:])


def _without_prefix(words: str, room: RoomView, me: Me) -> tuple[str, bool]:
    """The text behind "!selis"."""
    if not words.startswith(PREFIX):
        return words, False
    first, _, rest = words[1:].partition(" ")
    if _folded(first.rstrip(":,")) not in {CALLED, *_names(room, me, ())}:
        return words, False
    return rest.strip(), True


def _as_command(words: str, me: Me, *, called: bool) -> tuple[str, bool]:
    """A command with a slash, however it was written ("!novads Dagda", "!selis palīdzība"), and whether it is one."""
    if words.startswith(PREFIX) and me.knows(SIGN + words[1:]):
        return SIGN + words[1:], True
    # More words than one are a question: "par" and "vieta" are commands as well.
    if called and words and not words.startswith(SIGN) and len(words.split()) == 1 and me.knows(SIGN + words):
        return SIGN + words, True
    return words, words.startswith(SIGN) and me.knows(words)
