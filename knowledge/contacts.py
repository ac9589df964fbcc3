"""Whose number is this? Phones and e-mails of the entries, looked up by how people write them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from knowledge.model import Entry
from knowledge.text import fold

_DIGITS = 8
"""Digits of a Latvian number, without the country's 371."""
_NUMBER = re.compile(r"\d(?:[ ()-]{0,2}\d){7,14}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Contacts:
    """The entries by their phones (the last eight digits) and their e-mails (folded)."""

    entries: Mapping[str, tuple[str, ...]]

    def named_in(self, text: str) -> tuple[str, ...]:
        """The entries whose phone or e-mail a normalised text holds, in the order of the text."""
        found = (entry for written in _written(text) for entry in self.entries.get(written, ()))
        return tuple(dict.fromkeys(found))


def contacts_of(entries: Iterable[Entry]) -> Contacts:
    """The look-up of some entries."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        for written in _written(" ; ".join([*(phone.number for phone in entry.phones), *entry.emails])):
            found[written].append(entry.id)
    return Contacts({written: tuple(held) for written, held in found.items()})


def _written(text: str) -> Iterator[str]:
    if "@" in text:
        yield from (fold(match.group().lower()) for match in _EMAIL.finditer(text))
    for match in _NUMBER.finditer(text):
        yield re.sub(r"\D", "", match.group())[-_DIGITS:]
