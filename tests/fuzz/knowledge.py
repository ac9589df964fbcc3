"""Knowledge files: whatever their bytes, loading gives a snapshot or a KnowledgeError that says what to mend."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from tests.fuzz.choices import Choices, spread
from tests.fuzz.target import Target
from tests.knowledge.samples import SMALL, assert_snapshot_or_problems, encoded

FILES = sorted(SMALL)
TREES = {file: yaml.load(text, Loader=yaml.BaseLoader) for file, text in SMALL.items()}
CHANGED = 128
"""A first byte from here on chooses changes to a file; one below it names a file, and the rest is what stands in it."""
VALUES: tuple[Any, ...] = (
    "", " ", "x", "kraslava", "riga", "policija", "contact/kraslava/policija", "organisation/centrs", "lv", "ru",
    "8898", "instrument/budzets", "²", "2023-13-99", "0000", "{", "{x}", "{value}", "true", "-1", "1e999", "nan",
    "\x1b", "@", "\u202e", "ā" * 300, [], {}, [[]], [{}], {"lv": []}, {"lv": "x"}, {"x": "y"}, ["x", ["y"]], {"": ""},
    "a@b", "https://[::1",
)  # fmt: skip


def seeds() -> Iterator[bytes]:
    """Each file as it is, and with changes."""
    for number, file in enumerate(FILES):
        yield bytes([number]) + SMALL[file].encode()
    for choices in spread(40):
        yield bytes([CHANGED]) + choices


def load(data: bytes) -> None:
    """Load the small knowledge with one file put differently."""
    if not data:
        return
    if data[0] < CHANGED:
        file, content = FILES[data[0] % len(FILES)], data[1:]
    else:
        choices = Choices(data[1:])
        file = choices.one_of(FILES)
        content = yaml.safe_dump(choices.changed(TREES[file], VALUES), allow_unicode=True).encode()
    assert_snapshot_or_problems({**encoded(SMALL), file: content})


@contextmanager
def opened() -> Iterator[Target]:
    """The target; nothing has to be started for it."""
    yield load
