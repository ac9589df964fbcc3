"""Questions from chats where Sēlis is not: inline mode and guest mode, end to end."""

from __future__ import annotations

import asyncio
from typing import Any

from adapters.telegram.passing import CACHED_PERSONAL_SECONDS, CACHED_SECONDS
from adapters.telegram.run import Telegram
from bot.limits import Limits
from bot.store.depth import depth
from bot.store.prune import rows_by_table
from tests.adapters.telegram.conftest import Start
from tests.adapters.telegram.test_private import answered
from tests.servers.botapi.faults import DROP_BEFORE, delay
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi
from tests.servers.botapi.things import Json
from tests.servers.botapi.world import Query

WHISTLE = "https://www.kraslava.lv/lv/trauksmes-celsana"


async def found(api: BotApi, person: Person, text: str) -> Json:
    """The answer to what a person types behind @selis_bot."""
    query = person.asks_inline(text)
    answer: Json = await api.world.until(lambda: query.answer)
    return answer


def shown(answer: Json) -> list[tuple[str, str]]:
    return [(one["title"], one.get("description", "")) for one in answer["results"]]


async def rows(telegram: Telegram) -> dict[str, int]:
    """What the database holds."""
    async with telegram.service.store.reading() as connection:
        waiting = await depth(connection)
    return await rows_by_table(telegram.service.store) | {name: depth.letters for name, depth in waiting.items()}


