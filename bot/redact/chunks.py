"""What can be told without knowing any name: addresses, numbers, accounts. A chunk is what stands between spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.redact.personal import Personal
from knowledge.model import Language
from knowledge.personal_words import PersonalWords
from knowledge.text import Word, fold, words

_CHUNK = re.compile(r"\S+")
_EDGES = " .,:;!?\"'()[]{}<>*-–…/\\|"
_KEPT = re.compile(r"(?:11\d|20[12]\d)(?:\.?(?:g|gad\w{1,2}|г|год\w{0,2}))?")
"""An emergency number or a year that nobody who writes was born in."""
_HIDDEN_AT = ("(at)", "[at]", "{at}", "<at>", "(a)", "[a]", "(dot)", "[dot]", "(et)", "[et]")
_ENDINGS = frozenset(
    "lv com eu org net info ru lt ee de uk pl by ua gov edu biz me io co app online site shop club pro name dev"
    " fr se fi no us ca ie nl at ch it es".split()
)
_NEAR = 2
_BEFORE = 4
_SPELLED = 3
"""So many numbers in words, one after another, are a phone number."""
_PLATE = 3
_BANK = 4
_LONGEST = 40
"""No word of a language: a key, a token, or something typed to hide what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """What stands between spaces, with offsets; `bare` has no punctuation at its ends, `folded` no diacritics."""

    text: str
    start: int
    end: int
    bare: str
    folded: str

    @property
    def has_digit(self) -> bool:
        """Whether there is a digit in it, of whatever script."""
        return any(letter.isdigit() for letter in self.text)

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.bare[:1].isupper()


def chunks_of(text: str) -> list[Chunk]:
    """The chunks of a text, in order."""
    return [_chunk(match) for match in _CHUNK.finditer(text)]


def _chunk(match: re.Match[str]) -> Chunk:
    bare = match.group().strip(_EDGES)
    return Chunk(text=match.group(), start=match.start(), end=match.end(), bare=bare, folded=fold(bare.lower()))


