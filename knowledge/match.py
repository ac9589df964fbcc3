"""Which topic do these words speak for? Every feature of a word votes for and against topics; a topic's votes add up.

The model is linear (one decision a topic over tf-idf features, trained by `knowledge.train`), so the reason for a
decision is the list of words with their votes. It decides twice: between whole topics, and then between the parts of
one. Probabilities are the softmax of the sums.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from msgspec import Struct

from knowledge.features import KeyedWord
from knowledge.vector import Vectoriser
from knowledge.votes import Votes
from knowledge.whole_rows import Floats, Ints, WholeRows

HARDLY = 0.003
"""A topic less likely than this changes no decision, and most are."""
_MANY = 500
"""From so many rows on the same ones are put together first: a long message repeats itself."""


class Score(Struct, frozen=True, gc=False):
    """A topic with its probability, 0 to 1."""

    topic: str
    probability: float


class Sums(Struct, frozen=True, kw_only=True, gc=False):
    """What the words of a message say of every whole topic, and the rows and values to ask the parts of some with.

    `wholes` are the sums of the votes, `likely` how likely each is.
    """

    wholes: Floats
    likely: Floats
    rows: Ints
    values: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What an example of a whole topic with parts can be about, the whole among them; a column of votes for each."""

    members: tuple[str, ...]
    votes: WholeRows
    bias: Floats


@dataclass(frozen=True, kw_only=True)
class Model:
    """The votes of all features: for `wholes`, a column each, and for the members of the `families` by whole topic.

    `bias` has a number a column, `scale` is how much a vote tells.
    """

    vectoriser: Vectoriser
    wholes: tuple[str, ...]
    votes: Votes
    bias: Floats
    families: Mapping[str, Family]
    scale: float = 1.0

    @cached_property
    def _columns(self) -> dict[str, int]:
        """The column of the whole topic of every topic."""
        column = {whole: position for position, whole in enumerate(self.wholes)}
        return column | {part: column[w] for w, family in self.families.items() for part in family.members}

    @property
    def knows(self) -> Callable[[str], bool]:
        """What tells whether any example has a word of a key."""
        return self.vectoriser.names.words.__contains__

    def sums(self, message: Sequence[KeyedWord]) -> Sums | None:
        """The sum of votes of every column, or None for a message without words."""
        if not message or not self.wholes:
            return None
        rows, values = self._vector(message)
        wholes = self.scale * (self.votes.sums(rows, values) + self.bias)
        return Sums(wholes=wholes, likely=_softmax(wholes), rows=rows, values=values)

    def _vector(self, message: Sequence[KeyedWord]) -> tuple[Ints, Floats]:
        found = self.vectoriser.vector(message)
        return found.merged() if len(found.rows) > _MANY else (found.rows, found.values)

    def best(self, sums: Sums | None, most: int, least: float = HARDLY) -> list[Score]:
        """The `most` likeliest topics, best first, without those less likely than `least`; none without words.

        A part is never likelier than its whole, so only those of likely topics are looked at.
        """
        if sums is None:
            return []
        found = [
            score
            for column in (sums.likely >= least).nonzero()[0].tolist()
            for score in self._shared(self.wholes[column], sums.likely.item(column), sums.rows, sums.values)
            if score.probability >= least
        ]
        return sorted(found, key=lambda score: (-score.probability, score.topic))[:most]

    def among(self, sums: Sums | None, topics: Sequence[str]) -> list[Score]:
        """How likely each of a few topics is, given that it is one of them; best first."""
        columns = self._columns_of(topics)
        if sums is None or not columns:
            return []
        shares = zip(columns, _softmax(sums.wholes[columns]).tolist(), strict=True)
        of_each = [self._shared(self.wholes[at], share, sums.rows, sums.values) for at, share in shares]
        return _among([score for scores in of_each for score in scores], topics)

    def apart(self, message: Sequence[KeyedWord], topics: Sequence[str]) -> list[Score]:
        """How some words tell a few topics apart: as `among`, and sooner where all are parts of one whole."""
        columns = self._columns_of(topics)
        if len(columns) != 1 or not message:
            return self.among(self.sums(message), topics)
        rows, values = self._vector(message)
        return _among(self._shared(self.wholes[columns[0]], 1.0, rows, values), topics)

    def _columns_of(self, topics: Sequence[str]) -> list[int]:
        return list(dict.fromkeys([self._columns[topic] for topic in topics if topic in self._columns]))

    def share(self, sums: Sums | None, topics: Sequence[str]) -> float:
        """How likely it is that the whole of one of these topics is meant, however little that may be."""
        columns = list({self._columns[topic] for topic in topics if topic in self._columns})
        return 0.0 if sums is None else float(sums.likely[columns].sum())

    def _shared(self, whole: str, probability: float, rows: Ints, values: Floats) -> list[Score]:
        """The probability of a whole topic, shared out among what it can be about."""
        family = self.families.get(whole)
        if family is None:
            return [Score(topic=whole, probability=probability)]
        shares = probability * _softmax(self.scale * (family.votes.sums(rows, values) + family.bias))
        return [Score(topic=t, probability=s) for t, s in zip(family.members, shares.tolist(), strict=True)]

    def votes_of(self, message: Sequence[KeyedWord], topic: str) -> tuple[float, ...]:
        """How much each word spoke for a topic; votes against are negative. A pair is its second word's."""
        if topic not in self._columns:
            return (0.0,) * len(message)
        found = self.vectoriser.vector(message)
        column = self._columns[topic]
        votes = self.votes.of(found.rows, column)
        family = self.families.get(self.wholes[column])
        if family is not None:
            votes += family.votes.of(found.rows, family.members.index(topic))
        spoke = np.bincount(found.owners, weights=votes * found.values, minlength=len(message))
        return tuple((self.scale * spoke).tolist())


def _among(scores: Sequence[Score], topics: Sequence[str]) -> list[Score]:
    """The scores of a few topics as if there were no others, best first."""
    chosen = [score for score in scores if score.topic in topics]
    total = sum([score.probability for score in chosen]) or 1.0
    found = [Score(topic=score.topic, probability=score.probability / total) for score in chosen]
    return sorted(found, key=lambda score: -score.probability)


def _softmax(sums: Floats) -> Floats:
    likely: Floats = np.exp(sums - sums.max())
    likely /= likely.sum()
    return likely
