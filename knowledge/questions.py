"""Question files: what Sēlis has to get right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from knowledge.errors import KnowledgeError, Problem
from knowledge.load import validate
from knowledge.nodes import parse
from knowledge.schema import QuestionIn, QuestionsFile


def read_questions(paths: Iterable[Path]) -> list[QuestionIn]:
    """The questions of some files, in order.

    Raises:
        KnowledgeError: with every problem of every file.
    """
    read: list[tuple[str, bytes]] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            read.append((str(path), path.read_bytes()))
        except OSError as error:
            problems.append(Problem(file=str(path), line=0, key="", message=f"cannot be read: {error.strerror}"))
    return _parsed(read, problems)


def parse_questions(data: Mapping[str, bytes]) -> list[QuestionIn]:
    """The questions of some files by name, in order.

    Raises:
        KnowledgeError: with every problem of every file.
    """
    return _parsed(data.items(), [])


def _parsed(files: Iterable[tuple[str, bytes]], problems: list[Problem]) -> list[QuestionIn]:
    """The questions, unless there are problems: those there were before, or new ones."""
    found: list[QuestionIn] = []
    for name, content in files:
        try:
            found.extend(validate(QuestionsFile, parse(name, content)).questions)
        except KnowledgeError as error:
            problems = [*problems, *error.problems]
    if problems:
        raise KnowledgeError(problems)
    return found
