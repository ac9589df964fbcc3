"""What every feature says of every topic: a wide matrix of numbers, most of them nothing, small and quick to add up.

Most features were met with few topics; their votes stand in compressed rows. A few thousand (letters in a row, small
words) speak of nearly every topic and are met in every message: those rows are whole, as small integers with a step of
their own, and a message adds them up in one product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

PRUNED = 0.05
"""Votes smaller than this are dropped where rows are compressed: one changes no decision, and four fifths are so."""
_WHOLE = 8
"""A row with more votes than one in this many columns is kept whole: it costs no more then."""
_STEPS = 127
_MANY = 500
"""From so many rows on the same ones are put together first: a long message repeats itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Votes of some columns: `votes[i]` is what feature `rows[i]` says of `columns[i]`, sorted by row, then column."""

    rows: Ints
    columns: Ints
    votes: Floats


@dataclass(frozen=True, kw_only=True)
class Votes:
    """Votes of every feature (a row each) for every column.

    Compressed: feature `i` votes `votes[starts[i]:starts[i + 1]]` for the columns at `columns[...]`. Whole: the rows
    `whole_rows`, sorted, vote `whole_votes` (row, column) times the row's `steps`. A row is one or the other.
    """

    width: int
    starts: Ints
    columns: npt.NDArray[np.unsignedinteger]
    votes: npt.NDArray[np.float16]
    whole_rows: Ints
    whole_votes: npt.NDArray[np.int8]
    steps: Floats

    @cached_property
    def _place(self) -> Ints:
        """Where each row stands among the whole ones; -1 for a compressed row."""
        place = np.full(len(self.starts) - 1, -1, dtype=np.int32)
        place[self.whole_rows] = np.arange(len(self.whole_rows), dtype=np.int32)
        return place

    def sums(self, rows: Ints, values: Floats) -> Floats:
        """The votes of some rows, each times its value, added up for each column."""
        if len(rows) > _MANY:
            rows, position = np.unique(rows, return_inverse=True)
            values = np.bincount(position, values, minlength=len(rows)).astype(np.float32)
        place = self._place[rows]
        whole = place >= 0
        mine = place[whole]
        sums = (values[whole] * self.steps[mine]) @ self.whole_votes[mine].astype(np.float32)
        at, counts = self._entries(rows[~whole])
        weighted = self.votes[at] * np.repeat(values[~whole], counts)
        return np.asarray(sums + np.bincount(self.columns[at], weights=weighted, minlength=self.width), np.float32)

    def of(self, rows: Ints, column: int) -> Floats:
        """What each of some rows votes for one column."""
        place = self._place[rows]
        found = np.where(place >= 0, self.steps[place] * self.whole_votes[place, column], 0) if len(self.steps) else 0
        votes = np.zeros(len(rows), dtype=np.float32) + found
        at, counts = self._entries(rows)
        mine = self.columns[at] == column
        votes[np.repeat(np.arange(len(rows)), counts)[mine]] = self.votes[at][mine]
        return votes.astype(np.float32)

    def _entries(self, rows: Ints) -> tuple[Ints, Ints]:
        """Where the votes of some rows stand, one row's after the other's, and how many each has."""
        starts = self.starts[rows]
        counts = self.starts[rows + 1] - starts
        before = np.cumsum(counts) - counts
        return np.arange(counts.sum(), dtype=np.int32) + np.repeat(starts - before, counts), counts

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """All numbers by name, to be kept; `restored` takes them back."""
        names = ("starts", "columns", "votes", "whole_rows", "whole_votes", "steps")
        return {"width": np.array(self.width), **{name: getattr(self, name) for name in names}}


def restored(arrays: Mapping[str, npt.NDArray[np.generic]]) -> Votes:
    """Votes from the arrays of `Votes.arrays`."""
    held = {name: array for name, array in arrays.items() if name != "width"}
    return Votes(width=int(arrays["width"]), **held)  # type: ignore[arg-type]


def joined(blocks: Sequence[Block], *, height: int, width: int) -> Votes:
    """The blocks side by side; what is small is dropped where a row is not kept whole."""
    counts = np.zeros(height, dtype=np.int64)
    for block in blocks:
        counts += np.bincount(block.rows[np.abs(block.votes) >= PRUNED], minlength=height)
    whole_rows = np.flatnonzero(counts * _WHOLE > width).astype(np.int32)
    counts[whole_rows] = 0
    starts = np.concatenate([[0], np.cumsum(counts)])
    columns = np.empty(starts[-1], dtype=np.min_scalar_type(width))
    votes = np.empty(starts[-1], dtype=np.float16)
    free = starts[:-1].copy()
    for block in blocks:
        kept = (np.abs(block.votes) >= PRUNED) & ~np.isin(block.rows, whole_rows)
        rows = block.rows[kept]
        met, first, number = np.unique(rows, return_index=True, return_counts=True)
        at = np.arange(len(rows)) + np.repeat(free[met] - first, number)
        columns[at], votes[at] = block.columns[kept], block.votes[kept]
        free[met] += number
    whole = _whole(blocks, whole_rows, width)
    steps = np.abs(whole).max(axis=1, initial=0) / _STEPS
    return Votes(
        width=width,
        starts=starts.astype(np.int32),
        columns=columns,
        votes=votes,
        whole_rows=whole_rows,
        whole_votes=np.rint(whole / np.maximum(steps, 1e-9)[:, None]).astype(np.int8),
        steps=steps.astype(np.float32),
    )


def _whole(blocks: Iterable[Block], rows: Ints, width: int) -> Floats:
    whole = np.zeros((len(rows), width), dtype=np.float32)
    for block in blocks:
        place = np.searchsorted(rows, block.rows)
        place[place == len(rows)] = 0
        kept = rows[place] == block.rows if len(rows) else np.zeros(len(block.rows), dtype=bool)
        whole[place[kept], block.columns[kept]] = block.votes[kept]
    return whole
