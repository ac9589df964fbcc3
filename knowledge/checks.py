"""Rules across files: unique ids, known references, conflicts, texts in every language, entries out of reach."""

from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Callable, Iterator

from knowledge import schema
from knowledge.build import File, Files, Located
from knowledge.errors import Problem, Severity
from knowledge.model import Entry, EntryKind, Field, KnowledgeBase, Language, TopicKind
from knowledge.nodes import Path

_ONLY = {
    "topics": {EntryKind.CONTACT},
    "level": {EntryKind.INSTRUMENT},
    "local": {EntryKind.INSTRUMENT},
    "parent": {EntryKind.PRACTICE},
    "example_of": {EntryKind.PRACTICE},
}
_NOT = {
    "area": {EntryKind.CONTACT},
    "groups": {EntryKind.CONTACT},
    "names": {EntryKind.CONTACT},
    "private": {EntryKind.CONTACT},
    "phrases": {EntryKind.CONTACT},
}

Found = Iterator[Problem]
Check = Callable[[KnowledgeBase, Files], Found]


def check(kb: KnowledgeBase, files: Files, *, complete: bool = True) -> Iterator[Problem]:
    """Every problem and warning that needs more than one value to be seen.

    Where a file could not be read (`complete` is false) nothing is said about what refers to it.
    """
    for rule in _ALONE + (_TOGETHER if complete else ()):
        yield from rule(kb, files)


def _at(located: Located, *path: str | int) -> Path:
    return (*located.path, *path)


def _duplicates(_: KnowledgeBase, files: Files) -> Found:
    seen: dict[str, tuple[File, Path]] = {}
    places = [
        (file, (key, number, "id"), f"{key}/{item.id}")
        for file in files.all
        if isinstance(file.model, schema.PlacesFile)
        for key in ("municipalities", "places")
        for number, item in enumerate(getattr(file.model, key))
    ]
    entries = [(located.file, _at(located, "id"), located.id) for located in files.entries()]
    topics = [(file, (*path, "id"), f"topic {raw.id}") for file, path, raw in files.topics()]
    languages: list[tuple[File, Path, str]] = [
        (file, ("language",), f"{file.name.partition('/')[0]} in {file.model.language}")
        for file in files.all
        if isinstance(file.model, schema.TextsFile | schema.WordsFile)
    ]
    for file, path, name in [*entries, *topics, *places, *languages]:
        if name in seen:
            first, at = seen[name]
            where = f"{first.name}:{first.document.line(at)}"
            yield file.problem_at(path, f"{name} stands already at {where}: keep one, or give it another id")
        seen.setdefault(name, (file, path))


def _entry_keys(_: KnowledgeBase, files: Files) -> Found:
    for located in files.entries():
        for key in located.raw.model_fields_set:
            wrong = (key in _ONLY and located.kind not in _ONLY[key]) or located.kind in _NOT.get(key, ())
            if wrong:
                yield located.file.problem_at(_at(located, key), f"not a key of {located.kind} entries: remove it")
        head = located.head
        if located.raw.source is None and head.source is None:
            yield located.file.problem_at(_at(located, "id"), "no source: add it here or to the head of the file")
        if located.raw.as_of is None and head.as_of is None:
            yield located.file.problem_at(_at(located, "id"), "no as_of: add it here or to the head of the file")
        if located.kind is EntryKind.CONTACT and head.municipality is None:
            yield located.file.problem_at((), "contacts need it at the head of the file: add it", key="municipality")


def _entry_references(kb: KnowledgeBase, files: Files) -> Found:
    for located in files.entries():
        entry = kb.entries[located.id]
        if located.kind is EntryKind.CONTACT and entry.area and entry.area[0] not in kb.municipalities:
            yield located.file.problem_at(("municipality",), f"unknown municipality {entry.area[0]}")
        known: list[tuple[str, tuple[str, ...], object]] = [
            ("topics", entry.topics, kb.topics),
            ("groups", entry.groups, kb.topics),
            ("see", entry.see, kb.entries),
            ("local", tuple(entry.local), kb.municipalities),
            ("parent", (entry.parent,) if entry.parent else (), kb.entries),
            ("example_of", (entry.example_of,) if entry.example_of else (), kb.entries),
            ("area", located.raw.area, kb.municipalities),
        ]
        for key, values, table in known:
            for value in values:
                if value not in table:  # type: ignore[operator]
                    yield located.file.problem_at(_at(located, key), f"{value} is not known: correct it or add it")


