"""Sēlis on Telegram when the way there is bad, or somebody else walks it."""

from __future__ import annotations

import asyncio
import errno
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import telegram

from adapters.telegram.line import POLL_SECONDS
from adapters.telegram.pacing import Pacing
from adapters.telegram.run import LATE_AFTER
from bot.alarms import Alarm
from bot.retry import RetryPolicy
from bot.store.sqlite import write_through
from tests.adapters.telegram.conftest import Start
from tests.servers.botapi.faults import CUT, DROP_BEFORE, answer
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi

QUICK = RetryPolicy(longest=timedelta(milliseconds=300))


def all_came(api: BotApi, person: Person) -> bool:
    return len(person.private.from_bot(api.bot)) == 3


@pytest.mark.parametrize("fault", [answer(502), DROP_BEFORE, CUT])
async def test_a_poll_that_fails_loses_nothing(fault: object, api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    anna.sends("paldies")
    api.faults.add("getMe", fault, times=1)  # type: ignore[arg-type]
    api.faults.add("getUpdates", fault, times=3)  # type: ignore[arg-type]
    async with start() as adapter:
        adapter.troubles.policy = QUICK
        await api.world.until(lambda: anna.private.from_bot(api.bot))
        assert adapter.health().last is not None
    assert len(anna.private.from_bot(api.bot)) == 1


async def test_telegram_forgets_a_message_only_when_the_disk_has_it(
    api: BotApi, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    write, forget = write_through, api.world.queue.forget

    def on_disk(file: Path) -> None:
        if not happened:
            happened.append("failed")
            raise OSError(errno.EIO, "the disk is ill")
        write(file)
        happened.append("on disk")

    def forgotten(number: int) -> None:
        happened.append("forgotten")
        forget(number)

    monkeypatch.setattr("bot.store.engine.write_through", on_disk)
    monkeypatch.setattr(api.world.queue, "forget", forgotten)
    anna = api.person("Anna", started=True)
    anna.sends("paldies")
    async with start() as adapter:
        adapter.troubles.policy = QUICK
        await api.world.until(lambda: not api.world.queue.pending)
        await api.world.until(lambda: anna.private.from_bot(api.bot))
    assert happened == ["failed", "on disk", "forgotten"]
    assert len(anna.private.from_bot(api.bot)) == 1


async def test_a_server_that_goes_away_and_comes_back(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start() as adapter:
        adapter.troubles.policy = QUICK
        anna.sends("paldies")
        await api.world.until(lambda: anna.private.from_bot(api.bot))
        port = int(api.url.rpartition(":")[2])
        await api.stop()
        async with asyncio.timeout(5):
            while adapter.troubles.now != "network":  # noqa: ASYNC110
                await asyncio.sleep(0.01)  # it tells nobody
        await api.start(port)
        anna.sends("paldies")
        await api.world.until(lambda: len(anna.private.from_bot(api.bot)) == 2)
        async with asyncio.timeout(5):
            while adapter.troubles.now:  # noqa: ASYNC110
                await asyncio.sleep(0.01)  # it tells nobody


async def test_another_poller_is_told_of_once_and_outlived(
    api: BotApi, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    anna, ilze = api.person("Anna"), api.person("Ilze", started=True)
    async with start(admins=f"telegram:{ilze.id}") as adapter:
        adapter.troubles.policy, adapter.troubles.calm = QUICK, 3600
        async with telegram.Bot(api.token, base_url=api.base_url) as other:
            for _ in range(3):
                await api.world.until(lambda: api.world.queue.polled)
                await other.get_updates(timeout=0)
        await api.world.until(lambda: ilze.private.from_bot(api.bot))
        health = await adapter.service.health()
        assert (health.is_well, health.adapters[0].ails) == (False, Alarm.CONFLICT)
        anna.sends("paldies")
        await api.world.until(lambda: anna.private.from_bot(api.bot))
        adapter.troubles.calm = 0
        await api.world.until(lambda: len(ilze.private.from_bot(api.bot)) == 2)
        assert (await adapter.service.health()).is_well
    begun, ended = (message.text for message in ilze.private.from_bot(api.bot))
    assert "manas ziņas saņem vēl kāds process" in begun
    assert "atkal viss kārtībā" in ended
    said = capsys.readouterr().out
    assert said.count("another process asks Telegram") == said.count("answers again") == 1


async def test_a_refused_token_is_tried_again_and_told_of_when_it_is_over(
    api: BotApi, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    anna, ilze = api.person("Anna"), api.person("Ilze", started=True)
    anna.sends("paldies")
    right, api.token = api.token, "700000001:AAsomeOTHERsomeOTHERsomeOTHERsomeO"
    async with start(admins=f"telegram:{ilze.id}") as adapter:
        api.token, adapter.token = right, adapter.token
        adapter.troubles.policy = QUICK
        async with asyncio.timeout(5):
            while adapter.troubles.now != "token":  # noqa: ASYNC110
                await asyncio.sleep(0.01)  # it tells nobody
        assert (adapter.health().last, adapter.health().ails) == (None, Alarm.REFUSED)
        api.token = adapter.token
        await api.world.until(lambda: anna.private.from_bot(api.bot))
        await api.world.until(lambda: ilze.private.from_bot(api.bot))
        assert (await adapter.service.health()).is_well
    (told,) = ilze.private.from_bot(api.bot)
    assert "atkal viss kārtībā" in told.text
    assert capsys.readouterr().out.count("refuses the token") == 1


async def test_a_long_outage_is_told_of_when_it_is_over_and_a_short_one_is_not(api: BotApi, start: Start) -> None:
    anna, ilze = api.person("Anna"), api.person("Ilze", started=True)
    async with start(admins=f"telegram:{ilze.id}") as adapter:
        seconds = [0.0]
        adapter.troubles.policy, adapter.troubles.timer = QUICK, lambda: seconds[0]
        for lasts in (60, 600):
            await api.world.until(lambda: api.world.queue.polled)
            port = int(api.url.rpartition(":")[2])
            await api.stop()
            async with asyncio.timeout(5):
                while adapter.troubles.now != "network":  # noqa: ASYNC110
                    await asyncio.sleep(0.01)  # it tells nobody
            seconds[0] += lasts
            await api.start(port)
            async with asyncio.timeout(5):
                while adapter.troubles.now:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)  # it tells nobody
        await api.world.until(lambda: ilze.private.from_bot(api.bot))
        anna.sends("paldies")
        await api.world.until(lambda: anna.private.from_bot(api.bot))
    (told,) = ilze.private.from_bot(api.bot)
    assert told.text == "telegram: atkal viss kārtībā. Traucējums ilga: 10 minūšu."


async def test_messages_stay_with_telegram_while_the_database_is_away(
    api: BotApi, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.store.errors import StoreUnavailableError, Trouble

    anna = api.person("Anna")
    async with start() as adapter:
        adapter.troubles.policy = QUICK
        dialogue, failures = adapter.service.dialogue, 3
        kept = type(dialogue)._kept

        async def fails(*given: object) -> object:
            nonlocal failures
            failures -= 1
            if failures >= 0:
                raise StoreUnavailableError(Trouble.LOCKED, "locked")
            return await kept(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(type(dialogue), "_kept", fails)
        anna.sends("paldies")
        await api.world.until(lambda: anna.private.from_bot(api.bot))
    assert len(anna.private.from_bot(api.bot)) == 1


async def test_the_limits_of_telegram_are_kept_and_no_chat_waits_for_another(api: BotApi, start: Start) -> None:
    api.world.flood.obey_the_faq()
    people = [api.person(f"P{number}") for number in range(12)]
    async with start(pacing=Pacing()):
        for _ in range(3):
            for person in people:
                person.sends("paldies")
        for person in people:
            await api.world.until(partial(all_came, api, person), within=30)
    assert all(call.code == 200 for call in api.log.of("sendMessage")), "Telegram had to say that it is too fast"


def test_it_is_late_only_after_several_polls() -> None:
    assert timedelta(seconds=2 * POLL_SECONDS) < LATE_AFTER
