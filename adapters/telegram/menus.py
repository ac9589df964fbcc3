"""What Telegram itself shows of Sēlis: menus of commands by kind of chat and language, name and descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest

from bot.commands import SIGN, CommandName, called
from bot.phrasebook import Phrasebook
from knowledge.model import KnowledgeBase, Language

_NAME = re.compile(r"[a-z0-9_]{1,32}")
"""What Telegram takes as a command."""
_PRIVATE = {
    CommandName.HELP: "menu-help", CommandName.HOME: "menu-home", CommandName.LANGUAGE: "menu-language",
    CommandName.ABOUT: "menu-about", CommandName.PRIVACY: "menu-privacy", CommandName.FORGET: "menu-forget",
}  # fmt: skip
_GROUP = {
    CommandName.ASK: "menu-ask", CommandName.HELP: "menu-help", CommandName.PRIVACY: "menu-privacy",
}  # fmt: skip
_GROUP_ADMINS = {CommandName.ASK: "menu-ask", CommandName.HOME: "menu-group-home"} | _GROUP
_ADMINS = _PRIVATE | {
    CommandName.DESK: "admin-menu", CommandName.RELOAD: "admin-menu-reload", CommandName.CHECK: "admin-menu-check",
    CommandName.ROLLBACK: "admin-menu-rollback", CommandName.VERSIONS: "admin-menu-versions",
    CommandName.HEALTH: "admin-menu-health", CommandName.STATISTICS: "admin-menu-statistics",
    CommandName.UNANSWERED: "admin-menu-unanswered", CommandName.REPORTS: "admin-menu-reports",
    CommandName.STALE: "admin-menu-stale",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The commands of one kind of chat in one language. `code` is Telegram's language code, "" for all others."""

    scope: BotCommandScope
    code: str
    commands: tuple[tuple[str, str], ...]


def menu_name(name: CommandName, kb: KnowledgeBase, language: Language) -> str:
    """The name of a command that Telegram knows as one: the first in Latin letters; Latvian where there is none."""
    for spoken in (language, Language.LV):
        forms = kb.words[spoken].commands.get(name, ()) if spoken in kb.words else ()
        for form in forms:
            if _NAME.fullmatch(form):
                return form
    return called(name, kb, Language.LV).removeprefix(SIGN)


def menus(kb: KnowledgeBase, admins: Iterable[str]) -> Iterator[Menu]:
    """All menus; `admins` are Telegram's ids of Sēlis's own admins. Whoever has no menu of theirs gets Latvian."""
    scopes: list[tuple[BotCommandScope, dict[CommandName, str]]] = [
        (BotCommandScopeAllPrivateChats(), _PRIVATE),
        (BotCommandScopeAllGroupChats(), _GROUP),
        (BotCommandScopeAllChatAdministrators(), _GROUP_ADMINS),
        *((BotCommandScopeChat(int(admin)), _ADMINS) for admin in admins if admin.isdecimal()),
    ]
    for language in Language:
        say = Phrasebook(kb=kb, language=language)
        for scope, held in scopes:
            commands = tuple((menu_name(name, kb, language), say(text).rstrip(":")) for name, text in held.items())
            yield Menu(scope=scope, code=_code(language), commands=commands)


async def show(bot: Bot, kb: KnowledgeBase, admins: Iterable[str]) -> None:
    """Make Telegram show the menus, name and descriptions. What it shows already is left alone: it allows few changes.

    Raises:
        TelegramError: as the library's.
    """
    for menu in menus(kb, admins):
        # An admin who has never written to Sēlis has no chat yet; the next start finds it.
        with suppress(BadRequest) if isinstance(menu.scope, BotCommandScopeChat) else nullcontext():
            await _show_menu(bot, menu)
    for language in Language:
        say, code = Phrasebook(kb=kb, language=language), _code(language) or None
        if (await bot.get_my_name(code)).name != say("bot-name"):
            await bot.set_my_name(say("bot-name"), code)
        if (await bot.get_my_description(code)).description != say("bot-about"):
            await bot.set_my_description(say("bot-about"), code)
        if (await bot.get_my_short_description(code)).short_description != say("bot-short"):
            await bot.set_my_short_description(say("bot-short"), code)


async def _show_menu(bot: Bot, menu: Menu) -> None:
    code = menu.code or None
    shown = await bot.get_my_commands(scope=menu.scope, language_code=code)
    if tuple((one.command, one.description) for one in shown) != menu.commands:
        commands = [BotCommand(name, text) for name, text in menu.commands]
        await bot.set_my_commands(commands, scope=menu.scope, language_code=code)


def _code(language: Language) -> str:
    return "" if language is Language.LV else language.value
