"""Examples -> Model: one linear decision a topic, squared hinge loss, stochastic gradient descent; always the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge import vector
from knowledge.features import KeyedWord
from knowledge.match import Model
from knowledge.vector import Floats, Ints, Vector

EPOCHS = 6
RATE = 0.5
DECAY = 0.5
"""How much slower each epoch learns than the one before."""
BIAS_SHARE = 0.02
"""A topic's bias moves this much slower than its votes."""
NEGLIGIBLE = 0.02
"""A loss this small is left as it is."""
PRUNED = 0.05
"""Votes smaller than this are dropped: they change no decision and are four fifths of all."""
SEED = 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A wording known to be about a topic. `whole` is the topic whose part it is, or the topic itself."""

    topic: str
    whole: str
    words: tuple[KeyedWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """One example in numbers: its column among the whole topics, and its family's columns with its own among them."""

    rows: Ints
    values: Floats
    column: int
    family: slice | None
    part: int


def train(examples: Iterable[Example]) -> Model:
    """Train on all examples; seconds for twenty thousand. Examples without words are passed over.

    Whole topics are told from each other by all examples, the parts of one topic by those of that topic alone.
    """
    held = [example for example in examples if example.words]
    vectoriser = vector.learn([example.words for example in held])
    wholes = tuple(sorted({example.whole for example in held}))
    families = _families(held)
    lessons = _lessons(held, vectoriser, wholes, families)
    parts = tuple(part for family in families.values() for part in family)
    votes, bias = _descend(lessons, len(vectoriser.names), len(wholes), len(parts))
    return _compressed(votes, bias, vectoriser=vectoriser, wholes=wholes, families=families)


def _families(held: Sequence[Example]) -> dict[str, tuple[str, ...]]:
    """The topics that have parts, with the topics an example of them can be about."""
    members: dict[str, set[str]] = {}
    for example in held:
        members.setdefault(example.whole, set()).add(example.topic)
    return {whole: tuple(sorted(topics)) for whole, topics in sorted(members.items()) if len(topics) > 1}


def _lessons(
    held: Sequence[Example], vectoriser: vector.Vectoriser, wholes: Sequence[str], families: dict[str, tuple[str, ...]]
) -> list[_Lesson]:
    column = {topic: position for position, topic in enumerate(wholes)}
    spans: dict[str, slice] = {}
    start = len(wholes)
    for whole, family in families.items():
        spans[whole] = slice(start, start + len(family))
        start += len(family)
    lessons = []
    for example in held:
        rows, values = _merged(vectoriser.vector(example.words))
        family = families.get(example.whole, ())
        lessons.append(
            _Lesson(
                rows=rows,
                values=values,
                column=column[example.whole],
                family=spans.get(example.whole),
                part=family.index(example.topic) if family else 0,
            )
        )
    return lessons


def _merged(found: Vector) -> tuple[Ints, Floats]:
    """Each row once: a feature met twice must not overwrite its own step."""
    rows, position = np.unique(found.rows, return_inverse=True)
    return rows, np.bincount(position, found.values, minlength=len(rows)).astype(np.float32)


def _descend(lessons: Sequence[_Lesson], features: int, wholes: int, parts: int) -> tuple[Floats, Floats]:
    votes = np.zeros((features, wholes + parts), dtype=np.float32)
    bias = np.full(wholes + parts, -1, dtype=np.float32)
    order = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        rate = RATE / (1 + DECAY * epoch)
        for position in order.permutation(len(lessons)):
            lesson = lessons[position]
            _step(votes, bias, lesson, slice(0, wholes), lesson.column, rate)
            if lesson.family is not None:
                _step(votes, bias, lesson, lesson.family, lesson.part, rate)
    return votes, bias


def _step(votes: Floats, bias: Floats, lesson: _Lesson, among: slice, right: int, rate: float) -> None:
    """One step down the gradient: the right topic should have at least 1, every other at most -1."""
    sums = lesson.values @ votes[lesson.rows, among] + bias[among]
    loss = np.maximum(0, 1 + sums)
    loss[right] = -max(0.0, 1 - float(sums[right]))
    moved = np.nonzero(np.abs(loss) > NEGLIGIBLE)[0]
    votes[lesson.rows[:, None], among.start + moved] -= rate * np.outer(lesson.values, loss[moved])
    bias[among.start + moved] -= BIAS_SHARE * rate * loss[moved]


def _compressed(
    votes: Floats,
    bias: Floats,
    *,
    vectoriser: vector.Vectoriser,
    wholes: tuple[str, ...],
    families: dict[str, tuple[str, ...]],
) -> Model:
    kept = np.abs(votes) >= PRUNED
    starts = np.zeros(len(votes) + 1, dtype=np.int32)
    np.cumsum(kept.sum(axis=1), out=starts[1:])
    return Model(
        vectoriser=vectoriser,
        wholes=wholes,
        families=families,
        starts=starts,
        columns=np.nonzero(kept)[1].astype(np.int32),
        votes=votes[kept],
        bias=bias,
    )
