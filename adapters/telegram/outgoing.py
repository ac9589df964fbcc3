"""render(reply, kb) -> Post: a reply as Telegram shows it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from msgspec.structs import replace
from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from adapters.parts import as_html, is_title, pages, split, titles_of
from bot.cards import offered
from bot.commands import SIGN
from bot.feedback import is_feedback
from bot.messages import Attachment, Card, Choice, Kind, Reply
from knowledge.model import KnowledgeBase, Language

MAX_UNITS = 4096
"""The longest text of a message, in UTF-16 units, counted without the marks of HTML."""
MAX_COPIES = 4
MAX_COPY = 256
"""Signs that a button may copy."""
SHORT = 20
"""A label of so many signs fits beside another on a narrow telephone."""
_COMMAND = re.compile(rf"(?<!\S){SIGN}(\w+)")
_WITH_CONTACTS = {Kind.ANSWER, Kind.UNAVAILABLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message: its text as HTML and, should Telegram not take that, without marks."""

    html: str
    plain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a reply becomes: parts in order, the last with the buttons, then pictures, files and cards.

    `extras` are buttons that only save a tap; `choices` are what was asked.
    """

    parts: tuple[Part, ...]
    choices: tuple[tuple[InlineKeyboardButton, ...], ...] = ()
    extras: tuple[tuple[InlineKeyboardButton, ...], ...] = ()
    feedback: tuple[tuple[InlineKeyboardButton, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    cards: tuple[Card, ...] = ()

    @property
    def pieces(self) -> tuple[Part | Attachment | Card, ...]:
        """All messages, in order."""
        return (*self.parts, *self.attachments, *self.cards)

    def keyboard(self, *, extras: bool = True) -> InlineKeyboardMarkup | None:
        """All buttons, those that only save a tap last but for feedback; None where there are none."""
        rows = [*self.choices, *(self.extras if extras else ()), *self.feedback]
        return InlineKeyboardMarkup(rows) if rows else None


def render(reply: Reply, kb: KnowledgeBase) -> Post:
    """A reply as Telegram shows it, with the buttons that its entries give. Cards say all that the text says."""
    reply = replace(reply, text=_tappable(reply.text, kb))
    titles = titles_of(reply, kb)
    feedback = [choice for choice in reply.choices if is_feedback(choice.key)]
    others = [choice for choice in reply.choices if not is_feedback(choice.key)]
    card = offered(reply, kb)
    parts = split(reply.text, MAX_UNITS) if not reply.cards else []
    return Post(
        parts=tuple(Part(html=as_html(part, titles), plain=part) for part in parts),
        choices=tuple(_rows(_button(choice) for choice in others)),
        extras=tuple(_rows([*_copies(reply, kb), *_page(reply), *([_button(card)] if card else [])])),
        feedback=tuple(_rows(_button(choice) for choice in feedback)),
        attachments=reply.attachments,
        cards=reply.cards,
    )


def head(reply: Reply, kb: KnowledgeBase) -> tuple[str, str]:
    """What a list shows of a reply: its first title, and the line below."""
    titles, lines = titles_of(reply, kb), reply.text.split("\n")
    at = next((number for number, line in enumerate(lines) if is_title(line, titles)), 0)
    return lines[at], "".join(lines[at + 1 : at + 2])


def _tappable(text: str, kb: KnowledgeBase) -> str:
    """The text with names of commands that can be tapped: only those in Latin letters can ("/kraj" for "/край")."""
    return _COMMAND.sub(lambda found: SIGN + _latin(found[1], kb), text)


def _latin(name: str, kb: KnowledgeBase) -> str:
    if name.isascii():
        return name
    for held in kb.words.values():
        for command, forms in held.commands.items():
            if name in forms:
                others = (*forms, *kb.words[Language.LV].commands.get(command, ()))
                return next((other for other in others if other.isascii()), name)
    return name


def _button(choice: Choice) -> InlineKeyboardButton:
    return InlineKeyboardButton(choice.label, callback_data=choice.key)


def _rows(buttons: Iterable[InlineKeyboardButton]) -> Iterator[tuple[InlineKeyboardButton, ...]]:
    """Two beside each other where both are short."""
    waiting: InlineKeyboardButton | None = None
    for button in buttons:
        if len(button.text) > SHORT:
            if waiting is not None:
                yield (waiting,)
            yield (button,)
            waiting = None
        elif waiting is None:
            waiting = button
        else:
            yield (waiting, button)
            waiting = None
    if waiting is not None:
        yield (waiting,)


def _copies(reply: Reply, kb: KnowledgeBase) -> list[InlineKeyboardButton]:
    """Buttons that copy the phones and e-mails told, in the order they are told."""
    if reply.kind not in _WITH_CONTACTS:
        return []
    told = [value for value in _contacts(reply.entries, kb) if value in reply.text and len(value) <= MAX_COPY]
    told = sorted(dict.fromkeys(told), key=reply.text.index)[:MAX_COPIES]
    return [InlineKeyboardButton(f"📋 {value}", copy_text=CopyTextButton(value)) for value in told]


def _contacts(entries: Sequence[str], kb: KnowledgeBase) -> Iterator[str]:
    for name in entries:
        entry = kb.entries.get(name)
        if entry is not None:
            yield from (phone.number for phone in entry.phones)
            yield from entry.emails


def _page(reply: Reply) -> Iterator[InlineKeyboardButton]:
    """A button that opens the page, where there is one and no doubt which."""
    found = {url for _, url in pages(reply.text)}
    if reply.kind not in _WITH_CONTACTS or len(found) != 1:
        return
    (url,) = found
    address = _in_ascii(url)
    if address:
        yield InlineKeyboardButton(f"🔗 {urlsplit(url).netloc}", url=address)


def _in_ascii(url: str) -> str:
    """The address with its host as machines write it; empty where it has none. Telegram refuses others on buttons."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.encode("idna").decode("ascii")
    except (UnicodeError, ValueError):
        return ""
    return urlunsplit(parts._replace(netloc=host)) if host else ""
