"""Figures about what was asked, from counters that name nobody, and the text admins read. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from babel.dates import format_interval, format_skeleton
from babel.numbers import format_decimal

from bot.feedback import verdict_text
from bot.messages import Kind, Reply
from bot.phrasebook import Phrasebook
from bot.plural import counted
from knowledge.model import Language

Row = tuple[date, str, str, int]
"""A counter: day, kind, label, how often."""

LOCALES = {Language.LV: "lv", Language.RU: "ru", Language.EN: "en_GB"}
SHOWN_DAYS = 7
"""Days named in the text; the picture shows all."""
SHOWN_LABELS = 8
_PAD = "\u2007"
"""A space as wide as a digit, so that numbers stand below each other where letters have different widths."""


class CountKind(StrEnum):
    """What is counted of a reply, and of a press under one."""

    OUTCOME = "outcome"
    TOPIC = "topic"
    PLACE = "place"
    LANGUAGE = "language"
    FEEDBACK = "feedback"


OUTCOMES = {
    Kind.ANSWER: "outcome-answer",
    Kind.CLARIFY: "outcome-clarify",
    Kind.UNAVAILABLE: "outcome-unavailable",
    Kind.NO_ANSWER: "outcome-no-answer",
}
"""What can come of a question, with what it is called; small talk and commands are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was asked from `first` to `last`, both included.

    `days` has every day with the number of each outcome; the others are labels with numbers, the largest first.
    """

    first: date
    last: date
    days: tuple[tuple[date, Mapping[str, int]], ...]
    outcomes: tuple[tuple[str, int], ...]
    topics: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]
    feedback: tuple[tuple[str, int], ...]

    @property
    def questions(self) -> int:
        """How many questions were asked."""
        return sum(number for _, number in self.outcomes)


def counts_of(reply: Reply) -> tuple[tuple[str, str], ...]:
    """Kind and label of each counter that goes up by one with a reply."""
    if reply.kind not in OUTCOMES:
        return ()
    labels = {
        CountKind.OUTCOME: reply.kind.value,
        CountKind.LANGUAGE: reply.language.value,
        CountKind.TOPIC: reply.topic,
        CountKind.PLACE: reply.place,
    }
    return tuple((kind.value, label) for kind, label in labels.items() if label)


def figures(rows: Iterable[Row], first: date, last: date) -> Figures:
    """The figures of counters; rows of other days and kinds are left out."""
    totals: defaultdict[str, Counter[str]] = defaultdict(Counter)
    by_day: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for day, kind, label, number in rows:
        if first <= day <= last:
            totals[kind][label] += number
            if kind == CountKind.OUTCOME and label in OUTCOMES:
                by_day[day][label] += number
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    asked = Counter({label: number for label, number in totals[CountKind.OUTCOME].items() if label in OUTCOMES})
    return Figures(
        first=first,
        last=last,
        days=tuple((day, dict(by_day[day])) for day in days),
        outcomes=_ordered(asked),
        topics=_ordered(totals[CountKind.TOPIC]),
        places=_ordered(totals[CountKind.PLACE]),
        languages=_ordered(totals[CountKind.LANGUAGE]),
        feedback=_ordered(totals[CountKind.FEEDBACK]),
    )


def _ordered(counter: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0])))


def text_of(shown: Figures, say: Phrasebook) -> str:
    """The figures as plain text, numbers before what they count."""
    period = period_text(shown.first, shown.last, say.language)
    if not shown.questions and not shown.feedback:
        return say("stats-none", period=period)
    questions = counted(say.forms("count-questions"), shown.questions, say.language)
    parts = [
        [say("stats-head", questions=questions, period=period)],
        _lines(say("stats-days"), _days(shown, say), say),
        _lines(say("stats-outcomes"), _outcomes(shown, say), say),
        _lines(say("stats-topics"), _topics(shown, say), say),
        _lines(say("stats-places"), _places(shown, say), say),
        _lines(
            say("stats-languages"), [(_language_text(label, say), number) for label, number in shown.languages], say
        ),
        _lines(say("stats-feedback"), [(verdict_text(label, say), number) for label, number in shown.feedback], say),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _lines(head: str, rows: Sequence[tuple[str, int]], say: Phrasebook) -> list[str]:
    """A heading with its rows, numbers set under each other."""
    numbers = [format_decimal(number, locale=LOCALES[say.language]) for _, number in rows]
    width = max(map(len, numbers), default=0)
    lines = [f"{number.rjust(width, _PAD)}  {label}" for number, (label, _) in zip(numbers, rows, strict=True)]
    return [head, *lines] if lines else []


def _days(shown: Figures, say: Phrasebook) -> list[tuple[str, int]]:
    latest = shown.days[-SHOWN_DAYS:] if shown.questions else ()
    return [(day_text(day, say.language), sum(outcomes.values())) for day, outcomes in latest]


def _outcomes(shown: Figures, say: Phrasebook) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for label, number in shown.outcomes:
        share = format_decimal(round(100 * number / shown.questions), locale=LOCALES[say.language])
        found.append((say("stats-share", what=outcome_text(label, say), share=share), number))
    return found


def _topics(shown: Figures, say: Phrasebook) -> list[tuple[str, int]]:
    """Topics by what they are called; one that is gone from the knowledge keeps its id."""
    named = [
        (say.heading(say.topic(label)) if label in say.kb.topics else label, number) for label, number in shown.topics
    ]
    return _most(named, say)


def _places(shown: Figures, say: Phrasebook) -> list[tuple[str, int]]:
    named = [(say.place(label) if label in say.kb.municipalities else label, number) for label, number in shown.places]
    return _most(named, say)


def _most(rows: Sequence[tuple[str, int]], say: Phrasebook) -> list[tuple[str, int]]:
    """The largest rows, and the rest as one."""
    rest = sum(number for _, number in rows[SHOWN_LABELS:])
    return [*rows[:SHOWN_LABELS], *([(say("stats-rest"), rest)] if rest else [])]


def outcome_text(outcome: str, say: Phrasebook) -> str:
    """What an outcome is called."""
    return say(OUTCOMES[Kind(outcome)])


def _language_text(language: str, say: Phrasebook) -> str:
    return Phrasebook(kb=say.kb, language=Language(language))("language-name")


def day_text(day: date, language: Language) -> str:
    """A day as people write it: "24. nov.", "24 нояб.", "24 Nov"."""
    return str(format_skeleton("MMMd", day, locale=LOCALES[language]))


def period_text(first: date, last: date, language: Language) -> str:
    """Two days with all between them: "2026. gada 31. okt. – 29. nov."."""
    return str(format_interval(first, last, "yMMMd", locale=LOCALES[language])).replace("\u2009", " ")
