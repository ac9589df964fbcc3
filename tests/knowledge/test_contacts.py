"""Whose number or e-mail stands in a message, however it is written."""

from __future__ import annotations

import pytest

from knowledge.contacts import contacts_of
from knowledge.index import Index
from knowledge.model import EntryKind, KnowledgeBase
from knowledge.text import normalise

POLICE = "contact/kraslava/pasvaldibas-policija"


@pytest.mark.parametrize(
    "text",
    [
        "+371 65622907",
        "65622907",
        "zvanīja 6562 2907, kas tas ir",
        "kas ir 00371-65-622-907?",
        "(371) 65622907",
        "PASVALDIBAS.POLICIJA@KRASLAVA.LV neatbild",
    ],
)
def test_it_is_found_as_people_write_it(index: Index, text: str) -> None:
    assert index.tables.contacts.named_in(normalise(text)) == (POLICE,)


@pytest.mark.parametrize(
    "text", ["", "65622", "26123456", "2023. gada 31. oktobris", "pasts@example.org", "1234567890123"]
)
def test_other_numbers_are_nobodys(index: Index, text: str) -> None:
    assert index.tables.contacts.named_in(normalise(text)) == ()


def test_a_shared_number_is_that_of_all_who_share_it(index: Index) -> None:
    found = index.tables.contacts.named_in("65624383")
    assert len(found) > 1
    assert all(name.startswith("contact/kraslava/") for name in found)


def test_every_phone_and_every_email_of_the_contacts_is_found(kb: KnowledgeBase) -> None:
    table = contacts_of(kb.entries.values())
    missed = [
        (entry.id, written)
        for entry in kb.entries.values()
        if entry.kind is EntryKind.CONTACT
        for written in (*(phone.number for phone in entry.phones), *entry.emails)
        if entry.id not in table.named_in(written)
    ]
    assert missed == []