def _entry_conflicts(kb: KnowledgeBase, files: Files) -> Found:
    for located in files.entries():
        entry = kb.entries[located.id]
        pages = [*entry.pages, *(page for local in entry.local.values() for page in local.pages)]
        kept = {*(phone.number for phone in entry.phones), *entry.emails, *(page.url for page in pages)}
        for number, conflict in enumerate(entry.conflicts):
            path = _at(located, "conflicts", number)
            if conflict.field in {"phones", "emails", "pages"}:
                for value in conflict.values:
                    if value not in kept:
                        yield located.file.problem_at(
                            path, f"{value} is not among the {conflict.field}: keep both values"
                        )
            message = f"the source disagrees with itself: {' / '.join(conflict.values)}"
            yield located.file.problem_at(path, message, key=located.id, severity=Severity.WARNING)
        if entry.doubtful:
            message = "the source is hard to read here: check the figures"
            yield located.file.problem_at(_at(located, "id"), message, key=located.id, severity=Severity.WARNING)


def _topic_references(kb: KnowledgeBase, files: Files) -> Found:
    for file, path, raw in files.topics():
        for key in ("handled_by", "nearest"):
            for number, value in enumerate(getattr(raw, key)):
                if value not in kb.topics:
                    yield file.problem_at((*path, key, number), f"topic {value} is not known: correct it or add it")
        if raw.parent is not None and raw.parent not in kb.topics:
            yield file.problem_at((*path, "parent"), f"topic {raw.parent} is not known: correct it or add it")


def _topic_reach(kb: KnowledgeBase, files: Files) -> Found:
    """Topics nothing leads to, and entries that no topic holds."""
    for file, path, raw in files.topics():
        topic = kb.topics[raw.id]
        if not raw.names.lv and not raw.phrases.lv:
            yield file.problem_at((*path, "id"), f"{raw.id} has neither names nor phrases in Latvian: add some")
        if topic.kind in {TopicKind.OFFICE, TopicKind.GROUP} and not topic.entries and not topic.nearest:
            message = f"no entry belongs to {raw.id}: add one, name the nearest topics, or remove the topic"
            yield file.problem_at((*path, "id"), message)
    for located in files.entries():
        entry = kb.entries[located.id]
        if entry.kind is EntryKind.CONTACT:
            reached = bool(entry.topics)
        else:
            reached = bool(entry.names.lv or entry.phrases.lv or entry.groups)
        if not reached:
            yield located.file.problem_at(
                _at(located, "id"), f"nothing leads to {located.id}: add topics, names or phrases"
            )


def _shared_names(kb: KnowledgeBase, files: Files) -> Found:
    owners: dict[str, str] = {}
    where = {raw.id: (file, path) for file, path, raw in files.topics()}
    where |= {located.id: (located.file, located.path) for located in files.entries()}
    for topic in kb.topics.values():
        for _, name in topic.names.items():
            other = owners.setdefault(name.casefold(), topic.id)
            if other != topic.id:
                file, path = where[topic.id.partition("#")[0]]
                yield file.problem_at(
                    (*path, "names"), f"the name {name!r} is also one of {other}: keep it in one place"
                )


def _say_texts(kb: KnowledgeBase, files: Files) -> Found:
    for file, path, raw in files.topics():
        if raw.kind in {TopicKind.SMALLTALK, TopicKind.OUTSIDE}:
            if raw.say is None:
                yield file.problem_at((*path, "id"), "needs `say:`, the id of a text of texts/lv.yaml")
            elif raw.say not in kb.texts.get(Language.LV, {}):
                yield file.problem_at((*path, "say"), f"texts/lv.yaml has no {raw.say}: add it")
        elif raw.say is not None:
            yield file.problem_at((*path, "say"), f"not a key of a topic of kind {raw.kind}: remove it")


