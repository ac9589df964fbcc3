"""obey(command, state, index, standing) -> Obeyed: what comes of a resident's command. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cards import card_by_command
from bot.commands import Command, CommandName, called
from bot.followup import complete
from bot.home import home_by_name
from bot.links import read_link
from bot.messages import Choice, Kind, Reply
from bot.obeyed import Obeyed, reply_of
from bot.phrasebook import Phrasebook
from bot.question import to_key
from bot.standing import IN_PRIVATE, Standing
from bot.state import ConversationState
from knowledge.index import Index
from knowledge.model import Language
from knowledge.read import read
from knowledge.text import fold

_EXAMPLES = ("example-1", "example-2", "example-3")
_TOLD = (CommandName.HOME, CommandName.LANGUAGE, CommandName.ABOUT, CommandName.PRIVACY, CommandName.FORGET)


def obey(command: Command, state: ConversationState, index: Index, standing: Standing = IN_PRIVATE) -> Obeyed:
    """Carry a command out. A command nobody knows gets the help, in the language of the conversation."""
    language = command.language or state.language
    say = Phrasebook(kb=index.kb, language=language)
    spoken = replace(state, language=language)
    match command.name:
        case CommandName.HOME:
            return home_by_name(command, spoken, index, say, standing)
        case CommandName.LANGUAGE:
            return _language(command, spoken, index)
        case CommandName.ABOUT:
            return Obeyed(reply=reply_of(Kind.COMMAND, _about(say), say), state=spoken)
        case CommandName.PRIVACY:
            forget = called(CommandName.FORGET, index.kb, language)
            return Obeyed(reply=reply_of(Kind.COMMAND, say("privacy", forget=forget), say), state=spoken)
        case CommandName.FORGET:
            return Obeyed(reply=reply_of(Kind.COMMAND, say("forgotten"), say), state=None)
        case CommandName.CARD:
            return card_by_command(command, spoken, index, say)
        case CommandName.HELP:
            return _start(command, spoken, index, say, standing)
        case _:
            return Obeyed(reply=_help(say, index, say("unknown-command")), state=spoken)


def _start(command: Command, state: ConversationState, index: Index, say: Phrasebook, standing: Standing) -> Obeyed:
    """A link's place or question, else the help."""
    link = read_link(command.argument, index.kb)
    if link is None:
        return Obeyed(reply=_help(say, index), state=state)
    if link.question is not None:
        return Obeyed(reply=None, state=state, question=replace(link.question, language=state.language))
    return home_by_name(replace(command, argument=link.municipality), state, index, say, standing)


def _help(say: Phrasebook, index: Index, before: str = "") -> Reply:
    names = {name.value: called(name, say.kb, say.language) for name in _TOLD}
    text = say("help", **names)
    choices = tuple(Choice(key=_asked(say(example), index), label=say(example)) for example in _EXAMPLES)
    return reply_of(Kind.HELP, f"{before}\n{text}" if before else text, say, choices)


def _asked(example: str, index: Index) -> str:
    """The key of the question that an example asks."""
    return to_key(complete(read(example, index), ConversationState(), index.kb))


def _language(command: Command, state: ConversationState, index: Index) -> Obeyed:
    chosen = _named(command.argument, index)
    if chosen is None:
        say = Phrasebook(kb=index.kb, language=state.language)
        name = called(CommandName.LANGUAGE, index.kb, state.language)
        choices = tuple(
            Choice(key=f"{name} {language}", label=Phrasebook(kb=index.kb, language=language)("language-name"))
            for language in Language
        )
        return Obeyed(reply=reply_of(Kind.COMMAND, say("language-ask"), say, choices), state=state)
    say = Phrasebook(kb=index.kb, language=chosen)
    return Obeyed(reply=reply_of(Kind.COMMAND, say("language-set"), say), state=replace(state, language=chosen))


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
