"""Where somebody lives, said in so many words: "dzīvoju …", "esmu no …", "mani sauc Ilga, esmu no …"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.lexicon import Lexicon
from knowledge.model import Language
from knowledge.phrases import Keys, Match, PhraseTable

GAP = "…"
"""What stands in a phrase for a word or two: "esmu … no" is "esmu Ilga no" and "esmu pensionāre Ilga no"."""
_MOST_BETWEEN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Homes:
    """The phrases before a place where somebody lives; `broken` has the beginnings of those with a gap, and ends."""

    whole: PhraseTable[bool]
    broken: PhraseTable[Keys]

    @property
    def keys(self) -> frozenset[str]:
        """All keys that occur in them."""
        return self.whole.keys | self.broken.keys

    def find(self, message: Sequence[Keys], every: Sequence[str]) -> tuple[Match[bool], ...]:
        """The phrases in a message, the ends of those with a gap, as `PhraseTable.find` finds them."""
        return (*self.whole.find(message, every), *self._with_gaps(message, every))

    def _with_gaps(self, message: Sequence[Keys], every: Sequence[str]) -> Iterator[Match[bool]]:
        for match in self.broken.find(message, every):
            for end in match.payloads:
                for at in range(match.end + 1, min(match.end + 1 + _MOST_BETWEEN, len(message) - len(end) + 1)):
                    if all(key in keys for key, keys in zip(end, message[at:], strict=False)):
                        yield Match(start=at, end=at + len(end), payloads=(True,))


def homes_of(phrases: Iterable[tuple[Language, str]], small: Lexicon) -> Homes:
    """The table of phrases, each with its language."""
    held = [tuple(small.sequence(part, language) for part in phrase.split(GAP)) for language, phrase in phrases]
    return Homes(
        whole=PhraseTable((parts[0], True) for parts in held if len(parts) == 1),
        broken=PhraseTable((parts[0], parts[1]) for parts in held if len(parts) > 1),
    )
