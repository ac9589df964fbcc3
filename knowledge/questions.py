"""Question files: what Sēlis has to get right."""

from __future__ import annotations

from collections.abc import Iterable
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
    questions: list[QuestionIn] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            model = validate(QuestionsFile, parse(str(path), path.read_bytes()))
        except OSError as error:
            problems.append(Problem(file=str(path), line=0, key="", message=f"cannot be read: {error.strerror}"))
        except KnowledgeError as error:
            problems.extend(error.problems)
        else:
            questions.extend(model.questions)
    if problems:
        raise KnowledgeError(problems)
    return questions