def _text_keys(_: KnowledgeBase, files: Files) -> Found:
    """The same texts with the same {placeholders} in every language."""
    texts = {
        file.model.language: (file, file.model.texts) for file in files.all if isinstance(file.model, schema.TextsFile)
    }
    if not texts:
        return
    every = {key for _, held in texts.values() for key in held}
    model = texts.get("lv", next(iter(texts.values())))[1]
    for file, held in texts.values():
        for key in sorted(every - set(held)):
            yield file.problem_at(("texts",), f"the text {key} is missing: add it", key=key)
        for key, text in held.items():
            if _placeholders(text) is None:
                yield file.problem_at(("texts", key), "write {name}, and {{ for a brace: nothing else stands in braces")
            elif _placeholders(text) != _placeholders(model.get(key, text)):
                yield file.problem_at(
                    ("texts", key), "its {placeholders} differ from the Latvian text's: make them the same"
                )


def _placeholders(text: str) -> set[str] | None:
    try:
        found = [part for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return None
    names = {name for _, name, spec, conversion in found if name and name.isidentifier() and not (spec or conversion)}
    return names if len(names) == len({name for _, name, _, _ in found}) else None


def _word_fields(_: KnowledgeBase, files: Files) -> Found:
    for file in files.all:
        if isinstance(file.model, schema.WordsFile):
            for key in file.model.fields:
                if key not in set(Field):
                    yield file.problem_at(("fields", key), f"no such field: use one of {', '.join(Field)}")


def _place_references(kb: KnowledgeBase, files: Files) -> Found:
    for file in files.all:
        if isinstance(file.model, schema.PlacesFile):
            for number, place in enumerate(file.model.places):
                if place.municipality not in kb.municipalities:
                    path = ("places", number, "municipality")
                    yield file.problem_at(path, f"unknown municipality {place.municipality}")
            for number, landmark in enumerate(file.model.landmarks):
                if landmark.municipality is not None and landmark.municipality not in kb.municipalities:
                    path = ("landmarks", number, "municipality")
                    yield file.problem_at(path, f"unknown municipality {landmark.municipality}")
            for number, alias in enumerate(file.model.aliases):
                for name in (alias.named_after, alias.municipality):
                    if name not in kb.municipalities:
                        yield file.problem_at(("aliases", number), f"unknown municipality {name}")
            for number, region in enumerate(file.model.regions):
                for name in region.municipalities:
                    if name not in kb.municipalities:
                        yield file.problem_at(("regions", number), f"unknown municipality {name}")


def _question_references(kb: KnowledgeBase, files: Files) -> Found:
    for file in files.all:
        if isinstance(file.model, schema.QuestionsFile):
            for number, question in enumerate(file.model.questions):
                path: Path = ("questions", number)
                if (question.text is None) == (not question.turns) or (question.text is None) != (
                    question.expect is None
                ):
                    yield file.problem_at(path, "write text and expect, or turns")
                expected = [turn.expect for turn in question.turns] + ([question.expect] if question.expect else [])
                for expect in expected:
                    if expect.topic is not None and expect.topic not in kb.topics:
                        yield file.problem_at(path, f"topic {expect.topic} is not known: correct it")
                    if expect.place is not None and expect.place not in kb.municipalities:
                        yield file.problem_at(path, f"municipality {expect.place} is not known: correct it")
                    for entry in expect.entries:
                        if entry not in kb.entries:
                            yield file.problem_at(path, f"entry {entry} is not known: correct it")


def _shared_contacts(kb: KnowledgeBase, files: Files) -> Found:
    """One number for two organisations may be right, and may be a slip of the source."""
    owners: dict[str, list[Located]] = defaultdict(list)
    for located in files.entries():
        entry = kb.entries[located.id]
        for value in {*(phone.number for phone in entry.phones), *entry.emails}:
            owners[value].append(located)
    for value, holders in owners.items():
        if len({_holder(kb.entries[h.id]) for h in holders}) > 1:
            last = holders[-1]
            message = f"{value} is given for {' and '.join(h.id for h in holders)}: check which it belongs to"
            yield last.file.problem_at(_at(last, "id"), message, key=last.id, severity=Severity.WARNING)


def _holder(entry: Entry) -> str:
    """Whom a contact belongs to: all offices of a municipality count as one."""
    return entry.area[0] if entry.kind is EntryKind.CONTACT and entry.area else entry.id


_ALONE: tuple[Check, ...] = (_duplicates, _entry_keys, _entry_conflicts, _shared_names, _word_fields, _shared_contacts)
_TOGETHER: tuple[Check, ...] = (
    _entry_references, _topic_references, _topic_reach, _say_texts, _text_keys, _place_references, _question_references,
)  # fmt: skip
