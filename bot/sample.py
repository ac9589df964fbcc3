"""Which questions a new knowledge is asked: all that must come right, some about what changed, and always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.difference import Difference, Part, question_id
from knowledge.model import KnowledgeBase

if TYPE_CHECKING:
    from knowledge.schema import ExpectIn, QuestionIn

SAMPLE = 250
"""Questions always asked, besides those that must come right: some 2 ms each, of the old version and the new."""
THOROUGH = 1500
"""The same where a model was learned anew, so that anything may have moved and half a minute has passed already."""
TOUCHED = 150
"""Questions about what changed, at most."""


def chosen(
    questions: Sequence[QuestionIn], difference: Difference, both: Sequence[KnowledgeBase], most: int = SAMPLE
) -> list[QuestionIn]:
    """The questions to ask, in the order of the files; `both` are the old version, if there is one, and the new.

    The fixed ones are those with the smallest hashes, so that a new question changes one of them at most.
    """
    drawn = sorted(range(len(questions)), key=lambda number: _hash(questions[number]))
    changed = _touched(difference, both)
    near = [number for number in drawn if any(_is_about(expect, changed) for expect in _expected(questions[number]))]
    must = [number for number, question in enumerate(questions) if question.must]
    return [questions[number] for number in sorted({*must, *near[:TOUCHED], *drawn[:most]})]


def _hash(question: QuestionIn) -> bytes:
    return hashlib.sha256(question_id(question).encode()).digest()


def _touched(difference: Difference, both: Sequence[KnowledgeBase]) -> frozenset[tuple[str, str]]:
    """Topics and entries that changed, each with its municipality or an empty text for any."""
    found: set[tuple[str, str]] = set()
    for change in difference.changes:
        if change.part is Part.TOPIC:
            found.add((change.id, ""))
        for entry in (kb.entries[change.id] for kb in both if change.id in kb.entries):
            found.add((entry.id, ""))
            found.update((topic, change.place) for topic in entry.topics)
    return frozenset(found)


def _expected(question: QuestionIn) -> Iterator[ExpectIn]:
    yield from (turn.expect for turn in question.turns)
    if question.expect is not None:
        yield question.expect


def _is_about(expect: ExpectIn, changed: frozenset[tuple[str, str]]) -> bool:
    names = [*expect.entries, *([expect.topic.partition("#")[0]] if expect.topic else [])]
    return any((name, place) in changed for name in names for place in ("", expect.place or ""))
