"""Which topic do these words speak for? Every feature of a word votes for and against topics; a topic's votes add up.

The model is linear (one decision a topic over tf-idf features, trained by `knowledge.train`), so the reason for a
decision is the list of words with their votes. It decides twice: between whole topics, and then between the parts of
one. Probabilities are the softmax of the sums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from knowledge.features import KeyedWord
from knowledge.vector import Vectoriser
from knowledge.votes import Floats, Ints, Votes

HARDLY = 0.003
"""A topic less likely than this changes no decision, and most are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A topic with its probability, 0 to 1."""

    topic: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class Model:
    """The votes of all features. The columns are `wholes`, then the members of each of the `families` in turn.

    A family is what an example of a whole topic with parts can be about, the whole among them. `bias` has a number a
    column, `scale` is how much a vote tells.
    """

    vectoriser: Vectoriser
    wholes: tuple[str, ...]
    families: Mapping[str, tuple[str, ...]]
    votes: Votes
    bias: Floats
    scale: float = 1.0

    @cached_property
    def spans(self) -> dict[str, slice]:
        """The columns of each family."""
        spans: dict[str, slice] = {}
        start = len(self.wholes)
        for whole, family in self.families.items():
            spans[whole] = slice(start, start + len(family))
            start += len(family)
        return spans

    @cached_property
    def places(self) -> dict[str, tuple[int, int | None]]:
        """The column of each topic's whole, and its own among the parts where it has one."""
        found: dict[str, tuple[int, int | None]] = {}
        for column, whole in enumerate(self.wholes):
            found[whole] = (column, None)
            if whole in self.families:
                start = self.spans[whole].start
                found.update({part: (column, start + i) for i, part in enumerate(self.families[whole])})
        return found

    @cached_property
    def _leaves(self) -> tuple[str, ...]:
        """What a message can be about, in the order of `_likely`: whole topics without parts, then all members."""
        alone = [whole for whole in self.wholes if whole not in self.families]
        return (*alone, *(part for family in self.families.values() for part in family))

    @cached_property
    def _alone(self) -> Ints:
        return np.array([i for i, whole in enumerate(self.wholes) if whole not in self.families], dtype=np.int32)

    @cached_property
    def _homes(self) -> Ints:
        """The column of the whole topic of each family."""
        column = {whole: position for position, whole in enumerate(self.wholes)}
        return np.array([column[whole] for whole in self.families], dtype=np.int32)

    @cached_property
    def _sizes(self) -> Ints:
        return np.array([len(family) for family in self.families.values()], dtype=np.int32)

    def knows(self, key: str) -> bool:
        """Whether any example has a word of this key."""
        return key in self.vectoriser.names.words

    def sums(self, message: Sequence[KeyedWord]) -> Floats | None:
        """The sum of votes of every column, or None for a message without words."""
        if not message or not self.wholes:
            return None
        found = self.vectoriser.vector(message)
        return self.votes.sums(found.rows, found.values) + self.bias

    def best(self, sums: Floats | None, most: int, least: float = HARDLY) -> list[Score]:
        """The `most` likeliest topics, best first, without those less likely than `least`; none without words."""
        if sums is None:
            return []
        likely = self._likely(sums)
        found = np.flatnonzero(likely >= least)
        if len(found) > most:
            found = found[np.argpartition(-likely[found], most)[:most]]
        scores = [Score(topic=self._leaves[leaf], probability=float(likely[leaf])) for leaf in found]
        return sorted(scores, key=lambda score: (-score.probability, score.topic))

    def _likely(self, sums: Floats) -> Floats:
        """The probability of every leaf: that of a whole topic is shared out among what it can be about."""
        wholes = _softmax(self.scale * sums[: len(self.wholes)])
        if not self.families:
            return wholes
        starts = np.cumsum(self._sizes) - self._sizes
        parts = self.scale * sums[len(self.wholes) :]
        parts = np.exp(parts - np.repeat(np.maximum.reduceat(parts, starts), self._sizes))
        parts *= np.repeat(wholes[self._homes] / np.add.reduceat(parts, starts), self._sizes)
        return np.concatenate([wholes[self._alone], parts])

    def among(self, sums: Floats | None, topics: Sequence[str]) -> list[Score]:
        """How likely each of a few topics is, given that it is one of them; best first."""
        wholes = dict.fromkeys(self.wholes[self.places[topic][0]] for topic in topics if topic in self.places)
        if sums is None or not wholes:
            return []
        likely = _softmax(self.scale * sums[[self.places[whole][0] for whole in wholes]])
        scores = [s for w, share in zip(wholes, likely, strict=True) for s in self._shared(w, float(share), sums)]
        chosen = [score for score in scores if score.topic in topics]
        total = sum(score.probability for score in chosen) or 1.0
        found = [Score(topic=score.topic, probability=score.probability / total) for score in chosen]
        return sorted(found, key=lambda score: -score.probability)

    def _shared(self, whole: str, probability: float, sums: Floats) -> list[Score]:
        """The probability of a whole topic, shared out among what it can be about."""
        family = self.families.get(whole)
        if family is None:
            return [Score(topic=whole, probability=probability)]
        shares = _softmax(self.scale * sums[self.spans[whole]])
        return [Score(topic=t, probability=probability * float(s)) for t, s in zip(family, shares, strict=True)]

    def votes_of(self, message: Sequence[KeyedWord], topic: str) -> tuple[float, ...]:
        """How much each word spoke for a topic; votes against are negative. A pair is its second word's."""
        spoke = np.zeros(len(message), dtype=np.float32)
        found = self.vectoriser.vector(message)
        for column in self.places.get(topic, ()):
            if column is not None:
                votes = self.votes.of(found.rows, column) * found.values
                spoke += np.bincount(found.owners, weights=votes, minlength=len(message)).astype(np.float32)
        return tuple(float(vote) for vote in self.scale * spoke)


def _softmax(sums: Floats) -> Floats:
    likely: Floats = np.exp(sums - sums.max())
    likely /= likely.sum()
    return likely
