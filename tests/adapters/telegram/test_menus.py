"""What Telegram shows of Sēlis by itself."""

from __future__ import annotations

import re

import pytest
from telegram import BotCommandScopeChat

from adapters.telegram.menus import menus
from bot.commands import parse
from knowledge.index import Index
from tests.adapters.telegram.conftest import Start
from tests.servers.botapi.server import BotApi


def test_every_command_of_a_menu_is_one_of_ours_and_one_telegram_takes(shipped: Index) -> None:
    made = list(menus(shipped.kb, ["1001"]))
    assert {menu.code for menu in made} == {"", "ru", "en"}
    assert len(made) == 4 * 3
    for menu in made:
        names = [name for name, _ in menu.commands]
        assert len(names) == len(set(names))
        for name, text in menu.commands:
            assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
            assert 1 <= len(text) <= 256
            command = parse(f"/{name}", shipped.kb)
            assert command is not None
            assert command.name is not None


def test_admins_alone_see_their_commands(shipped: Index) -> None:
    seen = {name for menu in menus(shipped.kb, []) for name, _ in menu.commands}
    assert "parladet" not in seen
    own = [menu for menu in menus(shipped.kb, ["1001", "not-a-number"]) if isinstance(menu.scope, BotCommandScopeChat)]
    assert {menu.scope.chat_id for menu in own if isinstance(menu.scope, BotCommandScopeChat)} == {1001}
    assert "parladet" in dict(own[0].commands)


@pytest.mark.parametrize(
    ("language", "helps"), [("lv", "palidziba"), ("ru", "pomosch"), ("en", "commands"), ("de", "palidziba")]
)
async def test_people_see_menus_in_their_language(language: str, helps: str, api: BotApi, start: Start) -> None:
    person = api.person("Anna", language=language)
    group = api.supergroup("Ciems", person)
    async with start(admins="telegram:1"):
        await api.world.until(lambda: len(api.log.of("setMyShortDescription")) == 3)
    assert any(helps in line for line in person.menu())
    assert any("novads" in line or "kraj" in line or "home" in line for line in person.menu(group))
    before = len(api.log.calls)
    async with start():
        await api.world.until(
            lambda: len([c for c in api.log.calls[before:] if c.method == "getMyShortDescription"]) == 3
        )
    assert not [call for call in api.log.calls[before:] if call.method.startswith("setMy")], "these calls are few a day"
