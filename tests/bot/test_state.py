"""What is remembered, for how long, and what small talk leaves alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.outcomes import Answer, Asks, Clarify, NotUnderstood, SmallTalk
from bot.question import Question
from bot.state import REMEMBERED_FOR, ConversationState, advance
from knowledge.model import Language

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ASKED = Question(topics=("police",), places=("aa",), language=Language.RU)


def test_an_answer_is_remembered_and_ends_the_choices() -> None:
    before = ConversationState(options=(ASKED,))
    after = advance(before, Answer(question=ASKED, entries=("contact/aa/police",)), NOON, home=None)
    assert (after.last, after.options, after.language, after.at) == (ASKED, (), Language.RU, NOON)


def test_a_question_back_is_remembered_with_its_choices() -> None:
    after = advance(ConversationState(), Clarify(question=ASKED, asks=Asks.PLACE, options=(ASKED,)), NOON, home=None)
    assert after.options == (ASKED,)


def test_small_talk_and_silence_in_between_forget_nothing() -> None:
    before = ConversationState(last=ASKED, home="aa")
    for outcome in (SmallTalk(question=Question(), say="paldies"), NotUnderstood(question=Question())):
        after = advance(before, outcome, NOON, home=None)
        assert (after.last, after.home) == (ASKED, "aa")


def test_a_home_once_said_stays_until_another_is_said() -> None:
    after = advance(ConversationState(home="aa"), NotUnderstood(question=Question()), NOON, home="bb")
    assert after.home == "bb"


def test_after_a_while_only_home_and_language_are_left() -> None:
    state = ConversationState(home="aa", language=Language.RU, last=ASKED, options=(ASKED,), at=NOON)
    assert state.fresh(NOON + REMEMBERED_FOR) == state
    later = state.fresh(NOON + REMEMBERED_FOR + timedelta(seconds=1))
    assert later == ConversationState(home="aa", language=Language.RU)
