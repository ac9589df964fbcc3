"""Which topic do these words speak for? Every feature of a word votes for and against topics; a topic's votes add up.

The model is linear (multinomial logistic regression over tf-idf features, trained by `knowledge.train`), so the reason
for a decision is the list of words with their votes. Probabilities are the softmax of the sums.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from knowledge.features import KeyedWord, counted, features

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A topic with its probability, 0 to 1."""

    topic: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class Model:
    """Votes in compressed rows: feature `i` votes `votes[starts[i]:starts[i + 1]]` for the topics at `columns[...]`.

    `idf` is the weight of each feature, `unseen` that of one no example has; `scale` sharpens the sums.
    """

    topics: tuple[str, ...]
    names: tuple[str, ...]
    starts: Ints
    columns: Ints
    votes: Floats
    idf: Floats
    unseen: float
    scale: float

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each feature."""
        return {name: row for row, name in enumerate(self.names)}

    @cached_property
    def column(self) -> dict[str, int]:
        """The column of each topic."""
        return {topic: column for column, topic in enumerate(self.topics)}

    def knows(self, key: str) -> bool:
        """Whether any example has a word of this key."""
        return key in self.rows

    def score(self, message: Sequence[KeyedWord], most: int) -> list[Score]:
        """The `most` likeliest topics, best first; none for a message without words."""
        likely = self._likely(message)
        best = np.argsort(-likely, kind="stable")[:most]
        return [Score(topic=self.topics[column], probability=float(likely[column])) for column in best]

    def among(self, message: Sequence[KeyedWord], topics: Sequence[str]) -> list[Score]:
        """How likely each of a few topics is, given that it is one of them; best first."""
        known = [topic for topic in topics if topic in self.column]
        likely = self._likely(message)
        if not known or not likely.size:
            return []
        shares = likely[[self.column[topic] for topic in known]]
        scores = [Score(topic=t, probability=float(p / shares.sum())) for t, p in zip(known, shares, strict=True)]
        return sorted(scores, key=lambda score: -score.probability)

    def _likely(self, message: Sequence[KeyedWord]) -> Floats:
        """The probability of every topic, empty for a message without words."""
        total = counted(message)
        if not total or not self.topics:
            return np.zeros(0, dtype=np.float32)
        norm = self._norm(total)
        sums = np.zeros(len(self.topics), dtype=np.float32)
        for name, value in total.items():
            self._vote(sums, name, value * self._weight(name) / norm)
        sums *= self.scale
        likely: Floats = np.exp(sums - np.max(sums))
        likely /= likely.sum()
        return likely

    def votes_of(self, message: Sequence[KeyedWord], topic: str) -> tuple[float, ...]:
        """How much each word of a message spoke for a topic; votes against are negative."""
        column = self.column.get(topic)
        if column is None:
            return (0.0,) * len(message)
        norm = self._norm(counted(message))
        return tuple(self._word_votes(word, norm)[column] for word in message)

    def _norm(self, total: dict[str, float]) -> float:
        return math.sqrt(sum((value * self._weight(name)) ** 2 for name, value in total.items()))

    def _weight(self, name: str) -> float:
        row = self.rows.get(name)
        return float(self.idf[row]) if row is not None else self.unseen

    def _vote(self, sums: Floats, name: str, value: float) -> None:
        row = self.rows.get(name)
        if row is not None:
            start, end = self.starts[row], self.starts[row + 1]
            sums[self.columns[start:end]] += value * self.votes[start:end]

    def _word_votes(self, word: KeyedWord, norm: float) -> list[float]:
        key, found, weight = word
        sums = np.zeros(len(self.topics), dtype=np.float32)
        for name, share in features(key, found.folded, found.script):
            self._vote(sums, name, share * weight * self._weight(name) / norm)
        return [float(vote) for vote in sums * self.scale]
