"""take_turn(message, state, index, standing, now) -> Turn: what comes of one message. Pure: the path, in order."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from bot.cards import is_card, pressed_card
from bot.commands import SIGN, CommandName, parse
from bot.compose import compose
from bot.decide import decide
from bot.followup import complete, picked
from bot.home import home_by_location
from bot.messages import IncomingMessage, Kind, Reply
from bot.obey import obey
from bot.obeyed import Obeyed
from bot.outcomes import Outcome
from bot.phrasebook import Phrasebook
from bot.places_meant import home_of
from bot.question import Question, from_key
from bot.spoken_of import expected, offered
from bot.standing import Standing
from bot.state import ConversationState, advance
from knowledge.index import Index
from knowledge.read import read
from knowledge.text import MAX_LENGTH


class Turn(Struct, frozen=True, kw_only=True, gc=False):
    """The reply to a message, and what is to be kept after it.

    `state` is None where everything about the person is to be forgotten; `group_home` is the municipality id the group
    is to be set to; `outcome` is what was decided, where the message was a question.
    """

    reply: Reply
    state: ConversationState | None
    group_home: str | None = None
    outcome: Outcome | None = None


def take_turn(
    message: IncomingMessage, state: ConversationState, index: Index, standing: Standing, now: datetime
) -> Turn:
    """What comes of a message in a conversation of that state."""
    state = state.fresh(now)
    if message.pressed is not None:
        if not message.pressed.startswith(SIGN):
            return _pressed(message, message.pressed, state, index, now)
        message = replace(message, pressed=None, text=message.pressed)
    if message.location is not None:
        return _obeyed(message, home_by_location(message.location, state, index.kb, standing), state, index, now)
    if len(message.text) > MAX_LENGTH:
        return _notice("too-long", state, index)
    command = parse(message.text, index.kb)
    if command is not None and command.name is CommandName.ASK:
        return _asked(replace(message, text=command.argument), state, index, standing, now)
    if command is not None:
        return _obeyed(message, obey(command, state, index, standing), state, index, now)
    return _asked(message, state, index, standing, now)


def _asked(message: IncomingMessage, state: ConversationState, index: Index, standing: Standing, now: datetime) -> Turn:
    placed = state.last is not None and state.last.place is not None
    likely = expected(state, index.tables)
    reading = read(
        message.text, index, state.language, expected=likely, offered=offered(state, index.tables), place_known=placed
    )
    if not reading.text:
        return _notice("empty", state, index)
    question = picked(reading, state)
    if question is None and reading.text.isdecimal() and not (reading.contacts or reading.years):
        return _notice("no-choices", state, index)
    if question is None:
        question = complete(reading, state, index.kb, message.home or state.home or standing.group_home)
    return _settled(message, question, state, index, now, home=home_of(reading, index.kb))


def _pressed(message: IncomingMessage, key: str, state: ConversationState, index: Index, now: datetime) -> Turn:
    if is_card(key):
        card = pressed_card(key, state, index.kb)
        return _notice("old-choice", state, index) if card is None else Turn(reply=card, state=state)
    question = from_key(key, index.kb)
    if question is None:
        return _notice("old-choice", state, index)
    return _settled(message, replace(question, language=state.language), state, index, now)


def _settled(
    message: IncomingMessage,
    question: Question,
    state: ConversationState,
    index: Index,
    now: datetime,
    *,
    home: str | None = None,
) -> Turn:
    outcome = decide(question, index.kb)
    return Turn(
        reply=compose(outcome, index.kb, in_group=not message.private),
        state=advance(state, outcome, now, home=home),
        outcome=outcome,
    )


def _obeyed(message: IncomingMessage, obeyed: Obeyed, state: ConversationState, index: Index, now: datetime) -> Turn:
    """What a command leaves behind, and the answer to the question it asked, if it asked one."""
    after = None if obeyed.state is None else replace(obeyed.state, at=now)
    if obeyed.question is not None:
        answered = _settled(message, obeyed.question, after or ConversationState(), index, now)
        return replace(answered, group_home=obeyed.group_home)
    reply = obeyed.reply or notice("old-choice", after or state, index)
    return Turn(reply=reply, state=after, group_home=obeyed.group_home)


def _notice(text: str, state: ConversationState, index: Index) -> Turn:
    return Turn(reply=notice(text, state, index), state=state)


def notice(text: str, state: ConversationState, index: Index) -> Reply:
    """One of our sentences, in the language of the conversation."""
    say = Phrasebook(kb=index.kb, language=state.language)
    return Reply(kind=Kind.NO_ANSWER, text=say(text), language=state.language)
