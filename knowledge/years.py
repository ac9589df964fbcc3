"""Which years a message names, in digits."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.text import Word

FIRST_YEAR, LAST_YEAR = 1990, 2099
"""Years that an account can be of: a number of four digits that is none of these is something else."""
_MARKS = {"", "g", "gada", "gadā", "gadu", "г", "го", "й"}
"""What is written right behind a year, as a part of the word."""


def years_in(words: Iterable[Word]) -> tuple[int, ...]:
    """The years, in order of the words: "2024", "2024g"."""
    numbers = [word.text for word in words if word.text[0].isdecimal()]
    found = [text[:4] for text in numbers if text[4:].lower() in _MARKS]
    return tuple([int(year) for year in found if year.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR])
