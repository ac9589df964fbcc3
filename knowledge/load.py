"""YAML files -> KnowledgeBase, or a KnowledgeError that lists every problem with file, line and key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge import build, checks, nodes, schema
from knowledge.errors import KnowledgeError, Problem, Severity
from knowledge.files import DATA, read_directory, version_of
from knowledge.loaded import Loaded

AModel = TypeVar("AModel", bound=BaseModel)


@dataclass(slots=True)
class _Reader:
    """Reads files into models and collects what is wrong with them."""

    files: build.Files = field(default_factory=build.Files)
    problems: list[Problem] = field(default_factory=list)

    def read(self, name: str, data: bytes) -> None:
        try:
            document = nodes.parse(name, data)
        except KnowledgeError as error:
            self.problems.extend(error.problems)
            return
        kind = _kind(name)
        if kind is None:
            message = f"not a knowledge file: rename or remove it (the folder has {', '.join(_KINDS)})"
            self.problems.append(Problem(file=name, line=0, key="", message=message))
        else:
            try:
                self.files.add(build.File(name=name, model=validate(kind, document), document=document))
            except KnowledgeError as error:
                self.problems.extend(error.problems)


_KINDS: dict[str, type[BaseModel]] = {
    "places.yaml": schema.PlacesFile,
    "places/": schema.PlacesFile,
    "topics/": schema.TopicsFile,
    "contacts/": schema.EntriesFile,
    "organisations.yaml": schema.EntriesFile,
    "organisations/": schema.EntriesFile,
    "instruments.yaml": schema.EntriesFile,
    "instruments/": schema.EntriesFile,
    "media.yaml": schema.EntriesFile,
    "media/": schema.EntriesFile,
    "practice/": schema.EntriesFile,
    "words/": schema.WordsFile,
    "texts/": schema.TextsFile,
    "questions/": schema.QuestionsFile,
    "thresholds.yaml": schema.ThresholdsFile,
}


def _kind(name: str) -> type[BaseModel] | None:
    return _KINDS.get(name) or _KINDS.get(name.partition("/")[0] + "/")


def validate(kind: type[AModel], document: nodes.Document) -> AModel:
    """A parsed file as the model `kind`.

    Raises:
        KnowledgeError: with every value that does not fit.
    """
    problems: list[Problem] = []
    try:
        model = kind.model_validate(document.value)
    except ValidationError as error:
        problems = [_problem(document, detail) for detail in error.errors(include_url=False)]
    found = {problem.key for problem in problems}
    problems += (problem for problem in map(partial(_blank, document), document.blank) if problem.key not in found)
    if problems:
        raise KnowledgeError(problems)
    return model


def _blank(document: nodes.Document, path: nodes.Path) -> Problem:
    key = ".".join(str(part) for part in path)
    return Problem(file=document.file, line=document.line(path), key=key, message="empty: write it or remove it")


def fits(name: str, data: bytes) -> bool:
    """Whether a file of that name may hold this, as far as its own kind tells."""
    kind = _kind(name)
    try:
        return kind is not None and bool(validate(kind, nodes.parse(name, data)))
    except KnowledgeError:
        return False


_ADVICE = {
    "extra_forbidden": "unknown key: correct its spelling or remove it (docs/knowledge.md lists the keys)",
    "unexpected_keyword_argument": "unknown key: correct its spelling or remove it (docs/knowledge.md lists the keys)",
    "missing": "missing: add it",
    "missing_argument": "missing: add it",
    "string_type": "write a text here",
    "tuple_type": "write a list here (- one line each)",
    "dict_type": "write a mapping here (key: value)",
    "model_type": "write a mapping here (key: value)",
    "dataclass_type": "write a mapping here (key: value)",
    "string_pattern_mismatch": "use a-z, digits and hyphens without diacritics (a date: 2023 or 2023-05-11)",
    "string_too_short": "must not be empty",
    "string_too_long": "too long: shorten it",
    "too_short": "needs more values",
    "bool_parsing": "write true or false",
    "float_parsing": "write a number",
}


def _problem(document: nodes.Document, detail: Any) -> Problem:
    """A pydantic error as a line to mend."""
    path = tuple(part for part in detail["loc"] if part != "[key]")
    expected = detail.get("ctx", {}).get("expected")
    message = _ADVICE.get(detail["type"]) or (f"use one of {_plain(expected)}" if expected else None)
    if message is None:
        message = str(detail["msg"]).removeprefix("Value error, ")
    key = ".".join(str(part) for part in path)
    return Problem(file=document.file, line=document.line(path), key=key, message=message)


def _plain(expected: str) -> str:
    """<TopicKind.OFFICE: 'office'> as it is written in a file."""
    return re.sub(r"<\w+\.\w+: ('[^']*')>", r"\1", expected)


def load_files(data: Mapping[str, bytes], version: str | None = None) -> tuple[Loaded, build.Files]:
    """Build a snapshot from file contents by name; the files come along for checks that want to name lines.

    `version` is given where `data` is a part of what the version was made from.

    Raises:
        KnowledgeError: with every error; warnings are not among them.
    """
    reader = _Reader()
    for name in sorted(data):
        reader.read(name, data[name])
    kb = build.build(reader.files, version or version_of(data))
    found = checks.check(kb, reader.files, complete=not reader.problems)
    problems = _unique([*reader.problems, *found])
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise KnowledgeError(problem for problem in problems if problem.severity is Severity.ERROR)
    return Loaded(kb=kb, warnings=tuple(problems)), reader.files


def load_with_files(directory: Path = DATA) -> tuple[Loaded, build.Files]:
    """Load a knowledge directory and keep its files.

    Raises:
        KnowledgeError: with every problem found.
    """
    return load_files(read_directory(directory))


def load(directory: Path = DATA) -> Loaded:
    """Load a knowledge directory.

    Raises:
        KnowledgeError: with every problem found.
    """
    return load_with_files(directory)[0]


def _unique(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem, _ in groupby(sorted(problems))]
