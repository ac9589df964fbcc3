"""A knowledge directory -> an Index, training the model only when the knowledge or the way it is read has changed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge import compiled, index, kept_facts, tables
from knowledge.errors import KnowledgeError, Problem
from knowledge.files import DATA, fact_files, question_files, read_directory, version_of
from knowledge.index import Index
from knowledge.learned import Learned
from knowledge.loaded import Loaded
from knowledge.model import KnowledgeBase
from knowledge.tables import Tables

if TYPE_CHECKING:
    from knowledge.schema import QuestionIn

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
        learned = _taught(held, asked)
        if kept is not None:
            compiled.save(learned, kept, name)
    return Prepared(index=index.build(held, learned), warnings=loaded.warnings, questions=asked)


def _learned(kept: Path | None, name: str) -> Learned | None:
    learned = compiled.read(kept, name) if kept is not None else None
    return learned or compiled.read(LEARNED, name)


def facts(data: Mapping[str, bytes], kept: Path | None = None) -> Loaded:
    """All but the questions, from where they are kept if that can be.

    Raises:
        KnowledgeError: with every problem found, those of the questions too.
    """
    version = version_of(data)
    of_facts = fact_files(data)
    name = kept_facts.named(of_facts)
    found = kept_facts.read(kept, name, version) if kept is not None else None
    found = found or kept_facts.read(LEARNED, name, version)
    if found is not None:
        return found
    loaded = _read(data, of_facts, version)
    if kept is not None:
        kept_facts.save(loaded, kept, name)
    return loaded


# What reads and checks YAML takes 6 MB, and a start that finds everything kept needs none of it: imported when needed.


def _read(data: Mapping[str, bytes], of_facts: Mapping[str, bytes], version: str) -> Loaded:
    from knowledge.load import load_files

    try:
        return load_files(of_facts, version)[0]
    except KnowledgeError:
        load_files(data, version)
        raise


def _asked(data: Mapping[str, bytes], kb: KnowledgeBase, kept: Path | None, name: str) -> tuple[QuestionIn, ...]:
    from knowledge import kept_questions

    return kept_questions.of_files(data, kb, kept, name)


def _taught(held: Tables, asked: Iterable[QuestionIn]) -> Learned:
    from knowledge.lessons import lessons

    return index.learn(held, (turn for question in asked for turn in lessons(question, held.kb)))
