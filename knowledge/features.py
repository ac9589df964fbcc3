"""What can be recognised of a word: itself, its root, and four letters in a row."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from knowledge import latvian
from knowledge.text import Script, Word

_GRAM = 4
_ROOT_SHARE = 0.6

SMALL = "="
"""What stands between language and word in the key of a small word."""

KeyedWord = tuple[str, Word, float]
"""A word with its key and a weight: 1, or less for a repaired one."""


@lru_cache(maxsize=100_000)
def features(key: str, folded: str, script: Script) -> tuple[tuple[str, float], ...]:
    """The features of one word with their shares. Letters catch endings, word building and slips no rule knows.

    A small word is itself and nothing else.
    """
    if key[2:3] == SMALL:
        return ((key, 1.0),)
    found = [(key, 1.0)]
    if script is Script.LATIN and key.startswith("lv:"):
        found.append(("r:" + latvian.root(folded), _ROOT_SHARE))
    padded = f"^{folded}$"
    grams = [padded[i : i + _GRAM] for i in range(max(1, len(padded) - _GRAM + 1))]
    share = 1 / math.sqrt(len(grams))
    found.extend((f"g:{gram}", share) for gram in grams)
    return tuple(found)


def counted(words: Iterable[KeyedWord]) -> dict[str, float]:
    """The features of several words, added up."""
    total: dict[str, float] = defaultdict(float)
    for key, word, weight in words:
        for feature, share in features(key, word.folded, word.script):
            total[feature] += share * weight
    return total
