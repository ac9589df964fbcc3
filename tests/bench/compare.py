"""The shipped method against what can be installed: same wordings, same questions, same run.

    python tests/bench/compare.py            all five folds, a quarter of an hour
    python tests/bench/compare.py --folds 0  the first fold only

All learn from the names, the phrases and the questions of four folds, and are asked the first turns of the fifth. All
are judged on the entry (or office, or group) they find. A baseline gets its text prepared (folded or stemmed, by the
language that the question file names), with the covered places removed or left in, whichever served it better on the
first 300 questions; its time is that of ranking alone. The shipped method gets the raw message and tells the language
itself; its time is that of reading it and choosing. Times are those of the processor.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.choose import choose
from knowledge import index
from knowledge.index import Index
from knowledge.read import read
from tests.bench import data
from tests.bench.baselines import BASELINES, Baseline
from tests.bench.data import Knowledge, Wording

SHIPPED = "Sēlis"
TRIED = 300
"""How many questions tell whether a baseline is better off with the places removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question and what a method made of it. `answered` is None where a threshold has yet to decide."""

    question: Wording
    right: bool
    score: float
    seconds: float
    answers: bool
    answered: bool | None = None


@dataclass(slots=True, kw_only=True)
class Run:
    """All that one method was asked, and how long it learned."""

    name: str
    asked: list[Asked] = field(default_factory=list)
    training: list[float] = field(default_factory=list)

    def right(self, of: Callable[[Wording], bool] = lambda _: True) -> str:
        """The share that came right, of the questions of a kind, in per cent."""
        chosen = [asked.right for asked in self.asked if of(asked.question)]
        return data.percent(sum(chosen), len(chosen))

    def misleading(self, answered: int) -> str:
        """The share of all questions answered wrongly when the `answered` surest are answered, in per cent."""
        if any(asked.answered is not None for asked in self.asked):
            wrong = [asked for asked in self.asked if asked.answered and not asked.right]
        else:
            surest = sorted((asked for asked in self.asked if asked.answers), key=lambda asked: -asked.score)
            wrong = [asked for asked in surest[:answered] if not asked.right]
        return data.percent(len(wrong), len(self.asked))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """The shipped method, taught."""

    held: Knowledge
    index: Index

    def ask(self, question: Wording) -> Asked:
        """Ask a question as it was typed."""
        start = time.process_time()
        choice = choose(read(question.text, self.index).candidates, self.held.tables.kb)
        seconds = time.process_time() - start
        found = choice.topics[0] if choice.topics else None
        answers = found is not None and self.held.answers(found)
        return Asked(
            question=question,
            right=found is not None and self.held.label(found) == self.held.label(question.topic),
            score=choice.probability,
            seconds=seconds,
            answers=answers,
            answered=answers and len(choice.topics) == 1,
        )


def run_shipped(held: Knowledge, folds: Iterable[int]) -> Run:
    """The shipped method over some folds."""
    run = Run(name=SHIPPED)
    for fold in folds:
        print(f"{SHIPPED}: fold {fold}", file=sys.stderr)
        taught, asked = held.fold(fold)
        start = time.process_time()
        learned = index.learn(held.tables, (question.asked for question in taught))
        shipped = Shipped(held=held, index=index.build(held.tables, learned))
        run.training.append(time.process_time() - start)
        run.asked += [shipped.ask(question) for question in asked]
    return run


@dataclass(frozen=True, slots=True)
class Texts:
    """Every wording prepared as one kind of baseline wants it, prepared once."""

    held: Knowledge
    stemmed: bool
    places: bool
    _kept: dict[Wording, str | list[str]] = field(default_factory=dict)

    def __call__(self, wording: Wording) -> str | list[str]:
        if wording not in self._kept:
            prepare = data.stems if self.stemmed else data.folded
            self._kept[wording] = prepare(wording, self.held.tables, places=self.places)
        return self._kept[wording]


def run_baseline(baseline: Baseline, held: Knowledge, folds: Sequence[int], texts: Sequence[Texts]) -> Run:
    """A baseline over some folds, with places or without, as was better for its first questions."""
    tries = [_over(baseline, held, folds[:1], prepared, TRIED) for prepared in texts]
    best = max(range(len(tries)), key=lambda number: sum(asked.right for asked in tries[number].asked))
    run = _over(baseline, held, folds, texts[best])
    run.name = f"{baseline.name}, places {'kept' if texts[best].places else 'removed'}"
    return run


def _over(baseline: Baseline, held: Knowledge, folds: Iterable[int], texts: Texts, most: int | None = None) -> Run:
    run = Run(name=baseline.name)
    for fold in folds:
        print(f"{baseline.name}: fold {fold}", file=sys.stderr)
        taught, asked = held.fold(fold)
        wordings = [wording for wording in (*held.phrases, *taught) if texts(wording)]
        start = time.process_time()
        rank = baseline.learn([texts(w) for w in wordings], [w.topic.partition("#")[0] for w in wordings])
        run.training.append(time.process_time() - start)
        for question in asked[:most]:
            text = texts(question)
            start = time.process_time()
            topic, score = rank(text)
            seconds = time.process_time() - start
            right = held.label(topic) == held.label(question.topic)
            run.asked.append(
                Asked(question=question, right=right, score=score, seconds=seconds, answers=held.answers(topic))
            )
    return run


def _columns(runs: Sequence[Run]) -> Iterator[tuple[str, Callable[[Wording], bool]]]:
    questions = [asked.question for asked in runs[0].asked]
    for language in sorted({question.language for question in questions}):
        yield language.value, lambda question, language=language: question.language is language  # type: ignore[misc]
    for style in sorted({style for question in questions for style in question.style}):
        yield style, lambda question, style=style: style in question.style  # type: ignore[misc]


def table(runs: Sequence[Run]) -> Iterator[str]:
    """Two tables for reading; the runs in order, the shipped method first."""
    answered = sum(bool(asked.answered) for asked in runs[0].asked)
    every = len(runs[0].asked)
    share = data.percent(answered, every).strip()
    yield f"{every} questions; {SHIPPED} answers {share} %, of each baseline the surest as many are counted as answered"
    yield ""
    yield "| method | right % | misleading % | CPU ms a question, median | 99th | training, CPU s |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for run in runs:
        times = [1000 * asked.seconds for asked in run.asked]
        spent = f"{data.median(times):.2f} | {data.quantile(times, 0.99):.2f} | {data.median(run.training):.1f}"
        yield f"| {run.name} | {run.right()} | {run.misleading(answered)} | {spent} |"
    yield ""
    yield "| right %, of | questions | " + " | ".join(run.name for run in runs) + " |"
    yield "| --- " * (len(runs) + 2) + "|"
    for name, of in _columns(runs):
        count = sum(of(asked.question) for asked in runs[0].asked)
        yield f"| {name} | {count} | " + " | ".join(run.right(of) for run in runs) + " |"


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folds", type=int, nargs="+", default=list(range(data.FOLDS)), choices=range(data.FOLDS))
    folds = parser.parse_args().folds
    held = data.load()
    runs = [run_shipped(held, folds)]
    for stemmed in (False, True):
        texts = [Texts(held, stemmed, places) for places in (False, True)]
        runs += [run_baseline(b, held, folds, texts) for b in BASELINES if b.stemmed is stemmed]
    print("\n".join(table(runs)))


if __name__ == "__main__":
    main()