async def settled(api: BotApi, telegram: Telegram) -> None:
    """Wait until Sēlis has noted that its answers were sent."""
    async with asyncio.timeout(5):
        while api.world.queue.pending or (await rows(telegram)).get("telegram"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # the database tells nobody


async def test_an_answer_is_sent_into_a_chat_where_selis_is_not(api: BotApi, start: Start) -> None:
    anna, berta = api.person("Anna"), api.person("Berta")
    group = api.supergroup("Kaimiņi", anna, berta, bot="left")
    async with start():
        query = anna.asks_inline("kur celt trauksmi krāslavā", chat=group)
        answer = await api.world.until(lambda: query.answer)
        assert shown(answer) == [("Trauksmes celšana, Krāslavas novads", f"Tīmeklī: {WHISTLE}")]
        message = anna.chooses(query, chat=group)
        calls = len(api.log.of("answerInlineQuery"))
        assert berta.asks_inline("kur celt trauksmi krāslavā").answer, "the same for all, so that Telegram keeps it"
    assert message.text.endswith("rakstiet man, lūdzu, privāti, ne grupā.")
    assert {"type": "bold", "offset": 0, "length": 35} in message.entities
    assert [button["url"] for row in message.rows for button in row] == [WHISTLE]
    (call,) = api.log.of("answerInlineQuery")
    assert (call["cache_time"], call["is_personal"], calls) == (str(CACHED_SECONDS), "false", 1)


async def test_what_fits_several_things_is_one_result_for_each(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start():
        answer = await found(api, anna, "sociālais dienests")
        doubtful = await found(api, anna, "kas palīdz jauniešiem?")
    titles = [title for title, _ in shown(doubtful)]
    assert len(set(titles)) == len(titles) > 1
    assert len(answer["results"]) == 4
    assert ("Sociālais dienests, Krāslavas novads", "Tālrunis: +371 65622528") in shown(answer)
    copied = [
        button["copy_text"]["text"]
        for one in answer["results"]
        for row in one["reply_markup"]["inline_keyboard"]
        for button in row
        if "copy_text" in button
    ]
    assert "+371 65622528" in copied
    assert "button" not in answer or answer["button"] is None


async def test_a_home_makes_the_answer_personal_and_is_only_read(api: BotApi, start: Start) -> None:
    anna, berta = api.person("Anna"), api.person("Berta")
    async with start() as telegram:
        await answered(api, anna, "/novads Dagda")
        await settled(api, telegram)
        before = await rows(telegram)
        mine = await found(api, anna, "sociālais dienests")
        assert [title for title, _ in shown(mine)] == ["Sociālais dienests, Krāslavas novads"]
        assert mine["is_personal"] is True
        others = await found(api, berta, "sociālais dienests")
        assert len(others["results"]) == 4
        named = await found(api, anna, "sociālais dienests jēkabpilī")
        assert named["is_personal"] is False, "the home is not used where a place is named"
        assert await rows(telegram) == before, "nothing is kept of it"
    assert api.log.of("answerInlineQuery")[0]["cache_time"] == str(CACHED_PERSONAL_SECONDS)


async def test_who_has_typed_little_is_shown_how_to_ask_and_who_asks_in_vain_where(api: BotApi, start: Start) -> None:
    anna, mary = api.person("Anna"), api.person("Mary", language="en")
    async with start():
        for text in ("", "so", "   "):
            hinted = await found(api, anna, text)
            assert hinted["results"] == []
            assert hinted["button"]["text"].startswith("Jautājiet, piemēram")
        assert (await found(api, mary, "so"))["button"]["text"].startswith("Ask, for example")
        for text in ("cik maksā autobuss uz Rīgu?", "paldies", "x" * 256):
            nothing = await found(api, anna, text)
            assert nothing["results"] == []
            assert nothing["button"]["text"].startswith("Neatradu")
        anna.starts(hinted["button"]["start_parameter"])
        await api.world.until(lambda: anna.private.from_bot(api.bot))
    assert anna.private.from_bot(api.bot)[0].labels, "the private chat opens with what can be asked"


async def test_who_types_on_is_answered_to_the_newest_words(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    api.faults.add("answerInlineQuery", delay(1))
    async with start():
        first = anna.asks_inline("sociālais")
        await api.world.until(lambda: api.log.of("answerInlineQuery"))
        second = anna.asks_inline("sociālais dienests dagdā")
        await api.world.until(lambda: second.answer)
        assert first.answer is None


async def test_neither_a_slow_answer_nor_a_lost_one_holds_up_messages(api: BotApi, start: Start) -> None:
    anna, berta = api.person("Anna"), api.person("Berta")
    api.faults.add("answerInlineQuery", delay(5))
    api.faults.add("answerInlineQuery", DROP_BEFORE)
    async with start():
        anna.asks_inline("sociālais dienests")
        await answered(api, berta, "paldies")
        lost = berta.asks_inline("sociālais dienests dagdā")
        await api.world.until(lambda: len(api.log.of("answerInlineQuery")) == 2)
        await answered(api, berta, "sociālais dienests Krāslavā")
        assert lost.answer is None
    assert len(api.log.of("answerInlineQuery")) == 2, "nobody waits for a second try"


async def test_a_person_is_answered_so_often_a_minute(api: BotApi, start: Start) -> None:
    anna, berta = api.person("Anna"), api.person("Berta")
    async with start(limits=Limits(person=1, group=60)):
        for place in ("dagdā", "krāslavā", "aizkrauklē", "līvānos"):
            await found(api, anna, f"sociālais dienests {place}")
        over = anna.asks_inline("sociālais dienests jēkabpilī")
        await found(api, berta, "sociālais dienests viesītē")
        assert over.answer is None
        await answered(api, anna, "paldies")


async def guest(api: BotApi, person: Person, text: str, chat: Any) -> Query:
    query = person.asks_guest(text, chat)
    await api.world.until(lambda: query.answer)
    return query


async def test_a_guest_answers_where_it_is_mentioned(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    group = api.supergroup("Kaimiņi", anna, bot="left")
    async with start() as telegram:
        anna.asks_guest("@selis_bot kur celt trauksmi Krāslavā?", group)
        await answered(api, anna, "paldies")
        await settled(api, telegram)
        assert not group.from_bot(api.bot), "its owner has not let it be a guest"
        api.world.guest_mode = True
        before = await rows(telegram)
        await guest(api, anna, "@selis_bot kur celt trauksmi Krāslavā?", group)
        answer = group.from_bot(api.bot)[-1]
        await guest(api, anna, "@selis_bot", group)
        assert await rows(telegram) == before, "nothing is kept of it"
    assert "kur celt trauksmi Krāslavā?" in group.from_bot(api.bot)[-1].text
    assert WHISTLE in answer.text
    assert answer.text.endswith("rakstiet man, lūdzu, privāti, ne grupā.")


async def test_what_a_member_is_asked_is_not_answered_as_a_guest_too(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    group = api.supergroup("Kaimiņi", anna)
    api.world.guest_mode = True
    async with start() as telegram:
        anna.asks_guest("@selis_bot sociālais dienests Dagdā", group)
        await api.world.until(lambda: group.from_bot(api.bot))
        twice = await guest(api, anna, "@selis_bot", api.supergroup("Citi", anna, bot="left"))
        await settled(api, telegram)
    assert len(group.from_bot(api.bot)) == 1
    assert twice.answer, "elsewhere it is a guest all the same"
    assert len(api.log.of("answerGuestQuery")) == 1


async def test_a_guest_asks_back_and_a_press_turns_the_question_into_the_answer(api: BotApi, start: Start) -> None:
    anna, berta = api.person("Anna"), api.person("Berta")
    group = api.supergroup("Kaimiņi", anna, berta, bot="left")
    api.world.guest_mode = True
    async with start():
        await guest(api, anna, "@selis_bot kāds ir izpilddirektora tālrunis?", group)
        question = group.from_bot(api.bot)[-1]
        pressed = berta.presses("Aizkraukles novads", group)
        await api.world.until(lambda: "+371 27775539" in question.text)
        await api.world.until(lambda: pressed.answer is not None)
    assert len(group.from_bot(api.bot)) == 1
