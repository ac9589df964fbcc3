"""The one place where things are built and handed to each other."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.dialogue import Dialogue
from bot.settings import Settings
from knowledge.prepare import prepare


def now() -> datetime:
    """The time, as aware UTC."""
    return datetime.now(UTC)


def build_dialogue(settings: Settings) -> Dialogue:
    """A dialogue over the configured knowledge.

    Raises:
        KnowledgeError: when the directory cannot be used.
    """
    prepared = prepare(settings.knowledge_dir, settings.data_dir / "models")
    return Dialogue(index=prepared.index, clock=now)
