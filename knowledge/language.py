"""Which language a message is in, told from its words: three are enough, mixed messages go to the stronger."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from knowledge.lexicon import key, surface
from knowledge.model import Language
from knowledge.text import Script, Word
from knowledge.word_cache import MOST_WORDS

_LATVIAN_LETTERS = frozenset("āēīūģķļņčšž")
_LATVIAN_ONLY = frozenset("āēīūģķļņ")
_DOUBLED = ("aa", "ii", "uu")

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
    _kept: dict[str, _Told] = field(default_factory=dict, init=False, repr=False, compare=False)

    def detect(self, message: Sequence[Word], default: Language = Language.LV) -> Language:
        """The language most words speak for; `default` where none does."""
        if not message:
            return default
        cyrillic = sum([len(word.text) for word in message if word.script is Script.CYRILLIC])
        latin = sum([len(word.text) for word in message if word.script is Script.LATIN])
        if cyrillic > latin / 2:
            return Language.RU
        told = [self._kept_told(word) for word in message]
        latvian, russian, english = map(sum, zip(*told, strict=True))
        if latvian > max(russian, english) or (latvian == max(russian, english) and default is Language.LV):
            return Language.LV
        points = {
            Language.LV: latvian,
            Language.EN: sum(map(self._exactly, message, [most for _, _, most in told], repeat(Language.EN))),
            Language.RU: sum(map(self._exactly, message, [most for _, most, _ in told], repeat(Language.RU))),
        }
        best = max(points.values())
        return default if points[default] == best else next(found for found in points if points[found] == best)

    def _kept_told(self, word: Word) -> _Told:
        found = self._kept.get(word.lower)
        if found is None:
            if len(self._kept) >= MOST_WORDS:
                self._kept.clear()
            found = self._kept[word.lower] = self._told(word)
        return found

    def _told(self, word: Word) -> _Told:
        if word.script is not Script.LATIN or word.folded in self.places:
            cyrillic = word.script is Script.CYRILLIC and word.folded not in self.places
            return (0.0, _SMALL_WORD if cyrillic else 0.0, 0.0)
        latvian, russian, english = (self._at_most(word, language) for language in Language)
        points = self._exactly(word, latvian, Language.LV)
        if any(double in word.lower for double in _DOUBLED):
            points += _SPELLING
        if not _LATVIAN_LETTERS.isdisjoint(word.lower):
            points += _SPELLING + (_LETTERS if not _LATVIAN_ONLY.isdisjoint(word.lower) else 0.0)
        return (points, russian, english)

    def _at_most(self, word: Word, language: Language) -> float:
        if surface(word, language) in self.small[language]:
            return _SMALL_WORD
        return _TOPIC_WORD if len(word.lower) > 2 else 0.0

    def _exactly(self, word: Word, most: float, language: Language) -> float:
        """What a word tells of a language, from the most it can: whether it has such a word is to be looked up."""
        return 0.0 if most == _TOPIC_WORD and not self.knows(key(word.lower, word.script, language)) else most
