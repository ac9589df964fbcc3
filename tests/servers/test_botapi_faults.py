"""The Bot API server, driven by the real library: limits, planned faults, and the log of calls."""

import asyncio

import pytest
import telegram
from telegram.error import NetworkError, RetryAfter, TimedOut

from tests.servers.botapi.client import Raw, client
from tests.servers.botapi.faults import CUT, DROP_AFTER, DROP_BEFORE, answer, delay, flood, late
from tests.servers.botapi.flood import Limit
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi


async def test_a_chat_that_is_closed_holds_up_no_other(api: BotApi, anna: Person, bot: telegram.Bot, raw: Raw) -> None:
    ilze = api.person("Ilze", started=True)
    api.world.flood.close(anna.id, seconds=7)
    assert await raw("sendMessage", chat_id=anna.id, text="x") == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    with pytest.raises(RetryAfter):
        await bot.send_message(anna.id, "x")
    await bot.send_message(ilze.id, "x")
    api.world.clock.advance(7)
    await bot.send_message(anna.id, "x")


async def test_everybody_may_be_refused(api: BotApi, anna: Person, raw: Raw) -> None:
    api.world.flood.close(seconds=3)
    assert await raw.refused("sendMessage", chat_id=anna.id, text="x") == "Too Many Requests: retry after 3"
    assert (await raw("getUpdates"))["ok"]


async def test_limits_are_counted(api: BotApi, anna: Person, raw: Raw) -> None:
    group = api.supergroup("Biedrība", anna)
    api.world.flood.group = Limit(2, 60)
    codes = [(await raw("sendMessage", chat_id=group.id, text=str(n))).get("error_code") for n in range(4)]
    assert codes == [None, None, 429, 429]
    assert (await raw("sendMessage", chat_id=anna.id, text="x"))["ok"]
    api.world.clock.advance(61)
    assert (await raw("sendMessage", chat_id=group.id, text="x"))["ok"]
    assert group.lines == ["Sēlis: 0", "Sēlis: 1", "Sēlis: x"]


async def test_the_limits_of_the_faq(api: BotApi, raw: Raw) -> None:
    api.world.flood.obey_the_faq()
    people = [api.person(str(number), started=True) for number in range(31)]
    codes = [(await raw("sendMessage", chat_id=person.id, text="x")).get("error_code", 200) for person in people]
    assert codes[:30] == [200] * 30
    assert codes[30] == 429 or api.log.calls[30].at - api.log.calls[0].at >= 1
    api.world.clock.advance(2)
    codes = [(await raw("sendMessage", chat_id=people[0].id, text="x")).get("error_code", 200) for _ in range(2)]
    assert codes == [200, 429]


@pytest.mark.parametrize(
    ("fault", "sent"),
    [(DROP_BEFORE, False), (DROP_AFTER, True), (CUT, True), (answer(502), False)],
    ids=str,
)
async def test_an_answer_that_does_not_come(
    api: BotApi, anna: Person, bot: telegram.Bot, fault: object, sent: bool
) -> None:
    api.faults.add("sendMessage", fault)  # type: ignore[arg-type]
    with pytest.raises(NetworkError):
        await bot.send_message(anna.id, "x")
    assert anna.private.lines == (["Sēlis: x"] if sent else [])
    await bot.send_message(anna.id, "y")
    assert anna.private.lines[-1] == "Sēlis: y"
    assert api.faults.left == 0


async def test_faults_come_by_method_and_count(api: BotApi, anna: Person, raw: Raw) -> None:
    api.faults.add("sendMessage", flood(4), skip=1, times=2)
    api.faults.add("*", delay(0.01), times=1)
    codes = []
    for method in ("sendMessage", "getMe", "sendMessage", "sendMessage", "sendMessage"):
        codes.append((await raw(method, chat_id=anna.id, text="x")).get("error_code", 200))
    assert codes == [200, 200, 429, 429, 200]
    assert [call.fault for call in api.log.calls] == [
        "delayed by 0.01 s",
        "",
        "too many requests for 4 s",
        "too many requests for 4 s",
        "",
    ]


async def test_a_slow_answer_comes_late(api: BotApi, anna: Person, raw: Raw) -> None:
    api.faults.add("sendMessage", delay(0.3))
    begun = asyncio.get_running_loop().time()
    await raw("sendMessage", chat_id=anna.id, text="x")
    assert asyncio.get_running_loop().time() - begun >= 0.3


async def test_a_late_answer_to_what_was_done(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    api.faults.add("sendMessage", late(3))
    with pytest.raises(TimedOut):
        await bot.send_message(anna.id, "x", read_timeout=0.2)
    assert anna.private.lines == ["Sēlis: x"]


async def test_a_dropped_poll_loses_nothing(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    anna.sends("labdien")
    api.faults.add("getUpdates", CUT)
    with pytest.raises(NetworkError):
        await bot.get_updates()
    assert len(await bot.get_updates()) == 1


async def test_a_fault_of_the_server_itself_is_loud(anna: Person) -> None:
    api = BotApi()
    await api.start()
    async with client(api) as bot:
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await bot.send_message(anna.id, "*x*", parse_mode="MarkdownV2")
    with pytest.raises(ExceptionGroup, match="the Bot API server itself failed"):
        await api.stop()


async def test_the_log_can_be_read(api: BotApi, anna: Person, bot: telegram.Bot, raw: Raw) -> None:
    await raw("sendMessage", chat_id=anna.id, text="x" * 200)
    await raw("sendMessage", chat_id=5, text="y")
    await bot.send_document(anna.id, b"abc", filename="a.csv")
    lines = str(api.log).splitlines()
    # The library says getMe when it starts.
    assert lines[-3] == f"2 sendMessage(chat_id={anna.id}, text='{'x' * 76}...) -> 200"
    assert lines[-2] == "3 sendMessage(chat_id=5, text='y') -> 400 Bad Request: chat not found"
    assert lines[-1].startswith("4 sendDocument(")
    assert "=<a.csv: 3 bytes>" in lines[-1]
    assert api.log.of("SENDMESSAGE")[1]["text"] == "y"
