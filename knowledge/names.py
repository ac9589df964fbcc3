"""The names of all features, each with its row, in little room: as strings in a dict they would take twenty MB."""

from __future__ import annotations

import io
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from knowledge.features import is_letters, is_pair
from knowledge.whole_rows import Ints

_BREAK = "\n"
_GREATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Names:
    """Names in the order of their rows: `packed` has them, one a line, compressed; `words` are the rows of words.

    Letters in a row and pairs are four names in five, and only their hashes are kept to be looked up. That an unknown
    one is taken for one of them happens once in 10^13 look-ups.
    """

    packed: bytes | memoryview
    words: Mapping[str, int] = field(init=False, repr=False, compare=False)
    _hashes: npt.NDArray[np.int64] = field(init=False, repr=False, compare=False)
    _rows: Ints = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        words: dict[str, int] = {}
        hashes, rows = array("q"), array("i")
        for row, name in enumerate(self):
            if is_letters(name) or is_pair(name):
                hashes.append(hash(name))
                rows.append(row)
            else:
                words[name] = row
        # The last stands for what is greater than all: whatever is sought has a place.
        hashes.append(_GREATEST)
        rows.append(-1)
        found = np.array(hashes, dtype=np.int64)
        order = found.argsort(kind="stable")
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "_hashes", found[order])
        object.__setattr__(self, "_rows", np.array(rows, dtype=np.int32)[order])

    def __len__(self) -> int:
        return len(self.words) + len(self._rows) - 1

    def __iter__(self) -> Iterator[str]:
        """One after the other: a list of them all would take the room that is saved here."""
        for line in io.BytesIO(zlib.decompress(self.packed)):
            yield line.decode().removesuffix(_BREAK)

    def rows(self, names: Sequence[str]) -> Ints:
        """The rows of letters and pairs, -1 for each that is unknown."""
        sought = np.fromiter(map(hash, names), np.int64, len(names))
        at = self._hashes.searchsorted(sought)
        rows = self._rows.take(at)
        rows[self._hashes.take(at) != sought] = -1
        return rows


def named(names: Iterable[str]) -> Names:
    """Names in the order of their rows."""
    return Names(zlib.compress(_BREAK.join(names).encode()))
