"""The one place where things are built and handed to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from bot.dialogue import Dialogue
from bot.settings import Settings
from bot.texts import missing_texts
from knowledge.errors import KnowledgeError
from knowledge.prepare import held_out, prepare
from knowledge.schema import QuestionIn


def now() -> datetime:
    """The time, as aware UTC."""
    return datetime.now(UTC)


def build_dialogue(settings: Settings, before_training: Callable[[], None] = lambda: None) -> Dialogue:
    """A dialogue over the configured knowledge; `before_training` is called when the start will take seconds.

    Raises:
        KnowledgeError: when the directory cannot be used.
    """
    prepared = prepare(settings.knowledge_dir, settings.data_dir / "models", before_training)
    missing = list(missing_texts(prepared.index.kb))
    if missing:
        raise KnowledgeError(missing)
    return Dialogue(index=prepared.index, clock=now)


def held_out_dialogues(settings: Settings) -> Iterator[tuple[Dialogue, list[QuestionIn]]]:
    """Dialogues with the questions they have not learned from, for an honest count.

    Raises:
        KnowledgeError: when the directory cannot be used.
    """
    for index, questions in held_out(settings.knowledge_dir):
        yield Dialogue(index=index, clock=now), questions
