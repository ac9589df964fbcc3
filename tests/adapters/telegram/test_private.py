"""A private chat with Sēlis on Telegram, end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.telegram.incoming import ALLOWED
from bot.unasked import TOO_OLD
from knowledge.model import Language
from tests.adapters.telegram.conftest import Start
from tests.servers.botapi.faults import DROP_AFTER, answer, delay, flood
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi
from tests.servers.botapi.things import Message

FILES = sorted((Path(__file__).parents[2] / "conversations").glob("*.yaml"))
DIALOGUES: list[dict[str, Any]] = [one for path in FILES for one in yaml.safe_load(path.read_text(encoding="utf-8"))]


async def answered(api: BotApi, person: Person, text: str) -> Message:
    """What comes back to a text."""
    before = len(person.private.from_bot(api.bot))
    person.sends(text)
    await api.world.until(lambda: len(person.private.from_bot(api.bot)) > before)
    return person.private.from_bot(api.bot)[-1]


async def test_dialogues_are_what_they_are_in_the_terminal(api: BotApi, start: Start) -> None:
    assert DIALOGUES
    async with start():
        for dialogue in DIALOGUES:
            person = api.person(dialogue["name"])
            for turn in dialogue["turns"]:
                reply = await answered(api, person, turn["says"])
                for fact in turn.get("shows", []):
                    assert str(fact) in reply.text, dialogue["name"]
                for fact in turn.get("hides", []):
                    assert str(fact) not in reply.text, dialogue["name"]
                assert set(turn.get("offers", [])) <= set(reply.labels), dialogue["name"]


async def test_an_answer_is_marked_up_and_shows_no_preview(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start():
        reply = await answered(api, anna, "kur celt trauksmi Krāslavā?")
    assert reply.text.startswith("Trauksmes celšana, Krāslavas novads\n")
    assert {"type": "bold", "offset": 0, "length": 35} in reply.entities
    (sent,) = api.log.of("sendMessage")
    assert json.loads(sent["link_preview_options"]) == {"is_disabled": True}
    assert sent["reply_parameters"] is None
    assert {call["allowed_updates"] for call in api.log.of("getUpdates")} == {json.dumps(list(ALLOWED))}


async def test_a_press_turns_the_question_into_its_answer(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start():
        question = await answered(api, anna, "kāds ir izpilddirektora tālrunis?")
        query = anna.presses("Aizkraukles novads")
        await api.world.until(lambda: question.text.startswith("Izpilddirektors, Aizkraukles novads\n"))
        await api.world.until(lambda: query.answer is not None)
    assert "+371 27775539" in question.text
    assert [message.id for message in anna.private.from_bot(api.bot)] == [question.id]
    assert "Jēkabpils novads" not in question.labels


async def test_a_button_works_after_a_restart_and_a_second_time(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start():
        question = await answered(api, anna, "kāds ir izpilddirektora tālrunis?")
        pressed = dict(question.rows[0][0])
    async with start():
        anna.press(question, pressed)
        await api.world.until(lambda: question.text.startswith("Izpilddirektors, "))
        anna.press(question, pressed)
        await api.world.until(lambda: len(api.log.of("editMessageText")) == 2)
    assert len(anna.private.from_bot(api.bot)) == 1


async def test_a_press_that_telegram_calls_too_old_is_answered_all_the_same(api: BotApi, start: Start) -> None:
    api.world.query_lifetime = 0
    anna = api.person("Anna")
    async with start():
        question = await answered(api, anna, "kāds ir izpilddirektora tālrunis?")
        anna.presses("Aizkraukles novads")
        await api.world.until(lambda: "+371 27775539" in question.text)


async def test_a_press_under_a_message_that_is_gone_is_answered_anew(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start():
        question = await answered(api, anna, "kāds ir izpilddirektora tālrunis?")
        anna.presses("Aizkraukles novads")
        anna.deletes(question)
        await api.world.until(lambda: any("+371 27775539" in one.text for one in anna.private.from_bot(api.bot)))


async def test_feedback_leaves_the_answer_and_takes_its_buttons_away(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start():
        reply = await answered(api, anna, "sociālais dienests Krāslavā")
        assert reply.labels[-2:] == ["Noderēja", "Nepareizi, novecojis"]
        anna.presses("Nepareizi, novecojis")
        await api.world.until(lambda: len(anna.private.from_bot(api.bot)) == 2)
        await api.world.until(lambda: "Noderēja" not in reply.labels)
        assert "+371 65622528" in reply.text
        assert any("+371 65622528" in label for label in reply.labels)
        why = anna.private.from_bot(api.bot)[-1]
        anna.presses("Numurs neatbild")
        await api.world.until(lambda: why.text.startswith("Paldies! Nodošu"))
    assert len(anna.private.from_bot(api.bot)) == 2


async def test_a_card_comes_beside_the_answer_that_stays(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start():
        reply = await answered(api, anna, "sociālais dienests Krāslavā")
        query = anna.presses("👤 Vizītkarte")
        await api.world.until(lambda: len(anna.private.from_bot(api.bot)) == 2)
        await api.world.until(lambda: query.answer is not None)
        spoken = await answered(api, anna, "vizītkarte")
    card = anna.private.from_bot(api.bot)[1].content["contact"]
    assert (card["phone_number"], card["first_name"]) == ("+37165622528", "Sociālais dienests, Krāslavas novads")
    assert "EMAIL;TYPE=INTERNET,WORK:socdienests@kraslava.lv\r\n" in card["vcard"]
    assert spoken.content["contact"] == card
    assert "+371 65622528" in reply.text
    assert reply.labels[-2:] == ["Noderēja", "Nepareizi, novecojis"]


async def test_a_card_without_a_phone_is_a_file(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start() as telegram:
        kb = telegram.service.live.current.index.kb
        entry = next(entry for entry in kb.entries.values() if entry.emails and not entry.phones)
        sent = await answered(api, anna, f"/vizitkarte {entry.title.get(Language.LV)}")
    assert sent.content["document"]["file_name"].endswith(".vcf")
    _, data = api.world.files[sent.content["document"]["file_id"]]
    assert f"EMAIL;TYPE=INTERNET,WORK:{entry.emails[0]}" in data.decode()


async def test_an_edited_question_edits_its_answer(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start():
        reply = await answered(api, anna, "sociālais dienests Krāslavā")
        anna.edits(anna.private.visible[0], "sociālais dienests Jēkabpilī")
        await api.world.until(lambda: "+371 65207081" in reply.text)
        anna.edits(anna.private.visible[0], "sociālais dienests Jēkabpils novadā")
        await api.world.until(lambda: len(api.log.of("editMessageText")) == 2)
    assert len(anna.private.from_bot(api.bot)) == 1


async def test_what_has_no_words_gets_one_helpful_line(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start():
        for number in range(3):
            photo = [{"file_id": f"f{number}", "file_unique_id": f"u{number}", "width": 1, "height": 1}]
            anna.posts({"photo": photo, "media_group_id": "album"})
        await api.world.until(lambda: anna.private.from_bot(api.bot))
        await answered(api, anna, "paldies")
    first, _ = anna.private.from_bot(api.bot)
    assert "kur celt trauksmi Krāslavā?" in first.text


async def test_a_position_on_the_map_sets_the_municipality(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start():
        anna.posts({"location": {"latitude": 55.8951, "longitude": 27.1654}})
        await api.world.until(lambda: anna.private.from_bot(api.bot))
    assert "Krāslavas novads" in anna.private.from_bot(api.bot)[0].text


async def test_a_link_of_a_notice_board_is_answered_at_once(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start():
        reply = await answered(api, anna, "/start kraslava_trauksmes-celsana")
    assert "https://www.kraslava.lv/lv/trauksmes-celsana" in reply.text


async def test_an_update_that_nobody_can_read_is_stepped_over(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start():
        api.world.queue.add("message", {"message_id": "no number", "chat": 5})
        await answered(api, anna, "paldies")


async def test_typing_is_shown_when_it_takes_longer(api: BotApi, start: Start) -> None:
    anna, berta = api.person("Anna"), api.person("Berta")
    async with start():
        await answered(api, berta, "paldies")
        assert api.world.actions == []
        api.faults.add("sendMessage", flood(2))
        anna.sends("paldies")
        await api.world.until(lambda: (anna.id, None, "typing") in api.world.actions)
        await api.world.until(lambda: anna.private.from_bot(api.bot))


async def test_one_chat_that_has_to_wait_holds_up_no_other(api: BotApi, start: Start) -> None:
    anna, berta = api.person("Anna"), api.person("Berta")
    async with start():
        api.world.flood.close(anna.id, seconds=2)
        anna.sends("paldies")
        await api.world.until(lambda: any(call.code == 429 for call in api.log.of("sendMessage")))
        await answered(api, berta, "paldies")
        assert not anna.private.from_bot(api.bot)
        await api.world.until(lambda: anna.private.from_bot(api.bot))
    calls = [call for call in api.log.of("sendMessage") if call["chat_id"] == str(anna.id)]
    assert len(calls) == 2, "asked again before Telegram's time was over"


@pytest.mark.parametrize("fault", [answer(502), DROP_AFTER])
async def test_what_was_not_taken_is_sent_again(fault: Any, api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    api.faults.add("sendMessage", fault)
    async with start():
        anna.sends("paldies")
        await api.world.until(lambda: len(api.log.of("sendMessage")) == 2)
        await api.world.until(lambda: anna.private.from_bot(api.bot))


async def test_who_blocked_selis_is_not_written_to_again(api: BotApi, start: Start) -> None:
    anna, berta = api.person("Anna"), api.person("Berta")
    api.faults.add("sendMessage", delay(0.1))
    async with start() as telegram:
        anna.sends("paldies")
        anna.private.blocked = True
        await api.world.until(lambda: api.log.of("sendMessage") and api.log.of("sendMessage")[0].code)
        await answered(api, berta, "paldies")
        figures = telegram.health().figures
    assert len(api.log.of("sendMessage")) == 2
    assert figures["dropped"] == 1


async def test_messages_of_half_a_day_ago_get_one_apology(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    long = TOO_OLD.total_seconds() + 60
    api.world.clock.advance(-long)
    for text in ("sociālais dienests", "policija"):
        anna.sends(text)
    api.world.clock.advance(long)
    async with start():
        await answered(api, anna, "paldies")
        await api.world.until(lambda: len(anna.private.from_bot(api.bot)) == 2)
    assert "nebiju sasniedzams" in anna.private.from_bot(api.bot)[0].text
