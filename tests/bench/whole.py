"""Whole replies, end to end: the shipped method against what can be installed, over questions kept apart.

    python tests/bench/whole.py QUESTIONS.jsonl --judge score.py               all
    python tests/bench/whole.py QUESTIONS.jsonl --judge score.py --only SVM    one baseline, by a part of its name

A line of QUESTIONS.jsonl is a case: `id`, `lang`, and `text` with `expect`, or `turns` of both. score.py has a function
`judge(expect, reply)`, which tells of a reply, in the form of `selis ask --jsonl`, whether it is right and whether it
misleads. A case is right when every turn of it is.

Shipped: `Dialogue` over `prepare()`, each case a conversation of its own. It tells the language by itself.

A baseline learns which reply to choose: from every name and phrase the one that asking just this gets, from every
question of the project the one expected there. Replies are one label when they say the same; those that are no answers
only if topic and place are the same as well. What a baseline then says is what Sēlis would say, composed from topic and
place, so that only choosing is compared. Places stay in its texts: nothing else tells it the municipality. It is told
the language, for its stems and its replies. A follow-up it gets either alone, with first turns to learn from, or joined
to the message before it, with follow-ups joined so to learn from too; whichever came out better for the first fold of
the project's questions, learned from the other four. Each baseline has two lines: one replies always, the other gives
no answer below the score that was best for right less misleading in that fold. Sēlis has its own thresholds, which were
chosen by the project's questions too. Milliseconds are those of the processor for a turn, from its text to the reply.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.compose import compose
from bot.decide import decide
from bot.dialogue import Dialogue
from bot.evaluate import is_right
from bot.messages import IncomingMessage, Kind, Reply
from bot.question import Question
from knowledge.load import load_with_files
from knowledge.model import Field, KnowledgeBase, Language
from knowledge.prepare import prepare, questions
from knowledge.schema import ExpectIn, QuestionIn
from knowledge.tables import Tables
from knowledge.text import normalise, words
from tests.bench import data
from tests.bench.baselines import BASELINES, Baseline, Found
from tests.bench.compare import SHIPPED

Verdict = tuple[bool, bool]
"""Whether a reply is right, whether it misleads."""
Judge = Callable[[Any, Reply], Verdict]
Replies = Callable[["Case"], Iterator[tuple[Reply, float]]]
"""The reply to each turn of a case and how sure it is, made one at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, or a conversation of several: each text with what its judge wants to know."""

    language: Language
    turns: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What came of one turn of a case: the verdict, and the verdict had there been no answer."""

    case: int
    score: float
    seconds: float
    verdict: Verdict
    silent: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All that one method said. What scores less than `least` counts as not answered."""

    name: str
    cases: Sequence[Case]
    said: Sequence[Said]
    least: float = float("-inf")

    def verdict(self, said: Said) -> Verdict:
        """The verdict on a turn in the end."""
        return said.verdict if said.score >= self.least else said.silent

    def right(self, of: Callable[[Case], bool] = lambda _: True) -> float:
        """The share of the cases of a kind of which every turn came right, 0 to 1."""
        chosen = {number for number, case in enumerate(self.cases) if of(case)}
        failed = {said.case for said in self.said if not self.verdict(said)[0]}
        return len(chosen - failed) / max(1, len(chosen))

    def misleading(self) -> float:
        """The share of the turns that mislead, 0 to 1."""
        return sum(self.verdict(said)[1] for said in self.said) / max(1, len(self.said))

    def best_least(self) -> float:
        """The score below which to give no answer, for most turns right less misleading."""
        worth: dict[float, int] = {float("inf"): 0}
        for said in sorted(self.said, key=lambda said: -said.score):
            (right, misleading), (quiet, _) = said.verdict, said.silent
            last = worth[next(reversed(worth))]
            worth[said.score] = worth.get(said.score, last) + right - misleading - quiet
        return max(worth, key=lambda score: worth[score])


def run(name: str, cases: Sequence[Case], replies: Replies, judge: Judge, kb: KnowledgeBase) -> Run:
    """Ask a method all cases."""
    print(name, file=sys.stderr)
    said: list[Said] = []
    for number, case in enumerate(cases):
        given = replies(case)
        silence = compose(decide(Question(language=case.language), kb), kb)
        for _, expect in case.turns:
            start = time.process_time()
            reply, score = next(given)
            seconds = time.process_time() - start
            verdict, silent = judge(expect, reply), judge(expect, silence)
            said.append(Said(case=number, score=score, seconds=seconds, verdict=verdict, silent=silent))
    return Run(name=name, cases=cases, said=said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A text and the message before it, with the question whose reply is to be given and the label of that reply."""

    text: str
    before: str = ""
    language: Language
    question: Question
    label: str
    silent: bool


