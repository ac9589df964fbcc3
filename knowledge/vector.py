"""Words -> numbers: the tf-idf vector of a message, each number with the words it comes from."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

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
from knowledge.text import Word
from knowledge.whole_rows import Floats, Ints
from knowledge.word_cache import Recent

SHARES = (1.0, 1.4, 0.8)
"""How long the parts of words, letters and pairs are, so that the many letters do not drown the few words; found by
cross-validation.
"""
UNSEEN = 0.5
"""A feature that no example has counts this much, compared with the rarest one that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """Feature rows with their values, unmerged, of length one.

    First come the features of each word, then the letters of each, as many as `counts` says of them in this order;
    then pairs, whose second words stand at the positions `seconds`.
    """

    rows: Ints
    values: Floats
    counts: tuple[int, ...]
    seconds: Ints

    @property
    def owners(self) -> Ints:
        """The position of the word that each row comes from."""
        words = np.arange(len(self.counts) // 2, dtype=np.int32)
        return np.concatenate([np.repeat(np.tile(words, 2), self.counts), self.seconds])

    def merged(self) -> tuple[Ints, Floats]:
        """Each row once, sorted, with the sum of its values."""
        rows, position = np.unique(self.rows, return_inverse=True)
        return rows, np.bincount(position, self.values, minlength=len(rows)).astype(np.float32)


_Word = tuple[bytes, bytes, float]
"""The rows of a word's features and the value of each, and the sum of the squares of the shares that are unknown."""
_Letters = tuple[bytes, int]
"""The rows of a word's letters in a row, and how many of them are unknown.

Numbers are kept as the bytes of their arrays: joined, those of all words are an array again, at no cost a number.
"""
_ROW = np.dtype(np.int32)
_EMPTY = np.empty(0, dtype=_ROW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectoriser:
    """The features that are known, a row for each, with their inverse document frequencies."""

    names: Names
    idf: Floats
    _unseen: float = field(init=False, repr=False, compare=False)
    _words: Recent[tuple[str, str, float], _Word] = field(init=False, repr=False, compare=False)
    _letters: Recent[str, _Letters] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_unseen", (float(self.idf.max(initial=1.0)) * UNSEEN) ** 2)
        object.__setattr__(self, "_words", Recent())
        object.__setattr__(self, "_letters", Recent())

    def commonness(self, key: str) -> float:
        """How common a word is among the examples, to be compared; that of an unknown one is the least there is."""
        row = self.names.words.get(key)
        return -math.inf if row is None else -self.idf.item(row)

    def vector(self, words: Sequence[KeyedWord]) -> Vector:
        """The vector of a message; empty where there are no words."""
        if not words:
            return Vector(rows=_EMPTY, values=np.empty(0, dtype=np.float32), counts=(), seconds=_EMPTY)
        own = [self._word(*keyed) for keyed in words]
        letters, pairs, seconds = self._looked_up(words)
        runs = [*[rows for rows, _, _ in own], *[rows for rows, _ in letters]]
        rows = np.frombuffer(b"".join([*runs, pairs.tobytes()]), dtype=_ROW)
        of_words = np.frombuffer(b"".join([values for _, values, _ in own]), dtype=np.float32)
        values = self.idf.take(rows)
        values[: len(of_words)] = of_words
        first, second = len(of_words), len(rows) - len(pairs)
        parts = values[:first], values[first:second], values[second:]  # views of `values`
        squares = [float(part @ part) for part in parts]
        squares[0] += self._unseen * sum([missing for _, _, missing in own])
        squares[1] += self._unseen * sum([missing for _, missing in letters])
        for part, factor in zip(parts, _scales(squares), strict=True):
            part *= factor  # noqa: PLW2901
        counts = tuple([len(run) // _ROW.itemsize for run in runs])
        return Vector(rows=rows, values=values, counts=counts, seconds=seconds)

    def forget(self) -> None:
        """Let go of what was found before."""
        self._words.clear()
        self._letters.clear()

    def _word(self, key: str, word: Word, weight: float) -> _Word:
        name = (key, word.folded, weight)
        found = self._words.get(name)
        if found is None:
            rows, values, missing = array("i"), array("f"), 0.0
            for feature, share in word_features(key, word.folded, word.script):
                row = self.names.words.get(feature)
                if row is None:
                    missing += (share * weight) ** 2
                else:
                    rows.append(row)
                    values.append(self.idf.item(row) * _single(share * weight))
            found = rows.tobytes(), values.tobytes(), missing
            self._words.keep(name, found)
        return found

    def _looked_up(self, words: Sequence[KeyedWord]) -> tuple[list[_Letters], Ints, Ints]:
        """The letters of each word, and the pairs of neighbours with their second words, looked up at once.

        Pairs that are new say nothing: nearly all are.
        """
        spelled = {word.folded: self._letters.get(word.folded) for _, word, _ in words}
        letters = {folded: found for folded, found in spelled.items() if found is not None}
        new = {folded: letter_features(folded) for folded in spelled if folded not in letters}
        pairs = list(pairwise(in_order(words)))
        names = [name for features in new.values() for name in features]
        rows = self.names.rows([*names, *[pair_feature(words[first][0], words[second][0]) for first, second in pairs]])
        start = 0
        for folded, features in new.items():
            run = rows[start : start + len(features)]
            start += len(features)
            known = run[run >= 0]
            letters[folded] = found = known.tobytes(), len(features) - len(known)
            self._letters.keep(folded, found)
        met = (rows[start:] >= 0).nonzero()[0]
        seconds = np.array([pairs[at][1] for at in met.tolist()], dtype=_ROW)
        return [letters[word.folded] for _, word, _ in words], rows[start:][met], seconds


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
