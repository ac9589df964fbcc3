"""Typing is a nicety: in a flood of questions the network is left to the answers."""

from __future__ import annotations

import asyncio

from adapters.typing import MOST_CHATS, Typing


async def test_in_a_flood_it_is_shown_in_a_few_chats_alone() -> None:
    shown: list[str] = []
    enough = asyncio.Event()

    async def show(chat: str, _thread: str) -> None:
        shown.append(chat)
        if len(shown) == MOST_CHATS:
            enough.set()

    typing = Typing(show, every=60, moment=0)
    for chat in range(10 * MOST_CHATS):
        typing.begin(str(chat), "")
    async with asyncio.timeout(10):
        await enough.wait()
    assert shown == [str(chat) for chat in range(MOST_CHATS)]
    typing.end("0", "")
    enough.clear()
    typing.begin("late", "")
    async with asyncio.timeout(10):
        while shown[-1] != "late":  # noqa: ASYNC110 - it comes in the next round of the loop
            await asyncio.sleep(0)
    await typing.close()