def lesson(text: str, language: Language, question: Question, kb: KnowledgeBase, before: str = "") -> Lesson:
    """A lesson, labelled."""
    reply = compose(decide(question, kb), kb)
    subject = () if reply.kind is Kind.ANSWER else (reply.topic, reply.place)
    return Lesson(
        text=text,
        before=before,
        language=language,
        question=question,
        label=repr((reply.kind.value, reply.text, reply.entries, *subject)),
        silent=reply.kind is Kind.NO_ANSWER,
    )


def from_case(case: Case, kb: KnowledgeBase) -> Iterator[Lesson]:
    """Every turn of a question of the project; 20 of 14,768 want what cannot be composed, and teach nothing."""
    before = ""
    for text, expect in case.turns:
        question = wanted(expect, kb)
        if question is not None:
            yield lesson(text, case.language, question, kb, before)
        before = text


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


def own_judge(kb: KnowledgeBase) -> Judge:
    """The judge of the project's own questions, that of `selis eval`."""

    def judge(expect: ExpectIn, reply: Reply) -> Verdict:
        shown = frozenset(reply.entries) | {other for entry in reply.entries for other in kb.entries[entry].see}
        right = is_right(expect, reply, shown)
        return right, not right and reply.kind is Kind.ANSWER

    return judge


def own_case(question: QuestionIn) -> Case:
    """A question of the project as a case."""
    turns = [(turn.text, turn.expect) for turn in question.turns]
    if question.text is not None and question.expect is not None:
        turns.append((question.text, question.expect))
    return Case(language=Language(question.language), turns=tuple(turns))


def kept_apart(path: Path) -> list[Case]:
    """The cases of a file."""
    held = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Case(
            language=Language(case.get("lang", "lv")),
            turns=tuple((turn["text"], turn["expect"]) for turn in case.get("turns") or [case]),
        )
        for case in held
    ]


