"""try_out(request) -> Verdict: whether a knowledge may take the place of the one in use, found out beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.difference import Difference, compare
from bot.evaluate import Report, Turn, evaluate
from bot.rules import bot_rules
from bot.sample import SAMPLE, THOROUGH, chosen
from bot.talk import Talk
from bot.verdict import Missed, Progress, Request, Score, Step, Verdict
from bot.versions import unpacked
from knowledge import compiled, index, tables
from knowledge.errors import KnowledgeError, Problem
from knowledge.files import question_files
from knowledge.index import Index
from knowledge.model import KnowledgeBase
from knowledge.prepare import Prepared, facts, prepare_files
from knowledge.questions import parse_questions
from knowledge.schema import QuestionIn

_SHOWN = 500
"""Problems and failed questions handed on, at most: nobody mends more before looking again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Old:
    """The version in use: what it knows, what it warned of, and its index where its model is still kept."""

    kb: KnowledgeBase
    warnings: tuple[Problem, ...]
    index: Index | None


def try_out(request: Request, tell: Callable[[Progress], None]) -> Verdict:
    """Check, compare and ask. Takes seconds, half a minute where a model has to be learned anew."""
    tell(Progress(step=Step.READING))
    data = unpacked(request.candidate)
    learned = False

    def before_training() -> None:
        nonlocal learned
        learned = True
        tell(Progress(step=Step.LEARNING))

    try:
        new = prepare_files(data, request.models, before_training, rules=bot_rules, all_files=True)
    except KnowledgeError as error:
        return Verdict(problems=error.problems[:_SHOWN])
    before = unpacked(request.current) if request.current is not None else {}
    old = _old(before, request.models) if before else None
    difference = _difference(old, new, before, data)
    both = [new.index.kb] if old is None else [old.kb, new.index.kb]
    asked = chosen(new.questions, difference, both, THOROUGH if learned else SAMPLE)
    return _judged(new, old, difference, asked, request, tell)


def _judged(
    new: Prepared,
    old: _Old | None,
    difference: Difference,
    asked: Sequence[QuestionIn],
    request: Request,
    tell: Callable[[Progress], None],
) -> Verdict:
    both = old is not None and old.index is not None
    of = len(asked) * (2 if both else 1)
    tell(Progress(step=Step.ASKING, done=0, of=of))
    after = _asked(new.index, asked, request.now)
    before = None
    if old is not None and old.index is not None:
        tell(Progress(step=Step.ASKING, done=len(asked), of=of))
        before = _asked(old.index, asked, request.now)
    return Verdict(
        warnings=_fresh(new.warnings, old.warnings if old is not None else ())[:_SHOWN],
        difference=difference,
        before=_score(before) if before is not None else None,
        after=_score(after),
        missed=_missed(after, before)[:_SHOWN],
    )


def _old(data: dict[str, bytes], models: Path) -> _Old | None:
    """The version in use; None where the program has moved on so that it no longer reads it."""
    try:
        loaded = facts(data, models)
    except KnowledgeError:
        return None
    learned = compiled.read(models, compiled.fingerprint(loaded.kb, question_files(data)))
    held = index.build(tables.build(loaded.kb), learned) if learned is not None else None
    return _Old(kb=loaded.kb, warnings=loaded.warnings, index=held)


def _difference(old: _Old | None, new: Prepared, before: dict[str, bytes], after: dict[str, bytes]) -> Difference:
    """Of the question files only those that are not the same are looked into."""
    if old is None:
        return Difference(old="", new=new.index.kb.version, changes=())
    asked_before = _questions({n: content for n, content in before.items() if after.get(n) != content})
    asked_now = _questions({n: content for n, content in after.items() if before.get(n) != content})
    return compare(old.kb, new.index.kb, asked_before, asked_now)


def _questions(data: dict[str, bytes]) -> list[QuestionIn]:
    try:
        return parse_questions(question_files(data))
    except KnowledgeError:
        return []


def _asked(held: Index, asked: Iterable[QuestionIn], now: datetime) -> Report:
    return evaluate([(Talk(index=held, clock=lambda: now), asked)])


def _score(report: Report) -> Score:
    return Score(right=sum(turn.right for turn in report.turns), of=len(report.turns))


def _fresh(now: Iterable[Problem], before: Iterable[Problem]) -> tuple[Problem, ...]:
    """The warnings that are new; the line may have moved."""
    known = {(problem.file, problem.key, problem.message) for problem in before}
    return tuple(problem for problem in now if (problem.file, problem.key, problem.message) not in known)


def _missed(after: Report, before: Report | None) -> tuple[Missed, ...]:
    turns = [(turn, before.turns[number].right if before else False) for number, turn in enumerate(after.turns)]
    wrong = [(turn, was_right) for turn, was_right in turns if not turn.right and (turn.must or was_right)]
    return tuple(_shown(turn) for turn, _ in sorted(wrong, key=lambda pair: not pair[0].must))


def _shown(turn: Turn) -> Missed:
    expected, found = turn.expect.topic or turn.expect.kind, turn.reply.topic or turn.reply.kind.value
    if expected == found:
        # The right topic with a wrong kind of reply: the topic alone would say that nothing is wrong.
        expected, found = f"{expected} ({turn.expect.kind})", f"{found} ({turn.reply.kind})"
    return Missed(text=turn.text, expected=expected, found=found, must=turn.must)
