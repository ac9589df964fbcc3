"""Problems and evaluation results as lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.evaluate import Report, Turn
from knowledge.errors import Problem

_MOST_CONFUSIONS = 20


def problem_as_json(problem: Problem) -> dict[str, Any]:
    """A problem in parts."""
    return {
        "file": problem.file, "line": problem.line, "key": problem.key, "message": problem.message,
        "severity": problem.severity.value,
    }  # fmt: skip


def _groups(report: Report) -> dict[str, dict[str, tuple[int, int]]]:
    return {
        "language": report.by(lambda turn: [turn.language]),
        "style": report.by(lambda turn: turn.style),
        "outcome": report.by(lambda turn: [turn.expect.kind]),
        "topic": report.by(lambda turn: [turn.expect.topic or "-"]),
    }


def report_as_json(report: Report) -> dict[str, Any]:
    """Totals, groups and confusions."""
    return {
        "turns": len(report.turns),
        "accuracy": round(report.accuracy, 4),
        "misleading": round(report.misleading, 4),
        "by": {
            group: {name: {"right": right, "of": every} for name, (right, every) in rows.items()}
            for group, rows in _groups(report).items()
        },
        "confusions": [{"expected": e, "found": f, "times": n} for e, f, n in report.confusions()],
    }


def report_lines(report: Report, *, failures: bool = False) -> Iterator[str]:
    """The report for reading."""
    if failures:
        for turn in report.turns:
            if not turn.right:
                yield from _failure(turn)
    for group, rows in _groups(report).items():
        yield f"by {group}"
        for name, (right, every) in rows.items():
            yield f"  {name:60} {right:5}/{every:<5} {100 * right / every:6.1f} %"
    yield "most confused"
    for expected, found, count in report.confusions()[:_MOST_CONFUSIONS]:
        yield f"  {count:3}  {expected} -> {found}"
    yield f"{len(report.turns)} turns, right {100 * report.accuracy:.1f} %, misleading {100 * report.misleading:.1f} %"


def _failure(turn: Turn) -> Iterator[str]:
    yield f"WRONG [{turn.expect.kind} -> {turn.reply.kind.value}] {turn.text!r}"
    yield f"      wanted {turn.expect.topic} {turn.expect.place or ''} {' '.join(turn.expect.entries)}"
    found = f"{turn.reply.topic} {turn.reply.place or ''} {' '.join(turn.reply.entries)}"
    yield f"      found  {found} ({turn.reply.confidence})"
