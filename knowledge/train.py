"""Examples -> Model: one linear decision a topic, squared hinge loss, stochastic gradient descent; always the same.

A topic's decision does not look at the others', so the columns are learned in blocks small enough to be dense, and
only what is kept of a block stays in memory. The order of the examples is the same in every block.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge import vector, votes
from knowledge.features import KeyedWord
from knowledge.match import Family, Model
from knowledge.whole_rows import Floats, Ints

EPOCHS = 6
RATE = 0.5
DECAY = 0.5
"""How much slower each epoch learns than the one before."""
BIAS_SHARE = 0.02
"""A topic's bias moves this much slower than its votes."""
NEGLIGIBLE = 0.02
"""A loss this small is left as it is."""
FAINT = 0.01
"""Votes smaller than this are forgotten at once."""
SEED = 2026
COLUMNS = 256
"""Whole topics learned at a time: their votes, a float for each feature met, are dense (some 200 MB)."""
OTHERS = 30_000
"""Examples of other topics that a block of topics is told from. Where there are more, each block draws its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A wording known to be about a topic. `whole` is the topic whose part it is, or the topic itself.

    One that `follows` says too little by itself: it tells a part from the others of its whole, and no more.
    """

    topic: str
    whole: str
    words: tuple[KeyedWord, ...]
    follows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lessons:
    """All examples in numbers: example `i` has `rows[starts[i]:starts[i + 1]]`, sorted, each once, and their values.

    `orders` are the examples as each epoch takes them, one epoch a line.
    """

    starts: npt.NDArray[np.int64]
    rows: Ints
    values: Floats
    orders: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Columns that are learned together, and the examples they learn from.

    `right` is the column, counted from `start`, that an example is about, or -1; 1-D, parallel to `members`, which are
    sorted.
    """

    start: int
    columns: int
    members: Ints
    right: Ints


_Learned = tuple[votes.Block, Floats]
"""What is kept of the votes of a block, and a bias for each column of it."""


def train(examples: Iterable[Example]) -> Model:
    """Train on all examples; seconds for twenty thousand. Examples without words are passed over.

    Whole topics are told from each other by all examples, the parts of one topic by those of that topic alone.
    """
    held = [example for example in examples if example.words]
    vectoriser = vector.learn([example.words for example in held if not example.follows])
    wholes = tuple(sorted({example.whole for example in held}))
    families = _families(held)
    lessons = _lessons(held, vectoriser)
    learned = [_learn(lessons, block) for block in _whole_blocks(held, wholes)]
    parts = [_learn(lessons, block) for block in _part_blocks(held, families)]
    height, width = len(vectoriser.names), len(wholes) + sum(map(len, families.values()))
    whole = votes.frequent((block for block, _ in (*learned, *parts)), height=height, width=width)
    return Model(
        vectoriser=vectoriser,
        wholes=wholes,
        votes=votes.joined([block for block, _ in learned], whole=whole, height=height, width=len(wholes)),
        bias=np.concatenate([np.empty(0, dtype=np.float32), *(bias for _, bias in learned)]),
        families={
            name: Family(members=family, votes=votes.apart(block, width=len(family)), bias=bias)
            for (name, family), (block, bias) in zip(families.items(), parts, strict=True)
        },
    )


def _families(held: Sequence[Example]) -> dict[str, tuple[str, ...]]:
    """The topics that have parts, with the topics an example of them can be about."""
    members: dict[str, set[str]] = {}
    for example in held:
        members.setdefault(example.whole, set()).add(example.topic)
    return {whole: tuple(sorted(topics)) for whole, topics in sorted(members.items()) if len(topics) > 1}


def _lessons(held: Sequence[Example], vectoriser: vector.Vectoriser) -> _Lessons:
    merged = [vectoriser.vector(example.words).merged() for example in held]
    return _Lessons(
        starts=np.cumsum([0, *(len(rows) for rows, _ in merged)], dtype=np.int64),
        rows=np.concatenate([np.empty(0, dtype=np.int32), *(rows for rows, _ in merged)]),
        values=np.concatenate([np.empty(0, dtype=np.float32), *(values for _, values in merged)]),
        orders=_shuffled(held),
    )


def _shuffled(held: Sequence[Example]) -> Ints:
    """The examples in an order of its own for each epoch, a line each.

    Where an example stands is told by its words: with other places for all, a few new ones would change what is learned
    of everything else.
    """
    marks = np.array([_mark(example) for example in held], dtype=np.uint64).reshape(-1, EPOCHS)
    return marks.argsort(axis=0, kind="stable").T.astype(np.int32)


def _mark(example: Example) -> npt.NDArray[np.uint64]:
    """A number for each epoch, the same in every process and for the same words."""
    told = "\n".join([str(SEED), example.topic, *(key for key, _, _ in example.words)])
    digest = hashlib.blake2b(told.encode(), digest_size=EPOCHS * np.dtype(np.uint64).itemsize)
    return np.frombuffer(digest.digest(), dtype=np.uint64)


def _whole_blocks(held: Sequence[Example], wholes: Sequence[str]) -> Iterator[_Block]:
    """Some whole topics at a time, with all examples of theirs and as many of others as teach enough."""
    column = {topic: position for position, topic in enumerate(wholes)}
    about = np.array([column[example.whole] for example in held], dtype=np.int32)
    alone = np.array([not example.follows for example in held], dtype=bool)
    draw = np.random.default_rng(SEED)
    for start in range(0, len(wholes), COLUMNS):
        columns = min(COLUMNS, len(wholes) - start)
        mine = (about >= start) & (about < start + columns) & alone
        others = np.flatnonzero(~mine & alone)
        if len(others) > OTHERS:
            others = draw.choice(others, OTHERS, replace=False)
        members = np.sort(np.concatenate([np.flatnonzero(mine), others])).astype(np.int32)
        right = np.where(mine, about - start, -1)[members].astype(np.int32)
        yield _Block(start=start, columns=columns, members=members, right=right)


def _part_blocks(held: Sequence[Example], families: dict[str, tuple[str, ...]]) -> Iterator[_Block]:
    """The parts of each topic that has some."""
    members: dict[str, list[int]] = {whole: [] for whole in families}
    for position, example in enumerate(held):
        if example.whole in families:
            members[example.whole].append(position)
    for whole, family in families.items():
        right = [family.index(held[position].topic) for position in members[whole]]
        yield _Block(
            start=0,
            columns=len(family),
            members=np.array(members[whole], dtype=np.int32),
            right=np.array(right, dtype=np.int32),
        )


def _learn(lessons: _Lessons, block: _Block) -> _Learned:
    """Learn the columns of a block, over the features that its examples have; what is small is dropped."""
    counts = lessons.starts[block.members + 1] - lessons.starts[block.members]
    starts = np.concatenate([[0], np.cumsum(counts)])
    at = np.arange(starts[-1]) + np.repeat(lessons.starts[block.members] - starts[:-1], counts)
    met, rows = np.unique(lessons.rows[at], return_inverse=True)
    values = lessons.values[at]
    learned = np.zeros((len(met), block.columns), dtype=np.float32)
    bias = np.full(block.columns, -1, dtype=np.float32)
    for epoch, order in enumerate(_orders(lessons, block)):
        rate = RATE / (1 + DECAY * epoch)
        for position in order:
            mine = slice(starts[position], starts[position + 1])
            _step(learned, bias, rows[mine], values[mine], block.right[position], rate)
    kept, columns = np.nonzero(np.abs(learned) >= FAINT)
    held = votes.Block(rows=met[kept], columns=(columns + block.start).astype(np.int32), votes=learned[kept, columns])
    return held, bias


def _orders(lessons: _Lessons, block: _Block) -> Iterator[Ints]:
    """The members of a block, by their positions in it, in the order of each epoch."""
    every = lessons.orders.shape[1]
    place = np.full(every, -1, dtype=np.int32)
    place[block.members] = np.arange(len(block.members), dtype=np.int32)
    for order in lessons.orders:
        placed = place[order]
        yield placed[placed >= 0]


def _step(
    learned: Floats, bias: Floats, rows: npt.NDArray[np.signedinteger], values: Floats, right: int, rate: float
) -> None:
    """One step down the gradient: the right topic should have at least 1, every other at most -1."""
    sums = values @ learned[rows] + bias
    loss = np.maximum(0, 1 + sums)
    if right >= 0:
        loss[right] = -max(0.0, 1 - float(sums[right]))
    moved = np.nonzero(np.abs(loss) > NEGLIGIBLE)[0]
    learned[rows[:, None], moved] -= rate * np.outer(values, loss[moved])
    bias[moved] -= BIAS_SHARE * rate * loss[moved]
