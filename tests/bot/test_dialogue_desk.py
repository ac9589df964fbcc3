"""Admins at the real desk through the dialogue, while residents go on asking: message in, letters out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest_asyncio

from bot.admins import parse_admins
from bot.dialogue import Dialogue
from bot.limits import Limits, Pace
from bot.live import LiveKnowledge
from bot.messages import ConversationId, IncomingMessage, Reply
from bot.store import outbox
from bot.store.engine import Store, open_store
from bot.unanswered import Notebook
from tests.bot.desk.office import Office
from tests.bot.reloading import NOW, furnish

ADMINS = "telegram:ilze,telegram:juris"
OLD, NEW = "65283888", "65283999"


@dataclass(kw_only=True)
class Town:
    """A dialogue with admins and residents; `got` is what each of them was sent, in order."""

    dialogue: Dialogue
    office: Office
    numbers: count[int] = field(default_factory=count)
    got: dict[str, list[Reply]] = field(default_factory=dict)

    async def says(self, person: str, text: str) -> Reply | None:
        of = ConversationId(network="telegram", chat=person, person=person)
        message = IncomingMessage(conversation=of, id=str(next(self.numbers)), text=text)
        return await self.dialogue.respond(message)

    async def asks(self, admin: str, text: str) -> list[Reply]:
        """What an admin is sent for a command."""
        await self.says(admin, text)
        await self.dialogue.idle()
        before = len(self.got.get(admin, []))
        await self.collect()
        return self.got[admin][before:]

    async def collect(self) -> None:
        """Carry all letters to their readers."""
        await carry(self.office.store, self.got)

    def edit(self, old: str, new: str) -> None:
        self.office.house.edit("contacts/aa.yaml", old, new)

    @property
    def live(self) -> LiveKnowledge:
        return self.office.house.reload.live


async def carry(store: Store, got: dict[str, list[Reply]], now: datetime = NOW) -> None:
    async with store.transaction() as connection:
        while claimed := (await outbox.claim(connection, "telegram", now, lease=timedelta(hours=1), most=99))[0]:
            for outgoing in claimed:
                got.setdefault(outgoing.letter.address.chat, []).append(outgoing.letter.reply)
                await outbox.mark_sent(connection, outgoing, ["1"], now)


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    store = await open_store(None, tmp_path / "database")
    office = Office(house=furnish(tmp_path), store=store)
    dialogue = Dialogue(
        store=store,
        live=office.house.reload.live,
        clock=lambda: NOW,
        pace=Pace(limits=Limits(person=10_000, group=10_000)),
        notebook=Notebook(),
        admins=parse_admins(ADMINS),
        desk=office.desk,
    )
    yield Town(dialogue=dialogue, office=office)
    await dialogue.idle()
    await office.desk.idle()
    await store.close()


async def test_an_admin_reloads_and_is_shown_the_difference_and_goes_back(town: Town) -> None:
    town.edit(OLD, NEW)
    reading, *_, done = await town.asks("ilze", "/parladet")
    assert reading.text == "Lasu un pārbaudu failus …"
    assert f"Aa: Policija – mainīts tālrunis: +371 {OLD} → +371 {NEW}" in done.text
    answer = await town.says("anna", "policija aa")
    assert answer is not None
    assert NEW in answer.text
    *_, back = await town.asks("ilze", "/atcelt")
    assert f"mainīts tālrunis: +371 {NEW} → +371 {OLD}" in back.text
    answer = await town.says("anna", "policija aa")
    assert answer is not None
    assert OLD in answer.text
    assert [act for act, _ in await town.office.acts()] == ["reload", "reload", "rollback", "rollback"]


async def test_what_is_wrong_is_refused_with_file_and_line_and_the_old_goes_on(town: Town) -> None:
    before = town.live.current
    town.edit(f"+371 {OLD}", "'1'")
    lines = (town.office.house.directory / "contacts/aa.yaml").read_text(encoding="utf-8").split("\n")
    line = next(number for number, text in enumerate(lines, 1) if "'1'" in text)
    *_, refused = await town.asks("ilze", "/parladet")
    assert refused.text.startswith("Nekas nav nomainīts: failos ir 1 kļūda.")
    assert f"contacts/aa.yaml:{line}" in refused.text
    assert town.live.current is before
    answer = await town.says("anna", "policija aa")
    assert answer is not None
    assert OLD in answer.text


async def test_two_admins_at_once_are_served_one_after_the_other(town: Town) -> None:
    town.edit(OLD, NEW)
    await town.says("ilze", "/parladet")
    await town.says("juris", "/parladet")
    await town.dialogue.idle()
    await town.collect()
    ends = {admin: town.got[admin][-1].text for admin in ("ilze", "juris")}
    assert sum(NEW in text for text in ends.values()) == 1
    assert sum(text.startswith("Nekas nav mainījies") for text in ends.values()) == 1, ends
    assert sum("applied" in detail for _, detail in await town.office.acts()) == 1


async def test_residents_are_answered_meanwhile_from_one_version_or_the_other(town: Town) -> None:
    town.edit(OLD, NEW)
    town.edit("id: desk, topics: [desk], title: {lv: Klientu centrs}, phones: [+371 65207081]",
              "id: desk, topics: [desk], title: {lv: Klientu centrs}, phones: [+371 65207099]")  # fmt: skip
    replies: list[Reply | None] = []
    await town.says("ilze", "/parladet")
    reload = asyncio.create_task(town.dialogue.idle())
    people = [f"person {number}" for number in range(10)]
    after = 0
    while after < 50:
        texts = ["policija aa" if number % 2 else "klientu centrs aa" for number in range(len(people))]
        replies += await asyncio.gather(*map(town.says, people, texts))
        after += len(people) if reload.done() else 0
        await asyncio.sleep(0)
    await reload
    await town.collect()
    assert None not in replies
    assert sum(len(town.got[person]) for person in people) == len(replies) > 100
    fresh = [NEW in reply.text or "65207099" in reply.text for reply in replies if reply is not None]
    stale = [OLD in reply.text or "65207081" in reply.text for reply in replies if reply is not None]
    assert all(one != other for one, other in zip(fresh, stale, strict=True))
    # Once the new version is there the old one does not come back.
    assert fresh == sorted(fresh)
    assert (fresh[0], fresh[-1]) == (False, True)
