"""Facts grown old: still answered, but an admin is asked to look at them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from knowledge.build import Files
from knowledge.checks import problem_at
from knowledge.errors import Problem, Severity
from knowledge.model import KnowledgeBase

STALE_AFTER = timedelta(days=3 * 365)
"""A fact older than this is listed."""


def stale(kb: KnowledgeBase, files: Files, today: date, limit: timedelta = STALE_AFTER) -> Iterator[Problem]:
    """A warning for every entry whose fact is older than `limit` and was not checked since."""
    for located in files.entries():
        entry = kb.entries[located.id]
        seen = _last_day(entry.checked_on or entry.as_of)
        if seen is not None and today - seen > limit:
            message = f"the facts are of {entry.as_of}: check them and write checked_on"
            yield problem_at(located.file, (*located.path, "id"), message, key=located.id, severity=Severity.WARNING)


def _last_day(text: str) -> date | None:
    """The last day a date as precise as a year, a month or a day can mean."""
    parts = [int(part) for part in text.split("-") if part.isdigit()]
    if not parts:
        return None
    month = parts[1] if len(parts) > 1 else 12
    return date(parts[0], month, parts[2] if len(parts) > 2 else 28)
