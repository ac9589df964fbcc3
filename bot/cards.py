"""Cards: contacts for somebody's address book, asked for by a press, a word or a command. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import Command
from bot.decide import decide
from bot.entry_text import listed, source_line
from bot.followup import complete
from bot.messages import Card, Choice, Kind, Reply
from bot.obeyed import Obeyed, reply_of
from bot.outcomes import Answer, Unavailable
from bot.phrasebook import Phrasebook
from bot.question import MAX_KEY_BYTES, Question, resolve, short
from bot.state import ConversationState
from knowledge.index import Index
from knowledge.model import Entry, KnowledgeBase
from knowledge.read import read

SIGN = "@"
"""What the key of a card begins with, as that of feedback with "!"; the id of an entry follows."""
MOST = 3
"""Cards in one reply."""
_WITH_CONTACTS = {Kind.ANSWER, Kind.UNAVAILABLE}


def is_card(key: str) -> bool:
    """Whether a choice's key asks for a card: what it stands under is to stay."""
    return key.startswith(SIGN)


def offered(reply: Reply, kb: KnowledgeBase) -> Choice | None:
    """The choice that sends the card of the one contact with a phone that a reply tells of; None for other replies."""
    entries = [kb.entries[entry] for entry in reply.entries if entry in kb.entries]
    if reply.kind not in _WITH_CONTACTS or len(entries) != 1 or not entries[0].phones:
        return None
    (entry,) = entries
    key = f"{SIGN}{entry.id}"
    say = Phrasebook(kb=kb, language=reply.language)
    return Choice(key=key if len(key.encode()) <= MAX_KEY_BYTES else SIGN + short(entry.id), label=say("card-button"))


def pressed_card(key: str, state: ConversationState, kb: KnowledgeBase) -> Reply | None:
    """The reply to a press; None where the entry is not known any more."""
    entry = resolve(key.removeprefix(SIGN), kb.entries)
    return None if entry is None else _cards([kb.entries[entry]], Phrasebook(kb=kb, language=state.language))


def card_by_command(command: Command, state: ConversationState, index: Index, say: Phrasebook) -> Obeyed:
    """The cards of what was spoken of last, or of what stands behind the command."""
    question = state.last
    if command.argument:
        question = complete(read(command.argument, index, state.language), state, index.kb, state.home)
    entries = _reachable(question, index.kb) if question is not None else []
    if not entries:
        return Obeyed(reply=reply_of(Kind.COMMAND, say("card-none"), say), state=state)
    return Obeyed(reply=_cards(entries, say), state=state)


def _reachable(question: Question, kb: KnowledgeBase) -> list[Entry]:
    match decide(question, kb):
        case Answer(entries=found) | Unavailable(nearest=found):
            return [kb.entries[entry] for entry in found if kb.entries[entry].phones or kb.entries[entry].emails][:MOST]
        case _:
            return []


def _cards(entries: Sequence[Entry], say: Phrasebook) -> Reply:
    cards = tuple(
        Card(
            name=say.entry_title(entry.id),
            phones=tuple(phone.number for phone in entry.phones),
            emails=entry.emails,
            pages=tuple(page.url for page in entry.pages),
            note=source_line(entry, say),
        )
        for entry in entries
    )
    text = listed([(entry, Question(language=say.language)) for entry in entries], say)
    return Reply(
        kind=Kind.COMMAND,
        text=text,
        entries=tuple(entry.id for entry in entries),
        language=say.language,
        confidence=1.0,
        cards=cards,
    )
