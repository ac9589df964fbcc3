"""The home place, by name, by button or by a position on the map: a person's own, or that of a whole group. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from bot.commands import Command, CommandName, called
from bot.errors import UnknownPlaceError
from bot.location import Border, Nearest, locate
from bot.messages import Choice, Kind, Location
from bot.obeyed import Obeyed, reply_of
from bot.phrasebook import Phrasebook
from bot.places import municipality_of
from bot.standing import IN_PRIVATE, Standing
from bot.state import ConversationState
from knowledge.index import Index
from knowledge.model import KnowledgeBase


def home_by_name(
    command: Command, state: ConversationState, index: Index, say: Phrasebook, standing: Standing
) -> Obeyed:
    """The home place as a command names it; without a name it is told and asked for."""
    if not command.argument:
        return _asked(state, say, standing)
    if not standing.private and not standing.may_set_group:
        return _refused(state, say, standing)
    name = command.argument
    if name in index.kb.municipalities and not index.kb.municipalities[name].covered:
        text = say("home-outside", place=say.place(name), covered=say.covered())
        return _says(state, say, text, _covered(say))
    try:
        home = municipality_of(name, index)
    except UnknownPlaceError:
        return _says(state, say, say("home-unknown", covered=say.covered()), _covered(say))
    return _set(home, state, say, standing)


def home_by_location(
    location: Location, state: ConversationState, kb: KnowledgeBase, standing: Standing = IN_PRIVATE
) -> Obeyed:
    """The home place by a position on the map; near a border it is asked, outside it is said so."""
    say = Phrasebook(kb=kb, language=state.language)
    if not standing.private and not standing.may_set_group:
        return _refused(state, say, standing)
    found = locate(location, kb)
    if isinstance(found, Nearest):
        near = say("home-near", village=say.place_name(found.place))
        return _set(found.municipality, state, say, standing, before=near)
    if isinstance(found, Border):
        return _says(state, say, say("home-border"), _choices(found.municipalities, say))
    if found.municipality is not None:
        text = say("home-outside", place=say.place(found.municipality), covered=say.covered())
    else:
        text = say("home-nowhere", covered=say.covered())
    return _says(state, say, text, _covered(say))


def _set(home: str, state: ConversationState, say: Phrasebook, standing: Standing, before: str = "") -> Obeyed:
    key = "home-set" if standing.private else "group-home-set"
    reply = reply_of(Kind.COMMAND, f"{before} {say(key, place=say.place(home))}".strip(), say)
    if standing.private:
        return Obeyed(reply=reply, state=replace(state, home=home))
    return Obeyed(reply=reply, state=state, group_home=home)


def _asked(state: ConversationState, say: Phrasebook, standing: Standing) -> Obeyed:
    if not standing.private and not standing.may_set_group:
        return _refused(state, say, standing)
    here = _here(state, say, standing)
    key = "home-ask" if standing.private else "group-home-ask"
    name = called(CommandName.HOME, say.kb, say.language)
    return _says(state, say, f"{here} {say(key, command=name)}".strip(), _covered(say))


def _refused(state: ConversationState, say: Phrasebook, standing: Standing) -> Obeyed:
    return _says(state, say, f"{_here(state, say, standing)} {say('group-home-owners')}".strip())


def _here(state: ConversationState, say: Phrasebook, standing: Standing) -> str:
    """What is set now, as a sentence; empty where nothing is."""
    home = state.home if standing.private else standing.group_home
    if home is None or home not in say.kb.municipalities:
        return ""
    return say("home-now" if standing.private else "group-home-now", place=say.place(home))


def _says(state: ConversationState, say: Phrasebook, text: str, choices: tuple[Choice, ...] = ()) -> Obeyed:
    return Obeyed(reply=reply_of(Kind.COMMAND, text, say, choices), state=state)


def _covered(say: Phrasebook) -> tuple[Choice, ...]:
    return _choices((m.id for m in say.kb.covered), say)


def _choices(municipalities: Iterable[str], say: Phrasebook) -> tuple[Choice, ...]:
    name = called(CommandName.HOME, say.kb, say.language)
    return tuple(Choice(key=f"{name} {m}", label=say.place(m)) for m in municipalities)
