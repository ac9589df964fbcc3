"""What every feature says of every whole topic: a wide matrix, most of it nothing, small and quick to add up.

Most features were met with few topics; their votes stand in compressed rows. A few thousand (letters in a row, small
words) speak of nearly every topic and are met in every message: those rows are kept whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from knowledge import whole_rows
from knowledge.whole_rows import Floats, Ints, WholeRows

PRUNED = 0.05
"""Votes smaller than this are dropped where rows are compressed: one changes no decision, and four fifths are so."""
PRUNED_PARTS = 0.1
"""Features without a vote as large as this for any part of a topic are dropped there: two in five."""
_WHOLE = 8
"""A row with more votes than one in this many columns is kept whole: it costs no more then."""
_FREQUENT = "whole-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Votes of some columns: `votes[i]` is what feature `rows[i]` says of `columns[i]`, sorted by row, then column."""

    rows: Ints
    columns: Ints
    votes: Floats


@dataclass(frozen=True, kw_only=True)
class Votes:
    """Votes of every feature (a row each) for every column.

    Compressed: feature `i` votes `votes[starts[i]:starts[i + 1]]` for the columns at `columns[...]`, nothing where it
    is one of the rows of `frequent`.
    """

    width: int
    starts: Ints
    columns: npt.NDArray[np.unsignedinteger]
    votes: npt.NDArray[np.float16]
    frequent: WholeRows

    @cached_property
    def _place(self) -> Ints:
        """Where each row stands among the frequent ones; -1 for the others."""
        place = np.full(len(self.starts) - 1, -1, dtype=np.int32)
        place[self.frequent.rows] = np.arange(len(self.frequent.rows), dtype=np.int32)
        return place

    def sums(self, rows: Ints, values: Floats) -> Floats:
        """The votes of some rows, each times its value, added up for each column."""
        place = self._place.take(rows)
        here = (place >= 0).nonzero()[0]
        at, counts = self._entries(rows)
        weighted = self.votes.take(at) * values.repeat(counts)
        sums = np.bincount(self.columns.take(at), weights=weighted, minlength=self.width)
        return (sums + self.frequent.sums_at(place.take(here), values.take(here))).astype(np.float32)

    def of(self, rows: Ints, column: int) -> Floats:
        """What each of some rows votes for one column."""
        votes = self.frequent.of(rows, column)
        at, counts = self._entries(rows)
        mine = self.columns[at] == column
        votes[np.repeat(np.arange(len(rows)), counts)[mine]] = self.votes[at][mine]
        return votes

    def _entries(self, rows: Ints) -> tuple[npt.NDArray[np.intp], Ints]:
        """Where the votes of some rows stand, one row's after the other's, and how many each has."""
        starts = self.starts.take(rows)
        counts = self.starts.take(rows + 1) - starts
        ends = counts.cumsum()
        at = np.arange(ends[-1] if len(ends) else 0)
        at += (starts + counts - ends).repeat(counts)
        return at, counts

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """All numbers by name, to be kept; `restored` takes them back."""
        frequent = {_FREQUENT + name: array for name, array in whole_rows.packed([self.frequent]).items()}
        return {"starts": self.starts, "columns": self.columns, "votes": self.votes, **frequent}


def restored(arrays: Mapping[str, npt.NDArray[np.generic]]) -> Votes:
    """Votes from the arrays of `Votes.arrays`."""
    held = {name: array for name, array in arrays.items() if not name.startswith(_FREQUENT)}
    of_frequent = {n.removeprefix(_FREQUENT): array for n, array in arrays.items() if n.startswith(_FREQUENT)}
    (frequent,) = whole_rows.unpacked(of_frequent)
    return Votes(width=frequent.votes.shape[1], frequent=frequent, **held)  # type: ignore[arg-type]


def frequent(blocks: Iterable[Block], *, height: int, width: int) -> Ints:
    """The features, in order, that speak of so many columns that their rows are kept whole, and all their votes."""
    counts = np.zeros(height, dtype=np.int64)
    for block in blocks:
        counts += np.bincount(block.rows[_large(block)], minlength=height)
    return np.flatnonzero(counts * _WHOLE > width).astype(np.int32)


def joined(blocks: Sequence[Block], *, whole: Ints, height: int, width: int) -> Votes:
    """The blocks side by side, some rows `whole`; what is small in others is dropped."""
    kept = [_large(block) & ~np.isin(block.rows, whole) for block in blocks]
    counts = np.zeros(height, dtype=np.int64)
    for block, large in zip(blocks, kept, strict=True):
        counts += np.bincount(block.rows[large], minlength=height)
    starts = np.concatenate([[0], np.cumsum(counts)])
    columns = np.empty(starts[-1], dtype=np.min_scalar_type(width))
    votes = np.empty(starts[-1], dtype=np.float16)
    free = starts[:-1].copy()
    for block, large in zip(blocks, kept, strict=True):
        rows = block.rows[large]
        met, first, number = np.unique(rows, return_index=True, return_counts=True)
        at = np.arange(len(rows)) + np.repeat(free[met] - first, number)
        columns[at], votes[at] = block.columns[large], block.votes[large]
        free[met] += number
    return Votes(
        width=width,
        starts=starts.astype(np.int32),
        columns=columns,
        votes=votes,
        frequent=_put_together(blocks, whole, width),
    )


def apart(block: Block, *, width: int) -> WholeRows:
    """The telling rows of one block, the parts of a topic."""
    telling = np.unique(block.rows[np.abs(block.votes) >= PRUNED_PARTS])
    return _put_together((block,), telling, width)


def _large(block: Block) -> npt.NDArray[np.bool_]:
    return np.abs(block.votes) >= PRUNED


def _put_together(blocks: Iterable[Block], rows: Ints, width: int) -> WholeRows:
    """Some rows of the blocks, side by side."""
    votes = np.zeros((len(rows), width), dtype=np.float32)
    for block in blocks:
        place = np.searchsorted(rows, block.rows)
        place[place == len(rows)] = 0
        kept = rows[place] == block.rows if len(rows) else np.zeros(len(block.rows), dtype=bool)
        votes[place[kept], block.columns[kept]] = block.votes[kept]
    return whole_rows.whole(rows, votes)
