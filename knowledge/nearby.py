"""Known words one slip of the keyboard away, two at most, by optimal string alignment (rapidfuzz).

A slip is a letter too many, missing, wrong, or two letters swapped. The first letters are taken as right, which they
nearly always are, and a slip changes the length by one at most: so few words have to be looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA


class Nearby:
    """Words by their first `alike` letters and by their length."""

    def __init__(self, words: Iterable[str], alike: int = 1) -> None:
        self._alike = alike
        self._words: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in sorted(words):
            self._words[word[:alike], len(word)].append(word)

    def nearest(self, word: str, slips: int) -> list[str]:
        """The words that are fewest slips away, at most `slips`, in alphabetical order."""
        start = word[: self._alike]
        nearest: list[str] = []
        for length in range(len(word) - slips, len(word) + slips + 1):
            choices = self._words.get((start, length))
            if choices is None:
                continue
            for found, distance, _ in process.extract(
                word, choices, scorer=OSA.distance, score_cutoff=slips, limit=None
            ):
                if distance < slips:
                    slips, nearest = distance, []
                if distance == slips:
                    nearest.append(found)
        return sorted(nearest)
