"""Slips of the keyboard: an unknown word is read as the nearest known one, one slip away, two in a long word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set

from knowledge.lexicon import KEY_PREFIXES
from knowledge.nearby import Nearby

MAX_REPAIRED = 80
"""Slips are looked for in this many words: a story says what it wants more than once, and looking takes long."""
_SHORTEST = 4
_TWO_SLIPS = 9
_LONGEST = 40
_PREFIX = 3


class Vocabulary:
    """The keys known well enough to read others as them.

    Of several as near those of `phrases` (names, "e-pasts") go first, then the commonest among the examples.
    """

    def __init__(self, examples: Iterable[str], phrases: Set[str], commonness: Callable[[str], float]) -> None:
        self._rank = lambda key: (key in phrases, commonness(key))
        # By way of a set: a frozenset made one by one keeps twice the room.
        self._known = frozenset({key for key in (*examples, *phrases) if key[:_PREFIX] in KEY_PREFIXES})
        self._nearby = Nearby(self._known, alike=_PREFIX + 1)

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def repaired(self, options: tuple[str, ...]) -> tuple[str, ...]:
        """The options a word can be read as, or the nearest known key where none is known."""
        if any(option in self._known for option in options):
            return options
        found = next((near for option in options if (near := self._nearest(option)) is not None), None)
        return options if found is None else (found,)

    def _nearest(self, option: str) -> str | None:
        if option[:_PREFIX] not in KEY_PREFIXES or not _SHORTEST <= len(option) - _PREFIX <= _LONGEST:
            return None
        allowed = 2 if len(option) - _PREFIX >= _TWO_SLIPS else 1
        nearest = self._nearby.nearest(option, allowed)
        return max(nearest, key=self._rank) if nearest else None
