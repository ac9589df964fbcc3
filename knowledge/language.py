"""Which language a message is in, told from its words: three are enough, mixed messages go to the stronger."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.lexicon import key, surface
from knowledge.model import Language
from knowledge.text import Script, Word

_LATVIAN_LETTERS = frozenset("āēīūģķļņčšž")
_LATVIAN_ONLY = frozenset("āēīūģķļņ")
_DOUBLED = ("aa", "ii", "uu")

_SMALL_WORD = 2.1
_TOPIC_WORD = 1.0
_LETTERS = 2.0
_SPELLING = 0.5
_MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """Words by language: small words by their written form, topic words by key. Place names tell no language."""

    small: Mapping[Language, frozenset[str]]
    knows: Callable[[str], bool]
    places: Container[str] = ()
    _kept: dict[str, tuple[float, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def detect(self, message: Sequence[Word], default: Language = Language.LV) -> Language:
        """The language most words speak for; `default` where none does."""
        if not message:
            return default
        cyrillic = sum(len(word.text) for word in message if word.script is Script.CYRILLIC)
        latin = sum(len(word.text) for word in message if word.script is Script.LATIN)
        if cyrillic > latin / 2:
            return Language.RU
        sums = map(sum, zip(*map(self._kept_points, message), strict=True))
        points = dict(zip(Language, sums, strict=True))
        best = max(points.values())
        if points[default] == best:
            return default
        return next(language for language in (Language.LV, Language.EN, Language.RU) if points[language] == best)

    def _kept_points(self, word: Word) -> tuple[float, ...]:
        """What a word tells of each language, in their order."""
        found = self._kept.get(word.lower)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[word.lower] = self._points(word)
        return found

    def _points(self, word: Word) -> tuple[float, ...]:
        if word.script is not Script.LATIN or word.folded in self.places:
            russian = word.script is Script.CYRILLIC and word.folded not in self.places
            return tuple([_SMALL_WORD if russian and language is Language.RU else 0.0 for language in Language])
        points = {language: self._of_words(word, language) for language in Language}
        if not _LATVIAN_LETTERS.isdisjoint(word.lower):
            points[Language.LV] += _SPELLING + (_LETTERS if not _LATVIAN_ONLY.isdisjoint(word.lower) else 0.0)
        if any(double in word.lower for double in _DOUBLED):
            points[Language.LV] += _SPELLING
        return tuple(points.values())

    def _of_words(self, word: Word, language: Language) -> float:
        """What a word in Latin letters tells by being a word of a language."""
        if surface(word, language) in self.small[language]:
            return _SMALL_WORD
        known = len(word.lower) > 2 and self.knows(key(word.lower, word.script, language))
        return _TOPIC_WORD if known else 0.0
