"""compare(old, new) -> Difference: what an admin should see before a knowledge replaces another. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from knowledge.model import EntryKind, KnowledgeBase, Language, Text, TopicKind

if TYPE_CHECKING:
    from knowledge.schema import QuestionIn

CONTACT_FIELDS = frozenset({"phones", "emails", "pages", "local"})
"""The fields whose mistakes cost people most."""

_DERIVED = {"id", "kind", "entries", "answer"}
"""Fields that say nothing of their own: names of things, and what other files bring along."""


class Part(StrEnum):
    """The parts of the knowledge, the most important first."""

    CONTACT = "contact"
    ORGANISATION = "organisation"
    INSTRUMENT = "instrument"
    MEDIA = "media"
    PRACTICE = "practice"
    TOPIC = "topic"
    PLACE = "place"
    WORDS = "words"
    TEXT = "text"
    THRESHOLDS = "thresholds"
    QUESTION = "question"


class Deed(StrEnum):
    """What was done to a thing."""

    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """The values of a field that are gone and those that are new. Both are empty where only the order changed."""

    field: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing added, removed or changed. `place` is a municipality id, or empty; `fields` are those of a change."""

    part: Part
    deed: Deed
    id: str
    title: Text
    place: str = ""
    fields: tuple[FieldChange, ...] = ()

    @property
    def reaches_people(self) -> bool:
        """Whether a phone, an e-mail or a page changed."""
        return any(change.field in CONTACT_FIELDS for change in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that two versions do not share. `old` and `new` are their versions."""

    old: str
    new: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thing:
    """Anything that can be compared: its fields, each as a list of plain values."""

    part: Part
    id: str
    title: Text
    place: str
    values: Mapping[str, tuple[str, ...]]


def compare(
    old: KnowledgeBase,
    new: KnowledgeBase,
    asked_before: Iterable[QuestionIn] = (),
    asked_now: Iterable[QuestionIn] = (),
) -> Difference:
    """What changes when `new` takes the place of `old`; questions are no part of a knowledge and come beside it."""
    before = {(thing.part, thing.id): thing for thing in _things(old, asked_before)}
    after = {(thing.part, thing.id): thing for thing in _things(new, asked_now)}
    changes = [_gone(thing, Deed.REMOVED) for name, thing in before.items() if name not in after]
    changes += [_gone(thing, Deed.ADDED) for name, thing in after.items() if name not in before]
    for name, thing in after.items():
        found = _field_changes(before[name], thing) if name in before else ()
        if found:
            changes.append(_change(thing, Deed.CHANGED, found))
    return Difference(old=old.version, new=new.version, changes=tuple(sorted(changes, key=_rank)))


def question_id(question: QuestionIn) -> str:
    """What a question is known by: its text, or those of its turns."""
    return " / ".join([turn.text for turn in question.turns] + ([question.text] if question.text else []))


def _rank(change: Change) -> tuple[bool, int, int, str]:
    return (not change.reaches_people, list(Part).index(change.part), list(Deed).index(change.deed), change.id)


def _gone(thing: _Thing, deed: Deed) -> Change:
    return _change(thing, deed, ())


def _change(thing: _Thing, deed: Deed, found: tuple[FieldChange, ...]) -> Change:
    return Change(part=thing.part, deed=deed, id=thing.id, title=thing.title, place=thing.place, fields=found)


def _field_changes(old: _Thing, new: _Thing) -> tuple[FieldChange, ...]:
    names = dict.fromkeys((*new.values, *old.values))
    pairs = [(name, old.values.get(name, ()), new.values.get(name, ())) for name in names]
    found = [
        FieldChange(
            field=name,
            old=tuple(value for value in before if value not in after),
            new=tuple(value for value in after if value not in before),
        )
        for name, before, after in pairs
        if before != after
    ]
    return tuple(sorted(found, key=lambda change: change.field not in CONTACT_FIELDS))


def _things(kb: KnowledgeBase, questions: Iterable[QuestionIn]) -> Iterator[_Thing]:
    for entry in kb.entries.values():
        where = entry.area[0] if len(entry.area) == 1 else ""
        yield _thing(_PARTS[entry.kind], entry.id, entry.title, where, entry)
    for topic in kb.topics.values():
        if topic.kind not in {TopicKind.ENTRY, TopicKind.ANSWER}:
            yield _thing(Part.TOPIC, topic.id, topic.title, "", topic)
    for municipality in kb.municipalities.values():
        yield _thing(Part.PLACE, municipality.id, municipality.title, "", municipality)
    for place in kb.places.values():
        # A town and its municipality may share an id.
        yield _thing(Part.PLACE, f"{place.kind} {place.id}", Text(lv=place.name, ru=place.ru), "", place)
    yield _named(Part.PLACE, "aliases", {"aliases": _leaves(kb.aliases)})
    yield _named(Part.PLACE, "regions", {"regions": _leaves(kb.regions)})
    for language, words in kb.words.items():
        yield _thing(Part.WORDS, language.value, Text(lv=language.value), "", words)
    for key in dict.fromkeys(key for texts in kb.texts.values() for key in texts):
        yield _named(Part.TEXT, key, {lang.value: _leaves(kb.texts.get(lang, {}).get(key)) for lang in Language})
    yield _thing(Part.THRESHOLDS, "thresholds", Text(lv="thresholds"), "", kb.thresholds)
    for question in questions:
        yield _named(Part.QUESTION, question_id(question), {"expect": (_expected(question),)})


_PARTS = {kind: Part(kind.value) for kind in EntryKind}


def _named(part: Part, name: str, values: Mapping[str, tuple[str, ...]]) -> _Thing:
    return _Thing(part=part, id=name, title=Text(lv=name), place="", values=values)


def _thing(part: Part, name: str, title: Text, place: str, value: Any) -> _Thing:
    values = {f.name: _leaves(getattr(value, f.name)) for f in fields(value) if f.name not in _DERIVED}
    return _Thing(part=part, id=name, title=title, place=place, values=values)


def _expected(question: QuestionIn) -> str:
    return question.model_dump_json(exclude={"text"})


def _leaves(value: Any) -> tuple[str, ...]:
    """All that a value holds, as plain texts in order; the keys of a mapping belong to what they name."""
    return tuple(_plain(value))


def _plain(value: Any) -> Iterator[str]:
    if value is None or value is False:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from (f"{key}: {leaf}" for leaf in _leaves(inner))
    elif isinstance(value, tuple):
        for inner in value:
            yield from _plain(inner)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in _DERIVED:
                yield from _plain(getattr(value, field.name))
    else:
        yield str(value)
