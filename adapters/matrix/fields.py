"""Fields of JSON that anybody may have written: what is not of the kind it should be is as if it were not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_NOTHING: Mapping[str, Any] = {}


def mapping(value: object) -> Mapping[str, Any]:
    """An object; empty for anything else."""
    return value if isinstance(value, Mapping) else _NOTHING


def sequence(value: object) -> Sequence[Any]:
    """A list; empty for anything else."""
    return value if isinstance(value, list | tuple) else ()


def text(value: object) -> str:
    """A text, with a mark in the place of halves of letters, which no database and no hash takes."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def name(value: object) -> str:
    """An id; empty where it is no text or holds what cannot be written. Ids are never mended: they would be others."""
    return value if isinstance(value, str) and text(value) == value else ""


def whole(value: object) -> int | None:
    """A whole number. Old rooms hold some as texts and as fractions; what is larger than JSON allows is none."""
    if isinstance(value, bool):
        return None
    try:
        number = int(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None
    return number if number is not None and abs(number) < 2**53 else None
