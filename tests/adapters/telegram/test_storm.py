"""Much at once, with much going wrong: nothing is lost, and the order within a chat is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from bot.limits import Limits
from bot.retry import RetryPolicy
from tests.adapters.telegram.conftest import Start
from tests.servers.botapi.faults import CUT, DROP_AFTER, DROP_BEFORE, Fault, answer, delay, flood, late
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi

FACTS = {
    "sociālais dienests Krāslavā": "+371 65622528",
    "sociālais dienests Jēkabpilī": "+371 65207081",
    "tiesībsarga tālrunis": "+371 67686768",
}
CHATS = 20
LOSES_NOTHING = (answer(502), DROP_BEFORE, delay(0.05), flood(1), answer(504))
"""Faults after which Telegram has not got the message: an answer that is sent twice would be our mistake."""


MINUTES: tuple[tuple[str, tuple[tuple[str, Fault, int], ...]], ...] = (
    ("calm", ()),
    ("slow", (("*", delay(0.3), 12),)),
    ("too many requests", (("sendMessage", flood(1), 6), ("getUpdates", flood(1), 1))),
    ("bad gateway", (("*", answer(502), 15),)),
    ("cut before it was heard", (("*", DROP_BEFORE, 15),)),
    ("cut in the answer", (("sendMessage", CUT, 3), ("getUpdates", CUT, 2))),
    ("an outage", ()),
    ("answers lost", (("sendMessage", DROP_AFTER, 3), ("getUpdates", DROP_AFTER, 2))),
    ("answered late", (("sendMessage", late(0.5), 6), ("getUpdates", late(0.5), 2))),
    ("all of it", (("sendMessage", flood(1), 2), ("sendMessage", CUT, 1), ("*", answer(504), 4), ("*", delay(0.2), 4))),
)
"""What goes wrong in each of ten minutes, which here are as short as the answers allow: method, fault, how often."""
MAY_DOUBLE = (CUT, DROP_AFTER)
"""The message was taken and we could not know."""


async def test_ten_minutes_of_faults_lose_nothing_and_keep_the_order(api: BotApi, start: Start) -> None:
    people = [api.person(f"P{number}") for number in range(8)]
    port = int(api.url.rpartition(":")[2])
    async with start(limits=Limits(person=1000, group=1000)) as adapter:
        adapter.troubles.policy = RetryPolicy(longest=timedelta(milliseconds=200))
        for minute, (name, plan) in enumerate(MINUTES, 1):
            for method, fault, times in plan:
                api.faults.add(method, fault, times=times)
            for text in FACTS:
                for person in people:
                    person.sends(text)
            if name == "an outage":
                await api.stop()
                await api.start(port)
            due = list(FACTS) * minute
            await api.world.until(lambda of=due: all(once(told(api, one)) == of for one in people), within=60)  # type: ignore[misc]
        await api.world.until(lambda: not api.world.queue.pending, within=30)
    doubled = 0
    for person in people:
        answers = told(api, person)
        assert once(answers) == list(FACTS) * len(MINUTES)
        doubled += len(answers) - len(FACTS) * len(MINUTES)
    # The one of the outage was under way with any of them.
    assert doubled <= sum(times for _, plan in MINUTES for _, fault, times in plan if fault in MAY_DOUBLE) + len(people)
    assert api.faults.left == 0


def once(answers: Sequence[str]) -> list[str]:
    """Without those that came again at once."""
    return [text for text, _ in groupby(answers)]


def told(api: BotApi, person: Person) -> list[str]:
    """The questions whose answers a person got."""
    answers = [message.text for message in person.private.from_bot(api.bot)]
    return [next(text for text, fact in FACTS.items() if fact in answer) for answer in answers]


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
