"""What the questions of the knowledge teach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from knowledge.build import Files
from knowledge.index import Asked
from knowledge.model import KnowledgeBase, Language
from knowledge.schema import QuestionIn, QuestionsFile


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
