"""Cross-validation: indexes with the questions that they have not learned from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from knowledge import index, tables
from knowledge.files import DATA
from knowledge.index import Index
from knowledge.lessons import lessons, questions
from knowledge.load import load_with_files
from knowledge.schema import QuestionIn


def held_out(directory: Path = DATA, folds: int = 5) -> Iterator[tuple[Index, list[QuestionIn]]]:
    """Indexes that never saw the questions they come with: every question of the directory is in one fold.

    Raises:
        KnowledgeError: with every problem found.
    """
    loaded, files = load_with_files(directory)
    held = tables.build(loaded.kb)
    every = questions(files)
    for fold in range(folds):
        taught = [
            asked
            for number, question in enumerate(every)
            if number % folds != fold
            for asked in lessons(question, loaded.kb)
        ]
        yield index.build(held, index.learn(held, taught)), every[fold::folds]