def telling_chunks(chunks: Sequence[Chunk], language: Language, personal: Personal) -> set[int]:
    """The positions of chunks that are, or belong to, an address, a number or an account."""
    text = _Text(chunks=chunks, language=language, personal=personal)
    numbers = {*_numbers(text), *_spelled(text)}
    around = {*_around(text, numbers), *_streets(text, numbers)}
    found = {*numbers, *around, *_addresses(text), *_accounts(text)}
    return {at for at in found if 0 <= at < len(chunks)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    chunks: Sequence[Chunk]
    language: Language
    personal: Personal

    def at(self, position: int) -> Chunk | None:
        return self.chunks[position] if 0 <= position < len(self.chunks) else None

    def beside(self, position: int, *lists: PersonalWords) -> bool:
        """Whether the chunk there is one of the words of some lists."""
        chunk = self.at(position)
        return chunk is not None and any(chunk.folded in self.personal.beside[name] for name in lists)

    def word(self, position: int) -> Word | None:
        """The chunk there as one word of letters."""
        chunk = self.at(position)
        found = words(chunk.bare) if chunk is not None and not chunk.has_digit else ()
        return found[0] if len(found) == 1 else None


def _numbers(text: _Text) -> Iterator[int]:
    digits = [at for at, chunk in enumerate(text.chunks) if chunk.has_digit]
    for number, at in enumerate(digits):
        others = digits[max(0, number - 1) : number] + digits[number + 1 : number + 2]
        alone = all(abs(other - at) > _NEAR for other in others)
        if not (alone and _KEPT.fullmatch(text.chunks[at].bare.lower()) and not _personal_number(text, at)):
            yield at


def _personal_number(text: _Text, at: int) -> bool:
    """Whether the words around a number say that it is a house, a birth or an account, or a name stands before it."""
    lists = (PersonalWords.STREETS, PersonalWords.DWELLINGS, PersonalWords.BIRTHS)
    nearby = range(at - _BEFORE, at + _NEAR + 1)
    year = text.chunks[at].bare.startswith("20")
    told = any(text.beside(position, *(lists if year else lists[:2])) for position in nearby)
    before = text.at(at - 1)
    return told or (before is not None and at > 1 and before.capital)


def _spelled(text: _Text) -> Iterator[int]:
    run: list[int] = []
    for at in range(len(text.chunks) + 1):
        chunk = text.at(at)
        if chunk is not None and (chunk.has_digit or text.beside(at, PersonalWords.DIGITS)):
            run.append(at)
        else:
            if len(run) >= _SPELLED:
                yield from run
            run = []


def _around(text: _Text, numbers: set[int]) -> Iterator[int]:
    """Letters that belong to a number: those of car plates, accounts and passports, a street or house before it."""
    for at in numbers:
        for position in (at - 1, at + 1):
            word = text.word(position)
            if word is not None and _is_mark(word, position, text, numbers):
                yield position
        before = text.word(at - 1)
        # "Brīvības 45" is a street and a house.
        if before is not None and before.text[0].isupper() and not _is_place(before, text):
            yield at - 1


def _is_mark(word: Word, position: int, text: _Text, numbers: set[int]) -> bool:
    small = text.personal.is_stop(word, text.language)
    between = position - 1 in numbers and position + 1 in numbers
    most = _BANK if between or word.text.isupper() else _PLATE
    return len(word.text) <= most and not (small and not between)


def _is_place(word: Word, text: _Text) -> bool:
    return word.folded in text.personal.tables.gazetteer.forms or text.personal.is_stop(word, text.language)


def _streets(text: _Text, numbers: set[int]) -> Iterator[int]:
    """A street with its name, before or after, where a number stands beside it."""
    for at in range(len(text.chunks)):
        near = range(at - _NEAR, at + _NEAR + 2)
        if text.beside(at, PersonalWords.STREETS) and not numbers.isdisjoint(near):
            yield at
            yield at - 1
            before, after = text.at(at - 2), text.at(at + 1)
            if before is not None and before.capital:
                yield at - 2
            if after is not None and after.capital:
                yield at + 1


def _addresses(text: _Text) -> Iterator[int]:
    for at, chunk in enumerate(text.chunks):
        low = chunk.text.lower()
        if "@" in chunk.text:
            yield at
            yield from _torn(chunk.text, at)
        elif any(mark in low for mark in _HIDDEN_AT):
            yield from (at - 1, at, at + 1)
        elif _is_address(low, chunk, text.personal):
            yield at
            if text.beside(at - 1, PersonalWords.AT):
                yield from (at - 1, *_dotted(text, at - 2, -1))
        elif text.beside(at, PersonalWords.AT) and text.beside(at + 2, PersonalWords.DOTS):
            yield from (at, *_dotted(text, at - 1, -1), *_dotted(text, at + 1, 1))
        elif len(chunk.bare) > _LONGEST or "_" in low.strip("_") or (low.startswith("_") and len(low) > 1):
            yield at


def _torn(written: str, at: int) -> Iterator[int]:
    """The neighbours that belong to an @ with a space beside it ("janis @ inbox.lv")."""
    core = written.strip(_EDGES)
    if core.endswith("@"):
        yield at + 1
    if core.startswith("@") and (core == "@" or _host(core[1:]) is not None):
        yield at - 1


def _dotted(text: _Text, at: int, step: int) -> Iterator[int]:
    """A word and all that is tied to it by dots in words ("janis punkts berzins")."""
    yield at
    while text.beside(at + step, PersonalWords.DOTS):
        yield from (at + step, at + 2 * step)
        at += 2 * step


def _is_address(low: str, chunk: Chunk, personal: Personal) -> bool:
    """A web address, but for the bare host of a contact."""
    core = chunk.bare.lower()
    host = _host(core.partition("://")[2] or core)
    if host is None:
        return "://" in low or low.startswith("www.")
    bare = core in {host, f"www.{host}"}
    return not (bare and host in personal.hosts)


def _host(core: str) -> str | None:
    """The host that an address begins with, without www."""
    host = re.split(r"[/?#:]", core, maxsplit=1)[0].removeprefix("www.")
    labels = host.split(".")
    return host if len(labels) > 1 and all(labels) and labels[-1] in _ENDINGS else None


def _accounts(text: _Text) -> Iterator[int]:
    """The first unknown word after "telegram", "password" and the like."""
    for at in range(len(text.chunks)):
        if text.beside(at, PersonalWords.ACCOUNTS):
            for position in range(at + 1, at + _BEFORE):
                word = text.word(position)
                if word is None or not text.personal.is_known(word, text.language):
                    yield position
                    break
