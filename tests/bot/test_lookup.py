"""What is asked in passing: answers without a conversation."""

from __future__ import annotations

import pytest

from bot.lookup import MOST_FOUND, answers
from bot.messages import Kind
from bot.state import ConversationState
from knowledge.index import Index
from knowledge.model import Language

NOBODY = ConversationState()


def test_one_answer_to_what_is_clear(shipped: Index) -> None:
    (reply,) = answers("kur celt trauksmi Krāslavā?", NOBODY, shipped)
    assert (reply.kind, reply.choices) == (Kind.ANSWER, ())
    assert reply.text.endswith("privāti, ne grupā.")


def test_one_for_each_municipality_where_none_is_named(shipped: Index) -> None:
    found = answers("sociālais dienests", NOBODY, shipped)
    assert [reply.place for reply in found] == [municipality.id for municipality in shipped.kb.covered]


def test_a_home_is_used_and_a_named_place_comes_first(shipped: Index) -> None:
    home = shipped.kb.covered[-1].id
    living = ConversationState(home=home)
    assert [reply.place for reply in answers("sociālais dienests", living, shipped)] == [home]
    named = "sociālais dienests Viesītē"
    assert answers(named, living, shipped) == answers(named, NOBODY, shipped)


def test_what_is_missing_is_said_with_the_nearest(shipped: Index) -> None:
    (reply,) = answers("pašvaldības policija Augšdaugavā", NOBODY, shipped)
    assert reply.kind is Kind.UNAVAILABLE


@pytest.mark.parametrize("text", ["", " ", "paldies", "cik maksā autobuss uz Rīgu?", "x" * 5000, "/palidziba", "7"])
def test_nothing_is_said_aloud_where_there_is_no_answer(text: str, shipped: Index) -> None:
    assert answers(text, NOBODY, shipped) == ()


def test_the_word_for_asking_is_none_of_the_question(shipped: Index) -> None:
    asked = answers("/jautat sociālais dienests Viesītē", NOBODY, shipped)
    assert asked == answers("sociālais dienests Viesītē", NOBODY, shipped)


def test_the_language_is_that_of_the_question(shipped: Index) -> None:
    found = answers("социальная служба", NOBODY, shipped)
    assert {reply.language for reply in found} == {Language.RU}
    assert 1 < len(found) <= MOST_FOUND
