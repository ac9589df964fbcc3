"""Whole replies, end to end: the shipped method against what can be installed, over questions kept apart.

    python tests/bench/whole.py QUESTIONS.jsonl --judge score.py               all
    python tests/bench/whole.py QUESTIONS.jsonl --judge score.py --only SVM    one baseline, by a part of its name
    python tests/bench/whole.py QUESTIONS.jsonl --judge score.py --spread      baselines helped with the places

A line of QUESTIONS.jsonl is a case: `id`, `lang`, and `text` with `expect`, or `turns` of both. score.py has a function
`judge(expect, reply)`, which tells of a reply, in the form of `selis ask --jsonl`, whether it is right and whether it
misleads. A case is right when every turn of it is.

Shipped: `Talk` over `prepare()`, each case a conversation of its own. It tells the language by itself.

A baseline learns which reply to choose: from every name and phrase the one that asking just this gets, from every
question of the project the one expected there. Answers that say the same are one label, other replies if topic and
place are the same as well, all silence is one. What it then says is what Sēlis would say, composed from the topic and
the place, so that only choosing is compared. Places stay in its texts: nothing else tells it the municipality. It is
told the language, for its stems and its replies. A follow-up it gets alone, having learned from first turns, or joined
to the message before it, having learned from follow-ups joined so too: whichever came out better on every tenth
question of the project, learned from the other nine. Each baseline has two lines: one replies always, the other gives
no answer below the score that was best there for right less misleading. Sēlis has its own thresholds, chosen by the
project's questions too. With --spread, baselines learn each name that gets a question back for the place a second time
with the name of each covered municipality, for the reply that gets. Milliseconds are those of the processor for a turn,
from its text to the reply.
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

from adapters.console import as_json
from bot.compose import compose
from bot.decide import decide
from bot.evaluate import is_right
from bot.messages import ConversationId, IncomingMessage, Kind, Reply
from bot.outcomes import Asks, Clarify
from bot.question import Question
from bot.talk import Talk
from knowledge.load import load_with_files
from knowledge.model import Field, KnowledgeBase, Language
from knowledge.prepare import prepare, questions
from knowledge.schema import ExpectIn, QuestionIn
from knowledge.tables import Tables
from knowledge.text import normalise, words
from tests.bench import data
from tests.bench.baselines import BASELINES, Baseline
from tests.bench.compare import SHIPPED

TENTH = 10

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

    def _verdict(self, said: Said) -> Verdict:
        return said.verdict if said.score >= self.least else said.silent

    def right(self, of: Callable[[Case], bool] = lambda _: True) -> float:
        """The share of the cases of a kind of which every turn came right, 0 to 1."""
        chosen = {number for number, case in enumerate(self.cases) if of(case)}
        failed = {said.case for said in self.said if not self._verdict(said)[0]}
        return len(chosen - failed) / max(1, len(chosen))

    def misleading(self) -> float:
        """The share of the turns that mislead, 0 to 1."""
        return sum(self._verdict(said)[1] for said in self.said) / max(1, len(self.said))

    def best_least(self) -> float:
        """The score below which to give no answer, for most turns right less misleading."""
        worth, so_far = {float("inf"): 0}, 0
        for said in sorted(self.said, key=lambda said: -said.score):
            so_far += said.verdict[0] - said.verdict[1] - said.silent[0]
            worth[said.score] = so_far
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
        right, misleading = module.judge(expect, as_json(reply))
        return bool(right), bool(misleading)

    return judge


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


def run_shipped(cases: Sequence[Case], judge: Judge) -> Run:
    """The shipped method."""
    talk = Talk(index=prepare().index, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    numbers = iter(range(sys.maxsize))

    def replies(case: Case) -> Iterator[tuple[Reply, float]]:
        conversation = str(next(numbers))
        for text, _ in case.turns:
            reply = talk.respond(IncomingMessage(conversation=ConversationId.of_terminal(conversation), text=text))
            yield reply, reply.confidence

    return run(SHIPPED, cases, replies, judge, talk.index.kb)


def run_baseline(baseline: Baseline, learning: School, cases: Sequence[Case], judge: Judge) -> list[Run]:
    """A baseline that replies always, and the same giving no answer where it is not sure."""
    kb, own = learning.held.kb, learning.cases
    tries: dict[bool, Run] = {}
    for joined in (False, True):
        replies = learning.teach(baseline, (c for n, c in enumerate(own) if n % TENTH), joined=joined)
        name = f"{baseline.name}, follow-ups {'joined' if joined else 'alone'}"
        tries[joined] = run(name, own[::TENTH], replies, own_judge(kb), kb)
    joined = max(tries, key=lambda joined: tries[joined].right())
    replies = learning.teach(baseline, own, joined=joined)
    always = run(tries[joined].name, cases, replies, judge, kb)
    return [always, replace(always, name="… where sure", least=tries[joined].best_least())]


def table(runs: Sequence[Run]) -> Iterator[str]:
    """The table for reading."""
    cases = runs[0].cases
    kinds = {str(name): [c for c in cases if c.language is name] for name in Language}
    kinds["multi-turn"] = [case for case in cases if len(case.turns) > 1]
    yield f"{len(cases)} cases, {len(runs[0].said)} turns"
    yield ""
    heads = [f"{name} ({len(of)})" for name, of in kinds.items()]
    yield f"| method | right % | misleading %, of turns | {' | '.join(heads)} | CPU ms a turn, median |"
    yield "| --- " * (len(kinds) + 4) + "|"
    for each in runs:
        shares = [each.right(), each.misleading(), *(each.right(of.__contains__) for of in kinds.values())]
        middle = data.median([1000 * said.seconds for said in each.said])
        yield f"| {each.name} | {' | '.join(data.percent(share, 1) for share in shares)} | {middle:.2f} |"


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("questions", type=Path, help="the questions kept apart")
    parser.add_argument("--judge", type=Path, required=True, help="the file whose `judge` decides")
    parser.add_argument("--only", default="", metavar="NAME", help="of the baselines those with this in their names")
    parser.add_argument("--spread", action="store_true", help="teach names with each covered municipality, too")
    given = parser.parse_args()
    cases, judge = kept_apart(given.questions), judge_of(given.judge)
    runs = [run_shipped(cases, judge)]
    learning = school(spread=given.spread)
    for baseline in BASELINES:
        if given.only in baseline.name:
            runs += run_baseline(baseline, learning, cases, judge)
    print("\n".join(table(runs)))


if __name__ == "__main__":
    main()
