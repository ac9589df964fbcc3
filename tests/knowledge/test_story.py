"""What is asked in a message of several sentences, and what is told on the way."""

from __future__ import annotations

import pytest

from knowledge.index import Index
from knowledge.model import Field
from knowledge.read import read


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Rakstu vietējam portālam par ceļiem. Kurš novadā par tiem atbild?", ()),
        ("Rakstu vietējam portālam par ceļiem. Kāda ir domes mājaslapa?", (Field.PAGE,)),
        ("Vajag policijas darba laiku. Paldies.", (Field.HOURS,)),
        ("Kāds ir policijas darba laiks? Paldies.", (Field.HOURS,)),
        ("Darba laiku es zinu. Kāds ir policijas tālrunis?", (Field.PHONE,)),
        ("Lapā rakstīts viens. Durvīs kas cits. Tagad nesaprotu. Kur piezvanīt policijai?", (Field.PHONE,)),
    ],
)
def test_what_is_told_on_the_way_is_not_asked_for(text: str, fields: tuple[Field, ...], index: Index) -> None:
    assert read(text, index).fields == fields


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Rīgā man teica vienu. Jelgavā citu. Kur Dagdā ir policija?", ["Dagdā"]),
        ("Rīgā man teica vienu. Kur Dagdā ir policija?", ["Rīgā", "Dagdā"]),
    ],
)
def test_towns_on_the_way_are_not_asked_about(text: str, places: list[str], index: Index) -> None:
    assert [mention.text for mention in read(text, index).places] == places
