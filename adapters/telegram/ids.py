"""Ids as Telegram has them: numbers, which are text with us and have to be numbers again when something is sent."""

from __future__ import annotations

from typing import Any


def id_of(held: Any) -> str:
    """An id as text.

    Raises:
        Exception: it is no number; the library takes anything for one.
    """
    return str(int(held))
