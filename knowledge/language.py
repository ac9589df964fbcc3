"""Which language a message is in, told from its words: three are enough, mixed messages go to the stronger."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from knowledge.lexicon import key, surface
from knowledge.model import Language
from knowledge.text import Script, Spelling, Word, spelled
from knowledge.word_cache import MOST_WORDS

_LATVIAN_LETTERS = frozenset("āēīūģķļņčšž")
_LATVIAN_ONLY = frozenset("āēīūģķļņ")

_SMALL_WORD = 2.1
_TOPIC_WORD = 1.0
_LETTERS = 2.0
_SPELLING = 0.5


_Told = tuple[float, float, float]
"""What a word tells of Latvian, and the most it can tell of Russian and of English: mostly that is less already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """Words by language: small words by their written form, topic words by key. Place names tell no language."""

    small: Mapping[Language, frozenset[str]]
    knows: Callable[[str], bool]
    places: Container[str] = ()
    _told: Callable[[str], _Told] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_told", _telling(self.small, self.knows, self.places))

    def detect(self, message: Sequence[Word], default: Language = Language.LV) -> Language:
        """The language most words speak for; `default` where none does."""
        if not message:
            return default
        if _is_cyrillic(message):
            return Language.RU
        told = list(map(self._told, [word.lower for word in message]))
        latvian, russian, english = map(sum, zip(*told, strict=True))
        if latvian > max(russian, english) or (latvian == max(russian, english) and default is Language.LV):
            return Language.LV
        points = {
            Language.LV: latvian,
            Language.EN: self._exactly(message, [most for _, _, most in told], Language.EN),
            Language.RU: self._exactly(message, [most for _, most, _ in told], Language.RU),
        }
        best = max(points.values())
        return default if points[default] == best else next(found for found in points if points[found] == best)

    def _exactly(self, message: Sequence[Word], most: Sequence[float], language: Language) -> float:
        """What words tell of a language, from the most they can."""
        return sum([_exactly(word, most_of, language, self.knows) for word, most_of in zip(message, most, strict=True)])


def _is_cyrillic(message: Sequence[Word]) -> bool:
    """Whether a good part of the letters are Cyrillic."""
    if Script.CYRILLIC not in [word.script for word in message]:
        return False
    cyrillic = sum([len(word.text) for word in message if word.script is Script.CYRILLIC])
    latin = sum([len(word.text) for word in message if word.script is Script.LATIN])
    return cyrillic > latin / 2


def _telling(
    small: Mapping[Language, frozenset[str]], knows: Callable[[str], bool], places: Container[str]
) -> Callable[[str], _Told]:
    """What tells of a word in small letters, and remembers it."""

    @lru_cache(maxsize=MOST_WORDS)
    def told(lower: str) -> _Told:
        word = spelled(lower)
        if word.script is not Script.LATIN or word.folded in places:
            cyrillic = word.script is Script.CYRILLIC and word.folded not in places
            return (0.0, _SMALL_WORD if cyrillic else 0.0, 0.0)
        points = _exactly(word, _at_most(word, Language.LV, small[Language.LV]), Language.LV, knows)
        if "aa" in lower or "ii" in lower or "uu" in lower:
            points += _SPELLING
        if not lower.isascii() and not _LATVIAN_LETTERS.isdisjoint(lower):
            points += _SPELLING
            if not _LATVIAN_ONLY.isdisjoint(lower):
                return (points + _LETTERS, _topic_word(word), _topic_word(word))  # no small word of others has them
        russian, english = [_at_most(word, language, small[language]) for language in (Language.RU, Language.EN)]
        return (points, russian, english)

    return told


def _at_most(word: Spelling, language: Language, small: Container[str]) -> float:
    if surface(word, language) in small:
        return _SMALL_WORD
    return _topic_word(word)


def _topic_word(word: Spelling) -> float:
    """The most that a word can tell of a language where it is no small word of it."""
    return _TOPIC_WORD if len(word.lower) > 2 else 0.0


def _exactly(word: Spelling | Word, most: float, language: Language, knows: Callable[[str], bool]) -> float:
    """What a word tells of a language, from the most it can: whether it has such a word is to be looked up."""
    return 0.0 if most == _TOPIC_WORD and not knows(key(word.lower, word.script, language)) else most
