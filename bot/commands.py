"""parse(text, kb) -> Command: what people can tell Sēlis with a slash, by name, in any of the three languages."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from knowledge.errors import Problem
from knowledge.model import KnowledgeBase, Language
from knowledge.text import fold, normalise

SIGN = "/"


class CommandName(StrEnum):
    """What a command does. Its names stand in words/*.yaml under `commands`."""

    HELP = "help"
    ASK = "ask"
    HOME = "home"
    LANGUAGE = "language"
    ABOUT = "about"
    PRIVACY = "privacy"
    FORGET = "forget"
    CARD = "card"
    DESK = "desk"
    RELOAD = "reload"
    CHECK = "check"
    ROLLBACK = "rollback"
    VERSIONS = "versions"
    OUTCOME = "outcome"
    APPLY = "apply"
    HEALTH = "health"
    STATISTICS = "statistics"
    UNANSWERED = "unanswered"
    TOPICS = "topics"
    ADD_PHRASE = "add-phrase"
    REPORTS = "reports"
    DONE = "done"
    STALE = "stale"


RESIDENTS = frozenset(
    {
        CommandName.HELP, CommandName.ASK, CommandName.HOME, CommandName.LANGUAGE, CommandName.ABOUT,
        CommandName.PRIVACY, CommandName.FORGET, CommandName.CARD,
    }
)  # fmt: skip
ADMIN: frozenset[CommandName] = frozenset(CommandName) - RESIDENTS
"""Commands of Sēlis's admins (`bot.desk`); for anybody else there are none of these names."""
SPOKEN = frozenset({CommandName.CARD})
"""Commands that are told from questions by their names alone."""
_AROUND = " .!?"
_LONGEST = 40
"""A message longer than this is no name of a command, and is not looked at as one."""
_BEFORE_SIGN = 8
"""Among so many letters the sign of a command stands, if marks that nobody sees come before it."""


class Command(Struct, frozen=True, kw_only=True, gc=False):
    """A command as it was typed. `name` is None where no command is called so.

    `language` is that of the name, and None where it does not tell: "/start" is the same in every language.
    """

    name: CommandName | None
    argument: str = ""
    language: Language | None = None


def parse(text: str, kb: KnowledgeBase) -> Command | None:
    """The command a message is, or None for an ordinary message.

    "/novads@selis_bot Dagda" is the command `novads` with the argument "Dagda"; diacritics and capitals do not matter.
    Some are known by their name alone, without the slash.
    """
    if len(text) > _LONGEST and SIGN not in text.lstrip()[:_BEFORE_SIGN]:
        return None
    written = normalise(text)
    if not written.startswith(SIGN) or not written[1:2].isalpha():
        found = [one for one in _named(written.strip(_AROUND), kb) if one[0] in SPOKEN]
        return Command(name=found[0][0], language=found[0][1]) if found else None
    first, _, argument = written[1:].partition(" ")
    found = _named(first.partition("@")[0], kb)
    if not found:
        return Command(name=None)
    name, language = found[0]
    return Command(name=name, argument=argument.strip(), language=language if len(found) == 1 else None)


def _named(called: str, kb: KnowledgeBase) -> list[tuple[CommandName, Language]]:
    """The commands of a name, by language."""
    if len(called) > _LONGEST:
        return []
    folded = fold(called.lower())
    return [
        (CommandName(held.command_of[folded]), language)
        for language, held in kb.words.items()
        if folded in held.command_of
    ]


def question_of(text: str, kb: KnowledgeBase) -> str:
    """What a message asks: its words without "/jautat", which only says that it does.

    In a group where only commands reach a bot, that is the way to ask.
    """
    command = parse(text, kb)
    return command.argument if command is not None and command.name is CommandName.ASK else text


def called(name: CommandName, kb: KnowledgeBase, language: Language) -> str:
    """What a person types for a command in their language, with the slash."""
    for spoken in (language, Language.LV):
        forms = kb.words[spoken].commands.get(name, ()) if spoken in kb.words else ()
        if forms:
            return SIGN + forms[0]
    return SIGN + name


def command_problems(kb: KnowledgeBase) -> Iterator[Problem]:
    """A problem for every command that is none of ours, or has no Latvian name."""
    for language, held in kb.words.items():
        for name in sorted(set(held.commands) - set(CommandName)):
            known = ", ".join(CommandName)
            yield Problem(
                file=f"words/{language}.yaml", line=0, key=f"commands.{name}", message=f"unknown: use one of {known}"
            )
    latvian = kb.words.get(Language.LV)
    for name in sorted(set(CommandName) - set(latvian.commands if latvian else ())):
        yield Problem(file="words/lv.yaml", line=0, key=f"commands.{name}", message="no name: write at least one")
