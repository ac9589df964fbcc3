"""The one place where things are built and handed to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.calibrate import Calibration, Read, as_yaml, calibrate
from bot.commands import command_problems
from bot.settings import Settings
from bot.talk import Talk
from bot.texts import missing_texts
from knowledge.errors import KnowledgeError
from knowledge.model import KnowledgeBase
from knowledge.prepare import first_turns, held_out, prepare
from knowledge.read import read
from knowledge.schema import QuestionIn

_THRESHOLDS_HEAD = (
    "# When to answer, ask back or be silent. Written by `selis eval --calibrate`; docs/understanding.md tells how.\n"
)


def now() -> datetime:
    """The time, as aware UTC."""
    return datetime.now(UTC)


def build_dialogue(settings: Settings, before_training: Callable[[], None] = lambda: None) -> Talk:
    """A dialogue over the configured knowledge; `before_training` is called when the start will take seconds.

    Raises:
        KnowledgeError: when the directory cannot be used.
    """
    prepared = prepare(settings.knowledge_dir, settings.data_dir / "models", before_training)
    missing = [*missing_texts(prepared.index.kb), *command_problems(prepared.index.kb)]
    if missing:
        raise KnowledgeError(missing)
    return Talk(index=prepared.index, clock=now)


def held_out_dialogues(settings: Settings) -> Iterator[tuple[Talk, list[QuestionIn]]]:
    """Dialogues with the questions they have not learned from, for an honest count.

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
            for asked in first_turns(question)
        ]
    assert kb is not None  # noqa: S101 - there is always a fold
    found = calibrate(reads, kb)
    path = settings.knowledge_dir / "thresholds.yaml"
    path.write_text(_THRESHOLDS_HEAD + as_yaml(found.thresholds) + "\n", encoding="utf-8")
    return found, path
