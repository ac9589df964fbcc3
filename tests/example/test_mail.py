"""The example of docs/developers.md carries letters over the whole service: nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import mailbox
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from adapters import wiring
from adapters.watch import reasons
from bot.settings import Settings
from tests.bot.reloading import House, furnish
from tests.example import mail
from tests.example.mail import Mail

LIMIT_SECONDS = 30


class Post:
    """Two Maildirs, and the people who write letters and read them."""

    def __init__(self, directory: Path) -> None:
        self.inbox, self.outbox = directory / "in", directory / "out"
        self._in, self._out = mailbox.Maildir(self.inbox), mailbox.Maildir(self.outbox)

    def write(self, person: str, text: str, number: int, **headers: str) -> None:
        letter = EmailMessage()
        letter["From"] = f"Anna <{person}>"
        letter["Message-ID"] = f"<{number}@example.org>"
        for name, value in headers.items():
            letter[name.replace("_", "-")] = value
        letter.set_content(text)
        self._in.add(letter.as_bytes())

    def write_raw(self, raw: bytes) -> None:
        self._in.add(raw)

    @property
    def waiting(self) -> int:
        return len(list((self.inbox / "new").iterdir()))

    def answers(self) -> dict[str, EmailMessage]:
        """The letters that came back, by the number of the letter they answer."""
        files = [path.read_bytes() for path in (self.outbox / "new").iterdir()]
        letters = [message_from_bytes(raw, policy=policy.default) for raw in files]
        return {str(letter["In-Reply-To"]).strip("<").partition("@")[0]: letter for letter in letters}


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(mail, "LOOK_SECONDS", 0.02)
    return furnish(tmp_path)


@asynccontextmanager
async def carried(house: House, post: Post) -> AsyncIterator[wiring.Service]:
    """The service with the adapter at work, until the block ends."""
    settings = Settings(knowledge_dir=house.directory, data_dir=house.data)
    async with wiring.service(settings) as service:
        adapter = Mail(service=service, inbox=post.inbox, outbox=post.outbox)
        running = asyncio.create_task(adapter.run())
        try:
            yield service
        finally:
            adapter.stop()
            await running


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT_SECONDS):
        while not holds():  # noqa: ASYNC110 - the folder itself is the event
            await asyncio.sleep(0.01)


async def test_letters_are_a_conversation(house: House, post: Post) -> None:
    async with carried(house, post) as service:
        post.write("anna@example.org", "policija?\n> vakar rakstīju", 1)
        await until(lambda: "1" in post.answers())
        post.write("anna@example.org", "1", 2)
        await until(lambda: "2" in post.answers())
        health = await service.health()
    first, second = post.answers()["1"], post.answers()["2"]
    assert first["To"] == "anna@example.org"
    assert "1. Aa novads" in first.get_content()
    assert "+371 65283888" in second.get_content()
    assert not [reason for reason in reasons(health) if reason.startswith("mail")]


async def test_a_letter_that_comes_again_is_not_answered_again(house: House, post: Post) -> None:
    async with carried(house, post):
        post.write("anna@example.org", "policija aa", 1)
        await until(lambda: "1" in post.answers())
        for path in (post.outbox / "new").iterdir():
            path.unlink()
        post.write("anna@example.org", "policija aa", 1)
        post.write("anna@example.org", "klientu centrs aa", 2)
        await until(lambda: "2" in post.answers())
    assert list(post.answers()) == ["2"]


async def test_letters_wait_while_nobody_is_there(house: House, post: Post) -> None:
    for number in range(10):
        post.write(f"person{number}@example.org", "policija aa", number)
    async with carried(house, post):
        await until(lambda: len(post.answers()) == 10)
    assert post.waiting == 0


async def test_programs_are_not_answered_and_what_cannot_be_read_holds_nobody_up(house: House, post: Post) -> None:
    post.write("robot@example.org", "policija aa", 1, Auto_Submitted="auto-replied")
    post.write_raw(b"From: a@example.org\nContent-Type: text/plain; charset=no-such\nMessage-ID: <2@x>\n\npolicija\n")
    post.write("anna@example.org", "policija aa", 3)
    async with carried(house, post):
        await until(lambda: post.waiting == 0 and "3" in post.answers())
    assert list(post.answers()) == ["3"]


async def test_a_letter_that_the_database_did_not_keep_is_answered_later(
    house: House, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = house.data / "selis.sqlite3"
    away = database.with_name("away.sqlite3")
    async with carried(house, post):
        await until(database.exists)
        database.rename(away)
        post.write("anna@example.org", "policija aa", 1)
        await asyncio.sleep(0.2)
        assert post.waiting == 1
        away.rename(database)
        await until(lambda: "1" in post.answers())
