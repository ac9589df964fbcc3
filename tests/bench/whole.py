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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.console import as_json
from bot.compose import compose
from bot.decide import decide
from bot.messages import ConversationId, IncomingMessage, Reply
from bot.question import Question
from bot.talk import Talk
from knowledge.model import KnowledgeBase, Language
from knowledge.prepare import prepare
from tests.bench import data
from tests.bench.baselines import BASELINES, Baseline
from tests.bench.compare import SHIPPED
from tests.bench.school import Case, Judge, Replies, School, Verdict, own_judge, school

TENTH = 10


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
