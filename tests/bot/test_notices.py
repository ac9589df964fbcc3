"""Admins are told of replies that nobody gets: in private, not too often, and never of their own notices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.admins import Admins
from bot.delivery import Refused
from bot.dropped import Dropped, Why
from bot.live import LiveKnowledge, Snapshot
from bot.notices import EVERY, Notices, PrivateChat, notice_text, same_as_person
from bot.phrasebook import Phrasebook
from bot.state import ConversationState
from bot.store import conversations, outbox
from bot.store.conversations import Remembered
from bot.store.engine import Store
from bot.store.outbox import Outgoing
from knowledge.index import Index
from knowledge.model import KnowledgeBase, Language
from tests.bot.handed_time import HandedTime
from tests.bot.store.samples import letter
from tests.bot.store.sending import running, to

ADMINS = Admins(people=frozenset({("telegram", "1001"), ("telegram", "1002"), ("matrix", "@a:example.org")}))
REFUSED = Dropped(network="telegram", why=Why.REFUSED, detail="blocked")


@dataclass(kw_only=True)
class Watch:
    """Notices under test, and what they sent."""

    store: Store
    index: Index
    network: str = "telegram"
    private_chat: PrivateChat = same_as_person
    time: HandedTime = field(default_factory=HandedTime)
    woken: list[None] = field(default_factory=list)

    @property
    def notices(self) -> Notices:
        """Those of a process that has just started."""
        return Notices(
            network=self.network,
            store=self.store,
            live=LiveKnowledge(Snapshot(index=self.index, taken_at=self.time.now)),
            admins=ADMINS,
            clock=self.time.clock,
            private_chat=self.private_chat,
            wake=lambda: self.woken.append(None),
        )

    async def sent(self) -> list[Outgoing]:
        """What waits for the network; it is taken out."""
        async with self.store.transaction() as connection:
            claimed, _ = await outbox.claim(connection, self.network, self.time.now, lease=timedelta(hours=9), most=9)
            for outgoing in claimed:
                await outbox.mark_sent(connection, outgoing, ["1"], self.time.now)
        return sorted(claimed, key=lambda outgoing: outgoing.letter.address.chat)


@pytest.fixture
def watch(store: Store, shipped: Index) -> Watch:
    return Watch(store=store, index=shipped)


async def test_each_admin_of_the_network_is_told_in_private_in_their_language(watch: Watch) -> None:
    russian = watch.store.keys.whose(network="telegram", chat="1002", person="1002")
    async with watch.store.transaction() as connection:
        state = Remembered(state=ConversationState(language=Language.RU))
        await conversations.save(connection, russian, state, watch.time.now)
    await watch.notices.dropped(REFUSED)
    one, other = await watch.sent()
    assert (one.letter.address.chat, other.letter.address.chat) == ("1001", "1002")
    assert one.letter.reply.text == (
        "Neizdevās nosūtīt 1 atbildi (telegram): tīkls atteicās pieņemt (blocked). Vairāk: /veseliba"
    )
    assert other.letter.reply.text.startswith("Не удалось отправить 1 ответ (telegram): сеть отказалась принять")
    assert watch.woken == [None]


async def test_a_reason_is_told_once_an_hour_with_all_that_came_since(watch: Watch) -> None:
    notices = watch.notices
    await notices.dropped(REFUSED)
    await watch.sent()
    for letters in (1, 2):
        watch.time.advance(60)
        await notices.dropped(replace(REFUSED, letters=letters))
    assert await watch.sent() == []
    await notices.dropped(replace(REFUSED, why=Why.TOO_OLD))
    assert ["1 atbildi" in outgoing.letter.reply.text for outgoing in await watch.sent()] == [True, True]
    watch.time.advance(EVERY.total_seconds())
    await notices.dropped(REFUSED)
    assert ["4 atbildes" in outgoing.letter.reply.text for outgoing in await watch.sent()] == [True, True]


async def test_a_restart_tells_nothing_again_and_a_clock_set_back_silences_nobody(watch: Watch) -> None:
    await watch.notices.dropped(REFUSED)
    assert len(await watch.sent()) == 2
    await watch.notices.dropped(REFUSED)
    assert await watch.sent() == []
    watch.time.advance(-86_400)
    await watch.notices.dropped(REFUSED)
    assert len(await watch.sent()) == 2


async def test_a_network_says_where_to_find_a_person_in_private(watch: Watch) -> None:
    async def room(person: str) -> str | None:
        return {"1001": "!room"}.get(person)

    watch.private_chat = room
    await watch.notices.dropped(REFUSED)
    assert [outgoing.letter.address.chat for outgoing in await watch.sent()] == ["!room"]


async def test_where_there_are_no_admins_nobody_is_told(watch: Watch) -> None:
    watch.network = "terminal"
    await watch.notices.dropped(replace(REFUSED, network="terminal"))
    assert await watch.sent() == []
    assert watch.woken == []


async def test_a_refused_letter_is_told_and_a_refused_notice_is_not(store: Store, shipped: Index) -> None:
    watch = Watch(store=store, index=shipped)
    async with running(store) as rig:
        watch.time = rig.time
        notices = watch.notices
        notices.wake = rig.delivery.wake.set
        rig.delivery.dropped = notices.dropped
        rig.phone.answers = {"ilze": [Refused("blocked")], "1001": [Refused("blocked")]}
        await rig.put(to(store, "ilze", 1))
        await rig.phone.until(1)
        await rig.empty()
        rig.time.advance(EVERY.total_seconds())
        rig.phone.answers = {"jānis": [Refused("blocked")]}
        await rig.put(to(store, "jānis", 2))
        await rig.phone.until(3)
        await rig.empty()
    assert sorted(rig.phone.tried) == ["1001/", "1001/", "1002/", "1002/", "ilze/1", "jānis/2"]
    assert rig.delivery.figures["dropped"] == 3


async def test_a_notice_waits_for_no_other_letter_and_is_not_remembered(watch: Watch) -> None:
    own = letter(
        watch.store, person="1001", whose=watch.store.keys.whose(network="telegram", chat="1001", person="1001")
    )
    async with watch.store.transaction() as connection:
        await outbox.enqueue(connection, own, watch.time.now)
        await outbox.claim(connection, "telegram", watch.time.now, lease=timedelta(hours=1), most=1)
    await watch.notices.dropped(REFUSED)
    told = await watch.sent()
    assert len(told) == 2
    assert not any(outgoing.letter.keep for outgoing in told)


@pytest.mark.parametrize("why", Why)
@pytest.mark.parametrize("language", Language)
def test_every_reason_has_words(why: Why, language: Language, shipped_kb: KnowledgeBase) -> None:
    text = notice_text(replace(REFUSED, why=why), 21, Phrasebook(kb=shipped_kb, language=language))
    assert "21 " in text
    assert "{" not in text
