"""What reading a message has to know about its room."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.matrix.owners import Powers


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """A room at the time of a message. Its id is opaque: nothing can be read in it.

    `direct` is what `m.direct` or the invite said, never how many people are there; `own_name` what Sēlis is called in
    this room, where that differs from its profile.
    """

    room_id: str
    direct: bool = False
    encrypted: bool = False
    own_name: str = ""
    powers: Powers = field(default_factory=Powers)
