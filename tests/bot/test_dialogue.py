"""The path of a message over a real database: seen, answered, kept and put into the outbox, all or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace

from bot.admins import Admins, parse_admins
from bot.commands import Command
from bot.dialogue import Dialogue
from bot.errors import SettingsError
from bot.hand import Hand
from bot.limits import Limits, Pace
from bot.live import LiveKnowledge, Snapshot
from bot.messages import Choice, ConversationId, IncomingMessage, Kind, Reply
from bot.store import feedback, outbox, unanswered
from bot.store.engine import Store, open_store
from bot.store.errors import StoreUnavailableError
from bot.store.outbox import Claim
from bot.unanswered import Notebook
from knowledge.index import Index
from knowledge.model import Language

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ILZE = ConversationId(network="telegram", chat="77", person="77")
GROUP = ConversationId(network="telegram", chat="-100", person="77")


@dataclass
class Bench:
    """A dialogue over a store, with a clock that is moved by hand and a network that acknowledges nothing by itself."""

    dialogue: Dialogue
    store: Store
    time: list[datetime]
    numbers: count[int] = field(default_factory=count)
    woken: list[str] = field(default_factory=list)

    def message(self, text: str, of: ConversationId = ILZE, **more: object) -> IncomingMessage:
        identifier = str(more.pop("id", next(self.numbers)))
        return replace(IncomingMessage(conversation=of, id=identifier, text=text), **more)

    async def says(self, text: str, of: ConversationId = ILZE, **more: object) -> Reply | None:
        return await self.dialogue.respond(self.message(text, of, **more))

    async def answer(self, text: str, of: ConversationId = ILZE, **more: object) -> Reply:
        reply = await self.says(text, of, **more)
        assert reply is not None
        return reply

    async def waiting(self) -> list[outbox.Outgoing]:
        """What can be sent now, one letter a conversation; they are taken out."""
        found: list[outbox.Outgoing] = []
        async with self.store.transaction() as connection:
            while True:
                claimed, _ = await outbox.claim(
                    connection, "telegram", self.time[0], lease=timedelta(hours=1), most=100
                )
                if not claimed:
                    return found
                found += claimed
                for outgoing in claimed:
                    await outbox.mark_sent(connection, outgoing, ["1"], self.time[0])


@pytest_asyncio.fixture
async def bench(shipped: Index, tmp_path: Path) -> AsyncIterator[Bench]:
    store = await open_store(None, tmp_path)
    time = [NOW]
    woken: list[str] = []
    dialogue = Dialogue(
        store=store,
        live=LiveKnowledge(Snapshot(index=shipped, taken_at=NOW)),
        clock=lambda: time[0],
        pace=Pace(limits=Limits(person=30, group=60)),
        notebook=Notebook(),
        admins=Admins(people=frozenset({("telegram", "1001")})),
        wake=woken.append,
    )
    yield Bench(dialogue=dialogue, store=store, time=time, woken=woken)
    await dialogue.idle()
    await store.close()


async def test_a_reply_waits_in_the_outbox_for_the_chat_it_came_from(bench: Bench) -> None:
    reply = await bench.answer("kur celt trauksmi Krāslavā?", id="5")
    (outgoing,) = await bench.waiting()
    assert outgoing.letter.reply == reply
    assert outgoing.letter.address == outbox.Address(chat="77", reply_to="5")
    assert bench.woken == ["telegram"]


async def test_a_reply_goes_to_a_free_hand_once_it_is_kept_and_wakes_nobody(bench: Bench) -> None:
    hands: list[Hand] = []

    @contextmanager
    def hold_out(_network: str, now: datetime) -> Iterator[Hand]:
        hands.append(Hand(claim=Claim(holder="one", until=now + timedelta(minutes=2))))
        yield hands[-1]

    bench.dialogue.hand = hold_out
    reply = await bench.answer("kur celt trauksmi Krāslavā?")
    (taken,) = [hand.takes for hand in hands]
    assert taken is not None
    assert (taken.letter.reply, bench.woken) == (reply, [])
    await bench.answer("un Aizkrauklē?")
    assert (hands[-1].takes, bench.woken) == (None, ["telegram"])
    assert await bench.waiting() == [], "the second waits for the first"


async def test_what_the_network_brings_again_is_not_answered_again(bench: Bench) -> None:
    await bench.answer("sociālais dienests Krāslavā", id="5")
    assert await bench.says("sociālais dienests Krāslavā", id="5") is None
    assert len(await bench.waiting()) == 1


async def test_the_same_number_in_another_chat_is_another_message(bench: Bench) -> None:
    await bench.answer("policija Krāslavā", id="5")
    assert await bench.says("policija Krāslavā", ConversationId(network="telegram", chat="78", person="78"), id="5")


async def test_the_conversation_is_remembered_by_the_database(bench: Bench, shipped: Index) -> None:
    await bench.answer("sociālais dienests Krāslavā")
    another = replace_dialogue(bench, shipped)
    reply = await another.respond(bench.message("un e-pasts?"))
    assert reply is not None
    assert "socdienests@kraslava.lv" in reply.text


def replace_dialogue(bench: Bench, index: Index) -> Dialogue:
    """A second process over the same database."""
    return Dialogue(
        store=bench.store,
        live=LiveKnowledge(Snapshot(index=index, taken_at=NOW)),
        clock=lambda: bench.time[0],
        pace=Pace(),
        notebook=Notebook(),
    )


async def test_a_database_that_is_away_keeps_nothing_and_the_message_comes_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench.store.transaction() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(StoreUnavailableError):
        for number in range(200):
            await bench.says("kas ir līdzdalības budžets?", id=f"{number}", of=replace(ILZE, chat=str(number)))
    async with bench.store.transaction() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert await bench.says("policija Dagdā", id="again") is not None


async def test_in_a_group_only_who_speaks_to_selis_is_answered(bench: Bench) -> None:
    assert await bench.says("policija Krāslavā", GROUP, private=False) is None
    assert await bench.says("policija Krāslavā", GROUP, private=False, addressed=True) is not None
    assert await bench.says("policija Krāslavā", private=False, addressed=True, from_bot=True) is None


async def test_two_people_of_a_group_have_conversations_of_their_own(bench: Bench) -> None:
    await bench.answer("sociālais dienests Krāslavā", GROUP, private=False, addressed=True)
    other = await bench.answer("un e-pasts?", replace(GROUP, person="78"), private=False, addressed=True)
    assert "@" not in other.text


async def test_the_owner_sets_the_home_of_a_group_and_all_profit(bench: Bench) -> None:
    in_group = {"private": False, "addressed": True}
    refused = await bench.answer("/novads Dagda", GROUP, **in_group)
    assert "Krāslavas novads" not in refused.text
    await bench.answer("/novads Dagda", GROUP, owner=True, **in_group)
    answered = await bench.answer("sociālais dienests", replace(GROUP, person="79"), **in_group)
    assert answered.place == "kraslava"


async def test_who_writes_too_fast_is_told_once_and_then_met_with_silence(bench: Bench) -> None:
    replies = [await bench.says("labdien") for _ in range(40)]
    assert sum(reply is not None for reply in replies) == 31
    bench.time[0] += timedelta(minutes=1)
    assert await bench.says("labdien") is not None


async def test_an_admin_is_never_too_fast(bench: Bench) -> None:
    admin = ConversationId(network="telegram", chat="1001", person="1001")
    assert all([await bench.says("labdien", admin) is not None for _ in range(40)])


async def test_feedback_is_asked_for_once_a_day_and_a_press_is_kept(bench: Bench) -> None:
    first = await bench.answer("policija Dagdā")
    second = await bench.answer("policija Jēkabpilī")
    assert len(first.choices) == 2
    assert second.choices == ()
    thanks = await bench.answer("", pressed=first.choices[1].key)
    assert thanks.kind is Kind.COMMAND
    assert thanks.choices
    async with bench.store.reading() as connection:
        (report,) = await feedback.open_reports(connection, "wrong")
    assert report.entry == first.entries[0]
    bench.time[0] += timedelta(days=1)
    assert (await bench.answer("policija Dagdā")).choices


async def test_what_a_button_does_can_be_typed_as_well(bench: Bench) -> None:
    asked = await bench.answer("/novads")
    assert (await bench.answer("2")).text.startswith("Labi, iegaumēju")
    assert (await bench.answer("policija")).place == asked.choices[1].key.split()[1]
    assert (await bench.answer("👎")).choices
    bench.time[0] += timedelta(hours=11)
    assert (await bench.answer("1.")).text.startswith("Paldies! Nodošu tālāk")
    async with bench.store.reading() as connection:
        (report,) = await feedback.open_reports(connection, "wrong")
    assert report.reason == "number"


async def test_no_feedback_is_asked_for_in_a_group(bench: Bench) -> None:
    assert (await bench.answer("policija Dagdā", GROUP, private=False, addressed=True)).choices == ()


async def test_a_question_without_an_answer_is_noted_without_who_asked(bench: Bench) -> None:
    for person in ("80", "81"):
        of = ConversationId(network="telegram", chat=person, person=person)
        await bench.answer(
            "kāds ir Krāslavas sociālā dienesta darba laiks? mani sauc Jānis Bērziņš, kods 120385-11234", of
        )
    await bench.dialogue.idle()
    async with bench.store.reading() as connection:
        (cluster,) = await unanswered.clusters(connection, NOW - timedelta(days=1))
    assert cluster.conversations == 2
    assert not any(secret in cluster.texts[0].lower() for secret in ("bērziņ", "jāni", "11234"))


async def test_what_is_outside_the_domain_is_no_question_to_be_noted(bench: Bench) -> None:
    for person in ("80", "81"):
        of = ConversationId(network="telegram", chat=person, person=person)
        await bench.answer("kāds rīt laiks Krāslavā?", of)
    await bench.dialogue.idle()
    async with bench.store.reading() as connection:
        assert not await unanswered.clusters(connection, NOW - timedelta(days=1))


async def test_who_wants_to_be_forgotten_is(bench: Bench, tmp_path: Path) -> None:
    await bench.answer("esmu no Dagdas")
    assert (await bench.answer("policija")).place == "kraslava"
    await bench.answer("/dzest")
    assert (await bench.answer("policija")).kind is Kind.CLARIFY


async def test_an_edited_question_asks_for_its_answer_to_be_edited(bench: Bench) -> None:
    await bench.answer("policija Dagdā", id="5")
    await bench.waiting()
    await bench.answer("policija Jēkabpilī", id="5/1", edits="5")
    (outgoing,) = await bench.waiting()
    assert outgoing.edits == ("1",)
    assert outgoing.letter.address.reply_to == "5"


class Clerk:
    """A desk that answers twice and remembers what it was given."""

    def __init__(self) -> None:
        self.served: list[tuple[Command | None, IncomingMessage]] = []
        self.fails = False
        self.said, self.goes_on = asyncio.Event(), asyncio.Event()
        self.goes_on.set()
        self.choices: tuple[Choice, ...] = ()

    async def serve(
        self, command: Command | None, message: IncomingMessage, language: Language
    ) -> AsyncIterator[Reply]:
        self.served.append((command, message))
        for text in ("one", "two"):
            yield Reply(kind=Kind.COMMAND, text=text, language=language, choices=self.choices, more=text == "one")
            if self.fails:
                raise ZeroDivisionError
            self.said.set()
            await self.goes_on.wait()


@pytest.fixture
def clerk(bench: Bench) -> Clerk:
    clerk = Clerk()
    bench.dialogue.desk = clerk
    return clerk


ADMIN = ConversationId(network="telegram", chat="1001", person="1001")


async def test_an_admin_is_served_aside_and_each_reply_is_a_letter(bench: Bench, clerk: Clerk) -> None:
    assert await bench.says("/parladet", ADMIN) is None
    await bench.dialogue.idle()
    assert [outgoing.letter.reply.text for outgoing in await bench.waiting()] == ["one", "two"]
    assert len(clerk.served) == 1


async def test_an_admin_whose_command_died_half_way_is_told(bench: Bench, clerk: Clerk) -> None:
    clerk.goes_on.clear()
    await bench.says("/parladet", ADMIN)
    await clerk.said.wait()
    first = await bench.waiting()
    assert [outgoing.letter.reply.text for outgoing in first] == ["one"]
    store = bench.dialogue.store
    async with store.transaction() as connection:
        # What the next process does when this one is killed now.
        await outbox.take_over(connection, "telegram", store.holder.name, NOW)
    *_, told = await bench.waiting()
    assert told.letter.reply.text.startswith("„/parladet” nepabeidzu")
    assert (told.letter.address, told.letter.keep) == (first[0].letter.address, False)
    clerk.goes_on.set()
    await bench.dialogue.idle()


async def test_an_admin_whose_command_fails_is_told_at_once(bench: Bench, clerk: Clerk) -> None:
    clerk.fails = True
    await bench.says("/parladet", ADMIN)
    with pytest.raises(ZeroDivisionError):
        await bench.dialogue.idle()
    assert {outgoing.letter.reply.text[:10] for outgoing in await bench.waiting()} == {"one", "„/parladet"}


async def test_an_admin_who_was_served_is_told_nothing_more(bench: Bench, clerk: Clerk) -> None:
    await bench.says("/parladet", ADMIN)
    await bench.dialogue.idle()
    store = bench.dialogue.store
    async with store.transaction() as connection:
        await outbox.take_over(connection, "telegram", store.holder.name, NOW)
    assert [outgoing.letter.reply.text for outgoing in await bench.waiting()] == ["one", "two"]


async def test_what_the_desk_offers_can_be_typed(bench: Bench, clerk: Clerk) -> None:
    clerk.choices = (Choice(key="/lietot 12ab", label="Lietot"), Choice(key="/pults", label="Atpakaļ"))
    assert await bench.says("/pults", ADMIN) is None
    await bench.dialogue.idle()
    assert await bench.says("1", ADMIN) is None
    await bench.dialogue.idle()
    command, message = clerk.served[-1]
    assert (command and command.argument, message.pressed) == ("12ab", "/lietot 12ab")


async def test_for_anybody_else_an_admins_command_is_no_command(bench: Bench, clerk: Clerk) -> None:
    assert (await bench.answer("/parladet")).kind is Kind.HELP
    assert (await bench.answer("", pressed="/darits contact/kraslava/pasvaldibas-policija")).kind is Kind.HELP
    assert clerk.served == []


async def test_in_a_group_an_admin_is_asked_to_come_in_private(bench: Bench, clerk: Clerk) -> None:
    reply = await bench.answer("/parladet", replace(GROUP, person="1001"), private=False, addressed=True)
    assert reply.kind is Kind.COMMAND
    assert clerk.served == []


def test_admins_are_read_from_the_setting() -> None:
    admins = parse_admins("telegram:1001, matrix:@admin:example.org")
    assert admins.hold(ADMIN)
    assert admins.hold(ConversationId(network="matrix", chat="!x", person="@admin:example.org"))
    assert not admins.hold(ILZE)
    with pytest.raises(SettingsError, match=r"^SELIS_ADMINS: '1001' is no network:id"):
        parse_admins("1001")
