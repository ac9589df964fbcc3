"""What a link into a chat asks for: "kraslava", or "kraslava_trauksmes-celsana". For QR codes on notice boards."""

from __future__ import annotations

from dataclasses import dataclass

from bot.question import Question
from knowledge.model import KnowledgeBase, TopicKind

BETWEEN = "_"
"""Stands in no id, and is one of the few signs a link may hold besides letters, digits and hyphens."""

_ASKED = {TopicKind.OFFICE, TopicKind.GROUP, TopicKind.ENTRY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The covered municipality a link names and, where it names a topic as well, the question."""

    municipality: str
    question: Question | None = None


def read_link(argument: str, kb: KnowledgeBase) -> Link | None:
    """The link an argument of "/start" is, or None for anything else.

    A topic is named by its id; what is an entry of its own, by the last part of its id ("lidzdalibas-budzets").
    """
    name, between, rest = argument.strip().lower().partition(BETWEEN)
    municipality = kb.municipalities.get(name)
    if municipality is None or not municipality.covered:
        return None
    if not between:
        return Link(municipality=name)
    topics = [t.id for t in kb.topics.values() if t.kind in _ASKED and rest in {t.id, t.id.rpartition("/")[2]}]
    if len(topics) != 1:
        return None
    question = Question(topics=(topics[0],), places=(name,), place_named=True, confidence=1.0)
    return Link(municipality=name, question=question)
