"""The knowledge in use: a message reads `current` once and is answered from that snapshot, whatever comes after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from knowledge.index import Index


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One version of the knowledge ready to be asked, and when it was taken into use (UTC)."""

    index: Index
    taken_at: datetime

    @property
    def version(self) -> str:
        """SHA-256 of the files, in hex."""
        return self.index.kb.version


class LiveKnowledge:
    """Holds the snapshot in use. Replacing it is one assignment, so nobody ever sees a mixture."""

    __slots__ = ("_current",)

    def __init__(self, snapshot: Snapshot) -> None:
        self._current = snapshot

    @property
    def current(self) -> Snapshot:
        """The snapshot in use now."""
        return self._current

    def swap(self, snapshot: Snapshot) -> Snapshot:
        """Put another snapshot in its place; returns the one before."""
        before, self._current = self._current, snapshot
        return before
