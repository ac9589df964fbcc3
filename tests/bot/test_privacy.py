"""What may touch a person's own case goes on in private, and what is kept is told with how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.compose import MAX_TEXT, compose
from bot.decide import decide
from bot.messages import ConversationId, IncomingMessage
from bot.phrasebook import Phrasebook
from bot.question import Question
from bot.state import REMEMBERED_FOR
from bot.talk import Talk
from knowledge.index import Index
from knowledge.model import KnowledgeBase, Language

GROUP = ConversationId(network="telegram", chat="-100", person="5")
IN_PRIVATE = "Par savu gadījumu rakstiet man, lūdzu, privāti, ne grupā."


def asked(index: Index, text: str, *, private: bool) -> str:
    dialogue = Talk(index=index, clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC))
    message = IncomingMessage(conversation=GROUP, text=text, private=private, addressed=True)
    return dialogue.respond(message).text


@pytest.mark.parametrize(
    "text",
    [
        "kur celt trauksmi Krāslavā?",
        "kur celt trauksmi?",
        "kas ir trauksmes celšana?",
        "kā pasargā trauksmes cēlēju?",
        "gribu ziņot par korupciju darbā Krāslavā",
    ],
)
def test_whistle_blowing_in_a_group_comes_with_an_invitation_to_ask_in_private(shipped: Index, text: str) -> None:
    assert asked(shipped, text, private=False).endswith("\n" + IN_PRIVATE)
    assert IN_PRIVATE not in asked(shipped, text, private=True)


def test_in_a_group_the_public_page_is_given_all_the_same(shipped: Index) -> None:
    assert "https://www.kraslava.lv/lv/trauksmes-celsana" in asked(
        shipped, "kur celt trauksmi Krāslavā?", private=False
    )


@pytest.mark.parametrize(
    "text", ["sociālais dienests Dagdā", "paldies", "cik maksā autobuss?", "kas ir līdzdalības budžets?"]
)
def test_other_questions_in_a_group_are_answered_as_anywhere(shipped: Index, text: str) -> None:
    assert asked(shipped, text, private=False) == asked(shipped, text, private=True)


@pytest.mark.parametrize("language", Language)
def test_the_invitation_never_makes_a_reply_too_long(shipped_kb: KnowledgeBase, language: Language) -> None:
    private = [topic.id for topic in shipped_kb.topics.values() if topic.private]
    assert private
    invitation = Phrasebook(kb=shipped_kb, language=language)("in-private")
    for topic in private:
        for place in ((), *((m.id,) for m in shipped_kb.covered)):
            question = Question(topics=(topic,), places=place, place_named=bool(place), language=language)
            text = compose(decide(question, shipped_kb), shipped_kb, in_group=True).text
            assert len(text) <= MAX_TEXT
            assert text.endswith(invitation)


@pytest.mark.parametrize("language", Language)
def test_what_is_kept_is_told_with_how_long(shipped_kb: KnowledgeBase, language: Language) -> None:
    text = Phrasebook(kb=shipped_kb, language=language)("privacy", forget="/dzest")
    days = {Language.LV: "dien", Language.RU: "дн", Language.EN: "days"}[language]
    assert str(REMEMBERED_FOR // timedelta(hours=1)) in text
    for number in (3, 30, 180):
        assert f"{number} {days}" in text
    assert "/dzest" in text
    assert len(text) < MAX_TEXT
