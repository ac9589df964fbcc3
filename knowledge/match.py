"""Which topic do these words speak for? Every word votes by how much it belongs to a topic in the examples.

A feature is a word's key, its root, or four letters in a row (which catch other endings and slips). The vote of a
feature for a topic grows with its share of that topic's examples and shrinks with the number of topics it occurs in;
the votes of a word's features are weighed so that every word counts as one. Nothing is learned that cannot be read off
the data: the reason for a decision is the list of words and their votes.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge import latvian
from knowledge.text import Script, Word

_GRAM = 4
_SHARE = {"word": 1.0, "root": 0.6, "gram": 0.9}
_SMOOTH = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A wording known to be about a topic, as words with their keys."""

    topic: str
    words: tuple[tuple[str, Word], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A topic with its points and the points each word gave."""

    topic: str
    points: float
    words: tuple[float, ...]


@lru_cache(maxsize=100_000)
def features(key: str, word: str, script: Script) -> tuple[tuple[str, float], ...]:
    """What can be recognised of one word, with the share of its vote each part has."""
    parts = [(key, _SHARE["word"])]
    if script is Script.LATIN and key.startswith("lv:"):
        parts.append(("r:" + latvian.root(word), _SHARE["root"]))
    padded = f"^{word}$"
    grams = [padded[i : i + _GRAM] for i in range(max(1, len(padded) - _GRAM + 1))]
    parts.extend((f"g:{gram}", _SHARE["gram"] / len(grams)) for gram in grams)
    return tuple(parts)


class Matcher:
    """The votes of all features, built from examples."""

    def __init__(self, examples: Iterable[Example]) -> None:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        totals: Counter[str] = Counter()
        for example in examples:
            totals[example.topic] += 1
            for feature in {f for key, word in example.words for f, _ in features(key, word.folded, word.script)}:
                counts[feature][example.topic] += 1
        self._votes: Mapping[str, Mapping[str, float]] = _votes(counts, totals)

    def knows(self, key: str) -> bool:
        """Whether any example has a word of this key."""
        return key in self._votes

    def vocabulary(self) -> list[str]:
        """Every key of the examples."""
        return [feature for feature in self._votes if feature[:3] in {"lv:", "ru:", "en:"}]

    def score(self, message: Sequence[tuple[str, Word, float]]) -> list[Score]:
        """Topics with points, best first. Each word comes with its key and a weight (1, or less for a repaired one)."""
        points: dict[str, list[float]] = {}
        for position, (key, word, weight) in enumerate(message):
            for feature, share in features(key, word.folded, word.script):
                for topic, vote in self._votes.get(feature, {}).items():
                    points.setdefault(topic, [0.0] * len(message))[position] += share * weight * vote
        scores = [Score(topic=topic, points=sum(held), words=tuple(held)) for topic, held in points.items()]
        return sorted(scores, key=lambda score: -score.points)


def _votes(counts: Mapping[str, Counter[str]], totals: Counter[str]) -> dict[str, dict[str, float]]:
    scale = len(totals) * _SMOOTH
    votes: dict[str, dict[str, float]] = {}
    for feature, held in counts.items():
        everywhere = sum(held.values())
        votes[feature] = {
            topic: math.log1p(count / totals[topic] * scale) * math.sqrt(count / everywhere)
            for topic, count in held.items()
        }
    return votes
