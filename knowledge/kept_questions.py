"""The questions beside a kept model, as they were read and checked: reading them from YAML takes most of a reload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from knowledge import kept_file
from knowledge.lessons import questions
from knowledge.load import load_files
from knowledge.model import KnowledgeBase
from knowledge.schema import ExpectIn, QuestionIn

_ALL = TypeAdapter(tuple[QuestionIn, ...])
_SUFFIX = ".questions.json"


def save(questions: Sequence[QuestionIn], directory: Path, name: str) -> None:
    """Keep the questions of the model `name`, and no longer those of models that are gone."""
    content = _ALL.dump_json(tuple(questions), exclude_defaults=True)
    if not kept_file.write(directory, name + _SUFFIX, lambda file: file.write(content)):
        return
    for path in directory.glob("*" + _SUFFIX):
        model = path.name.removesuffix(_SUFFIX)
        if model != name and not (directory / f"{model}.npz").exists():
            with suppress(OSError):
                path.unlink(missing_ok=True)


def read(directory: Path, name: str) -> tuple[QuestionIn, ...] | None:
    """The questions of the model `name`, or None where there are none that can be used."""
    try:
        return _ALL.validate_json((directory / (name + _SUFFIX)).read_bytes())
    except (OSError, ValidationError):
        return None


def of_files(data: Mapping[str, bytes], kb: KnowledgeBase, directory: Path | None, name: str) -> tuple[QuestionIn, ...]:
    """The questions of some files, from where they are kept beside the model `name` if that can be.

    Raises:
        KnowledgeError: with every problem found.
    """
    found = read(directory, name) if directory is not None else None
    if found is None or not fit(found, kb):
        found = tuple(questions(load_files(data)[1]))
        if directory is not None:
            save(found, directory, name)
    return found


def fit(questions: Iterable[QuestionIn], kb: KnowledgeBase) -> bool:
    """Whether all they expect is known; where not, `knowledge.checks` tells the lines."""
    for question in questions:
        expected = [turn.expect for turn in question.turns] + ([question.expect] if question.expect else [])
        if not all(_known(expect, kb) for expect in expected):
            return False
    return True


def _known(expect: ExpectIn, kb: KnowledgeBase) -> bool:
    return (
        (expect.topic is None or expect.topic in kb.topics)
        and (expect.place is None or expect.place in kb.municipalities)
        and all(entry in kb.entries for entry in expect.entries)
    )
