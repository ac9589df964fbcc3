"""Validated files -> one KnowledgeBase: full ids, inherited sources, and the topics that entries bring with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from knowledge import model, schema
from knowledge.entry_topics import topics_of
from knowledge.errors import Problem, Severity
from knowledge.files import LISTS
from knowledge.geography import Landmark, Place
from knowledge.hierarchy import ancestors
from knowledge.language_words import LanguageWords
from knowledge.model import Entry, EntryKind, KnowledgeBase, Language, Topic
from knowledge.nodes import Document, Path
from knowledge.thresholds import Thresholds

AModel = TypeVar("AModel", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that passed its schema."""

    name: str
    model: BaseModel
    document: Document

    def problem_at(
        self, path: Path, message: str, *, key: str | None = None, severity: Severity = Severity.ERROR
    ) -> Problem:
        """A problem of the value at `path`; its key is the path unless another name says more."""
        name = key if key is not None else ".".join(str(part) for part in path)
        return Problem(file=self.name, line=self.document.line(path), key=name, message=message, severity=severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """An entry as written, with its full id and where it stands."""

    id: str
    kind: EntryKind
    raw: schema.EntryIn
    file: File
    path: Path
    head: schema.EntriesFile


@dataclass(slots=True)
class Files:
    """All files of a directory that passed their schema."""

    all: list[File] = field(default_factory=list)

    def add(self, file: File) -> None:
        """Take one more file."""
        self.all.append(file)

    def entries(self) -> Iterator[Located]:
        """Every entry of every file, in order."""
        for file in self.all:
            if isinstance(file.model, schema.EntriesFile):
                for key, kind in LISTS.items():
                    for number, raw in enumerate(getattr(file.model, key)):
                        name = _full_id(file.model, kind, raw)
                        path = (key, number)
                        yield Located(id=name, kind=kind, raw=raw, file=file, path=path, head=file.model)

    def topics(self) -> Iterator[tuple[File, Path, schema.TopicIn]]:
        """Every topic of every file, in order."""
        for file in self.all:
            if isinstance(file.model, schema.TopicsFile):
                for number, raw in enumerate(file.model.topics):
                    yield file, ("topics", number), raw


def _full_id(file: schema.EntriesFile, kind: EntryKind, raw: schema.EntryIn) -> str:
    if kind is EntryKind.CONTACT:
        return f"{kind}/{file.municipality}/{raw.id}"
    return f"{kind}/{raw.id}"


def build(files: Files, version: str) -> KnowledgeBase:
    """Put the files together. What refers to nothing is left out here and reported by `knowledge.checks`."""
    places = [file.model for file in files.all if isinstance(file.model, schema.PlacesFile)]
    entries = _entries(files)
    return KnowledgeBase(
        version=version,
        municipalities={m.id: model.Municipality(**m.model_dump()) for p in places for m in p.municipalities},
        places={place.id: Place(**place.model_dump()) for p in places for place in p.places},
        landmarks=tuple(Landmark(**point.model_dump()) for p in places for point in p.landmarks),
        aliases=tuple(alias for p in places for alias in p.aliases),
        regions=tuple(region for p in places for region in p.regions),
        topics=_topics(files, entries),
        entries=entries,
        words={Language(w.language): _words(w) for w in _of(files, schema.WordsFile)},
        thresholds=next((_thresholds(t) for t in _of(files, schema.ThresholdsFile)), Thresholds()),
        texts={Language(t.language): t.texts for t in _of(files, schema.TextsFile)},
    )


def _thresholds(raw: schema.ThresholdsFile) -> Thresholds:
    return Thresholds(**raw.thresholds.model_dump())


def _of(files: Files, kind: type[AModel]) -> list[AModel]:
    return [file.model for file in files.all if isinstance(file.model, kind)]


def _words(raw: schema.WordsFile) -> LanguageWords:
    return LanguageWords(**raw.model_dump(exclude={"language"}))


def _entries(files: Files) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for located in files.entries():
        if located.id not in entries:
            entries[located.id] = _entry(located)
    return entries


def _entry(located: Located) -> Entry:
    raw, head = located.raw, located.head
    source = raw.source or head.source or schema.SourceIn(document="000")
    municipality = (head.municipality,) if located.kind is EntryKind.CONTACT and head.municipality else ()
    copied = (
        "title", "checked_on", "topics", "groups", "area_name", "names", "phrases", "about", "who", "how", "law",
        "phones", "emails", "pages", "level", "see", "example_of", "doubtful", "private",
    )  # fmt: skip
    return Entry(
        id=located.id,
        kind=located.kind,
        source=source.build(),
        as_of=raw.as_of or head.as_of or "",
        area=municipality or raw.area,
        local={place: local.build() for place, local in raw.local.items()},
        answers=tuple(answer.build() for answer in raw.answers),
        parent=f"{located.kind}/{raw.parent}" if raw.parent else None,
        conflicts=tuple(conflict.build() for conflict in raw.conflicts),
        **{key: getattr(raw, key) for key in copied},
    )


def _topics(files: Files, entries: dict[str, Entry]) -> dict[str, Topic]:
    members = _members(entries)
    parents = {raw.id: raw.parent for _, _, raw in files.topics()}
    topics: dict[str, Topic] = {}
    for _, _, raw in files.topics():
        family = [raw.id, *(child for child in parents if raw.id in ancestors(child, parents.get))]
        held = dict.fromkeys(entry for topic in family for entry in members.get(topic, ()))
        topics.setdefault(raw.id, _topic(raw, tuple(held)))
    return topics | topics_of(entries.values())


def _members(entries: dict[str, Entry]) -> dict[str, list[str]]:
    members: dict[str, list[str]] = {}
    for entry in entries.values():
        for topic in (*entry.topics, *entry.groups):
            members.setdefault(topic, []).append(entry.id)
    return members


def _topic(raw: schema.TopicIn, entries: tuple[str, ...]) -> Topic:
    copied = ("id", "kind", "title", "names", "phrases", "parent", "handled_by", "nearest", "say", "private")
    return Topic(entries=entries, **{key: getattr(raw, key) for key in copied})
