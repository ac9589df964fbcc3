"""The one walk up a tree of topics, for files being built and for a finished snapshot."""

from __future__ import annotations

from collections.abc import Callable


def ancestors(topic: str, parent_of: Callable[[str], str | None]) -> tuple[str, ...]:
    """The topics a topic is a part of, the nearest first; ends where a parent comes round again."""
    found: list[str] = []
    above = parent_of(topic)
    while above is not None and above != topic and above not in found:
        found.append(above)
        above = parent_of(above)
    return tuple(found)
