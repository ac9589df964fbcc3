"""The Bot API server, driven by the real library: what it does, it does because the documentation says so."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict, Forbidden
from telegram.request import HTTPXRequest

from tests.servers.botapi.server import BotApi


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as started:
        yield started


def client(api: BotApi) -> telegram.Bot:
    direct = {"trust_env": False}
    return telegram.Bot(
        api.token,
        base_url=api.base_url,
        request=HTTPXRequest(connection_pool_size=8, httpx_kwargs=direct),
        get_updates_request=HTTPXRequest(connection_pool_size=8, httpx_kwargs=direct),
    )


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[telegram.Bot]:
    async with client(api) as started:
        yield started


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


async def test_an_update_stays_until_a_higher_offset_confirms_it(api: BotApi, bot: telegram.Bot) -> None:
    anna = api.person("Anna")
    for number in range(3):
        anna.sends(str(number))
    first = await bot.get_updates()
    assert [update.update_id for update in await bot.get_updates()] == [update.update_id for update in first]
    rest = await bot.get_updates(offset=first[0].update_id + 1)
    assert rest == first[1:]
    assert await bot.get_updates() == first[1:]


async def test_a_poll_waits_and_ends_at_once_when_an_update_comes(api: BotApi, bot: telegram.Bot) -> None:
    anna = api.person("Anna")
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await api.world.until(lambda: api.world.queue.polled)
    anna.sends("labdien")
    async with asyncio.timeout(2):
        assert len(await poll) == 1


async def test_of_two_pollers_the_first_is_refused(api: BotApi, bot: telegram.Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await api.world.until(lambda: api.world.queue.polled)
    assert not await bot.get_updates()
    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
        await first


async def test_a_press_is_answered_and_the_message_edited(api: BotApi, bot: telegram.Bot) -> None:
    anna = api.person("Anna", started=True)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Krāslava", callback_data="k")]])
    question = await bot.send_message(anna.id, "Kur?", reply_markup=keyboard)
    press = anna.presses("Krāslava")
    [update] = await bot.get_updates()
    assert update.callback_query
    assert update.callback_query.data == "k"
    assert await bot.answer_callback_query(update.callback_query.id)
    assert press.answer
    await bot.edit_message_text("Krāslavā.", anna.id, question.message_id)
    assert anna.private.lines == ["Sēlis: Krāslavā."]
    with pytest.raises(BadRequest, match=r"(?i)message is not modified: specified new message content"):
        await bot.edit_message_text("Krāslavā.", anna.id, question.message_id)


async def test_a_bot_cannot_begin(api: BotApi, bot: telegram.Bot) -> None:
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(api.person("Anna").id, "Labdien")
