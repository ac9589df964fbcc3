"""What a trial of a knowledge is asked, tells while it runs, and finds out: data that crosses into another process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from bot.difference import Difference
from knowledge.errors import Problem


class Step(StrEnum):
    """What a reload is at."""

    WAITING = "waiting"
    READING = "reading"
    LEARNING = "learning"
    ASKING = "asking"
    TAKING = "taking"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A step that begins; where it is counted, `done` of `of`."""

    step: Step
    done: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to try: the archive of the new files, that of those in use if there is one, and where models are kept."""

    candidate: Path
    current: Path | None
    models: Path
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Right turns of all turns asked."""

    right: int
    of: int

    @property
    def accuracy(self) -> float:
        """The share that came right, 0 to 1."""
        return self.right / max(1, self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A question that came wrong: its text, what was expected and what came, as the topic, the kind or both."""

    text: str
    expected: str
    found: str
    must: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found out. With `problems` there is nothing else.

    `warnings` are those the version in use does not have. `before` is missing where that one could not be asked.
    `missed` are the questions that must come right and did not, then those that came right before and no longer do.
    """

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    difference: Difference | None = None
    before: Score | None = None
    after: Score | None = None
    missed: tuple[Missed, ...] = ()