def judge_of(path: Path) -> Judge:
    """The `judge` of a Python file."""
    spec = importlib.util.spec_from_file_location("judge", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def judge(expect: Any, reply: Reply) -> Verdict:
        choices = [{"key": choice.key, "label": choice.label} for choice in reply.choices]
        printed = {"kind": reply.kind.value, "text": reply.text, "choices": choices, "entries": list(reply.entries)}
        right, misleading = module.judge(expect, printed)
        return bool(right), bool(misleading)

    return judge


def prepared(text: str, language: Language, held: Tables, *, stemmed: bool) -> str | list[str]:
    """A text as a baseline wants it: folded, or stemmed with small words left out as long as others remain."""
    found = words(normalise(text))
    if not stemmed:
        return " ".join(word.folded for word in found)
    telling = [word for word in found if not held.lexicon.is_stop(word, language)]
    return [held.lexicon.keys(word, language)[0] for word in telling or found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """A baseline that has learned. Its labels are the positions of `questions`."""

    rank: Callable[[Any], Found]
    questions: Sequence[Question]
    joined: bool
    stemmed: bool
    held: Tables

    def replies(self, case: Case) -> Iterator[tuple[Reply, float]]:
        """The reply to each turn of a case, and its score."""
        before = ""
        for text, _ in case.turns:
            asked = f"{before} {text}" if self.joined else text
            label, score = self.rank(prepared(asked, case.language, self.held, stemmed=self.stemmed))
            question = replace(self.questions[int(label)], language=case.language)
            yield compose(decide(question, self.held.kb), self.held.kb), score
            before = text


def teach(baseline: Baseline, lessons: Iterable[Lesson], held: Tables, *, joined: bool) -> Taught:
    """Teach a baseline. Where it finds nothing it gives its first label, so silence comes first."""
    labels: dict[str, tuple[str, Question]] = {}
    learned: list[tuple[str | list[str], str]] = []
    for each in sorted(lessons, key=lambda each: not each.silent):
        text = prepared(f"{each.before} {each.text}", each.language, held, stemmed=baseline.stemmed)
        if text and (joined or not each.before):
            label, _ = labels.setdefault(each.label, (str(len(labels)), each.question))
            learned.append((text, label))
    rank = baseline.learn([text for text, _ in learned], [label for _, label in learned])
    asked = [question for _, question in labels.values()]
    return Taught(rank=rank, questions=asked, joined=joined, stemmed=baseline.stemmed, held=held)


def asking(talk: Dialogue) -> Replies:
    """The shipped method, each case a conversation of its own."""
    numbers = iter(range(sys.maxsize))

    def replies(case: Case) -> Iterator[tuple[Reply, float]]:
        conversation = str(next(numbers))
        for text, _ in case.turns:
            reply = talk.respond(IncomingMessage(conversation=conversation, text=text))
            yield reply, reply.confidence

    return replies


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """What baselines learn from: the names and phrases, and the questions, as lessons; the questions as cases too."""

    held: Tables
    phrases: Sequence[Lesson]
    questions: Sequence[Case]

    def tried(self, baseline: Baseline, *, joined: bool) -> Run:
        """A baseline over the first fold, taught by the others."""
        kb = self.held.kb
        others = [case for number, case in enumerate(self.questions) if number % data.FOLDS]
        learned = self.taught(baseline, others, joined=joined)
        name = f"{baseline.name}, follow-ups {'joined' if joined else 'alone'}"
        return run(name, self.questions[:: data.FOLDS], learned.replies, own_judge(kb), kb)

    def taught(self, baseline: Baseline, cases: Iterable[Case], *, joined: bool) -> Taught:
        """A baseline taught by the names, the phrases and some of the questions."""
        lessons = [*self.phrases, *(each for case in cases for each in from_case(case, self.held.kb))]
        return teach(baseline, lessons, self.held, joined=joined)


def school() -> School:
    """The shipped knowledge as lessons."""
    held = data.load()
    kb = held.tables.kb
    phrases = [lesson(each.text, each.language, Question(topics=(each.topic,)), kb) for each in held.phrases]
    return School(
        held=held.tables, phrases=phrases, questions=[own_case(each) for each in questions(load_with_files()[1])]
    )


def run_baseline(baseline: Baseline, learning: School, cases: Sequence[Case], judge: Judge) -> Iterator[Run]:
    """A baseline replying always, and giving no answer where it is not sure."""
    tries = {joined: learning.tried(baseline, joined=joined) for joined in (False, True)}
    joined = max(tries, key=lambda joined: tries[joined].right())
    learned = learning.taught(baseline, learning.questions, joined=joined)
    always = run(tries[joined].name, cases, learned.replies, judge, learning.held.kb)
    yield always
    yield replace(always, name="… where sure", least=tries[joined].best_least())


def table(runs: Sequence[Run]) -> Iterator[str]:
    """The table for reading."""
    kinds: dict[str, Callable[[Case], bool]] = {
        language.value: lambda case, language=language: case.language is language  # type: ignore[misc]
        for language in Language
    }
    kinds["multi-turn"] = lambda case: len(case.turns) > 1
    counted = [f"{name} ({sum(map(of, runs[0].cases))})" for name, of in kinds.items()]
    yield f"{len(runs[0].cases)} cases, {len(runs[0].said)} turns"
    yield ""
    yield f"| method | right % | misleading % of turns | {' | '.join(counted)} | CPU ms a turn, median |"
    yield "| --- " * (len(kinds) + 4) + "|"
    for each in runs:
        shares = [each.right(), each.misleading(), *(each.right(of) for of in kinds.values())]
        middle = data.median([1000 * said.seconds for said in each.said])
        yield f"| {each.name} | {' | '.join(data.percent(share, 1) for share in shares)} | {middle:.2f} |"


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("questions", type=Path, help="the questions kept apart")
    parser.add_argument("--judge", type=Path, required=True, help="the file whose `judge` decides")
    parser.add_argument("--only", default="", metavar="NAME", help="of the baselines those with this in their names")
    given = parser.parse_args()
    cases, judge = kept_apart(given.questions), judge_of(given.judge)
    talk = Dialogue(index=prepare().index, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    runs = [run(SHIPPED, cases, asking(talk), judge, talk.index.kb)]
    learning = school()
    for baseline in BASELINES:
        if given.only in baseline.name:
            runs += run_baseline(baseline, learning, cases, judge)
    print("\n".join(table(runs)))


if __name__ == "__main__":
    main()
