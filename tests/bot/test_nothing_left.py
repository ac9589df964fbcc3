"""Nothing of people is left in the files of the database or in the logs; after "delete me" no row is theirs."""

from __future__ import annotations

import io
import itertools
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace
from sqlalchemy import func, select

from bot.admins import parse_admins
from bot.chats import Chats
from bot.dialogue import Dialogue
from bot.limits import Limits, Pace
from bot.messages import Choice, ConversationId, IncomingMessage, Kind, Reply
from bot.store import outbox
from bot.store.engine import Store, open_store
from bot.store.schema import metadata
from bot.unanswered import Notebook
from knowledge.text import fold
from tests.bot.desk.office import Office
from tests.bot.reloading import NOW, furnish

FIRST = ("Ilmārs", "Skaidrīte", "Visvaldis", "Ženija", "Arvīds", "Mirdza", "Ojārs", "Zigrīda")
LAST = ("Pūcesvilks", "Zaļkalniņš", "Rudzroga", "Dzērvenājs", "Ķirškalēja", "Šņoriņš")
ASKED = (
    "{me} policija aa", "{me} policija", "{me} policija bē", "{me} klientu centrs tālais", "{me} labdien, un visur",
    "{me} kāds ir vietnieka darba laiks aa?", "{me} qzxwv brrrk", "partnerība, {me}", "{me} laiks",
    "{me} cik bieži ir sēdes", "mans kods ir {code}, zvaniet {phone} vai rakstiet {mail}, kāda ir policijas adrese bē",
    "/novads aa {name}", "labdien", "/valoda {name}",
)  # fmt: skip
ADMIN_ID = "99017263544"


@dataclass(frozen=True, kw_only=True)
class Resident:
    """Somebody invented: a number, and all that leads to them."""

    number: int

    @property
    def name(self) -> str:
        names = list(itertools.product(FIRST, LAST))
        return " ".join(names[self.number * 7 % len(names)])

    @property
    def conversation(self) -> ConversationId:
        if self.number % 2:
            return ConversationId(network="telegram", chat=f"7{self.number:09}1", person=f"7{self.number:09}1")
        person = f"@persona{self.number:06}:piemers.lv"
        return ConversationId(network="matrix", chat=f"!telpa{self.number:06}:piemers.lv", person=person)

    @property
    def secrets(self) -> dict[str, str]:
        return {
            "code": f"{120000 + self.number:06}-1{self.number:04}",
            "phone": f"+371 2{self.number:07}",
            "mail": f"persona.{self.number:05}@epasts.lv",
        }

    @property
    def texts(self) -> list[str]:
        me = f"Mani sauc {self.name}, mans tālrunis ir {self.secrets['phone']}."
        return [text.format(me=me, name=self.name, **self.secrets) for text in ASKED]

    @property
    def marks(self) -> set[str]:
        """What must not be found: texts, names, what leads to the person."""
        phone = self.secrets["phone"].removeprefix("+371 ")
        own = [text for text in self.texts if " " in text]
        return {*own, self.name, *self.name.split(), *self.secrets.values(), phone, self.conversation.person}


RESIDENTS = [Resident(number=number) for number in range(1, 13)]


