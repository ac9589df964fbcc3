"""Askers: who wrote a message, for the answer to name them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from adapters.matrix.api import event_of
from adapters.matrix.client import Client
from adapters.matrix.errors import RefusedError

_MOST = 10_000


@dataclass(slots=True, kw_only=True)
class Askers:
    """Remembers them for as long as the process lives; it is not kept, so after a restart the server is asked."""

    client: Client
    _known: OrderedDict[str, str] = field(default_factory=OrderedDict, init=False)

    def note(self, event_id: str, person: str) -> None:
        """A person wrote a message."""
        self._known[event_id] = person
        while len(self._known) > _MOST:
            self._known.popitem(last=False)

    async def of(self, room_id: str, event_id: str) -> str:
        """Who wrote a message; empty where nobody can tell.

        Raises:
            MatrixError: the server did not answer.
        """
        if event_id not in self._known:
            try:
                found = await event_of(self.client, room_id, event_id)
            except RefusedError:
                return ""
            self.note(event_id, str(found.get("sender", "")))
        return self._known[event_id]
