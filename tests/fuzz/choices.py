"""What a fuzzer's bytes choose: the same bytes the same things, so that what was found can be found again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.trees import found, paths, with_other, without

One = TypeVar("One")
DEEP: Any = []
for _ in range(50):
    DEEP = [DEEP]
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1 << 31, 1 << 63, 1 << 70, 0.5, -0.0, 1e308, float("inf"), float("nan"), "", " ", "x",
    "\x00", "\ud800", "\u202e", "²", "٣", "ß", "İ", "🙋🏽", "a" * 300, "ā" * 5000, "/novads", "/novads@selis_bot",
    "@selis_bot", "2023-13-99", "https://[::1", "geo:91,0", "1e999", "+371 65622907", [], {}, [[]], [{}], {"": ""},
    {"lv": []}, DEEP,
)  # fmt: skip
"""What stands where nobody expects it."""


@dataclass(slots=True)
class Choices:
    """Takes two bytes for each choice, and the first of what is offered when there are none left."""

    data: bytes

    def number(self, below: int) -> int:
        """A number from 0."""
        taken, self.data = self.data[:2], self.data[2:]
        return int.from_bytes(taken, "little") % below

    def one_of(self, offered: Sequence[One]) -> One:
        return offered[self.number(len(offered))]

    def changed(self, tree: Any, values: Sequence[Any] = VALUES) -> Any:
        """A tree with up to four things put differently: a strange value, another part of the tree, or nothing."""
        for _ in range(1 + self.number(4)):
            ways = list(paths(tree))
            if not ways:
                return self.one_of(values)
            path, deed = self.one_of(ways), self.number(5)
            if deed == 0:
                tree = without(tree, path)
            elif deed == 1:
                tree = with_other(tree, path, found(tree, self.one_of(ways)))
            elif deed == 2:
                tree = with_other(tree, path, [found(tree, path)] * (1 + self.number(3)))
            else:
                tree = with_other(tree, path, self.one_of(values))
        return tree


def spread(count: int) -> list[bytes]:
    """Bytes that make different choices, the same every time."""
    return [bytes((7 * number + 31 * place * place) % 256 for place in range(24)) for number in range(count)]
