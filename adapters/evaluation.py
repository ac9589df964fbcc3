"""Asking the configured knowledge its own questions, by models that have not learned from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from adapters.wiring import now
from bot.calibrate import Calibration, Read, as_yaml, calibrate
from bot.settings import Settings
from bot.talk import Talk
from knowledge.held_out import held_out
from knowledge.lessons import lessons
from knowledge.model import KnowledgeBase
from knowledge.read import read
from knowledge.schema import QuestionIn

_THRESHOLDS_HEAD = (
    "# When to answer, ask back or be silent. Written by `selis eval --calibrate`; docs/understanding.md tells how.\n"
)


def held_out_talks(settings: Settings) -> Iterator[tuple[Talk, list[QuestionIn]]]:
    """Talks with the questions they have not learned from, for an honest count.

    Raises:
        KnowledgeError: when the directory cannot be used.
    """
    for index, questions in held_out(settings.knowledge_dir):
        yield Talk(index=index, clock=now), questions


def calibrated(settings: Settings) -> tuple[Calibration, Path]:
    """Thresholds found by cross-validation over the questions of the knowledge, and the file they were written to.

    Raises:
        KnowledgeError: when the directory cannot be used.
    """
    reads: list[Read] = []
    kb: KnowledgeBase | None = None
    for index, questions in held_out(settings.knowledge_dir):
        kb = index.kb
        reads += [
            Read(topic=asked.topic, candidates=read(asked.text, index).candidates)
            for question in questions
            for asked in lessons(question, kb)
            if not asked.follows
        ]
    assert kb is not None  # noqa: S101 - there is always a fold
    found = calibrate(reads, kb)
    path = settings.knowledge_dir / "thresholds.yaml"
    path.write_text(_THRESHOLDS_HEAD + as_yaml(found.thresholds) + "\n", encoding="utf-8")
    return found, path
