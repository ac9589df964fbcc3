"""Run questions with known outcomes through the dialogue and count what came right, by style, language and topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.messages import ConversationId, IncomingMessage, Kind, Reply
from bot.talk import Talk
from knowledge.model import KnowledgeBase
from knowledge.text import fold

if TYPE_CHECKING:
    from knowledge.schema import ExpectIn, QuestionIn

_QUIET = {Kind.NO_ANSWER, Kind.SMALLTALK, Kind.HELP, Kind.UNAVAILABLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message, what was expected, what came, and the verdict."""

    text: str
    expect: ExpectIn
    reply: Reply
    right: bool
    misleading: bool
    language: str
    style: tuple[str, ...]
    must: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All turns of a run."""

    turns: tuple[Turn, ...]

    @property
    def accuracy(self) -> float:
        """The share of turns that came right, 0 to 1."""
        return sum(turn.right for turn in self.turns) / max(1, len(self.turns))

    @property
    def misleading(self) -> float:
        """The share of turns answered, and wrongly."""
        return sum(turn.misleading for turn in self.turns) / max(1, len(self.turns))

    def by(self, group: Callable[[Turn], Iterable[str]]) -> dict[str, tuple[int, int]]:
        """Right turns and all turns for each name that `group` gives a turn, in alphabetical order."""
        right: Counter[str] = Counter()
        every: Counter[str] = Counter()
        for turn in self.turns:
            for name in group(turn):
                every[name] += 1
                right[name] += turn.right
        return {name: (right[name], every[name]) for name in sorted(every)}

    def confusions(self) -> list[tuple[str, str, int]]:
        """Expected topic, topic found, how often; most frequent first."""
        pairs = Counter(
            (turn.expect.topic or turn.expect.kind, turn.reply.topic or turn.reply.kind.value)
            for turn in self.turns
            if not turn.right
        )
        return [(expected, found, count) for (expected, found), count in pairs.most_common()]


def evaluate(asked: Iterable[tuple[Talk, Iterable[QuestionIn]]]) -> Report:
    """Ask every question in a conversation of its own, each of the dialogue it comes with."""
    return Report(turns=tuple(turn for dialogue, questions in asked for turn in _turns(questions, dialogue)))


def _turns(questions: Iterable[QuestionIn], dialogue: Talk) -> Iterator[Turn]:
    for number, question in enumerate(questions):
        held = [(turn.text, turn.expect) for turn in question.turns]
        if question.text is not None and question.expect is not None:
            held.append((question.text, question.expect))
        for text, expect in held:
            reply = dialogue.respond(
                IncomingMessage(conversation=ConversationId.of_terminal(f"question {number}"), text=text)
            )
            yield _judged(question, text, expect, reply, _shown(reply, dialogue.index.kb))


def _shown(reply: Reply, kb: KnowledgeBase) -> frozenset[str]:
    """The entries of a reply and those whose contacts come along with them."""
    return frozenset(reply.entries) | {other for entry in reply.entries for other in kb.entries[entry].see}


def _judged(question: QuestionIn, text: str, expect: ExpectIn, reply: Reply, shown: frozenset[str]) -> Turn:
    right = is_right(expect, reply, shown)
    return Turn(
        text=text,
        expect=expect,
        reply=reply,
        right=right,
        misleading=not right and reply.kind is Kind.ANSWER,
        language=question.language,
        style=question.style,
        must=question.must,
    )


def is_right(expect: ExpectIn, reply: Reply, shown: frozenset[str]) -> bool:
    """Whether a reply, in which the entries `shown` stand, is what was expected."""
    if not _facts(expect, reply):
        return False
    if expect.kind == "answer":
        return reply.kind is Kind.ANSWER and _place(expect, reply) and _entries(expect, reply, shown)
    if expect.kind == "clarify":
        return reply.kind is Kind.CLARIFY
    if expect.kind == "unavailable":
        return reply.kind is Kind.UNAVAILABLE and _place(expect, reply)
    if expect.kind == "smalltalk":
        return reply.kind in {Kind.SMALLTALK, Kind.HELP} or (reply.kind is Kind.CLARIFY and reply.topic == expect.topic)
    return reply.kind in _QUIET and not reply.entries


def _place(expect: ExpectIn, reply: Reply) -> bool:
    return expect.place is None or reply.place in {None, expect.place}


def _entries(expect: ExpectIn, reply: Reply, shown: frozenset[str]) -> bool:
    if expect.entries:
        return not shown.isdisjoint(expect.entries)
    if expect.topic is None or reply.topic is None:
        return True
    return expect.topic.partition("#")[0] == reply.topic.partition("#")[0]


def _facts(expect: ExpectIn, reply: Reply) -> bool:
    text = _plain(reply.text)
    return (
        all(_plain(fact) in text for fact in expect.all)
        and (not expect.any or any(_plain(fact) in text for fact in expect.any))
        and not any(_plain(fact) in text for fact in expect.none)
    )


def _plain(text: str) -> str:
    return "".join(fold(text.lower()).split())
