"""YAML text as plain lists, dictionaries and strings, with the line of every value.

Every scalar stays text: the schema gives types, so that 8898 and +371 65622907 need no quotes and `no` is no boolean.
Anchors, aliases and tags are refused: knowledge is data written by hand, and aliases can be made to explode.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from knowledge.errors import KnowledgeError, Problem

Value = str | list["Value"] | dict[str, "Value"]
Path = tuple[str | int, ...]

MAX_BYTES = 4_000_000
MAX_DEPTH = 12

# What is not seen: marks that turn the direction of writing (so that a number reads backwards), letters of no width,
# control characters (a terminal would obey them).
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file: its value, the line (from 1) of every value in it, and where nothing was written.

    `lines` are in the order of the file: a value stands before what is in it. Few are ever asked for, so which path has
    which is found out then.
    """

    file: str
    value: Value
    lines: Sequence[int]
    blank: tuple[Path, ...] = ()
    _found: dict[Path, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def line(self, path: Path) -> int:
        """The line of the value at `path`, or of the nearest thing around it."""
        if not self._found:
            self._found.update(zip(_paths(self.value, ()), self.lines, strict=False))
        while path and path not in self._found:
            path = path[:-1]
        return self._found.get(path, 1)


def _paths(value: Value, path: Path) -> Iterator[Path]:
    """The path of a value and of all in it, in the order of the file."""
    yield path
    if not isinstance(value, str):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _paths(inner, (*path, key))


@dataclass(slots=True)
class _Open:
    """A collection being read: its value, and the key that waits for a value (mappings)."""

    value: list[Value] | dict[str, Value]
    path: Path
    key: str | None = None


@dataclass(slots=True)
class _Builder:
    file: str
    lines: array[int] = field(default_factory=lambda: array("I"))
    stack: list[_Open] = field(default_factory=list)
    root: Value | None = None
    problems: list[Problem] = field(default_factory=list)
    blank: list[Path] = field(default_factory=list)

    def complain(self, event: yaml.Event, message: str, *path: str) -> None:
        line = _line(event)
        whole = (*(self.stack[-1].path if self.stack else ()), *path)
        key = ".".join(str(part) for part in whole)
        self.problems.append(Problem(file=self.file, line=line, key=key, message=message))

    def feed(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            self.complain(event, "write the value out: aliases (*name) are not used here")
            self.place("", event)
            return
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            self.complain(event, "remove the anchor (&name)")
        if isinstance(event, yaml.ScalarEvent):
            self.scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self.open(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()

    def scalar(self, event: yaml.ScalarEvent) -> None:
        if event.tag is not None:
            self.complain(event, "remove the tag (!name)")
        # Most texts are all printable, which is told much faster.
        unseen = None if event.value.isprintable() else _UNSEEN.search(event.value)
        if unseen is not None:
            self.complain(event, f"type the text anew: it holds the unseen character U+{ord(unseen[0]):04X}")
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            if event.value in top.value:
                self.complain(event, "the key stands twice: keep one", event.value)
            top.key = event.value
        else:
            step = self.place(event.value, event)
            if not event.value.strip():
                self.blank.append(self._path(step))

    def open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if event.tag is not None:
            self.complain(event, "remove the tag (!name)")
        value: list[Value] | dict[str, Value] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._path(self.place(value, event))
        self.stack.append(_Open(value=value, path=path))
        if len(self.stack) > MAX_DEPTH:
            self.complain(event, f"nested more than {MAX_DEPTH} deep: check the indentation and brackets")
            raise KnowledgeError(self.problems)

    def place(self, value: Value, event: yaml.Event) -> str | int | None:
        """Put a value where it belongs; its key or number there, None for the whole."""
        self.lines.append(_line(event))
        if self.stack:
            return self._attach(self.stack[-1], value, event)
        self.root = value
        return None

    def _path(self, step: str | int | None) -> Path:
        return () if step is None else (*self.stack[-1].path, step)

    def _attach(self, top: _Open, value: Value, event: yaml.Event) -> str | int:
        if isinstance(top.value, list):
            top.value.append(value)
            return len(top.value) - 1
        if top.key is None:
            self.complain(event, "a key must be a plain word")
            top.key = "?"
            return "?"
        key, top.key = top.key, None
        top.value[key] = value
        return key


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _events(data: bytes) -> Iterator[yaml.Event]:
    return iter(yaml.parse(data.decode("utf-8-sig"), Loader=_Loader))


def parse(file: str, data: bytes) -> Document:
    """Read one YAML file.

    Raises:
        KnowledgeError: with the line and what to do, whatever the bytes are.
    """
    builder = _Builder(file=file)
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data)} bytes, more than {MAX_BYTES}: split it"
        raise KnowledgeError([Problem(file=file, line=0, key="", message=message)])
    documents = 0
    try:
        for event in _events(data):
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                builder.complain(event, "a file holds one document: remove the second ---")
                break
            builder.feed(event)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        builder.problems.append(Problem(file=file, line=line, key="", message="save the file as UTF-8"))
    except yaml.YAMLError as error:
        builder.problems.append(_syntax_problem(file, data, error))
    if builder.problems:
        raise KnowledgeError(builder.problems)
    value = builder.root if builder.root is not None else {}
    return Document(file=file, value=value, lines=builder.lines, blank=tuple(builder.blank))


def _syntax_problem(file: str, data: bytes, error: yaml.YAMLError) -> Problem:
    """A syntax error in the words of somebody who wants to mend it."""
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    position = getattr(error, "position", None)
    line = mark.line + 1 if mark else data[:position].count(b"\n") + 1 if isinstance(position, int) else 1
    return Problem(file=file, line=line, key="", message=f"not valid YAML ({what}): check quotes, tabs and indentation")
