"""A quiet day in the log: an operator reads all of it, and nothing of it is about anybody."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

from bot.retry import RetryPolicy
from tests.adapters.telegram.test_figures import carried
from tests.adapters.test_logs import set_up
from tests.servers.botapi.faults import DROP_BEFORE, answer, flood
from tests.servers.botapi.server import BotApi

OUTAGES = 4
TRIES = 5
"""So often Telegram is asked in vain in each outage."""
POLLS = 700
"""A day has five times as many; none of them is a line."""


async def test_a_day_of_polls_questions_and_outages_is_under_fifty_lines(api: BotApi, tmp_path: Path) -> None:
    written = io.StringIO()
    people = [api.person(f"Anna{number}") for number in range(20)]
    with set_up([api.token], written):
        async with carried(api, tmp_path, poll_seconds=0) as it:
            it.telegram.troubles.policy = RetryPolicy(longest=timedelta(milliseconds=1))
            for number, person in enumerate(people):
                person.sends("policija aa")
                api.faults.add("sendMessage", answer(502) if number % 2 else flood(1), skip=3)
            for person in people:
                await api.world.until(lambda of=person: of.private.from_bot(api.bot), within=60)  # type: ignore[misc]
            # While answers were waited for it may have asked as often already.
            polls = len(api.log.of("getUpdates"))
            for number in range(OUTAGES):
                api.faults.add(
                    "getUpdates", DROP_BEFORE if number % 2 else answer(502), times=TRIES, skip=100 * (number + 1)
                )
            api.world.queue.add("message", {"date": "never"})
            await api.world.until(lambda: len(api.log.of("getUpdates")) > polls + POLLS, within=120)
    said = written.getvalue()
    lines = [json.loads(line) for line in said.splitlines()]
    assert len(lines) < 50, said
    # One line when something begins, one when it is over: the rest of the day does not add to it.
    assert sum("cannot be reached" in line["event"] for line in lines) == OUTAGES
    assert sum("answers again" in line["event"] for line in lines) == OUTAGES
    told = str([{name: value for name, value in line.items() if name not in {"timestamp", "port"}} for line in lines])
    for private in ("Anna", "policija", api.token, *(str(person.id) for person in people)):
        assert private not in told
