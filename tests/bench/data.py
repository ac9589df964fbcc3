"""What the measurements share: the project's own wordings and questions, folds, and messages without their places."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge import tables
from knowledge.files import DATA
from knowledge.index import Asked
from knowledge.lessons import questions
from knowledge.load import load_with_files
from knowledge.message import Message, take_apart
from knowledge.model import Language, TopicKind
from knowledge.phrases import Keys
from knowledge.schema import QuestionIn
from knowledge.tables import Tables
from knowledge.text import Word, normalise, words

FOLDS = 5
SILENT = ""
"""The one label of all topics Sēlis stays out of: which of them was found makes no difference to the reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A text known to be about a topic. Names and phrases have no style."""

    topic: str
    language: Language
    text: str
    style: tuple[str, ...] = ()

    @property
    def asked(self) -> Asked:
        """The question as the trainer takes it."""
        return Asked(topic=self.topic, language=self.language, text=self.text, careless="typo" in self.style)


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """The shipped knowledge: its tables, its names and phrases, and its questions that name a topic, by position."""

    tables: Tables
    phrases: tuple[Wording, ...]
    questions: tuple[Wording | None, ...]

    def fold(self, fold: int) -> tuple[list[Wording], list[Wording]]:
        """The questions to learn from and those to be asked, split as `knowledge.held_out` does."""
        held = [(number % FOLDS == fold, question) for number, question in enumerate(self.questions) if question]
        return [q for apart, q in held if not apart], [q for apart, q in held if apart]

    def label(self, topic: str) -> str:
        """What a topic is judged by: the entry of an answer, the topic itself, or silence."""
        return SILENT if self.tables.kb.topics[topic].kind is TopicKind.OUTSIDE else topic.partition("#")[0]

    def answers(self, topic: str) -> bool:
        """Whether a reply about this topic gives facts; small talk and silence do not."""
        return self.tables.kb.topics[topic].kind not in {TopicKind.OUTSIDE, TopicKind.SMALLTALK}


def load(directory: Path = DATA) -> Knowledge:
    """The knowledge of a directory; the shipped one."""
    loaded, files = load_with_files(directory)
    phrases = [
        Wording(topic=topic.id, language=language, text=text)
        for topic in loaded.kb.topics.values()
        for wordings in (topic.names, topic.phrases)
        for language, text in wordings.items()
    ]
    return Knowledge(
        tables=tables.build(loaded.kb),
        phrases=tuple(phrases),
        questions=tuple(_first_turn(question) for question in questions(files)),
    )


def _first_turn(question: QuestionIn) -> Wording | None:
    first = question.turns[0] if question.turns else question
    if first.text is None or first.expect is None or first.expect.topic is None:
        return None
    language = Language(question.language)
    return Wording(topic=first.expect.topic, language=language, text=first.text, style=question.style)


def apart(text: str, language: Language, held: Tables) -> Message:
    """A message taken apart, nothing repaired."""
    normal = normalise(text)
    return take_apart(normal, words(normal), language, held, _every_word, _as_written)


def _every_word(_: Word) -> bool:
    return True


def _as_written(_: Sequence[Word], keys: Sequence[Keys]) -> Sequence[Keys]:
    return keys


def kept_positions(message: Message, held: Tables, *, places: bool) -> Iterator[int]:
    """Positions of the words of a message; with `places` unset, without those that name a covered municipality."""
    covered = [
        (mention.start, mention.end)
        for mention in message.places
        if not mention.region and any(held.kb.municipalities[m].covered for m in mention.municipalities)
    ]
    for position, word in enumerate(message.words):
        if places or not any(start <= word.start < end for start, end in covered):
            yield position


def folded(wording: Wording, held: Tables, *, places: bool) -> str:
    """The text of a wording without diacritics and SMS spelling, words separated by spaces."""
    message = apart(wording.text, wording.language, held)
    return " ".join(message.words[position].folded for position in kept_positions(message, held, places=places))


def stems(wording: Wording, held: Tables, *, places: bool) -> list[str]:
    """The stems of a wording, by the project's own stemmers, small words left out as long as others remain."""
    message = apart(wording.text, wording.language, held)
    kept = list(kept_positions(message, held, places=places))
    telling = [p for p in kept if not held.lexicon.is_stop(message.words[p], wording.language)]
    return [message.keys[position][0] for position in telling or kept]


def percent(part: float, whole: float) -> str:
    """A share for reading."""
    return f"{100 * part / whole:5.1f}" if whole else "    -"


def median(values: Sequence[float]) -> float:
    """The median, 0 of nothing."""
    return quantile(values, 0.5)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed, 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def need(module: str) -> Any:
    """A package that only measurements need.

    Imported by name, so that types are checked the same with and without it.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is missing: pip install --require-hashes -r requirements/bench.txt")
