"""A knowledge directory -> an Index, training the model only when the knowledge or the way it is read has changed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge import compiled, index, kept_facts, kept_questions, tables
from knowledge.build import Files
from knowledge.errors import KnowledgeError, Problem
from knowledge.index import Asked, Index
from knowledge.learned import Learned
from knowledge.load import DATA, Loaded, load_files, load_with_files, read_directory, version_of
from knowledge.model import KnowledgeBase, Language
from knowledge.schema import QuestionIn, QuestionsFile

_QUESTIONS = "questions/"
LEARNED = Path(__file__).parent / "learned"
"""Models learned when the program was packed (`Dockerfile`): its first start is as quick as any. None in a checkout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An index ready to be asked, and what an admin should look at all the same.

    `questions` are there where they were asked for, and where the model was trained anew.
    """

    index: Index
    warnings: tuple[Problem, ...]
    questions: tuple[QuestionIn, ...] = ()


Rules = Callable[[KnowledgeBase], Iterable[Problem]]
"""What more must hold of a knowledge than that its files fit together."""

Elsewhere = Callable[[Mapping[str, bytes], Path], None]
"""Learns the model of files and keeps it in a directory; whatever goes wrong there, it returns."""


def _no_rules(_: KnowledgeBase) -> Iterable[Problem]:
    return ()


def prepare(
    directory: Path = DATA, kept: Path | None = None, before_training: Callable[[], None] = lambda: None
) -> Prepared:
    """Load a knowledge directory and build its index; models are kept in `kept` if given.

    `before_training` is called when there is no kept model of this version, since training takes seconds.

    Raises:
        KnowledgeError: with every problem found.
    """
    return prepare_files(read_directory(directory), kept, before_training)


def prepare_files(
    data: Mapping[str, bytes],
    kept: Path | None = None,
    before_training: Callable[[], None] = lambda: None,
    *,
    rules: Rules = _no_rules,
    all_files: bool = False,
    elsewhere: Elsewhere | None = None,
) -> Prepared:
    """The same from the contents of the files by name. What breaks `rules` is found before a model is trained.

    With `all_files` the questions are read, checked and handed back even where a kept model makes them unnecessary.
    `elsewhere` learns the model where that costs this process no memory; where it did not, it is learned here.

    Raises:
        KnowledgeError: with every problem found.
    """
    with _nothing_collected():
        return _prepared(data, kept, before_training, rules, all_files=all_files, elsewhere=elsewhere)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Nearly all that is made here stays: looking through it for garbage takes a quarter of a large build.

    What stays is not looked through afterwards either: a full collection would hold one message up for 0.4 s.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


def _prepared(
    data: Mapping[str, bytes],
    kept: Path | None,
    before_training: Callable[[], None],
    rules: Rules,
    *,
    all_files: bool,
    elsewhere: Elsewhere | None,
) -> Prepared:
    loaded = facts(data, kept)
    broken = tuple(rules(loaded.kb))
    if broken:
        raise KnowledgeError(broken)
    name = compiled.fingerprint(loaded.kb, question_files(data))
    learned = _learned(kept, name)
    if learned is None:
        before_training()
        if elsewhere is not None and kept is not None and compiled.can_keep(kept):
            elsewhere(data, kept)
            learned = _learned(kept, name)
    # The questions only train and test: with a model learned from them they were read and checked before.
    asked = _asked(data, loaded.kb, kept, name) if learned is None or all_files else ()
    del data  # as much memory as the knowledge itself, and no longer needed
    held = tables.build(loaded.kb)
    if learned is None:
        learned = index.learn(held, (turn for question in asked for turn in lessons(question, loaded.kb)))
        if kept is not None:
            compiled.save(learned, kept, name)
    return Prepared(index=index.build(held, learned), warnings=loaded.warnings, questions=asked)


def _learned(kept: Path | None, name: str) -> Learned | None:
    learned = compiled.read(kept, name) if kept is not None else None
    return learned or compiled.read(LEARNED, name)


def question_files(data: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of the questions among all."""
    return {name: content for name, content in data.items() if name.startswith(_QUESTIONS)}


def facts(data: Mapping[str, bytes], kept: Path | None = None) -> Loaded:
    """All but the questions, from where they are kept if that can be.

    Raises:
        KnowledgeError: with every problem found, those of the questions too.
    """
    version = version_of(data)
    of_facts = {name: content for name, content in data.items() if not name.startswith(_QUESTIONS)}
    name = kept_facts.named(of_facts)
    found = kept_facts.read(kept, name, version) if kept is not None else None
    found = found or kept_facts.read(LEARNED, name, version)
    if found is not None:
        return found
    try:
        loaded = load_files(of_facts, version)[0]
    except KnowledgeError:
        load_files(data, version)
        raise
    if kept is not None:
        kept_facts.save(loaded, kept, name)
    return loaded


def _asked(data: Mapping[str, bytes], kb: KnowledgeBase, kept: Path | None, name: str) -> tuple[QuestionIn, ...]:
    """The questions, from where they are kept beside a model if that can be."""
    found = kept_questions.read(kept, name) if kept is not None else None
    if found is None or not kept_questions.fit(found, kb):
        found = tuple(questions(load_files(data)[1]))
        if kept is not None:
            kept_questions.save(found, kept, name)
    return found


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


def questions(files: Files) -> list[QuestionIn]:
    """The questions of the files, in order."""
    return [q for file in files.all if isinstance(file.model, QuestionsFile) for q in file.model.questions]


def lessons(question: QuestionIn, kb: KnowledgeBase) -> Iterator[Asked]:
    """What a question teaches: the topic it names, and each turn that follows the part it asks for.

    A follow-up says too little by itself to teach more.
    """
    first = question.turns[0] if question.turns else question
    if first.text is not None and first.expect is not None and first.expect.topic is not None:
        yield _asked_of(question, first.text, first.expect.topic)
    for turn in question.turns[1:]:
        if turn.expect.topic is not None and kb.whole(turn.expect.topic) != turn.expect.topic:
            yield replace(_asked_of(question, turn.text, turn.expect.topic), follows=True)


def _asked_of(question: QuestionIn, text: str, topic: str) -> Asked:
    careless = "typo" in question.style
    return Asked(topic=topic, language=Language(question.language), text=text, careless=careless)
