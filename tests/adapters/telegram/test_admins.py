"""Admins of Sēlis on Telegram: files, and what they see of the process."""

from __future__ import annotations

import re

from knowledge.files import DATA
from tests.adapters.telegram.conftest import Start
from tests.servers.botapi.server import BotApi


async def test_a_file_of_an_admin_is_tried_and_of_others_is_none(api: BotApi, start: Start) -> None:
    anna, berta = api.person("Anna"), api.person("Berta")
    async with start(admins=f"telegram:{anna.id}"):
        berta.sends_document("media.yaml", b"media: 5")
        await api.world.until(lambda: berta.private.from_bot(api.bot))
        assert "kur celt trauksmi" in berta.private.from_bot(api.bot)[0].text
        assert not api.log.of("getFile")
        anna.sends_document("media.yaml", (DATA / "media.yaml").read_bytes().replace(b"title:", b"titel:", 1))
        await api.world.until(
            lambda: any("media.yaml:" in one.text for one in anna.private.from_bot(api.bot)), within=30
        )


async def test_a_file_that_is_too_large_is_not_fetched(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start(admins=f"telegram:{anna.id}"):
        anna.sends_document("media.yaml", b" " * 1_000_001)
        await api.world.until(
            lambda: any("pārāk liels" in one.text for one in anna.private.from_bot(api.bot)), within=30
        )
    assert not api.log.of("getFile")


async def test_health_names_telegram(api: BotApi, start: Start) -> None:
    anna = api.person("Anna")
    async with start(admins=f"telegram:{anna.id}"):
        anna.sends("/veseliba")
        await api.world.until(lambda: anna.private.from_bot(api.bot), within=10)
    told = anna.private.from_bot(api.bot)[0].text
    assert re.search(r"telegram: pēdējoreiz saņemts", told)
    assert api.token not in told
