"""Slips of the keyboard: an unknown word is read as the nearest known one, one slip away, two in a long word.

Beside a word of a name it may be one of those that stand there in names, and two slips are few enough in a shorter one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Set

from rapidfuzz.distance import OSA

from knowledge.lexicon import KEY_PREFIXES
from knowledge.nearby import Nearby

MAX_REPAIRED = 80
"""Slips are looked for in this many words: a story says what it wants more than once, and looking takes long."""
_SHORTEST = 4
_TWO_SLIPS = 9
_TWO_IN_NAME = 6
_LONGEST = 40
_PREFIX = 3


class Vocabulary:
    """The keys known well enough to read others as them.

    Of several as near those of `phrases` (names, "e-pasts") go first, then the commonest among the examples.
    """

    def __init__(self, examples: Collection[str], phrases: Set[str], commonness: Callable[[str], float]) -> None:
        self._rank = lambda key: (key in phrases, commonness(key))
        self._examples, self._phrases = examples, phrases
        self._nearby = Nearby({key for key in (*examples, *phrases) if _is_word(key)}, alike=_PREFIX + 1)

    def __contains__(self, key: str) -> bool:
        return (key in self._examples or key in self._phrases) and _is_word(key)

    def is_unknown(self, options: tuple[str, ...]) -> bool:
        """Whether none of the options a word can be read as is known, and slips can be looked for in one."""
        for option in options:
            if option in self._examples or option in self._phrases:
                return False
        return any(map(_can_be_repaired, options))

    def nearest(self, options: tuple[str, ...]) -> str | None:
        """The known key nearest to an unknown word, of those that are a slip or two away."""
        return next((near for option in options if (near := self._nearest(option)) is not None), None)

    def nearest_in_name(self, options: tuple[str, ...], beside: Iterable[str]) -> str | None:
        """The nearest of the keys that stand in names beside others; in a shorter word two slips are few enough."""
        first = options[0]
        if not _can_be_repaired(first):
            return None
        slips = 2 if len(first) - _PREFIX >= _TWO_IN_NAME else 1
        near = [(OSA.distance(first, key), key) for key in beside if key[: _PREFIX + 1] == first[: _PREFIX + 1]]
        distance, nearest = min(near, default=(_LONGEST, first))
        return nearest if distance <= slips else None

    def _nearest(self, option: str) -> str | None:
        if not _can_be_repaired(option):
            return None
        allowed = 2 if len(option) - _PREFIX >= _TWO_SLIPS else 1
        nearest = self._nearby.nearest(option, allowed)
        return max(nearest, key=self._rank) if nearest else None


def _can_be_repaired(key: str) -> bool:
    return _is_word(key) and _SHORTEST <= len(key) - _PREFIX <= _LONGEST


def _is_word(key: str) -> bool:
    return key[:_PREFIX] in KEY_PREFIXES
