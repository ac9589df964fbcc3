"""Typing, as Matrix shows it: for as long as we say, whatever comes meanwhile."""

from __future__ import annotations

from contextlib import suppress

from adapters.matrix.answers import answered
from adapters.matrix.client import Client
from adapters.matrix.errors import MatrixError
from adapters.typing import Typing

_SHOWN_SECONDS = 15.0
_MARGIN_SECONDS = 3.0


def typing_by(client: Client) -> Typing:
    """Typing of an account; Matrix knows none in threads."""

    async def show(chat: str, _thread: str) -> None:
        with suppress(MatrixError):
            await answered(client.room_typing(chat, True, timeout=int(_SHOWN_SECONDS * 1000)))

    async def hide(chat: str, _thread: str) -> None:
        with suppress(MatrixError):
            await answered(client.room_typing(chat, False))

    return Typing(show, hide=hide, every=_SHOWN_SECONDS - _MARGIN_SECONDS)
