"""A knowledge directory -> an Index, training the model only when the knowledge or the way it is read has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge import compiled, index
from knowledge.build import Files
from knowledge.errors import Problem
from knowledge.index import Asked, Index
from knowledge.load import DATA, load_files, read_directory, version_of
from knowledge.model import KnowledgeBase, Language
from knowledge.schema import ExpectIn, QuestionsFile
from knowledge.train import train

_QUESTIONS = "questions/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An index ready to be asked, and what an admin should look at all the same."""

    index: Index
    warnings: tuple[Problem, ...]


def prepare(directory: Path = DATA, kept: Path | None = None) -> Prepared:
    """Load a knowledge directory and build its index; models are kept in `kept` if given.

    Raises:
        KnowledgeError: with every problem found.
    """
    data = read_directory(directory)
    version = version_of(data)
    name = compiled.fingerprint(version)
    model = compiled.read(kept, name) if kept is not None else None
    if model is not None:
        # The questions only train and test: with a model of this very version they were read and checked before.
        data = {name: content for name, content in data.items() if not name.startswith(_QUESTIONS)}
    loaded, files = load_files(data, version)
    if model is None:
        model = train(index.examples(loaded.kb, asked(files, loaded.kb)))
        if kept is not None:
            compiled.save(model, kept, name)
    return Prepared(index=index.build(loaded.kb, model), warnings=loaded.warnings)


def asked(files: Files, kb: KnowledgeBase) -> Iterator[Asked]:
    """The questions of the files that name their topic. A follow-up says too little by itself to learn from."""
    for file in files.all:
        if isinstance(file.model, QuestionsFile):
            for question in file.model.questions:
                first = question.turns[0] if question.turns else question
                if first.text is not None and first.expect is not None and _teaches(first.expect, kb):
                    yield first.expect.topic or "", Language(question.language), first.text


def _teaches(expect: ExpectIn, kb: KnowledgeBase) -> bool:
    return expect.topic in kb.topics
