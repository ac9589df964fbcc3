"""Sēlis on Telegram when the way there is bad, or somebody else walks it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest
import telegram

from adapters.telegram.line import POLL_SECONDS
from adapters.telegram.pacing import Pacing
from adapters.telegram.run import LATE_AFTER
from bot.retry import RetryPolicy
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


async def test_another_poller_is_told_of_and_outlived(
    api: BotApi, start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    anna = api.person("Anna")
    async with start() as adapter:
        adapter.troubles.policy = QUICK
        await api.world.until(lambda: api.world.queue.polled)
        async with telegram.Bot(api.token, base_url=api.base_url) as other:
            await other.get_updates(timeout=0)
        anna.sends("paldies")
        await api.world.until(lambda: anna.private.from_bot(api.bot))


async def test_a_refused_token_is_tried_again(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    anna.sends("paldies")
    right, api.token = api.token, "700000001:AAsomeOTHERsomeOTHERsomeOTHERsomeO"
    async with start() as adapter:
        api.token, adapter.token = right, adapter.token
        adapter.troubles.policy = QUICK
        async with asyncio.timeout(5):
            while adapter.troubles.now != "token":  # noqa: ASYNC110
                await asyncio.sleep(0.01)  # it tells nobody
        assert adapter.health().last is None
        api.token = adapter.token
        await api.world.until(lambda: anna.private.from_bot(api.bot))
        assert adapter.health().last is not None


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
