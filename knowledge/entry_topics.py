"""The topics that entries bring with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from knowledge.model import Entry, EntryKind, Topic, TopicKind


def topics_of(entries: Iterable[Entry]) -> dict[str, Topic]:
    """The topics that entries bring along: themselves and their answers, but for contacts, which have offices."""
    topics: dict[str, Topic] = {}
    for entry in entries:
        if entry.kind is not EntryKind.CONTACT:
            topics[entry.id] = _entry_topic(entry)
            topics.update((topic.id, topic) for topic in _answer_topics(entry))
    return topics


def _entry_topic(entry: Entry) -> Topic:
    return Topic(
        id=entry.id,
        kind=TopicKind.ENTRY,
        title=entry.title,
        names=entry.names,
        phrases=entry.phrases,
        parent=entry.parent or (entry.groups[0] if entry.groups else None),
        entries=(entry.id,),
        private=entry.private,
    )


def _answer_topics(entry: Entry) -> Iterator[Topic]:
    for answer in entry.answers:
        yield Topic(
            id=f"{entry.id}#{answer.id}",
            kind=TopicKind.ANSWER,
            title=entry.title,
            names=answer.names,
            phrases=answer.phrases,
            parent=entry.id,
            entries=(entry.id,),
            answer=answer,
            private=entry.private,
        )
