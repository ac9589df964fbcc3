"""Examples -> Model: multinomial logistic regression by stochastic gradient descent, the same for the same examples."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.features import KeyedWord, counted
from knowledge.match import Floats, Ints, Model

EPOCHS = 3
RATE = 0.8
DECAY = 0.3
SCALE = 8.0
PRUNED = 0.02
"""Votes smaller than this are dropped: they change no decision and are nine tenths of all."""
NEGLIGIBLE = 0.001
"""A topic this unlikely is left as it is: three steps in four would be for such."""
UNSEEN_SHARE = 0.5
SEED = 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A wording known to be about a topic."""

    topic: str
    words: tuple[KeyedWord, ...]


def train(examples: Iterable[Example]) -> Model:
    """Train on all examples; seconds for ten thousand. Examples without words are passed over."""
    held = [(example.topic, counted(example.words)) for example in examples if example.words]
    names, idf, unseen = _weights([bag for _, bag in held])
    topics = tuple(sorted({topic for topic, _ in held}))
    rows = {name: row for row, name in enumerate(names)}
    column = {topic: position for position, topic in enumerate(topics)}
    vectors = [_vector(bag, rows, idf) for _, bag in held]
    votes = _descend(vectors, [column[topic] for topic, _ in held], (len(names), len(topics)))
    return _compressed(votes, topics=topics, names=names, idf=idf, unseen=unseen)


def _weights(bags: Sequence[dict[str, float]]) -> tuple[tuple[str, ...], Floats, float]:
    """Features worth keeping with their inverse document frequencies; letters met once tell nothing."""
    frequency: Counter[str] = Counter()
    for bag in bags:
        frequency.update(bag.keys())
    names = tuple(sorted(name for name, count in frequency.items() if count > 1 or not name.startswith("g:")))
    top = math.log(max(2, len(bags))) + 0.5
    idf = np.array([top - math.log(frequency[name]) for name in names], dtype=np.float32)
    return names, idf, top * UNSEEN_SHARE


def _vector(bag: dict[str, float], rows: dict[str, int], idf: Floats) -> tuple[Ints, Floats]:
    found = sorted((rows[name], value) for name, value in bag.items() if name in rows)
    at = np.array([row for row, _ in found], dtype=np.int32)
    values = np.array([value for _, value in found], dtype=np.float32) * idf[at]
    return at, values / max(1e-6, float(np.linalg.norm(values)))


def _descend(vectors: Sequence[tuple[Ints, Floats]], wanted: Sequence[int], shape: tuple[int, int]) -> Floats:
    votes = np.zeros(shape, dtype=np.float32)
    order = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        rate = RATE / (1 + DECAY * epoch)
        for position in order.permutation(len(vectors)):
            at, values = vectors[position]
            sums = SCALE * (values @ votes[at])
            likely = np.exp(sums - np.max(sums))
            likely /= likely.sum()
            likely[wanted[position]] -= 1
            moved = np.nonzero(np.abs(likely) > NEGLIGIBLE)[0]
            votes[at[:, None], moved] -= rate * np.outer(values, likely[moved])
    return votes


def _compressed(votes: Floats, *, topics: tuple[str, ...], names: tuple[str, ...], idf: Floats, unseen: float) -> Model:
    kept = np.abs(votes) >= PRUNED
    starts = np.zeros(len(names) + 1, dtype=np.int32)
    np.cumsum(kept.sum(axis=1), out=starts[1:])
    return Model(
        topics=topics,
        names=names,
        starts=starts,
        columns=np.nonzero(kept)[1].astype(np.int32),
        votes=votes[kept],
        idf=idf,
        unseen=unseen,
        scale=SCALE,
    )
