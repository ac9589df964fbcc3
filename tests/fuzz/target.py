"""What a fuzzer feeds: a function of bytes that raises where something is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from tests.fuzz.choices import Choices, spread

Target = Callable[[bytes], None]


def as_json(data: bytes, trees: Sequence[Any]) -> Any:
    """JSON of bytes: written out where they begin with a bracket, and otherwise one of the trees, changed.

    Raises:
        ValueError: they are none.
    """
    if data[:1] in {b"{", b"["}:
        try:
            return json.loads(data)
        except RecursionError as error:
            raise ValueError("too deep") from error
    choices = Choices(data)
    return choices.changed(choices.one_of(trees))


def json_seeds(trees: Sequence[Any]) -> list[bytes]:
    """The trees as they are, and choices of changes."""
    return [json.dumps(tree, ensure_ascii=False).encode() for tree in trees] + spread(60)
