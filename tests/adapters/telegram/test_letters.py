"""Letters that become several messages: pictures, files, long texts, and long ones that become shorter."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from adapters.telegram.me import NETWORK
from adapters.telegram.outgoing import MAX_COPIES
from adapters.telegram.run import Telegram
from bot.messages import Attachment, Kind, Reply
from bot.store import outbox, unanswered
from bot.store.outbox import Address, Letter
from tests.adapters.telegram.conftest import Start
from tests.adapters.telegram.test_private import answered
from tests.bot.desk.test_lists import WONDERED
from tests.servers.botapi.faults import answer
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi

PNG = (
    b"\x89PNG\r\n\x1a\n"
    + (13).to_bytes(4, "big")
    + b"IHDR"
    + (600).to_bytes(4, "big")
    + (400).to_bytes(4, "big")
    + b"\x08\x06"
)
PARAGRAPH = "Garš saraksts par daudz ko. " * 100


def long(paragraphs: int) -> str:
    return "\n\n".join(f"{number}. {PARAGRAPH}" for number in range(paragraphs))


async def put(telegram: Telegram, letter: Letter) -> None:
    async with telegram.service.store.transaction() as connection:
        await outbox.enqueue(connection, letter, datetime.now(UTC))
    telegram.service.dialogue.wake(NETWORK)


def letter(telegram: Telegram, person: Person, event: str, reply: Reply) -> Letter:
    keys, chat = telegram.service.store.keys, str(person.id)
    return Letter(
        network=NETWORK,
        address=Address(chat=chat, reply_to=event),
        whose=keys.whose(network=NETWORK, chat=chat, person=chat),
        event=keys.event(NETWORK, chat, event),
        reply=reply,
    )


async def test_figures_come_with_a_picture(api: BotApi, start: Start) -> None:
    pytest.importorskip("matplotlib")
    ilze, anna = api.person("Ilze"), api.person("Anna")
    async with start(admins=f"telegram:{ilze.id}"):
        await answered(api, anna, "sociālais dienests Krāslavā")
        await answered(api, anna, "tiesībsarga tālrunis")
        ilze.sends("/statistika")
        await api.world.until(lambda: len(ilze.private.from_bot(api.bot)) == 2, within=30)
    words, picture = ilze.private.from_bot(api.bot)
    assert "jautājum" in words.text
    (shown,) = picture.content["photo"]
    assert (shown["width"], shown["height"]) == (1000, 600)


async def test_a_long_list_is_a_page_and_a_file(api: BotApi, start: Start) -> None:
    ilze = api.person("Ilze")
    async with start(admins=f"telegram:{ilze.id}") as telegram:
        store = telegram.service.store
        async with store.transaction() as connection:
            for number, text in enumerate(WONDERED):
                for asker in ("anna", "berta"):
                    whose = store.keys.whose(network=NETWORK, chat=asker, person=asker)
                    await unanswered.note(connection, text, f"c{number}", whose, datetime.now(UTC))
        ilze.sends("/neatbildetie")
        await api.world.until(lambda: len(ilze.private.from_bot(api.bot)) == 2, within=30)
        page, file = ilze.private.from_bot(api.bot)
        ilze.presses("Tālāk")
        await api.world.until(lambda: "2. lapa no 2" in page.text)
    assert file.content["document"]["file_name"] == "neatbildetie.txt"
    _, data = api.world.files[file.content["document"]["file_id"]]
    assert all(text in data.decode() for text in WONDERED)
    assert len(ilze.private.from_bot(api.bot)) == 2, "another page takes the place of the first, without the file"


async def test_an_edit_that_needs_fewer_messages_deletes_the_rest(api: BotApi, start: Start) -> None:
    anna = api.person("Anna", started=True)
    async with start() as telegram:
        first = letter(telegram, anna, "5", Reply(kind=Kind.COMMAND, text=long(4)))
        await put(telegram, first)
        await api.world.until(lambda: len(anna.private.from_bot(api.bot)) == 4)
        numbers = [message.id for message in anna.private.from_bot(api.bot)]
        for event, paragraphs in (("6", 2), ("7", 3)):
            shorter = letter(telegram, anna, event, Reply(kind=Kind.COMMAND, text=f"Labots. {long(paragraphs)}"))
            await put(telegram, replace(shorter, edits=first.event))
            await api.world.until(lambda count=paragraphs: len(anna.private.from_bot(api.bot)) == count)  # type: ignore[misc]
    shown = anna.private.from_bot(api.bot)
    assert [message.id for message in shown[:2]] == numbers[:2], "what is left was edited in its place"
    assert shown[0].text.startswith("Labots. 0.")
    assert shown[2].text.startswith("2.")


async def test_a_letter_that_fails_half_way_goes_on_where_it_was(api: BotApi, start: Start) -> None:
    anna = api.person("Anna", started=True)
    api.faults.add("sendDocument", answer(502))
    files = (Attachment(name="days.png", data=PNG), Attachment(name="list.txt", data=b"viss"))
    async with start() as telegram:
        await put(telegram, letter(telegram, anna, "5", Reply(kind=Kind.COMMAND, text="Lūdzu.", attachments=files)))
        await api.world.until(lambda: len(anna.private.from_bot(api.bot)) == 3, within=10)
    assert [len(api.log.of(method)) for method in ("sendMessage", "sendPhoto", "sendDocument")] == [1, 1, 2]
    _, picture, file = anna.private.from_bot(api.bot)
    assert "photo" in picture.content
    assert file.content["document"]["file_name"] == "list.txt"


async def test_numbers_and_addresses_are_copied_and_a_page_is_opened(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start():
        reply = await answered(api, anna, "socialais dienests viesitee tel")
        page = await answered(api, anna, "kur celt trauksmi Krāslavā?")
    copied = [button["copy_text"]["text"] for row in reply.rows for button in row if "copy_text" in button]
    assert copied == ["+371 65207081", "+371 80020091", "+371 65207092", "sd@jekabpils.lv"]
    assert len(copied) <= MAX_COPIES
    assert [button["url"] for row in page.rows for button in row if "url" in button] == [
        "https://www.kraslava.lv/lv/trauksmes-celsana"
    ]
