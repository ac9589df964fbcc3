"""What the bot needs of a knowledge beyond files that fit together."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands import command_problems
from bot.texts import missing_texts
from knowledge.errors import Problem
from knowledge.model import KnowledgeBase


def bot_rules(kb: KnowledgeBase) -> Iterator[Problem]:
    """A problem for every sentence and every command without a name."""
    yield from missing_texts(kb)
    yield from command_problems(kb)
