"""How a question back reads: every choice with its number, and what it would be answered with, which saves a turn."""

from __future__ import annotations

from collections.abc import Iterator

from bot.entry_text import brief, reach, source_line, values
from bot.messages import Choice, Kind
from bot.outcomes import Answer, Asks, Clarify
from bot.phrasebook import Phrasebook
from bot.question import Question, to_key
from bot.wording import Wording
from knowledge.model import TopicKind

MAX_CHOICES = 6
_FEW = 3
"""An option that stands for more entries than this is named only."""


def clarified(outcome: Clarify, say: Phrasebook) -> Wording:
    """The words of a question back."""
    question = outcome.question
    shown = dict(outcome.shown)
    choices: list[Choice] = []
    lines: list[str] = []
    told: dict[str, None] = {}
    for at, option in enumerate(outcome.options[:MAX_CHOICES]):
        answer = shown.get(at)
        answer = answer if answer is not None and len(answer.entries) <= _FEW else None
        choice = _choice(option, answer, outcome.asks, say)
        choices.append(choice)
        lines += _block(f"{at + 1}. {choice.label}", answer, outcome.asks, say)
        told.update(dict.fromkeys(answer.entries if answer is not None else ()))
    sources = dict.fromkeys(source_line(say.kb.entries[entry], say) for entry in told)
    return Wording(
        kind=Kind.CLARIFY,
        text="\n".join([_head(question, outcome.asks, say), *(lines if told else ()), *sources]),
        choices=tuple(choices),
        entries=tuple(told),
    )


def topic_choice(option: Question, say: Phrasebook) -> Choice:
    """A topic to choose."""
    label = say.heading(say.topic(option.topic or ""))
    if option.place and say.kb.topics[option.topic or ""].kind in {TopicKind.OFFICE, TopicKind.GROUP}:
        label = f"{label}, {say.place(option.place)}"
    return Choice(key=to_key(option), label=label)


def _head(question: Question, asks: Asks, say: Phrasebook) -> str:
    if asks is Asks.PLACE:
        return say("ask-place", topic=say.heading(say.topic(question.topic or "")))
    if asks is Asks.ENTRY:
        return say("ask-entry", place=say.place(question.place or ""), topic=say.topic(question.topic or ""))
    return say("ask-topic")


def _choice(option: Question, answer: Answer | None, asks: Asks, say: Phrasebook) -> Choice:
    if asks is Asks.PLACE:
        return Choice(key=to_key(option), label=say.place(option.place or ""))
    if asks is Asks.ENTRY:
        return Choice(key=to_key(option), label=say.entry_label(option.entry or ""))
    choice = topic_choice(option, say)
    if answer is None or len(answer.entries) > 1 or say.kb.topics[option.topic or ""].kind is TopicKind.ANSWER:
        return choice
    return Choice(key=choice.key, label=say.entry_title(answer.entries[0]))


def _block(head: str, answer: Answer | None, asks: Asks, say: Phrasebook) -> Iterator[str]:
    """A choice with its number, and below or beside it what it would be answered with."""
    if answer is None:
        yield head
        return
    entries = [say.kb.entries[entry] for entry in answer.entries]
    if asks is Asks.TOPIC and len(entries) == 1:
        lines = brief(entries[0], answer.question, say)
        yield from (head, *lines, *reach(entries[0], lines, answer.question, say))
        return
    if asks is not Asks.TOPIC and len(entries) == 1 and answer.instead_of is None:
        told = ", ".join(values(entries[0], answer.question))
        yield f"{head}: {told}" if told else head
        return
    yield head
    for entry in entries:
        yield f"• {entry.title.get(say.language)}: {', '.join(values(entry, answer.question))}"
