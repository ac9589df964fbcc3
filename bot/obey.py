"""obey(command, state, index) -> reply and new state: what comes of a resident's command. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import Command, CommandName, called
from bot.errors import UnknownPlaceError
from bot.followup import complete
from bot.messages import Choice, Kind, Reply
from bot.phrasebook import Phrasebook
from bot.places import municipality_of
from bot.question import to_key
from bot.state import ConversationState
from knowledge.index import Index
from knowledge.model import Language
from knowledge.read import read
from knowledge.text import fold

_EXAMPLES = ("example-1", "example-2", "example-3")

Obeyed = tuple[Reply, ConversationState | None]
"""The reply and the state after it; None where everything is to be forgotten."""


def obey(command: Command, state: ConversationState, index: Index) -> Obeyed:
    """Carry a command out. A command nobody knows gets the help, in the language of the conversation."""
    language = command.language if command.name is not None else state.language
    say = Phrasebook(kb=index.kb, language=language)
    spoken = replace(state, language=language)
    match command.name:
        case CommandName.HOME:
            return _home(command, spoken, index, say)
        case CommandName.LANGUAGE:
            return _language(command, spoken, index)
        case CommandName.ABOUT:
            return _reply(Kind.COMMAND, _about(say), say), spoken
        case CommandName.PRIVACY:
            forget = called(CommandName.FORGET, index.kb, language)
            return _reply(Kind.COMMAND, say("privacy", forget=forget), say), spoken
        case CommandName.FORGET:
            return _reply(Kind.COMMAND, say("forgotten"), say), None
        case CommandName.HELP:
            return _help(say, index), spoken
        case _:
            return _help(say, index, say("unknown-command")), spoken


def _reply(kind: Kind, text: str, say: Phrasebook, choices: tuple[Choice, ...] = ()) -> Reply:
    return Reply(kind=kind, text=text, choices=choices, language=say.language, confidence=1.0)


def _help(say: Phrasebook, index: Index, before: str = "") -> Reply:
    names = {
        name.value: called(name, say.kb, say.language)
        for name in (CommandName.HOME, CommandName.LANGUAGE, CommandName.ABOUT, CommandName.PRIVACY)
    }
    text = say("help", **names)
    choices = tuple(Choice(key=_asked(say(example), index), label=say(example)) for example in _EXAMPLES)
    return _reply(Kind.HELP, f"{before}\n{text}" if before else text, say, choices)


def _asked(example: str, index: Index) -> str:
    """The key of the question that an example asks."""
    return to_key(complete(read(example, index), ConversationState(), index.kb))


def _home(command: Command, state: ConversationState, index: Index, say: Phrasebook) -> Obeyed:
    name = called(CommandName.HOME, index.kb, say.language)
    choices = tuple(Choice(key=f"{name} {m.id}", label=say.place(m.id)) for m in index.kb.covered)
    if not command.argument:
        here = say("home-now", place=say.place(state.home)) if state.home else ""
        return _reply(Kind.COMMAND, f"{here} {say('home-ask', command=name)}".strip(), say, choices), state
    try:
        home = municipality_of(command.argument, index)
    except UnknownPlaceError:
        return _reply(Kind.COMMAND, say("home-unknown", covered=say.covered()), say, choices), state
    return _reply(Kind.COMMAND, say("home-set", place=say.place(home)), say), replace(state, home=home)


def _language(command: Command, state: ConversationState, index: Index) -> Obeyed:
    chosen = _named(command.argument, index)
    if chosen is None:
        say = Phrasebook(kb=index.kb, language=state.language)
        name = called(CommandName.LANGUAGE, index.kb, state.language)
        choices = tuple(
            Choice(key=f"{name} {language}", label=Phrasebook(kb=index.kb, language=language)("language-name"))
            for language in Language
        )
        return _reply(Kind.COMMAND, say("language-ask"), say, choices), state
    say = Phrasebook(kb=index.kb, language=chosen)
    return _reply(Kind.COMMAND, say("language-set"), say), replace(state, language=chosen)


def _named(argument: str, index: Index) -> Language | None:
    """The language of that name or code."""
    wanted = fold(argument.lower())
    for language in Language:
        name = Phrasebook(kb=index.kb, language=language)("language-name")
        if wanted in {language.value, fold(name.lower())}:
            return language
    return None


def _about(say: Phrasebook) -> str:
    """The documents everything is from, with the years of their facts."""
    years: dict[str, set[str]] = {}
    for entry in say.kb.entries.values():
        years.setdefault(entry.source.document, set()).add(entry.as_of)
    lines = [
        say("about-source", source=say(f"document-{document}"), date=", ".join(sorted(filter(None, held))))
        for document, held in sorted(years.items())
    ]
    return "\n".join([say("about", covered=say.covered()), *lines])
