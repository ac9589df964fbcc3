"""Figures from counters: what is counted of a reply, what admins read, and the picture."""

from __future__ import annotations

import struct
import sys
from datetime import date, timedelta

import pytest

from bot.chart import HEIGHT, WIDTH, chart
from bot.compose import MAX_TEXT
from bot.messages import Kind, Reply
from bot.phrasebook import Phrasebook
from bot.statistics import Figures, Row, counts_of, figures, text_of
from knowledge.model import Language
from tests.bot import little

LITTLE = little.build()
FIRST, LAST = date(2026, 10, 31), date(2026, 11, 29)
ROWS: list[Row] = [
    (FIRST, "outcome", "answer", 1200),
    (FIRST, "outcome", "no_answer", 300),
    (LAST, "outcome", "answer", 7),
    (LAST, "outcome", "smalltalk", 50),
    (LAST, "topic", "police", 5),
    (LAST, "topic", "gone", 2),
    (LAST, "place", "aa", 7),
    (LAST, "language", "ru", 3),
    (LAST, "feedback", "wrong", 2),
    (LAST, "sent", "telegram", 9),
    (LAST + timedelta(days=1), "outcome", "answer", 999),
]


def spoken(language: Language = Language.LV) -> Phrasebook:
    return Phrasebook(kb=LITTLE, language=language)


def shown() -> Figures:
    return figures(ROWS, FIRST, LAST)


def test_a_reply_counts_its_outcome_language_topic_and_place() -> None:
    reply = Reply(kind=Kind.ANSWER, text="…", topic="police", place="aa", language=Language.RU)
    assert set(counts_of(reply)) == {
        ("outcome", "answer"),
        ("language", "ru"),
        ("topic", "police"),
        ("place", "aa"),
    }
    assert counts_of(Reply(kind=Kind.COMMAND, text="…")) == ()
    assert set(counts_of(Reply(kind=Kind.NO_ANSWER, text="…"))) == {("outcome", "no_answer"), ("language", "lv")}


def test_figures_are_those_of_the_days_asked_for() -> None:
    found = shown()
    assert found.questions == 1507
    assert found.outcomes == (("answer", 1207), ("no_answer", 300))
    assert len(found.days) == 30
    assert found.days[0] == (FIRST, {"answer": 1200, "no_answer": 300})
    assert found.days[1] == (FIRST + timedelta(days=1), {})


def test_the_text_names_things_as_people_do() -> None:
    text = text_of(shown(), spoken())
    assert text.startswith("2026. gada 31. okt. – 29. nov.: 1507 jautājumi\n")
    for part in ("1\u00a0207  atbildēts (80 %)", "5  Policija", "2  gone", "7  Aa novads", "3  Русский", "29. nov."):
        assert part in text
    assert "31. okt.\n" not in text  # only the last week is told by days


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1 jautājums"), (2, "2 jautājumi"), (10, "10 jautājumu"), (21, "21 j")]
)
def test_numbers_agree_with_their_words(number: int, words: str) -> None:
    assert words in text_of(figures([(LAST, "outcome", "answer", number)], FIRST, LAST), spoken())


@pytest.mark.parametrize("language", Language)
def test_the_text_stays_short_in_every_language(language: Language) -> None:
    many: list[Row] = [(LAST, kind, f"{kind} {number}", 5) for kind in ("topic", "place") for number in range(100)]
    text = text_of(figures([*ROWS, *many], FIRST, LAST), spoken(language))
    assert len(text) < MAX_TEXT
    assert text_of(figures([], FIRST, LAST), spoken(language))


def test_numbers_stand_below_each_other() -> None:
    lines = text_of(shown(), spoken()).split("\n")
    start = lines.index("Kā atbildēts") + 1
    assert len({line.index("  ") for line in lines[start : start + 2]}) == 1


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("days", [1, 2, 30, 366])
def test_the_picture_is_a_png_of_its_size(language: Language, days: int) -> None:
    picture = chart(figures(ROWS, LAST - timedelta(days=days - 1), LAST), spoken(language))
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (WIDTH, HEIGHT)
    assert len(picture) < 200_000


def test_there_is_no_picture_of_nothing() -> None:
    assert chart(figures([], FIRST, LAST), spoken()) is None


def test_without_matplotlib_there_is_the_text_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name == "matplotlib" or name.startswith("matplotlib.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert chart(shown(), spoken()) is None
    assert text_of(shown(), spoken())
