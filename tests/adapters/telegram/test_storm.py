"""Much at once, with much going wrong: nothing is lost, and the order within a chat is kept."""

from __future__ import annotations

from datetime import timedelta

from bot.retry import RetryPolicy
from tests.adapters.telegram.conftest import Start
from tests.servers.botapi.faults import CUT, DROP_BEFORE, answer, delay, flood
from tests.servers.botapi.server import BotApi

FACTS = {
    "sociālais dienests Krāslavā": "+371 65622528",
    "sociālais dienests Jēkabpilī": "+371 65207081",
    "tiesībsarga tālrunis": "+371 67686768",
}
CHATS = 20
LOSES_NOTHING = (answer(502), DROP_BEFORE, delay(0.05), flood(1), answer(504))
"""Faults after which Telegram has not got the message: an answer that is sent twice would be our mistake."""


async def test_a_storm_of_faults_loses_and_doubles_nothing(api: BotApi, start: Start) -> None:
    people = [api.person(f"P{number}") for number in range(CHATS)]
    for number, fault in enumerate(LOSES_NOTHING * 3):
        api.faults.add("sendMessage", fault, skip=3 * number, times=2)
        api.faults.add("getUpdates", fault, skip=number)
    async with start() as adapter:
        adapter.troubles.policy = RetryPolicy(longest=timedelta(milliseconds=200))
        for text in FACTS:
            for person in people:
                person.sends(text)
        for person in people:
            await api.world.until(lambda of=person: len(of.private.from_bot(api.bot)) >= len(FACTS), within=60)  # type: ignore[misc]
        await api.world.until(lambda: not api.world.queue.pending, within=30)
    for person in people:
        answers = [message.text for message in person.private.from_bot(api.bot)]
        assert len(answers) == len(FACTS)
        assert all(fact in told for fact, told in zip(FACTS.values(), answers, strict=True))


async def test_an_answer_that_was_cut_off_may_come_twice_but_comes(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    api.faults.add("sendMessage", CUT, times=2)
    async with start():
        anna.sends("tiesībsarga tālrunis")
        await api.world.until(
            lambda: (
                api.log.of("sendMessage")[-1:]
                and api.log.of("sendMessage")[-1].fault == ""
                and api.log.of("sendMessage")[-1].code == 200
            ),
            within=20,
        )
    assert len(anna.private.from_bot(api.bot)) == 3
