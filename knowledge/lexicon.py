"""Words of a message -> keys that can be looked up, in whichever of the three languages the message is.

A key is a stem with its language (`lv:polic`, `ru:полиц`, `en:polic`). Latin letters are read as Latvian first, and as
Russian or English too where the message is in that language, so that a Latvian name in a Russian sentence is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import snowballstemmer

from knowledge import latvian, russian
from knowledge.features import SMALL
from knowledge.language_words import LanguageWords
from knowledge.model import Language
from knowledge.text import Script, Spelling, Word, normalise, spelled, words
from knowledge.word_cache import FEW_WORDS, MOST_WORDS

KEY_PREFIXES = frozenset(f"{language.value}:" for language in Language)
"""What the keys of telling words begin with; those of small words have = for the colon."""

_english = snowballstemmer.stemmer("english")


@lru_cache(maxsize=FEW_WORDS)
def english_stem(word: str) -> str:
    """The Snowball stem of a lower-case English word."""
    return str(_english.stemWord(word.replace("'s", "")))


@lru_cache(maxsize=FEW_WORDS)
def key(lower: str, script: Script, language: Language) -> str:
    """The key of a word read as a word of `language`."""
    if script is Script.CYRILLIC:
        return "ru:" + russian.stem(lower)
    if language is Language.RU:
        return "ru:" + russian.stem(russian.to_cyrillic(lower))
    if language is Language.EN:
        return "en:" + english_stem(lower)
    return "lv:" + latvian.stem(spelled(lower).folded)


def surface(word: Spelling | Word, language: Language) -> str:
    """The form in which small words are compared."""
    if language is Language.LV:
        return word.folded
    if language is Language.RU and word.script is Script.LATIN:
        return russian.to_cyrillic(word.lower)
    return word.lower


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The small words of the languages, which say nothing about the topic, and the keys of all others.

    `short` has the keys of the full words for abbreviations ("soc dienests").
    """

    stop: Mapping[Language, frozenset[str]]
    short: Mapping[Language, Mapping[str, str]]
    _keys: Callable[[str, Language], tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_keys", _reading(self.stop, self.short))

    def is_stop(self, word: Word, language: Language) -> bool:
        """Whether a word says nothing about the topic. In Latvian diacritics may be missing."""
        return surface(word, language) in self.stop[language]

    def keys(self, word: Word, language: Language) -> tuple[str, ...]:
        """Every key a word can have in a message of `language`, the likeliest first.

        Small words keep their form ("kad" is not "kāda"); others are stemmed.
        """
        return self._keys(word.lower, language)

    def sequence(self, text: str, language: Language) -> tuple[str, ...]:
        """The keys of a name or phrase written in `language`."""
        return tuple(self.keys(word, language)[0] for word in words(normalise(text)))


def _reading(
    stop: Mapping[Language, frozenset[str]], short: Mapping[Language, Mapping[str, str]]
) -> Callable[[str, Language], tuple[str, ...]]:
    """What reads a word in small letters as its keys, and remembers them."""

    @lru_cache(maxsize=MOST_WORDS)
    def keys(lower: str, language: Language) -> tuple[str, ...]:
        word = spelled(lower)
        written = surface(word, language)
        if written in stop[language]:
            return (f"{language.value}{SMALL}{written}",)
        full = short[language].get(written)
        if full is not None:
            return (full,)
        first = key(lower, word.script, language)
        if word.script is Script.CYRILLIC or language is Language.LV:
            return (first,)
        return (first, key(lower, word.script, Language.LV))

    return keys


def _folded(entries: Iterable[str], language: Language) -> frozenset[str]:
    return frozenset(surface(word, language) for entry in entries for word in words(normalise(entry)))


def build(table: Mapping[Language, LanguageWords]) -> Lexicon:
    """The lexicon of a snapshot; a language without a file has no small words."""
    empty = dict.fromkeys(Language, LanguageWords())
    held = {**empty, **table}
    return Lexicon(
        stop={
            language: _folded((*entry.function, *entry.fillers, *entry.negations, *entry.continuations), language)
            for language, entry in held.items()
        },
        short={language: dict(_short(entry, language)) for language, entry in held.items()},
    )


def _short(entry: LanguageWords, language: Language) -> Iterator[tuple[str, str]]:
    """The key of the full word for each abbreviation."""
    for abbreviation, full in entry.abbreviations.items():
        for written, meant in zip(words(normalise(abbreviation)), words(normalise(full)), strict=False):
            yield surface(written, language), key(meant.lower, meant.script, language)
