"""What can be wrong with a knowledge directory, in parts a program can show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_LONGEST = 400


class Severity(StrEnum):
    """An error keeps the directory from being used; a warning is shown to admins."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing to mend: where it stands and what to do. `line` counts from 1; 0 is the file as a whole."""

    file: str
    line: int
    key: str
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        key = f" {_shown(self.key)}:" if self.key else ""
        mark = " warning:" if self.severity is Severity.WARNING else ""
        return f"{_shown(self.file)}:{self.line}:{mark}{key} {_shown(self.message)}"


def _shown(text: str) -> str:
    """Fit for one line of a terminal: what a file holds may be long, or hold control characters."""
    short = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in short)


class KnowledgeError(Exception):
    """The directory cannot be used. `problems` holds every error found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))
