"""What can be recognised of a message: its words and their roots, pairs of neighbours, and letters in a row."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge import latvian
from knowledge.text import Script, Word

_GRAM = 4
"""With three and five as well no more was answered right, at half as much room again and a tenth more time."""
_ROOT_SHARE = 0.6
_LONGEST = 40
"""Of a longer "word" the letters after this many are not looked at: no language here has one."""

SMALL = "="
"""What stands between language and word in the key of a small word."""

KeyedWord = tuple[str, Word, float]
"""A word with its key and a weight: 1, or less for a repaired one."""


def word_features(key: str, folded: str, script: Script) -> tuple[tuple[str, float], ...]:
    """The key of a word and its root, each with its share. A small word is itself and nothing else."""
    if key[2:3] != SMALL and script is Script.LATIN and key.startswith("lv:"):
        return ((key, 1.0), ("r:" + latvian.root(folded), _ROOT_SHARE))
    return ((key, 1.0),)


def letter_features(folded: str) -> list[str]:
    """Four letters in a row, with the edges of the word: endings, word building, slips that no rule knows."""
    padded = f"^{folded[:_LONGEST]}$"
    return ["g:" + padded[at : at + _GRAM] for at in range(len(padded) - _GRAM + 1)]


def in_order(words: Sequence[KeyedWord]) -> list[int]:
    """The positions of the words as they were typed."""
    return sorted(range(len(words)), key=[word.start for _, word, _ in words].__getitem__)


def pair_feature(first: str, second: str) -> str:
    """Two words that stand side by side, by their keys."""
    return f"p:{first}|{second}"


def is_letters(feature: str) -> bool:
    """Whether a feature is a run of letters."""
    return feature.startswith("g:")


def is_pair(feature: str) -> bool:
    """Whether a feature is a pair of words."""
    return feature.startswith("p:")
