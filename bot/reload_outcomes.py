"""What came of changing the knowledge, as frozen data: `bot.admin_text` says it, the admin audit keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.verdict import Verdict
from knowledge.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The files cannot be used; nothing changed."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedByQuestions:
    """The files can be used, but the answers got worse; nothing changed. `limit` is the fall allowed, 0 to 1."""

    verdict: Verdict
    limit: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The version is the one in use."""

    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A dry run, or a proposal, that nothing speaks against."""

    verdict: Verdict
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The version is in use now. `forced` says that the questions spoke against it."""

    before: str
    version: str
    verdict: Verdict
    forced: bool
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Something else went wrong, such as a full disk; nothing changed. `reason` is for an operator."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoVersion:
    """There is no such version to go back to; `asked` is empty for the one before."""

    asked: str


class Why(StrEnum):
    """Why a file that was sent has no place."""

    UNKNOWN = "unknown"
    SEVERAL = "several"
    TOO_LARGE = "too-large"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPlaced:
    """A file that was sent replaces none of the knowledge; `names` are those it could be."""

    name: str
    why: Why
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoProposal:
    """There is nothing to apply: it was never sent, is too old, or another came after it."""


Outcome = Refused | RefusedByQuestions | Unchanged | Passed | Applied | Failed | NoVersion | NotPlaced | NoProposal
