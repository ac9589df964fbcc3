"""Replies as networks show them: in pieces that fit, as HTML with links and titles. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html import escape
from pathlib import PurePath

from bot.messages import Attachment, Reply
from bot.phrasebook import Phrasebook
from knowledge.model import KnowledgeBase

_URL = re.compile(r"https?://[^\s<>\"]+")
_BEHIND_A_URL = ".,;:!?)»”"
_LONGEST_TITLE = 60
"""A longer line is a sentence or more: a paragraph in bold shouts."""
_NUMBER = re.compile(r"^\d+\. ")
_PICTURES = {".png", ".jpg", ".jpeg"}


def units(text: str) -> int:
    """The length of a text in UTF-16 units, as Telegram counts it: a letter has one or two."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, most: int) -> list[str]:
    """The text in parts of at most `most` units: cut between paragraphs, else lines, else words, else anywhere."""
    parts = [""]
    for piece in _pieces(text, most, ("\n\n", "\n", " ")):
        if units(parts[-1]) + units(piece) > most:
            parts.append("")
        parts[-1] += piece
    return [part for part in (part.strip() for part in parts) if part]


def _pieces(text: str, most: int, between: tuple[str, ...]) -> Iterator[str]:
    """Pieces that fit, each with what stood behind it, as large as the places to cut allow."""
    if units(text) <= most:
        yield text
    elif not between:
        # No place to cut: a letter has at most two units.
        step = max(most // 2, 1)
        yield from (text[start : start + step] for start in range(0, len(text), step))
    else:
        for piece in re.split(f"(?<={between[0]})", text):
            yield from _pieces(piece, most, between[1:])


def as_html(text: str, titles: Collection[str] = (), *, newline: str = "\n") -> str:
    """The text with links, and with the lines in bold that are titles; nothing else in it is a mark."""
    lines = text.split("\n")
    return newline.join(_bold(line) if is_title(line, titles) else linked(line) for line in lines)


def titles_of(reply: Reply, kb: KnowledgeBase) -> set[str]:
    """The lines to stand out: the titles of the entries told of, else a short first line where more follow."""
    say = Phrasebook(kb=kb, language=reply.language)
    lines = reply.text.split("\n")
    titles = {say.entry_title(entry) for entry in reply.entries if entry in kb.entries}
    if any(is_title(line, titles) for line in lines):
        return titles
    return {lines[0]} if len(lines) > 1 and len(lines[0]) <= _LONGEST_TITLE else set()


def is_title(line: str, titles: Collection[str]) -> bool:
    """Whether a line is one of the titles, with or without the number of a choice before it."""
    return line in titles or _NUMBER.sub("", line) in titles


def _bold(line: str) -> str:
    return f"<b>{linked(line)}</b>" if line else ""


def linked(line: str) -> str:
    """A line with its addresses as links, and escaped."""
    made, end = [], 0
    for found, url in pages(line):
        made += [escape(line[end:found]), f'<a href="{escape(url)}">{escape(url)}</a>']
        end = found + len(url)
    return "".join([*made, escape(line[end:])])


def pages(text: str) -> Iterator[tuple[int, str]]:
    """The addresses of pages in a text, each with where it begins."""
    for found in _URL.finditer(text):
        yield found.start(), found.group().rstrip(_BEHIND_A_URL)


def is_picture(attachment: Attachment) -> bool:
    """Whether an attachment is shown, and not offered as a file."""
    return PurePath(attachment.name).suffix.lower() in _PICTURES
