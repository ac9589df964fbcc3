"""Rows of votes that are kept whole: small integers with a step a row, which a message adds up in one product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_STEPS = 127


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeRows:
    """What the features `rows`, sorted, say of every column: `votes` (row, column) times the row's `steps`."""

    rows: Ints
    votes: npt.NDArray[np.int8]
    steps: npt.NDArray[np.float16]

    def sums(self, rows: Ints, values: Floats) -> Floats:
        """The votes of those rows that are here, each times its value, added up for each column."""
        at, here = self.find(rows)
        return self.sums_at(at[here], values[here])

    def sums_at(self, at: npt.NDArray[np.signedinteger], values: Floats) -> Floats:
        """The same for rows by where they stand."""
        return np.asarray((values * self.steps.take(at)) @ self.votes.take(at, axis=0).astype(np.float32))

    def of(self, rows: Ints, column: int) -> Floats:
        """What each of some rows votes for one column; nothing where it is not here."""
        at, here = self.find(rows)
        votes = np.zeros(len(rows), dtype=np.float32)
        votes[here] = self.steps[at[here]].astype(np.float32) * self.votes[at[here], column]
        return votes

    def find(self, rows: Ints) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
        """Where each of some rows stands, and whether it is here at all."""
        if not len(self.rows):
            return np.zeros(len(rows), dtype=np.intp), np.zeros(len(rows), dtype=np.bool_)
        at = self.rows.searchsorted(rows)
        at[at == len(self.rows)] = 0
        return at, self.rows.take(at) == rows


def whole(rows: Ints, votes: Floats) -> WholeRows:
    """Rows with their votes (row, column), as near as the steps allow."""
    steps = np.abs(votes).max(axis=1, initial=0) / _STEPS
    return WholeRows(
        rows=rows,
        votes=np.rint(votes / np.maximum(steps, 1e-9)[:, None]).astype(np.int8),
        steps=steps.astype(np.float16),
    )


def packed(tables: Sequence[WholeRows]) -> dict[str, npt.NDArray[np.generic]]:
    """All numbers of some tables by name, to be kept; `unpacked` takes them back."""
    return {
        "counts": np.array([len(table.rows) for table in tables], dtype=np.int32),
        "widths": np.array([table.votes.shape[1] for table in tables], dtype=np.int32),
        "rows": np.concatenate([np.empty(0, dtype=np.int32), *[table.rows for table in tables]]),
        "votes": np.concatenate([np.empty(0, dtype=np.int8), *[table.votes.ravel() for table in tables]]),
        "steps": np.concatenate([np.empty(0, dtype=np.float16), *[table.steps for table in tables]]),
    }


def unpacked(arrays: Mapping[str, npt.NDArray[np.generic]]) -> list[WholeRows]:
    """Tables from the arrays of `packed`, which they share."""
    counts, widths = arrays["counts"].astype(np.int64), arrays["widths"].astype(np.int64)
    ends, last = np.cumsum(counts), np.cumsum(counts * widths)
    return [
        WholeRows(
            rows=arrays["rows"][end - count : end],  # type: ignore[arg-type]
            votes=arrays["votes"][end_of_votes - count * width : end_of_votes].reshape(count, width),  # type: ignore[arg-type]
            steps=arrays["steps"][end - count : end],  # type: ignore[arg-type]
        )
        for count, width, end, end_of_votes in zip(counts, widths, ends, last, strict=True)
    ]
