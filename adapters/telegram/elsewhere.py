"""Elsewhere: what is asked from chats where Sēlis is not, and how the answers are offered there. Pure.

https://core.telegram.org/bots/api#inline-mode and #answerguestquery: an answer is handed to Telegram, which posts it;
nothing can be written to such a chat at another time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from telegram import (
    CallbackQuery,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ParseMode

from adapters.telegram.ids import id_of
from adapters.telegram.me import NETWORK, Me
from adapters.telegram.mentions import without_mentions
from adapters.telegram.outgoing import Post, head, render
from adapters.telegram.refusals import Manner
from bot.messages import ConversationId, Reply
from bot.phrasebook import Phrasebook
from knowledge.model import KnowledgeBase, Language

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Way(StrEnum):
    """How it was asked: while typing "@selis_bot …", by a mention as a guest, or by a press under such an answer."""

    INLINE = "inline"
    GUEST = "guest"
    PRESS = "press"


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A question from such a chat. `query` is what Telegram wants answered, `person` who asks, `language` that of their
    Telegram; `text` is what they wrote, or the key they pressed under the message `under`. What a guest is asked was
    `sent_at` that time.
    """

    way: Way
    query: str
    person: str
    text: str
    language: Language = Language.LV
    under: str = ""
    sent_at: datetime | None = None

    @property
    def conversation(self) -> ConversationId:
        """The person's private chat."""
        return ConversationId(network=NETWORK, chat=self.person, person=self.person)


def asked_inline(query: InlineQuery) -> Elsewhere | None:
    """What is being typed."""
    if query.from_user.is_bot:
        return None
    language = language_of(query.from_user.language_code)
    return Elsewhere(
        way=Way.INLINE, query=query.id, person=id_of(query.from_user.id), text=query.query, language=language
    )


def asked_by_guest(message: Message, me: Me) -> Elsewhere | None:
    """What is asked where Sēlis was mentioned as a guest."""
    person = message.from_user
    if not message.guest_query_id or person is None:
        return None
    text, _ = without_mentions(message, me)
    language = language_of(person.language_code)
    return Elsewhere(
        way=Way.GUEST,
        query=message.guest_query_id,
        person=id_of(person.id),
        text=text,
        language=language,
        sent_at=message.date,
    )


def pressed_elsewhere(query: CallbackQuery) -> Elsewhere | None:
    """A choice under an answer that was given elsewhere."""
    if query.inline_message_id is None or query.data is None or query.from_user.is_bot:
        return None
    person, language = id_of(query.from_user.id), language_of(query.from_user.language_code)
    return Elsewhere(
        way=Way.PRESS, query=query.id, person=person, text=query.data, language=language, under=query.inline_message_id
    )


def language_of(code: str | None) -> Language:
    """The language of somebody's Telegram; Latvian where it is none of ours."""
    return next((one for one in Language if (code or "").startswith(one.value)), Language.LV)


def results(replies: Sequence[Reply], kb: KnowledgeBase, manner: Manner) -> list[InlineQueryResultArticle]:
    """Answers to choose from, numbered from 0; titles that are the same are told apart by the municipality."""
    titles = Counter(head(reply, kb)[0] for reply in replies)
    return [
        result(reply, kb, manner, name=str(number), placed=titles[head(reply, kb)[0]] > 1)
        for number, reply in enumerate(replies)
    ]


def result(
    reply: Reply, kb: KnowledgeBase, manner: Manner, *, name: str = "0", placed: bool = False
) -> InlineQueryResultArticle:
    """One answer: in the list its title and what stands below it, in the chat the whole."""
    post = render(reply, kb)
    title, below = head(reply, kb)
    if placed and reply.place is not None:
        title = f"{title}, {Phrasebook(kb=kb, language=reply.language).place(reply.place)}"
    return InlineQueryResultArticle(
        id=name,
        title=title,
        description=below or None,
        input_message_content=InputTextMessageContent(
            post.parts[0].html if manner.html else post.parts[0].plain,
            parse_mode=ParseMode.HTML if manner.html else None,
            link_preview_options=NO_PREVIEW,
        ),
        reply_markup=keyboard(post, manner),
    )


def keyboard(post: Post, manner: Manner) -> InlineKeyboardMarkup | None:
    """The buttons of an answer."""
    return post.keyboard(extras=manner.extras)
