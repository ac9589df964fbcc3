"""redact(text, language, personal) -> str: a question without people, fit to be kept for admins.

Too much is taken out rather than too little. Every number goes but a year and an emergency number, whatever it may be a
number of: telling phones, cards and codes apart would let the unusual ones through. What stays is a name that no list
has, in small letters, with nothing beside it that tells ("priyanka chowdhury works there"): so an admin sees a question
only when two conversations asked it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bot.redact.chunks import chunks_of, telling_chunks
from bot.redact.names import names_in
from bot.redact.personal import Personal, build
from knowledge.model import Language
from knowledge.text import MAX_LENGTH, normalise, words

__all__ = ["MARK", "MAX_KEPT", "Personal", "build", "redact"]

MARK = "⟨…⟩"
"""Stands where something was taken out."""
MAX_KEPT = 200
"""Characters of a question that are kept."""

_MARKS = re.compile(rf"{MARK}(?:[^\w⟨]*{MARK})*")
_SPACE = re.compile(r"\s+")

Span = tuple[int, int]


def redact(text: str, language: Language, personal: Personal) -> str:
    """The text in small letters, at most `MAX_KEPT` characters, with `MARK` for whatever may name or find a person."""
    plain = _plain(text)
    chunks = chunks_of(plain)
    spans = [(chunks[at].start, chunks[at].end) for at in telling_chunks(chunks, language, personal)]
    found = words(_blanked(plain, spans))
    spans += [(found[at].start, found[at].end) for at in names_in(plain, found, language, personal)]
    return _short(_marked(plain, spans).lower())


def _plain(text: str) -> str:
    """One way to write each letter and digit: none full-width, superscript or on a keycap, no lone accent."""
    composed = unicodedata.normalize("NFKC", text[:MAX_LENGTH])
    return normalise("".join(c for c in composed if unicodedata.category(c)[0] != "M"))


def _blanked(text: str, spans: Iterable[Span]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _marked(text: str, spans: Iterable[Span]) -> str:
    parts: list[str] = []
    last = 0
    for start, end in sorted(spans):
        parts += [text[last:start], MARK]
        last = end
    return _SPACE.sub(" ", _MARKS.sub(MARK, "".join([*parts, text[last:]]))).strip()


def _short(text: str) -> str:
    """Cut between words; a word that fills it all is cut inside."""
    if len(text) <= MAX_KEPT:
        return text
    return text[: MAX_KEPT - 1].rpartition(" ")[0] or text[:MAX_KEPT]
