"""Contacts for the address book."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.cards import is_card, offered
from bot.messages import ConversationId, IncomingMessage, Kind, Reply
from bot.question import MAX_KEY_BYTES
from bot.talk import Talk
from knowledge.index import Index
from knowledge.model import Language

HERE = ConversationId.of_terminal("cards")


@pytest.fixture
def talk(shipped: Index) -> Talk:
    return Talk(index=shipped, clock=lambda: datetime(2026, 11, 30, tzinfo=UTC))


def says(talk: Talk, text: str) -> Reply:
    return talk.respond(IncomingMessage(conversation=HERE, text=text))


@pytest.mark.parametrize("words", ["vizītkarte", "Vizitkarti!", "/vizitkarte", "визитка?", "vcard"])
def test_the_card_of_what_was_told_last(words: str, talk: Talk) -> None:
    says(talk, "sociālais dienests Krāslavā")
    reply = says(talk, words)
    (card,) = reply.cards
    assert card.phones == ("+371 65622528",)
    assert card.emails == ("socdienests@kraslava.lv",)
    for value in (card.name, *card.phones, *card.emails):
        assert value in reply.text, "networks without cards say it in words"


def test_the_card_of_what_is_named_along(talk: Talk) -> None:
    says(talk, "sociālais dienests Krāslavā")
    (card,) = says(talk, "/vizitkarte pašvaldības policija Jēkabpilī").cards
    assert "policija" in card.name
    assert says(talk, "/vizitkarte").cards[0].phones == ("+371 65622528",), "a card is no question of its own"


@pytest.mark.parametrize("before", ["paldies", "cik maksā autobuss uz Rīgu?", "sociālais dienests"])
def test_without_a_contact_it_says_what_to_do(before: str, talk: Talk) -> None:
    says(talk, before)
    reply = says(talk, "vizītkarte")
    assert reply.cards == ()
    assert "pēc atbildes" in reply.text


def test_the_button_leads_to_the_card_and_is_offered_for_one_contact_alone(talk: Talk, shipped: Index) -> None:
    assert offered(says(talk, "sociālais dienests"), shipped.kb) is None
    choice = offered(says(talk, "sociālais dienests Krāslavā"), shipped.kb)
    assert choice is not None
    assert is_card(choice.key)
    (card,) = talk.press(HERE, choice.key).cards
    assert card.name == "Sociālais dienests, Krāslavas novads"
    assert "vairs neder" in talk.press(HERE, "@contact/nowhere/nobody").text


def test_every_entry_with_a_phone_has_a_key_that_fits_a_button(talk: Talk, shipped: Index) -> None:
    entries = [entry for entry in shipped.kb.entries.values() if entry.phones]
    assert entries
    for entry in entries:
        reply = Reply(kind=Kind.ANSWER, text="", entries=(entry.id,), language=Language.LV)
        choice = offered(reply, shipped.kb)
        assert choice is not None
        assert len(choice.key.encode()) <= MAX_KEY_BYTES
        (card,) = talk.press(HERE, choice.key).cards
        assert card.phones == tuple(phone.number for phone in entry.phones)
