"""The Bot API server, driven by the real library: updates brought to a web server of ours."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import telegram
from aiohttp import web
from telegram.error import BadRequest, Conflict

from tests.servers.botapi.client import Raw
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi


class Receiver:
    """answers: what the next POSTs are answered, 200 when there is no more."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.url = ""
        self.got: list[tuple[str | None, telegram.Update]] = []
        self.answers: list[web.Response] = []

    async def take(self, request: web.Request) -> web.Response:
        update = telegram.Update.de_json(await request.json())
        self.got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update))
        self.api.world.changed()
        return self.answers.pop(0) if self.answers else web.Response()

    @property
    def texts(self) -> list[str | None]:
        return [update.effective_message.text for _, update in self.got if update.effective_message]

    async def until(self, count: int) -> None:
        """So many POSTs came, and the server has nothing left to bring."""
        await self.api.world.until(lambda: len(self.got) >= count and not self.api.world.queue.pending)


@pytest.fixture
async def receiver(api: BotApi) -> AsyncIterator[Receiver]:
    receiver = Receiver(api)
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"{site.name}/hook"
    yield receiver
    await runner.cleanup()


async def test_updates_are_brought_with_the_secret(
    api: BotApi, anna: Person, bot: telegram.Bot, receiver: Receiver
) -> None:
    anna.sends("pirms")
    assert await bot.set_webhook(receiver.url, secret_token="Secret_1-2", allowed_updates=["message"])
    anna.edits(anna.sends("pēc"), "labots")
    await receiver.until(2)
    assert receiver.texts == ["pirms", "pēc"]
    assert {secret for secret, _ in receiver.got} == {"Secret_1-2"}
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.allowed_updates) == (receiver.url, 0, ("message",))


async def test_a_failed_update_comes_again_before_later_ones(
    api: BotApi, anna: Person, bot: telegram.Bot, receiver: Receiver
) -> None:
    receiver.answers = [web.Response(status=500), web.Response(status=403), web.Response(status=302)]
    ilze = api.person("Ilze")
    await bot.set_webhook(receiver.url)
    anna.sends("1")
    anna.sends("2")
    await receiver.until(5)
    assert receiver.texts == ["1", "1", "1", "1", "2"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 302 Found"
    receiver.answers = [web.Response(status=500), web.Response(status=500), web.Response(), web.Response(status=500)]
    anna.sends("3")
    ilze.sends("citur")
    await receiver.until(9)
    assert sorted(set(receiver.texts[5:]), key=str) == ["3", "citur"]


async def test_a_chat_that_fails_does_not_hold_up_others(
    api: BotApi, anna: Person, bot: telegram.Bot, receiver: Receiver
) -> None:
    api.world.webhook.first_wait = 600
    receiver.answers = [web.Response(status=500), web.Response(status=500)]
    await bot.set_webhook(receiver.url)
    anna.sends("1")
    await api.world.until(lambda: len(receiver.got) == 2)
    api.person("Ilze").sends("citur")
    await api.world.until(lambda: receiver.texts == ["1", "1", "citur"])
    assert (await bot.get_webhook_info()).pending_update_count >= 1


async def test_an_unreachable_webhook_is_noted(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:1/hook")
    anna.sends("1")
    await api.world.until(lambda: api.world.webhook.error)
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (1, "Connection refused")


async def test_polling_and_webhook_exclude_each_other(
    api: BotApi, anna: Person, bot: telegram.Bot, receiver: Receiver
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await api.world.until(lambda: api.world.queue.polled)
    await bot.set_webhook(receiver.url)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active; use deleteWebhook"):
        await bot.get_updates()
    assert await bot.delete_webhook()
    anna.sends("labdien")
    assert len(await bot.get_updates()) == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert not await bot.get_updates()
    assert not receiver.got


async def test_a_call_may_stand_in_the_answer(api: BotApi, anna: Person, bot: telegram.Bot, receiver: Receiver) -> None:
    receiver.answers = [web.json_response({"method": "sendMessage", "chat_id": anna.id, "text": "Labdien!"})]
    await bot.set_webhook(receiver.url)
    anna.sends("labdien")
    await receiver.until(1)
    assert anna.private.lines == ["Anna: labdien", "Sēlis: Labdien!"]
    assert [call.code for call in api.log.of("sendMessage")] == [200]


async def test_webhooks_that_are_refused(bot: telegram.Bot, raw: Raw) -> None:
    with pytest.raises(BadRequest, match=r"(?i)bad webhook: an https url must be provided for webhook"):
        await bot.set_webhook("http://example.org/hook")
    refused = await raw.refused("setWebhook", url="https://example.org/hook", secret_token="ā")
    assert refused == "Bad Request: secret token contains unallowed characters"
