"""Which parts of an entry are known: what is asked for is given, or said to be missing. Pure; data decides."""

from __future__ import annotations

from collections.abc import Iterable

from bot.outcomes import Answer, Missing, Outcome, Unavailable
from bot.question import Question
from knowledge.model import Entry, EntryKind, Field

_CONTACT_PARTS = {Field.PHONE: "phones", Field.EMAIL: "emails", Field.PAGE: "pages"}
_NEVER_KNOWN = {Field.NAME, Field.ADDRESS, Field.ACCOUNT, Field.HOURS, Field.DATE, Field.PRICE}
CAN_BE_MISSING = {*_CONTACT_PARTS, *_NEVER_KNOWN}
_HEADED = {EntryKind.ORGANISATION, EntryKind.MEDIA}
"""Who heads these is in none of the documents."""


def with_fields(question: Question, entries: tuple[Entry, ...]) -> Outcome:
    """The entries, unless what is asked for is a part none of them has."""
    ids = tuple(entry.id for entry in entries)
    contact = [field for field in question.fields if field in _CONTACT_PARTS]
    # Nobody rings an account up: its "number" is another number.
    if contact and entries[0].kind is not EntryKind.PRACTICE:
        having = [entry for entry in entries if any(_has(entry, field, question.place) for field in contact)]
        if not having:
            return Unavailable(question=question, missing=Missing.FIELD, nearest=ids)
        return Answer(question=question, entries=tuple(entry.id for entry in having))
    if never_known(question, entries[0]):
        return Unavailable(question=question, missing=Missing.FIELD, nearest=ids)
    return Answer(question=question, entries=ids)


def never_known(question: Question, entry: Entry) -> bool:
    """Names of officials, postal addresses, accounts, hours, dates and prices are in none of the documents."""
    first = question.fields[0] if question.fields else None
    if {Field.NAME, Field.HEAD} <= set(question.fields) and entry.kind in _HEADED:
        return True
    if first is Field.NAME:
        return entry.kind is EntryKind.CONTACT
    if first in {Field.PRICE, Field.ACCOUNT}:
        return entry.kind in {EntryKind.CONTACT, *_HEADED}
    if first is Field.ADDRESS and _is_reached_by_page(entry) and _has(entry, Field.PAGE, question.place):
        return False  # where rules are to be found, and the address of a website, is a page
    return first in _NEVER_KNOWN and entry.kind is not EntryKind.PRACTICE


def differ(entries: Iterable[Entry], fields: tuple[Field, ...]) -> bool:
    """Whether it matters which entry is meant: two deputies behind one number need no question."""
    parts = [_CONTACT_PARTS[field] for field in fields if field in _CONTACT_PARTS] or list(_CONTACT_PARTS.values())
    return len({tuple(getattr(entry, part) for part in parts) for entry in entries}) > 1


def _is_reached_by_page(entry: Entry) -> bool:
    return entry.kind is EntryKind.INSTRUMENT or not (entry.phones or entry.emails)


def _has(entry: Entry, field: Field, place: str | None) -> bool:
    local = entry.local.get(place or "")
    if field is Field.PAGE and ((local and local.pages) or (entry.law and entry.law.page)):
        return True
    return bool(getattr(entry, _CONTACT_PARTS[field])) or bool(entry.see)
