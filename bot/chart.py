"""chart(figures) -> PNG: questions by day, stacked by outcome. Needs the extra `charts`; without it there is none."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.messages import Kind
from bot.phrasebook import Phrasebook
from bot.statistics import OUTCOMES, Figures, day_text, outcome_text, period_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 1000, 600
"""Pixels of the picture."""
_DPI = 100
_FONT = "DejaVu Sans"
"""Comes with matplotlib and has every Latvian and Cyrillic letter."""
# From Paul Tol's palettes, told apart by people who see colours otherwise.
_COLOURS = {Kind.ANSWER: "#4477AA", Kind.CLARIFY: "#CCBB44", Kind.UNAVAILABLE: "#BBBBBB", Kind.NO_ANSWER: "#EE6677"}
_INK, _FAINT, _PAPER = "#333333", "#DDDDDD", "#FFFFFF"
_MOST_DATES = 10


def chart(shown: Figures, say: Phrasebook) -> bytes | None:
    """The picture as PNG, or None where nothing was asked or matplotlib is not installed.

    It is imported here and not before: it costs 30 MB that most processes never need.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return None
    if not shown.questions:
        return None
    with rc_context({"font.family": _FONT, "font.size": 12, "text.color": _INK, "axes.labelcolor": _INK}):
        figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor=_PAPER)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.07, 0.16, 0.90, 0.66))
        _bars(axes, shown, say)
        _frame(axes, [day for day, _ in shown.days], say)
        _words(figure, axes, shown, say)
        picture = io.BytesIO()
        figure.savefig(picture, format="png")
    return picture.getvalue()


def _bars(axes: Axes, shown: Figures, say: Phrasebook) -> None:
    below = [0] * len(shown.days)
    for outcome in OUTCOMES:
        numbers = [outcomes.get(outcome, 0) for _, outcomes in shown.days]
        axes.bar(
            range(len(numbers)), numbers, bottom=below, width=0.8, color=_COLOURS[outcome], edgecolor=_PAPER,
            linewidth=0.5, label=outcome_text(outcome, say), zorder=2,
        )  # fmt: skip
        below = [lower + number for lower, number in zip(below, numbers, strict=True)]


def _frame(axes: Axes, days: Sequence[date], say: Phrasebook) -> None:
    """Few lines, whole numbers, and no more dates than fit beside each other; the last day always has one."""
    from matplotlib.ticker import MaxNLocator

    step = -(-len(days) // _MOST_DATES)
    ticks = list(range(len(days) - 1, -1, -step))[::-1]
    axes.set_xticks(ticks, [day_text(days[tick], say.language) for tick in ticks])
    axes.set_xlim(-0.6, max(len(days), 4) - 0.4)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axes.grid(axis="y", color=_FAINT, linewidth=0.8, zorder=0)
    axes.tick_params(length=0, colors=_INK)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_FAINT)


def _words(figure: Figure, axes: Axes, shown: Figures, say: Phrasebook) -> None:
    figure.text(0.03, 0.93, say("chart-title"), fontsize=18, fontweight="bold")
    figure.text(0.03, 0.875, period_text(shown.first, shown.last, say.language), fontsize=12, alpha=0.8)
    axes.set_ylabel("")
    figure.legend(
        *axes.get_legend_handles_labels(), loc="lower left", bbox_to_anchor=(0.02, 0.01), ncols=len(OUTCOMES),
        frameon=False, fontsize=12, handlelength=1.0, handleheight=1.0, columnspacing=2.0,
    )  # fmt: skip
