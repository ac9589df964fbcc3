"""The one place where things are built and handed to each other."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.dialogue import Dialogue
from knowledge import index
from knowledge.load import load


def now() -> datetime:
    """The time, as aware UTC."""
    return datetime.now(UTC)


def build_dialogue(knowledge_dir: Path) -> Dialogue:
    """A dialogue over the knowledge of a directory.

    Raises:
        KnowledgeError: when the directory cannot be used.
    """
    return Dialogue(index=index.build(load(knowledge_dir).kb), clock=now)
