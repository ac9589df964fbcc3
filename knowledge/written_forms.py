"""The written forms of place names, folded, and what each can mean: those that are listed, and the people of a place.

Every place has forty-two forms for its people. They are taken apart where they are met: made beforehand, those of
20,000 places would be a million.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from knowledge import latvian
from knowledge.reading import Meaning
from knowledge.text import fold

PEOPLE_ENDINGS = frozenset(map(fold, latvian.INHABITANT_ENDINGS))
_SHORTEST, _LONGEST = min(map(len, PEOPLE_ENDINGS)), max(map(len, PEOPLE_ENDINGS))
_IN_ALL = "ie"
"""What every ending of inhabitants has, and most words have not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What one written form can mean, how far it can be trusted, and the place's locative as it is written.

    `genitive` tells that the form itself is the genitive.
    """

    meaning: Meaning
    level: int
    locative: str
    genitive: bool = False
    region: bool = False


Forms = Mapping[str, tuple[Form, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenForms:
    """What folded words can mean: `listed` as they are, `people` by what stands before an ending of inhabitants.

    A form that is listed is not taken for people of another place.
    """

    listed: Forms
    people: Forms

    def __contains__(self, folded: object) -> bool:
        return isinstance(folded, str) and bool(self.get(folded))

    def get(self, folded: str) -> tuple[Form, ...]:
        """What a word can mean; nothing where it is no place and nobody from one."""
        return self.listed.get(folded) or (self._people_of(folded) if _IN_ALL in folded else ())

    def _people_of(self, folded: str) -> tuple[Form, ...]:
        cuts = range(max(len(folded) - _LONGEST, 1), len(folded) - _SHORTEST + 1)
        found = [self.people.get(folded[:cut], ()) for cut in cuts if folded[cut:] in PEOPLE_ENDINGS]
        return tuple(dict.fromkeys(chain.from_iterable(found)))


def people_roots(place: str) -> set[str]:
    """What stands before the endings of inhabitants in the folded names for those of a place, given in small letters.

    Nearly always one; where the name ends in a vowel, folding joins it with the ending's ("-iietis" is "-ietis").
    """
    named = zip(latvian.inhabitants(place), latvian.INHABITANTS, strict=True)
    return {fold(person).removesuffix(fold(ending)) for person, ending in named}
