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
import numpy.typing as npt

from knowledge.features import KeyedWord
from knowledge.vector import Floats, Ints, Vectoriser


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A topic with its probability, 0 to 1."""

    topic: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class Model:
    """Votes in compressed rows: feature `i` votes `votes[starts[i]:starts[i + 1]]` for the topics at `columns[...]`.

    Both are kept as small as is exact enough: a vote has three digits. The columns are `wholes`, then the members of
    each of the `families` in turn: what an example of a whole topic with parts can be about, the whole among them.
    `bias` has a number a column, `scale` is how much a vote tells.
    """

    vectoriser: Vectoriser
    wholes: tuple[str, ...]
    families: Mapping[str, tuple[str, ...]]
    starts: Ints
    columns: npt.NDArray[np.unsignedinteger]
    votes: npt.NDArray[np.float16]
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

    def knows(self, key: str) -> bool:
        """Whether any example has a word of this key."""
        return key in self.vectoriser.rows

    def score(self, message: Sequence[KeyedWord], most: int) -> list[Score]:
        """The `most` likeliest topics, best first; none for a message without words."""
        sums = self._sums(message)
        if sums is None:
            return []
        likely = self._softmax(sums[: len(self.wholes)])
        best = np.argpartition(-likely, min(most, len(likely) - 1))[:most]
        scores = [score for column in best for score in self._shared(self.wholes[column], float(likely[column]), sums)]
        return sorted(scores, key=lambda score: (-score.probability, score.topic))[:most]

    def _shared(self, whole: str, probability: float, sums: Floats) -> list[Score]:
        """The probability of a whole topic, shared out among what it can be about."""
        family = self.families.get(whole)
        if family is None:
            return [Score(topic=whole, probability=probability)]
        shares = self._softmax(sums[self.spans[whole]])
        return [Score(topic=t, probability=probability * float(s)) for t, s in zip(family, shares, strict=True)]

    def among(self, message: Sequence[KeyedWord], topics: Sequence[str]) -> list[Score]:
        """How likely each of a few topics is, given that it is one of them; best first."""
        sums = self._sums(message)
        wholes = dict.fromkeys(self.wholes[self.places[topic][0]] for topic in topics if topic in self.places)
        if sums is None or not wholes:
            return []
        likely = self._softmax(sums[[self.places[whole][0] for whole in wholes]])
        scores = [s for w, share in zip(wholes, likely, strict=True) for s in self._shared(w, float(share), sums)]
        chosen = [score for score in scores if score.topic in topics]
        total = sum(score.probability for score in chosen) or 1.0
        found = [Score(topic=score.topic, probability=score.probability / total) for score in chosen]
        return sorted(found, key=lambda score: -score.probability)

    def votes_of(self, message: Sequence[KeyedWord], topic: str) -> tuple[float, ...]:
        """How much each word spoke for a topic; votes against are negative. A pair is its second word's."""
        spoke = np.zeros(len(message), dtype=np.float32)
        for column in self.places.get(topic, ()):
            if column is not None:
                spoke += self._votes_for(message, column)
        return tuple(float(vote) for vote in self.scale * spoke)

    def _votes_for(self, message: Sequence[KeyedWord], column: int) -> Floats:
        found = self.vectoriser.vector(message)
        at, counts = self._entries(found.rows)
        mine = self.columns[at] == column
        votes = self.votes[at][mine] * np.repeat(found.values, counts)[mine]
        owners = np.repeat(found.owners, counts)[mine]
        return np.bincount(owners, weights=votes, minlength=len(message)).astype(np.float32)

    def _sums(self, message: Sequence[KeyedWord]) -> Floats | None:
        """The sum of votes of every column, or None for a message without words."""
        if not message or not self.wholes:
            return None
        found = self.vectoriser.vector(message)
        at, counts = self._entries(found.rows)
        weighted = self.votes[at] * np.repeat(found.values, counts)
        sums = np.bincount(self.columns[at], weights=weighted, minlength=len(self.bias))
        return (sums + self.bias).astype(np.float32)

    def _entries(self, rows: Ints) -> tuple[Ints, Ints]:
        """Where the votes of some rows stand, one row's after the other's, and how many each has."""
        starts = self.starts[rows]
        counts = self.starts[rows + 1] - starts
        before = np.cumsum(counts) - counts
        return np.arange(counts.sum(), dtype=np.int32) + np.repeat(starts - before, counts), counts

    def _softmax(self, sums: Floats) -> Floats:
        likely: Floats = np.exp(self.scale * (sums - sums.max()))
        likely /= likely.sum()
        return likely
