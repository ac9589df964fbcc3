"""How far the server was read outlives a restart, in either database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.matrix.progress import Open, Progress, Unread, keep, load
from bot.store import bookmarks
from bot.store.engine import open_store

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
WHOLE = Progress(
    since="s1_2",
    unread=(Unread(room="!a", event="$a", session="s", came=NOW),),
    invites=(Open(room="!b", inviter="@anna:a.test", direct=True, came=NOW, via=("b.test",)),),
)


@pytest.mark.parametrize("progress", [Progress(), Progress(since="s9"), WHOLE])
async def test_it_comes_back_as_it_was(progress: Progress, tmp_path: Path) -> None:
    store = await open_store(None, tmp_path)
    await keep(store, "@selis:a.test", WHOLE)
    await keep(store, "@selis:a.test", progress)
    assert await load(store, "@selis:a.test") == progress
    assert await load(store, "@other:a.test") == Progress()
    await store.close()


async def test_what_another_version_wrote_is_a_new_beginning(tmp_path: Path) -> None:
    store = await open_store(None, tmp_path)
    async with store.transaction() as connection:
        await bookmarks.put(connection, "matrix @selis:a.test", '{"since": 5, "unread": "x"}')
    assert await load(store, "@selis:a.test") == Progress()
    await store.close()
