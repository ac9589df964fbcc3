"""Askers: who wrote a message, for the answer to name them."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.matrix.api import event_of
from adapters.matrix.client import Client
from adapters.matrix.errors import RefusedError
from adapters.matrix.recent import Recent

_MOST = 1_000
"""A letter goes out right after its question came; of one that waited longer the server is asked."""


@dataclass(slots=True, kw_only=True)
class Askers:
    """Remembers them for as long as the process lives; it is not kept, so after a restart the server is asked."""

    client: Client
    _known: Recent[str, str] = field(default_factory=lambda: Recent(_MOST), init=False)

    def note(self, event_id: str, person: str) -> None:
        """A person wrote a message."""
        self._known[event_id] = person

    async def of(self, room_id: str, event_id: str) -> str:
        """Who wrote a message; empty where nobody can tell.

        Raises:
            MatrixError: the server did not answer.
        """
        known = self._known.get(event_id)
        if known is None:
            try:
                found = await event_of(self.client, room_id, event_id)
            except RefusedError:
                return ""
            known = str(found.get("sender", ""))
            self.note(event_id, known)
        return known