@dataclass(kw_only=True)
class Village:
    """A dialogue in use. `ids` are those of all chats and messages."""

    dialogue: Dialogue
    office: Office
    ids: set[str] = field(default_factory=set)
    kinds: Counter[Kind] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(880_000_000_001))

    async def says(self, of: ConversationId, text: str = "", **more: object) -> Reply | None:
        identifier = f"$notikums{next(self.numbers)}"
        self.ids |= {identifier, of.chat}
        message = IncomingMessage(conversation=of, id=identifier, text=text)
        reply = await self.dialogue.respond(replace(message, **more))
        if reply is not None:
            self.kinds[reply.kind] += 1
        return reply

    async def send(self) -> None:
        """Send all that waits."""
        await self.dialogue.idle()
        for network in ("telegram", "matrix"):
            async with self.office.store.transaction() as connection:
                while True:
                    claimed, _ = await outbox.claim(connection, network, NOW, lease=timedelta(hours=1), most=999)
                    for outgoing in claimed:
                        await outbox.mark_sent(connection, outgoing, ["$atbilde"], NOW)
                    if not claimed:
                        break
        await self.office.store.scrub()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, by anybody, at the lowest level."""
    written = io.StringIO()
    stream = logging.StreamHandler(written)
    root = logging.getLogger()
    before = root.level
    root.addHandler(stream)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(before)
    root.removeHandler(stream)


async def settle(store: Store, directory: Path) -> Village:
    office = Office(house=furnish(directory), store=store)
    dialogue = Dialogue(
        store=store,
        live=office.house.reload.live,
        clock=lambda: NOW,
        pace=Pace(limits=Limits(person=1000, group=1000)),
        notebook=Notebook(),
        admins=parse_admins(f"telegram:{ADMIN_ID}"),
        desk=office.desk,
    )
    return Village(dialogue=dialogue, office=office)


@pytest_asyncio.fixture
async def village(tmp_path: Path, log: io.StringIO) -> AsyncIterator[Village]:
    store = await open_store(None, tmp_path)
    yield await settle(store, tmp_path)
    await store.close()


def found(marks: set[str], content: bytes) -> set[str]:
    """Those that stand in the content, as written or as Sēlis reads them."""
    return {
        mark
        for mark in marks
        if len(mark) > 3 and any(form.encode() in content for form in (mark, mark.lower(), fold(mark.lower())))
    }


async def live(village: Village, residents: list[Resident]) -> None:
    """All that residents do."""
    for resident in residents:
        of = resident.conversation
        replies = [await village.says(of, text) for text in resident.texts]
        choices = [choice for reply in replies if reply is not None for choice in reply.choices]
        for choice in pressed(choices):
            await village.says(of, pressed=choice.key)
        if resident.number % 5 == 0:
            await village.says(of, f"{resident.name} te", location=(56.5, 25.0 + resident.number / 1000))
        group = replace(of, chat=f"-100{resident.number % 3:07}55", thread="7")
        for text in resident.texts[:4]:
            await village.says(group, text, private=False, addressed=True, owner=True)
        await village.says(group, resident.texts[4], private=False)
        await village.says(group, "/novads aa", private=False, addressed=True, owner=True)
    await village.dialogue.idle()


def pressed(choices: list[Choice]) -> list[Choice]:
    """One of each kind of button."""
    return list({choice.label: choice for choice in choices}.values())[:6]


async def reload(village: Village) -> None:
    admin = ConversationId(network="telegram", chat=ADMIN_ID, person=ADMIN_ID)
    village.office.house.edit("contacts/aa.yaml", "65283888", "65283999")
    for command in ("/parladet", "/neatbildetie", "/statistika", "/veseliba", "/atcelt", "/versijas"):
        await village.says(admin, f"{command} ")
        await village.dialogue.idle()


async def test_no_text_no_name_and_no_id_is_in_the_files_or_in_the_log(
    village: Village, log: io.StringIO, files: Callable[[], bytes]
) -> None:
    await live(village, RESIDENTS)
    await reload(village)
    for resident in RESIDENTS[::6]:
        await village.says(resident.conversation, "/dzest")
    assert set(village.kinds) >= {Kind.ANSWER, Kind.CLARIFY, Kind.UNAVAILABLE, Kind.NO_ANSWER, Kind.SMALLTALK}
    marks = {mark for resident in RESIDENTS for mark in resident.marks}
    chats = {resident.conversation.chat for resident in RESIDENTS} | village.ids | {ADMIN_ID}
    waiting = files()
    # While replies wait, their rows hold where they go, and nothing else does.
    assert found(village.ids, waiting)
    assert found(marks - chats, waiting) == set()
    await village.send()
    assert found(marks | chats, files()) == set()
    await Chats(store=village.office.store).left("telegram", f"-100{1:07}55")
    assert found(marks | chats, files()) == set()
    written = log.getvalue()
    assert written
    assert found(marks | chats, written.encode()) == set()


async def test_after_delete_me_no_row_is_the_persons(store: Store, tmp_path: Path) -> None:
    village = await settle(store, tmp_path)
    gone, stays = RESIDENTS[0], RESIDENTS[2]
    await live(village, [gone, stays])
    filled = await rows(store, gone)
    assert all(filled[table] for table in ("conversations", "outbox", "feedback", "unanswered_asked")), filled
    await village.says(gone.conversation, "/dzest")
    assert +(await rows(store, gone)) == Counter({"outbox": 1})
    await village.send()
    assert not +(await rows(store, gone))
    left = await rows(store, stays)
    assert all(left[table] for table in ("conversations", "sent", "feedback", "unanswered_asked")), left


async def rows(store: Store, resident: Resident) -> Counter[str]:
    """How many rows of each table are the person's, or of their private chat."""
    of = resident.conversation
    whose = store.keys.whose(network=of.network, chat=of.chat, person=of.person)
    counted: Counter[str] = Counter()
    async with store.reading() as connection:
        for table in metadata.sorted_tables:
            for column in {"person", "chat", "conversation"} & set(table.c.keys()):
                mine = select(func.count()).select_from(table).where(table.c[column] == getattr(whose, column))
                counted[table.name] = max(counted[table.name], (await connection.execute(mine)).scalar_one())
    return counted
