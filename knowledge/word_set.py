"""A set of words in little room: their hashes, sorted, which may lie in a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

_BYTES = 8


@dataclass(frozen=True, slots=True)
class WordSet:
    """Which words are in a set, and no longer what they are.

    `hashes` are of 64 bits, 1-D and sorted. That one of ten thousand words is taken for another happens once in 10^15
    look-ups.
    """

    hashes: npt.NDArray[np.uint64]

    def __contains__(self, word: object) -> bool:
        sought = _hash(word)
        at = int(self.hashes.searchsorted(sought))
        return at < len(self.hashes) and bool(self.hashes[at] == sought)

    def __len__(self) -> int:
        return len(self.hashes)


def word_set(words: Iterable[str]) -> WordSet:
    """The set of some words."""
    return WordSet(np.unique(np.fromiter(map(_hash, words), dtype=np.uint64)))


def _hash(word: object) -> np.uint64:
    """The same in every process, as Python's own is not."""
    written = str(word).encode(errors="surrogatepass")
    return np.uint64(int.from_bytes(blake2b(written, digest_size=_BYTES).digest(), "little"))
