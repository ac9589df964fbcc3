"""The Bot API server, driven by the real library: receiving."""

import asyncio

import httpx
import pytest
import telegram
from telegram.error import Conflict, InvalidToken

from tests.servers.botapi.client import Raw, client
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi


async def test_a_conversation_as_both_sides_see_it(api: BotApi, bot: telegram.Bot) -> None:
    anna = api.person("Anna")
    anna.sends("labdien 😀 /start")
    [update] = await bot.get_updates()
    assert update.message
    assert update.message.text == "labdien 😀 /start"
    assert update.effective_user
    assert update.effective_user.language_code == "lv"
    assert update.message.parse_entities() == {update.message.entities[0]: "/start"}
    await bot.send_message(anna.id, "<b>Labdien</b>", parse_mode="HTML")
    assert anna.private.lines == ["Anna: labdien 😀 /start", "Sēlis: Labdien"]


async def test_a_person_waits_for_the_answer(anna: Person, bot: telegram.Bot) -> None:
    await bot.send_message(anna.id, "Labdien!")
    anna.sends("kur?")
    waiting = asyncio.create_task(anna.hears())
    await bot.send_message(anna.id, "Te.")
    assert (await waiting).text == "Te."
    with pytest.raises(TimeoutError):
        anna.sends("un vēl?")
        await anna.hears(within=0.05)


async def test_get_me_is_the_bot(api: BotApi, bot: telegram.Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (api.bot.id, "selis_bot", True)
    assert me.can_read_all_group_messages is False


async def test_an_update_stays_until_a_higher_offset_confirms_it(anna: Person, bot: telegram.Bot) -> None:
    for number in range(3):
        anna.sends(str(number))
    first = await bot.get_updates()
    assert [update.update_id for update in await bot.get_updates()] == [update.update_id for update in first]
    assert await bot.get_updates(offset=first[0].update_id) == first
    assert await bot.get_updates(offset=first[0].update_id + 1) == first[1:]
    assert await bot.get_updates() == first[1:]
    assert len(await bot.get_updates(limit=1)) == 1
    assert not await bot.get_updates(offset=first[2].update_id + 1)


async def test_a_negative_offset_forgets_all_before_it(anna: Person, bot: telegram.Bot) -> None:
    for number in range(3):
        anna.sends(str(number))
    last = await bot.get_updates(offset=-1)
    assert [update.message and update.message.text for update in last] == ["2"]
    assert await bot.get_updates() == last


async def test_a_poll_waits_and_ends_at_once_when_an_update_comes(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await api.world.until(lambda: api.world.queue.polled)
    anna.sends("labdien")
    async with asyncio.timeout(2):
        assert len(await poll) == 1


async def test_a_poll_ends_empty_after_its_timeout(api: BotApi, raw: Raw) -> None:
    begun = asyncio.get_running_loop().time()
    assert await raw("getUpdates", timeout=1) == {"ok": True, "result": []}
    assert asyncio.get_running_loop().time() - begun >= 0.9
    assert not api.world.queue.polled


async def test_of_two_pollers_the_first_is_refused(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await api.world.until(lambda: api.world.queue.polled)
    second = asyncio.create_task(bot.get_updates(timeout=30))
    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
        await first
    anna.sends("labdien")
    assert len(await second) == 1


async def test_a_poll_that_hung_up_is_forgotten(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    lost = asyncio.create_task(bot.get_updates(timeout=30))
    await api.world.until(lambda: api.world.queue.polled)
    lost.cancel()
    anna.sends("labdien")
    assert len(await bot.get_updates(timeout=5)) == 1


async def test_allowed_updates_persist_and_spare_what_was_there(anna: Person, bot: telegram.Bot) -> None:
    anna.sends("before")
    assert len(await bot.get_updates(allowed_updates=["callback_query"])) == 1
    anna.sends("after")
    [only] = await bot.get_updates()
    assert not await bot.get_updates(offset=only.update_id + 1, allowed_updates=[])
    message = anna.sends("again")
    anna.edits(message, "again!")
    assert [update.effective_message and update.effective_message.text for update in await bot.get_updates()] == [
        "again",
        "again!",
    ]


async def test_chat_member_comes_only_when_asked_for(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    group = api.supergroup("Biedrība", anna, bot="administrator")
    api.person("Ilze").joins(group)
    [joined] = await bot.get_updates(allowed_updates=["message", "chat_member"])
    assert joined.message
    api.person("Jānis").joins(group)
    _, changed, _ = await bot.get_updates()
    assert changed.chat_member
    assert changed.chat_member.new_chat_member.status == "member"


async def test_a_wrong_token_and_an_unknown_method(api: BotApi, raw: Raw) -> None:
    assert await raw("sendRocket") == {"ok": False, "error_code": 404, "description": "Not Found: method not found"}
    wrong = client(api, "700000001:wrong")
    with pytest.raises(InvalidToken):
        await wrong.initialize()
    await wrong.shutdown()
    answer = await raw.http.get(f"{api.base_url}700000001:wrong/getMe")
    assert answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


@pytest.mark.parametrize("how", ["query", "form", "json", "multipart"])
async def test_parameters_come_in_four_ways(api: BotApi, anna: Person, raw: Raw, how: str) -> None:
    url, values = f"{api.base_url}{api.token}/SENDMESSAGE", {"chat_id": str(anna.id), "text": "Ā"}
    sent: dict[str, httpx.Response] = {
        "query": await raw.http.get(url, params=values),
        "form": await raw.http.post(url, data=values),
        "json": await raw.http.post(url, json=values),
        "multipart": await raw.http.post(url, data=values, files={"unused": b"x"}),
    }
    assert sent[how].json()["result"]["text"] == "Ā"


async def test_updates_are_kept_for_a_day(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    anna.sends("vakar")
    api.world.clock.advance(23 * 3600)
    anna.sends("šodien")
    assert len(await bot.get_updates()) == 2
    api.world.clock.advance(2 * 3600)
    [update] = await bot.get_updates()
    assert update.message
    assert update.message.text == "šodien"


async def test_an_outage_ends_a_poll_without_an_answer(api: BotApi, bot: telegram.Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await api.world.until(lambda: api.world.queue.polled)
    await api.stop()
    with pytest.raises(telegram.error.NetworkError):
        await poll


async def test_the_world_outlives_the_server(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    port = int(api.url.rpartition(":")[2])
    anna.sends("labdien")
    await api.stop()
    with pytest.raises(telegram.error.NetworkError):
        await bot.get_updates()
    await api.start(port)
    assert len(await bot.get_updates()) == 1
