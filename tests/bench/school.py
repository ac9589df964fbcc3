"""What the baselines of whole.py learn from: cases, the reply each wants, and the school that teaches it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from bot.compose import compose
from bot.decide import decide
from bot.evaluate import is_right
from bot.messages import Kind, Reply
from bot.outcomes import Asks, Clarify
from bot.question import Question
from knowledge.lessons import questions
from knowledge.load import load_with_files
from knowledge.model import Field, KnowledgeBase, Language
from knowledge.schema import ExpectIn, QuestionIn
from knowledge.tables import Tables
from knowledge.text import normalise, words
from tests.bench import data
from tests.bench.baselines import Baseline

Verdict = tuple[bool, bool]
"""Whether a reply is right, whether it misleads."""
Judge = Callable[[Any, Reply], Verdict]
Replies = Callable[["Case"], Iterator[tuple[Reply, float]]]
"""The reply to each turn of a case and how sure it is, made one at a time."""
Lesson = tuple[str, str, Question]
"""The message before, a text, and the question whose reply is to be given, in the language of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, or a conversation of several: each text with what its judge wants to know."""

    language: Language
    turns: tuple[tuple[str, Any], ...]


def own_case(question: QuestionIn) -> Case:
    """A question of the project as a case."""
    turns = [(turn.text, turn.expect) for turn in question.turns]
    if question.text is not None and question.expect is not None:
        turns.append((question.text, question.expect))
    return Case(language=Language(question.language), turns=tuple(turns))


def own_judge(kb: KnowledgeBase) -> Judge:
    """The judge of the project's questions, that of `selis eval`."""

    def judge(expect: ExpectIn, reply: Reply) -> Verdict:
        shown = frozenset(reply.entries) | {other for entry in reply.entries for other in kb.entries[entry].see}
        right = is_right(expect, reply, shown)
        return right, not right and reply.kind is Kind.ANSWER

    return judge


def lessons(case: Case, kb: KnowledgeBase) -> Iterator[Lesson]:
    """Every turn of a question of the project; 20 of 14,768 want what cannot be composed, and teach nothing."""
    before = ""
    for text, expect in case.turns:
        question = wanted(expect, kb)
        if question is not None:
            yield before, text, replace(question, language=case.language)
        before = text


def label_of(question: Question, kb: KnowledgeBase) -> str:
    """What makes two replies the same, whatever the language."""
    reply = compose(decide(replace(question, language=Language.LV), kb), kb)
    subject = () if reply.kind is Kind.ANSWER else (reply.topic, reply.place)
    return data.SILENT if reply.kind is Kind.NO_ANSWER else repr((reply.kind, reply.text, reply.entries, *subject))


def wanted(expect: ExpectIn, kb: KnowledgeBase) -> Question | None:
    """The plainest question that gets what is expected: topic and place, with one thing more only where it must be."""
    covered = expect.place is not None and kb.municipalities[expect.place].covered
    plain = Question(
        topics=(expect.topic,) if expect.topic else (),
        places=(expect.place,) if expect.place and covered else (),
        outside=None if covered else expect.place,
        place_named=expect.place is not None,
    )
    tried = [plain, replace(plain, only_place=True), replace(plain, wants_all=True)]
    tried += [replace(plain, entry=entry) for entry in expect.entries]
    tried += [replace(plain, fields=(part,)) for part in Field]
    judge = own_judge(kb)
    return next((question for question in tried if judge(expect, compose(decide(question, kb), kb))[0]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """What baselines learn from: names and phrases as lessons, the project's questions as cases."""

    held: Tables
    phrases: Sequence[Lesson]
    cases: Sequence[Case]

    def teach(self, baseline: Baseline, cases: Iterable[Case], *, joined: bool) -> Replies:
        """A baseline taught by names, phrases and some cases. Its first label, for nothing found, is silence."""
        kb = self.held.kb
        every = [*self.phrases, *(lesson for case in cases for lesson in lessons(case, kb))]
        labelled = [(label_of(lesson[2], kb), *lesson) for lesson in every if joined or not lesson[0]]
        labels: dict[str, Question] = {data.SILENT: Question()}
        learned: list[tuple[str | list[str], str]] = []
        for label, before, text, question in sorted(labelled, key=lambda lesson: lesson[0] != data.SILENT):
            asked = self._prepared(f"{before} {text}", question.language, stemmed=baseline.stemmed)
            if asked:
                labels.setdefault(label, question)
                learned.append((asked, label))
        numbers = {label: str(number) for number, label in enumerate(labels)}
        rank = baseline.learn([asked for asked, _ in learned], [numbers[label] for _, label in learned])
        chosen = list(labels.values())

        def replies(case: Case) -> Iterator[tuple[Reply, float]]:
            before = ""
            for text, _ in case.turns:
                whole = f"{before} {text}" if joined else text
                label, score = rank(self._prepared(whole, case.language, stemmed=baseline.stemmed))
                yield compose(decide(replace(chosen[int(label)], language=case.language), kb), kb), score
                before = text

        return replies

    def _prepared(self, text: str, language: Language, *, stemmed: bool) -> str | list[str]:
        """A text as a baseline wants it: folded, or stemmed without small words as long as others remain."""
        found = words(normalise(text))
        if not stemmed:
            return " ".join(word.folded for word in found)
        telling = [word for word in found if not self.held.lexicon.is_stop(word, language)]
        return [self.held.lexicon.keys(word, language)[0] for word in telling or found]


def school(*, spread: bool) -> School:
    """The shipped knowledge, to learn from; `spread` teaches names with the municipalities, too."""
    held = data.load()
    kb = held.tables.kb
    phrases = [("", each.text, Question(topics=(each.topic,), language=each.language)) for each in held.phrases]
    cases = [own_case(question) for question in questions(load_with_files()[1])]
    return School(held=held.tables, phrases=[*phrases, *(placed(phrases, kb) if spread else ())], cases=cases)


def placed(phrases: Iterable[Lesson], kb: KnowledgeBase) -> Iterator[Lesson]:
    """Names that get a question back for the place, with the short and the full name of each covered municipality."""
    for _, text, question in phrases:
        outcome = decide(question, kb)
        if isinstance(outcome, Clarify) and outcome.asks is Asks.PLACE:
            for place in kb.covered:
                for name in dict.fromkeys((place.short, place.title.get(question.language))):
                    yield "", f"{text} {name}", replace(question, places=(place.id,), place_named=True)
