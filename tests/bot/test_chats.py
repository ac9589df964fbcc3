"""A group that is left is forgotten, and one whose id changes is followed: in the tables and in the files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.chats import Chats
from bot.state import ConversationState
from bot.store import conversations, feedback, groups, outbox, unanswered
from bot.store.conversations import Remembered
from bot.store.engine import Store
from bot.store.errors import StoreUnavailableError
from bot.store.groups import Group
from bot.store.outbox import Address
from tests.bot.store.samples import NOW, letter, whose

GROUP = Group(network="telegram", since=NOW, home="p")
OLD, NEW = "-7001122", "-1007001122"


async def gather(store: Store, chat: str) -> None:
    """All that a group leaves behind: settings, somebody's conversation, feedback, a question, a waiting reply."""
    who = whose(store, chat=chat)
    async with store.transaction() as connection:
        await groups.put(connection, who.chat, GROUP)
        await conversations.save(connection, who, Remembered(state=ConversationState(home="p")), NOW)
        await feedback.give(connection, who, "entry", NOW, verdict="wrong", version="1")
        await unanswered.note(connection, f"jautājums no {chat}", "c", who, NOW)
        await outbox.enqueue(connection, letter(store, whose=who, address=Address(chat=chat)), NOW)


async def waiting(store: Store) -> list[str]:
    """The chats that replies wait for."""
    async with store.transaction() as connection:
        claimed, _ = await outbox.claim(connection, "telegram", NOW, lease=timedelta(hours=1), most=9)
    return [outgoing.letter.address.chat for outgoing in claimed]


async def test_a_chat_that_is_left_is_forgotten_and_no_other(store: Store) -> None:
    await gather(store, OLD)
    await gather(store, "-2")
    for _ in range(2):
        await Chats(store=store).left("telegram", OLD)
    async with store.reading() as connection:
        assert await groups.get(connection, store.keys.chat("telegram", OLD)) is None
        assert await groups.get(connection, store.keys.chat("telegram", "-2")) == GROUP
        assert not await conversations.is_known(connection, whose(store, chat=OLD))
        assert await conversations.is_known(connection, whose(store, chat="-2"))
    assert await waiting(store) == ["-2"]


async def test_a_chat_of_the_same_id_in_another_network_stays(store: Store) -> None:
    await gather(store, OLD)
    await Chats(store=store).left("matrix", OLD)
    async with store.reading() as connection:
        assert await groups.get(connection, store.keys.chat("telegram", OLD)) == GROUP


async def test_settings_and_waiting_replies_follow_a_chat_to_its_new_id(store: Store) -> None:
    await gather(store, OLD)
    # Telegram tells of it twice, from either side.
    for _ in range(2):
        await Chats(store=store).moved("telegram", OLD, NEW)
    async with store.reading() as connection:
        assert await groups.get(connection, store.keys.chat("telegram", OLD)) is None
        assert await groups.get(connection, store.keys.chat("telegram", NEW)) == GROUP
        assert not await conversations.is_known(connection, whose(store, chat=OLD))
    assert await waiting(store) == [NEW]
    await Chats(store=store).moved("telegram", NEW, NEW)
    async with store.reading() as connection:
        assert await groups.get(connection, store.keys.chat("telegram", NEW)) == replace(GROUP, since=NOW)


async def test_nothing_of_the_old_id_is_in_the_files(file_store: Store, files: Callable[[], bytes]) -> None:
    marks = [whose(file_store, chat=OLD).chat, f'"{OLD}"'.encode()]
    await gather(file_store, OLD)
    assert all(mark in files() for mark in marks)
    await Chats(store=file_store).moved("telegram", OLD, NEW)
    assert not any(mark in files() for mark in marks)
    await Chats(store=file_store).left("telegram", NEW)
    left = files()
    assert not any(mark in left for mark in (OLD.encode(), NEW.encode(), whose(file_store, chat=NEW).chat))


async def test_a_database_that_is_away_is_told_so_that_the_network_brings_it_again(
    file_store: Store, tmp_path: Path
) -> None:
    await gather(file_store, OLD)
    file = tmp_path / "selis.sqlite3"
    file.rename(tmp_path / "away")
    with pytest.raises(StoreUnavailableError):
        await Chats(store=file_store).left("telegram", OLD)
    (tmp_path / "away").rename(file)
    await Chats(store=file_store).left("telegram", OLD)
    assert await waiting(file_store) == []
