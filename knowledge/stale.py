"""Facts grown old: still answered, but an admin is asked to look at them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from knowledge.errors import Problem, Severity
from knowledge.model import Entry, KnowledgeBase

if TYPE_CHECKING:
    from knowledge.build import Files

STALE_AFTER = timedelta(days=3 * 365)
"""A fact older than this is listed."""


def stale(kb: KnowledgeBase, files: Files, today: date, limit: timedelta = STALE_AFTER) -> Iterator[Problem]:
    """A warning for every entry whose fact is older than `limit` and was not checked since."""
    old = {entry.id for entry in stale_entries(kb, today, limit)}
    for located in files.entries():
        if located.id in old:
            message = f"the facts are of {kb.entries[located.id].as_of}: check them and write checked_on"
            yield located.file.problem_at((*located.path, "id"), message, key=located.id, severity=Severity.WARNING)


def stale_entries(kb: KnowledgeBase, today: date, limit: timedelta = STALE_AFTER) -> tuple[Entry, ...]:
    """The same entries where no line is wanted, the oldest first, else in the order of the files."""
    seen = {entry.id: _last_day(entry.checked_on or entry.as_of) for entry in kb.entries.values()}
    old = [(day, kb.entries[name]) for name, day in seen.items() if day is not None and today - day > limit]
    return tuple(entry for _, entry in sorted(old, key=lambda pair: pair[0]))


def _last_day(text: str) -> date | None:
    """The last day a date as precise as a year, a month or a day can mean."""
    parts = [int(part) for part in text.split("-") if part.isdigit()]
    if not parts:
        return None
    month = parts[1] if len(parts) > 1 else 12
    return date(parts[0], month, parts[2] if len(parts) > 2 else 28)
