"""Words -> numbers: the tf-idf vector of a message, each number with the words it comes from."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from knowledge.features import (
    KeyedWord,
    in_order,
    is_letters,
    is_pair,
    letter_features,
    pair_feature,
    word_features,
)
from knowledge.names import Names, named
from knowledge.text import Script
from knowledge.whole_rows import Floats, Ints
from knowledge.word_cache import Recent

SHARES = (1.0, 1.4, 0.8)
"""How long the parts of words, letters and pairs are, so that the many letters do not drown the few words; found by
cross-validation.
"""
UNSEEN = 0.5
"""A feature that no example has counts this much, compared with the rarest one that is known."""


class Vector(Struct, frozen=True, kw_only=True, gc=False):
    """Feature rows with their values, unmerged, of length one.

    First come the features of each word and then its letters, as many as `counts` says by turns; then pairs, whose
    second words stand at the positions `seconds`.
    """

    rows: Ints
    values: Floats
    counts: Sequence[int]
    seconds: Sequence[int]

    @property
    def owners(self) -> npt.NDArray[np.intp]:
        """The position of the word that each row comes from."""
        parts = np.arange(len(self.counts), dtype=np.intp)
        return np.concatenate([(parts // 2).repeat(self.counts), np.array(self.seconds, dtype=np.intp)])

    def merged(self) -> tuple[Ints, Floats]:
        """Each row once, sorted, with the sum of its values."""
        rows, position = np.unique(self.rows, return_inverse=True)
        return rows, np.bincount(position, self.values, minlength=len(rows)).astype(np.float32)


class _Spelled(Struct, frozen=True, gc=False):
    """What the features of a word and its letters are: rows and values, the features first, and how many there are.

    `square` and `letters_square` are the sums of the squares of the values, those of what is unknown among them.
    Rows and values are kept as the bytes of their arrays: joined, those of all words are an array again, at no cost a
    number.
    """

    rows: bytes
    values: bytes
    features: int
    letters: int
    square: float
    letters_square: float


_Name = tuple[str, str, float]
"""Key, folded form and weight of a word: they tell its features."""
_ROW = np.dtype(np.int32)
_VALUE = np.dtype(np.float32)
_EMPTY = np.empty(0, dtype=_ROW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectoriser:
    """The features that are known, a row for each, with their inverse document frequencies."""

    names: Names
    idf: Floats
    _unseen: float = field(init=False, repr=False, compare=False)
    _kept: Recent[_Name, _Spelled] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_unseen", (float(self.idf.max(initial=1.0)) * UNSEEN) ** 2)
        object.__setattr__(self, "_kept", Recent())

    def commonness(self, key: str) -> float:
        """How common a word is among the examples, to be compared; that of an unknown one is the least there is."""
        row = self.names.words.get(key)
        return -math.inf if row is None else -self.idf.item(row)

    def vector(self, words: Sequence[KeyedWord]) -> Vector:
        """The vector of a message; empty where there are no words."""
        if not words:
            return Vector(rows=_EMPTY, values=np.empty(0, dtype=_VALUE), counts=(), seconds=())
        spelled, pairs, seconds = self._looked_up(words)
        of_pairs = self.idf.take(pairs)
        rows = np.frombuffer(b"".join([*[word.rows for word in spelled], pairs.tobytes()]), dtype=_ROW)
        values = np.frombuffer(b"".join([*[word.values for word in spelled], of_pairs.tobytes()]), dtype=_VALUE)
        squares = [word.square for word in spelled], [word.letters_square for word in spelled]
        scales = _scales((sum(squares[0]), sum(squares[1]), float(of_pairs @ of_pairs)))
        counts = [count for word in spelled for count in (word.features, word.letters)]
        factors = np.array([*scales[:2] * len(spelled), scales[2]], dtype=_VALUE)
        return Vector(
            rows=rows,
            values=values * factors.repeat([*counts, len(pairs)]),
            counts=counts,
            seconds=seconds,
        )

    def forget(self) -> None:
        """Let go of what was found before."""
        self._kept.clear()

    def _looked_up(self, words: Sequence[KeyedWord]) -> tuple[list[_Spelled], Ints, list[int]]:
        """What is known of each word, and the pairs of neighbours with their second words, looked up at once.

        Pairs that are new say nothing: nearly all are.
        """
        names = [(key, word.folded, weight) for key, word, weight in words]
        spelled = [self._kept.get(name) for name in names]
        new = {at: letter_features(names[at][1]) for at, found in enumerate(spelled) if found is None}
        pairs = list(pairwise(in_order(words)))
        sought = [letters for features in new.values() for letters in features]
        rows = self.names.rows([*sought, *[pair_feature(words[first][0], words[second][0]) for first, second in pairs]])
        of_letters, start = rows[: len(sought)].tolist(), 0
        for at, features in new.items():
            end = start + len(features)
            spelled[at] = found = self._spelled(names[at], words[at][1].script, of_letters[start:end])
            self._kept.keep(names[at], found)
            start = end
        met = (rows[start:] >= 0).nonzero()[0]
        seconds = [pairs[at][1] for at in met.tolist()]
        return [found for found in spelled if found is not None], rows[start:][met], seconds

    def _spelled(self, name: _Name, script: Script, letters: Sequence[int]) -> _Spelled:
        """What is known of a word; the rows of its letters are -1 where they are unknown."""
        key, folded, weight = name
        rows, values, missing = array("i"), array("f"), 0.0
        for feature, share in word_features(key, folded, script):
            row = self.names.words.get(feature)
            if row is None:
                missing += (share * weight) ** 2
            else:
                rows.append(row)
                values.append(self.idf.item(row) * _single(share * weight))
        features = len(rows)
        square = sum([value * value for value in values]) + self._unseen * missing
        rows.extend([row for row in letters if row >= 0])
        values.extend([self.idf.item(row) for row in rows[features:]])
        unknown = len(letters) - (len(rows) - features)
        return _Spelled(
            rows=rows.tobytes(),
            values=values.tobytes(),
            features=features,
            letters=len(rows) - features,
            square=square,
            letters_square=sum([value * value for value in values[features:]]) + self._unseen * unknown,
        )


def _single(value: float) -> float:
    """A number as an array of floats holds it."""
    return array("f", (value,))[0]


def _scales(squares: Sequence[float]) -> list[float]:
    """What the values of each group are to be multiplied by, so that the whole has length one."""
    whole = math.sqrt(sum([share**2 for share, square in zip(SHARES, squares, strict=True) if square])) or 1.0
    return [share / math.sqrt(square or 1.0) / whole for share, square in zip(SHARES, squares, strict=True)]


def _values(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float32)


def learn(messages: Sequence[Sequence[KeyedWord]]) -> Vectoriser:
    """The features worth keeping: letters and pairs met in one message only tell nothing of the next."""
    frequency: Counter[str] = Counter()
    for words in messages:
        frequency.update(set(_features(words)))
    names = sorted(n for n, count in frequency.items() if count > 1 or not (is_letters(n) or is_pair(n)))
    every = math.log(len(messages) + 1) + 1
    return Vectoriser(names=named(names), idf=_values([every - math.log(frequency[name] + 1) for name in names]))


def _features(words: Sequence[KeyedWord]) -> Iterator[str]:
    for key, word, _ in words:
        yield from (name for name, _ in word_features(key, word.folded, word.script))
        yield from letter_features(word.folded)
    for first, second in pairwise(in_order(words)):
        yield pair_feature(words[first][0], words[second][0])
