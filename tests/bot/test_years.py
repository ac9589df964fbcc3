"""Where what is known of each year stands apart, no year is answered with what is known of another."""

from __future__ import annotations

import pytest

from bot.decide import decide
from bot.followup import complete
from bot.outcomes import Answer, Missing, Unavailable
from bot.question import Question
from bot.state import ConversationState
from knowledge.model import KnowledgeBase
from knowledge.text import words
from knowledge.years import years_in
from tests.bot import little
from tests.bot.sayings import AA, after, at, said

YEARS = """
source: {document: "003", section: Gadi}
as_of: 2025
practice:
- id: prize
  title: {lv: Balva}
  names: {lv: [balva]}
  about: {lv: Balvu dod katru gadu.}
  answers:
  - {id: a, year: 2023, phrases: {lv: [balva 2023]}, text: {lv: 2023. gadā bija 7.}}
  - {id: b, year: 2024, phrases: {lv: [balva 2024]}, text: {lv: 2024. gadā bija 9.}}
  - {id: who, phrases: {lv: [kas dod balvu]}, text: {lv: Dod pilsēta.}}
"""
PRIZE, FIRST, SECOND, WHO = "practice/prize", "practice/prize#a", "practice/prize#b", "practice/prize#who"


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return little.build({"practice/years.yaml": YEARS})


def test_the_year_that_is_named_goes_before_the_likeliest(kb: KnowledgeBase) -> None:
    question = complete(said((FIRST, 0.9), content=5, years=(2024,)), ConversationState(), kb)
    assert (question.topics, question.year) == ((SECOND,), None)


def test_a_name_with_a_year_means_what_is_told_of_it(kb: KnowledgeBase) -> None:
    reading = said(("police", 0.9), content=5, named=(PRIZE,), years=(2022, 2024))
    assert complete(reading, ConversationState(), kb).topics == (SECOND,)
    without = said(("police", 0.9), content=5, named=(PRIZE,), years=(2022,))
    assert complete(without, ConversationState(), kb).topics == ("police",)


@pytest.mark.parametrize("topic", [PRIZE, WHO])
def test_what_is_about_no_year_stays(kb: KnowledgeBase, topic: str) -> None:
    assert complete(said((topic, 0.9), content=5, years=(2024,)), ConversationState(), kb).topics == (topic,)


def test_of_several_years_named_the_one_understood_stays(kb: KnowledgeBase) -> None:
    question = complete(said((SECOND, 0.9), content=5, years=(2023, 2024)), ConversationState(), kb)
    assert (question.topics, question.year) == ((SECOND,), None)


def test_of_a_year_nothing_is_known_of_nothing_is_told(kb: KnowledgeBase) -> None:
    question = complete(said((FIRST, 0.9), content=5, years=(2031,)), ConversationState(), kb)
    assert question.year == 2031
    assert decide(question, kb) == Unavailable(question=question, missing=Missing.YEAR)


@pytest.mark.parametrize(("last", "says", "topic"), [(SECOND, -1, FIRST), (FIRST, 1, SECOND)])
def test_the_year_before_or_after_is_counted_from_the_one_spoken_of(
    kb: KnowledgeBase, last: str, says: int, topic: str
) -> None:
    question = complete(said(("weather", 0.9), content=2, next_year=says, named=("hello",)), after(last), kb)
    assert (question.topics, question.year) == ((topic,), None)
    assert isinstance(decide(question, kb), Answer)


def test_years_are_counted_on_from_one_nothing_is_known_of(kb: KnowledgeBase) -> None:
    beyond = complete(said(content=1, next_year=1), after(SECOND), kb)
    assert (beyond.topics, beyond.year) == ((SECOND,), 2025)
    back = complete(said(content=1, next_year=-1), ConversationState(last=beyond), kb)
    assert (back.topics, back.year) == ((SECOND,), None)


def test_what_is_asked_next_is_about_no_year(kb: KnowledgeBase) -> None:
    last = Question(topics=(FIRST,), year=2031)
    question = complete(said((WHO, 0.9), content=3), ConversationState(last=last), kb)
    assert (question.topics, question.year) == ((WHO,), None)


def test_a_year_alone_belongs_to_what_was_told_of_another(kb: KnowledgeBase) -> None:
    assert complete(said(content=1, years=(2023,)), after(SECOND), kb).topics == (FIRST,)


@pytest.mark.parametrize(
    "more",
    [
        {"content": 5, "next_year": -1},
        {"content": 1, "next_year": -1, "named": ("police",)},
        {"content": 1, "next_year": -1, "places": (at(AA),)},
        {"content": 1},
    ],
)
def test_what_names_something_else_or_no_year_is_left_alone(kb: KnowledgeBase, more: dict[str, object]) -> None:
    question = complete(said(("police", 0.9), **more), after(SECOND), kb)  # type: ignore[arg-type]
    assert (question.topics, question.year) == (("police",), None)


def test_a_year_is_nothing_to_count_from_after_something_else(kb: KnowledgeBase) -> None:
    question = complete(said(("police", 0.9), content=1, next_year=-1, years=(2023,)), after(WHO), kb)
    assert (question.topics, question.year) == (("police",), None)


def test_another_year_of_the_same_question_is_asked_without_its_mark(kb: KnowledgeBase) -> None:
    last = Question(topics=(FIRST,), year=2031)
    assert complete(said(content=1, years=(2024,)), ConversationState(last=last), kb) == Question(topics=(SECOND,))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cik 2024", (2024,)),
        ("2024. gadā un 2023.gadā", (2024, 2023)),
        ("2024g", (2024,)),
        ("в 2024г.", (2024,)),
        ("65202412 un 20245", ()),
        ("1985 2100 gadi", ()),
    ],
)
def test_years_are_told_from_other_numbers(text: str, found: tuple[int, ...]) -> None:
    assert years_in(words(text)) == found
