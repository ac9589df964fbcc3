"""Trees of plain data, as YAML and JSON give them, with something in them put differently."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

Path = tuple[Any, ...]


def paths(of: Any, before: Path = ()) -> Iterator[Path]:
    """The way to everything in a tree, but to the tree itself."""
    inner = of.items() if isinstance(of, dict) else enumerate(of) if isinstance(of, list) else ()
    for key, value in inner:
        yield (*before, key)
        yield from paths(value, (*before, key))


def found(of: Any, path: Path) -> Any:
    """What stands at a path."""
    for key in path:
        of = of[key]
    return of


def with_other(of: Any, path: Path, value: Any) -> Any:
    """A tree with another value at a path."""
    made = copy.deepcopy(of)
    found(made, path[:-1])[path[-1]] = value
    return made


def without(of: Any, path: Path) -> Any:
    """A tree with what stands at a path left out."""
    made = copy.deepcopy(of)
    del found(made, path[:-1])[path[-1]]
    return made
