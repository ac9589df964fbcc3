"""Text as people type it -> words that can be compared: one form of letters, whatever keyboard, habit or hurry."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from knowledge.word_cache import MOST_WORDS

MAX_LENGTH = 4096
"""Longer messages are cut here: no network sends more in one message."""
MAX_WORDS = 200
"""Of a longer message the first and the last hundred words are read: a story says what it wants there."""

# Bounded repeats: with open ones a message of nothing but @ would take minutes.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]{1,64}@[^\s@]{1,255}")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_SENTENCE_ENDS = frozenset(".!?…")
CLAUSE_ENDS = frozenset(".,;:!?\n")
_SPACES = re.compile("  +")
_ALIKE = (
    dict.fromkeys("„“”«»‟", '"') | dict.fromkeys("‘’‚`´", "'") | dict.fromkeys("‐‑–—−", "-")
    | dict.fromkeys("\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " ")
)  # fmt: skip
"""The one mark that each of many quotes, dashes and spaces is read as."""
_MARK = re.compile(f"[{''.join(_ALIKE)}]")
# Letters that are typed here with a mark, by themselves: quicker than taking each apart.
_PLAIN = str.maketrans("āčēģīķļņōŗšūžĀČĒĢĪĶĻŅŌŖŠŪŽ", "acegiklnorsuzACEGIKLNORSUZ")
_SMS = (
    ("sh", "s"), ("ch", "c"), ("zh", "z"), ("kj", "k"), ("lj", "l"), ("nj", "n"), ("gj", "g"),
    ("aa", "a"), ("ee", "e"), ("ii", "i"), ("uu", "u"), ("oo", "o"), ("w", "v"), ("x", "ks"), ("y", "i"), ("q", "k"),
)  # fmt: skip


class Script(StrEnum):
    """The letters a word is written in."""

    LATIN = "latin"
    CYRILLIC = "cyrillic"
    OTHER = "other"


class Spelling(Struct, frozen=True, gc=False):
    """What a word is wherever it stands: as typed, in small letters, folded, and the script of its letters."""

    text: str
    lower: str
    folded: str
    script: Script


class Word(Struct, frozen=True, gc=False):
    """One word of a message. `start` and `end` are offsets in the normalised text; `opens` marks a sentence's first."""

    text: str
    lower: str
    folded: str
    script: Script
    start: int
    end: int
    opens: bool
    sentence: int

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter and is not all capitals."""
        return self.text[0].isupper() and not (len(self.text) > 1 and self.text.isupper())


def normalise(text: str) -> str:
    """NFC, one kind of quote and dash, no control or direction marks, at most `MAX_LENGTH` characters."""
    short = text[:MAX_LENGTH]
    # Nearly every message is printable as it is; looking at each letter costs a tenth of reading it.
    kept = short if short.isprintable() else _printable(short)
    # Composed after a mark between letter and accent is gone, and cut again: composing can make a text longer.
    composed = unicodedata.normalize("NFC", kept)[:MAX_LENGTH]
    # Most messages have none of the marks: to look for them all at once is quicker than to translate every letter.
    return _SPACES.sub(" ", _MARK.sub(lambda mark: _ALIKE[mark.group()], composed)).strip()


def _printable(text: str) -> str:
    return "".join(c if c in "\n\t" or unicodedata.category(c)[0] != "C" else " " if c == "\r" else "" for c in text)


def words(text: str) -> tuple[Word, ...]:
    """The words of a normalised text, at most `MAX_WORDS`; web and mail addresses are no words."""
    blanked = _ADDRESS.sub(lambda match: " " * len(match.group()), text) if _may_hold_address(text) else text
    spans = [match.span() for match in _WORD.finditer(blanked)]
    if len(spans) > MAX_WORDS:
        spans = spans[: MAX_WORDS // 2] + spans[-MAX_WORDS // 2 :]
    found: list[Word] = []
    sentence, last = 0, 0
    for start, end in spans:
        between = blanked[last:start]
        opens = not found or (between != " " and _ends_sentence(between))
        if opens and found:
            sentence += 1
        one = spelled(blanked[start:end])
        found.append(Word(one.text, one.lower, one.folded, one.script, start, end, opens, sentence))
        last = end
    return tuple(found)


def in_one_clause(text: str, first: Word, second: Word) -> bool:
    """Whether one word of a text stands before another, with nothing between them that ends a clause."""
    return first.end <= second.start and CLAUSE_ENDS.isdisjoint(text[first.end : second.start])


def _may_hold_address(text: str) -> bool:
    return "@" in text or "://" in text or "www." in text


def _ends_sentence(between: str) -> bool:
    """Whether a sentence ends in what stands between two words: by its last mark, or by a line's end after it."""
    marks = between.rstrip()
    return marks[-1:] in _SENTENCE_ENDS or "\n" in between[len(marks) :]


@lru_cache(maxsize=MOST_WORDS)
def spelled(text: str) -> Spelling:
    """The spelling of one word as typed."""
    lower = text if text.islower() else text.lower()
    folded = fold(lower)
    return Spelling(text, lower, lower if folded == lower else folded, _script(lower))


def _script(word: str) -> Script:
    """By the first letter: mixed words are rare and a letter of the other script is then a slip."""
    for letter in word:
        if "а" <= letter <= "ӿ":
            return Script.CYRILLIC
        if letter.isalpha():
            return Script.LATIN if letter < "ʰ" or "Ḁ" <= letter <= "ỿ" else Script.OTHER
    return Script.OTHER


def fold(word: str) -> str:
    """A Latvian word without diacritics, whether they were left out, typed, or spelled as in an SMS.

    "Višķi", "viski" and "vishkji" fold to the same; hyphens go ("e-pasts", "epasts"). What folds together stays
    ambiguous ("ludzu" is lūdzu and Ludzu): telling them apart is left to who reads.
    """
    word = word.translate(_PLAIN)
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    word = word.replace("-", "").replace("'", "")
    for spelled, letter in _SMS:
        if spelled in word:
            word = word.replace(spelled, letter)
    return word
