"""What comes of reading a knowledge directory."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.errors import Problem
from knowledge.model import KnowledgeBase


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A usable snapshot and what an admin should look at all the same."""

    kb: KnowledgeBase
    warnings: tuple[Problem, ...]
