"""Pictures of how sure the shipped method is, how right, and what it takes for what, from cross-validation.

    python tests/bench/curves.py [DIRECTORY]

Every question is asked of a model that has not learned from it (`bot.evaluate` over `knowledge.held_out`).
Writes risk-coverage.png and confusions.png to DIRECTORY (default build/pictures) and prints the numbers of the curve.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.evaluate import Report, Turn, evaluate
from bot.messages import Kind
from bot.talk import Talk
from knowledge.held_out import held_out
from tests.bench.data import need, percent

THRESHOLDS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
MOST_CONFUSED = 24

Point = tuple[float, float, float]
"""Coverage, threshold, risk: the share of turns answered, from which confidence, the share of those that are wrong."""


def asked() -> Report:
    """All questions, each asked of a model that has not learned from it."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return evaluate((Talk(index=index, clock=lambda: moment), questions) for index, questions in held_out())


def curve(turns: Sequence[Turn]) -> list[Point]:
    """Every point of the risk-coverage curve, the surest answers first; equal confidences are one point."""
    answers = sorted((turn for turn in turns if turn.reply.kind is Kind.ANSWER), key=lambda turn: -_sure(turn))
    points: list[Point] = []
    wrong = 0
    for count, turn in enumerate(answers, 1):
        wrong += not turn.right
        if count == len(answers) or _sure(answers[count]) != _sure(turn):
            points.append((count / len(turns), _sure(turn), wrong / count))
    return points


def _sure(turn: Turn) -> float:
    return turn.reply.confidence


def curve_lines(turns: Sequence[Turn]) -> Iterator[str]:
    """The curve at some thresholds, for reading."""
    yield "| answered from confidence | coverage % | risk % (wrong of the answered) | misleading % (wrong of all) |"
    yield "| --- | --- | --- | --- |"
    for threshold in THRESHOLDS:
        answers = [turn for turn in turns if turn.reply.kind is Kind.ANSWER and _sure(turn) >= threshold]
        wrong = sum(not turn.right for turn in answers)
        shares = (percent(len(answers), len(turns)), percent(wrong, len(answers)), percent(wrong, len(turns)))
        yield f"| {threshold:.2f} | " + " | ".join(shares) + " |"


def calibration_lines(turns: Sequence[Turn]) -> Iterator[str]:
    """How sure answers were and how many of them came right, by tenths of confidence."""
    yield "| confidence | answers | mean confidence % | right % |"
    yield "| --- | --- | --- | --- |"
    answers = [turn for turn in turns if turn.reply.kind is Kind.ANSWER]
    for tenth in range(10):
        held = [turn for turn in answers if min(9, int(10 * _sure(turn))) == tenth]
        if held:
            shares = percent(sum(map(_sure, held)), len(held)), percent(sum(t.right for t in held), len(held))
            yield f"| {tenth / 10:.1f}–{(tenth + 1) / 10:.1f} | {len(held)} | {shares[0]} | {shares[1]} |"


def draw_curve(points: Sequence[Point], file: Path) -> None:
    """Risk over coverage, with some thresholds named."""
    plot = _pyplot()
    figure, axes = plot.subplots(figsize=(7, 4.5))
    axes.plot([100 * coverage for coverage, _, _ in points], [100 * risk for _, _, risk in points])
    for threshold in THRESHOLDS:
        within = [point for point in points if point[1] >= threshold]
        if within:
            coverage, _, risk = within[-1]
            axes.plot(100 * coverage, 100 * risk, "o", color="black", markersize=3)
            axes.annotate(f"{threshold:.2f}", (100 * coverage, 100 * risk), xytext=(4, -10), textcoords="offset points")
    axes.set_xlabel("coverage: turns answered, % of all")
    axes.set_ylabel("risk: wrong, % of the answered")
    axes.set_ylim(bottom=0)
    axes.set_title("Risk and coverage, cross-validated; dots: answered from this confidence")
    _write(figure, file)


def draw_confusions(turns: Sequence[Turn], file: Path) -> None:
    """What was expected against what came, for the topics that went wrong most often; right ones are left out."""
    pairs = Counter((_expected(turn), _came(turn)) for turn in turns if not turn.right)
    rows = [name for name, _ in _sums(pairs, 0).most_common(MOST_CONFUSED)]
    columns = [name for name, _ in _sums(pairs, 1).most_common(MOST_CONFUSED)]
    plot = _pyplot()
    figure, axes = plot.subplots(figsize=(12, 10))
    picture = axes.imshow([[pairs[row, column] for column in columns] for row in rows], cmap="magma_r")
    axes.set_xticks(range(len(columns)), columns, rotation=70, ha="right")
    axes.set_yticks(range(len(rows)), rows)
    axes.set_xlabel("came")
    axes.set_ylabel("expected")
    axes.set_title("What is taken for what: wrong turns, cross-validated")
    figure.colorbar(picture, label="turns")
    _write(figure, file)


def _sums(pairs: Counter[tuple[str, str]], side: int) -> Counter[str]:
    sums: Counter[str] = Counter()
    for pair, count in pairs.items():
        sums[pair[side]] += count
    return sums


def _expected(turn: Turn) -> str:
    return (turn.expect.topic or turn.expect.kind).partition("#")[0]


def _came(turn: Turn) -> str:
    """The entry answered with; otherwise the outcome, since no facts were given."""
    if turn.reply.kind is Kind.ANSWER and turn.reply.topic:
        return turn.reply.topic.partition("#")[0]
    return f"({turn.reply.kind.value})"


def outcome_lines(turns: Sequence[Turn]) -> Iterator[str]:
    """How often each outcome was expected and which came, right or wrong."""
    kinds = [kind.value for kind in Kind]
    pairs: Counter[tuple[str, str]] = Counter((turn.expect.kind, turn.reply.kind.value) for turn in turns)
    came = [kind for kind in kinds if any(found == kind for _, found in pairs)]
    yield "| expected | " + " | ".join(f"→ {kind}" for kind in came) + " |"
    yield "| --- " * (len(came) + 1) + "|"
    for expected in kinds:
        if any(wanted == expected for wanted, _ in pairs):
            yield f"| {expected} | " + " | ".join(str(pairs[expected, kind]) for kind in came) + " |"


def _pyplot() -> Any:
    need("matplotlib").use("Agg")
    return need("matplotlib.pyplot")


def _write(figure: Any, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(file, dpi=120, metadata={"Software": None})


def main() -> None:
    """Ask, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path, nargs="?", default=Path("build/pictures"))
    directory = parser.parse_args().directory
    need("matplotlib")
    report = asked()
    turns = report.turns
    shares = percent(report.accuracy, 1).strip(), percent(report.misleading, 1).strip()
    print(f"{len(turns)} turns, right {shares[0]} %, misleading {shares[1]} %\n")
    for lines in (curve_lines(turns), calibration_lines(turns), outcome_lines(turns)):
        print("\n".join(lines) + "\n")
    draw_curve(curve(turns), directory / "risk-coverage.png")
    draw_confusions(turns, directory / "confusions.png")
    print(f"{directory / 'risk-coverage.png'} and {directory / 'confusions.png'} written")


if __name__ == "__main__":
    main()
