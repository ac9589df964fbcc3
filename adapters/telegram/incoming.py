"""understood(raw, me) -> Asked | GroupNews | Elsewhere | None: what an update of Telegram means for Sēlis. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram import CallbackQuery, Chat, ChatMemberUpdated, InlineKeyboardMarkup, Message, Update, User
from telegram.constants import ChatType, UpdateType

from adapters.telegram.elsewhere import Elsewhere, asked_by_guest, asked_inline, pressed_elsewhere
from adapters.telegram.groups import GroupNews, news_of_member, news_of_message
from adapters.telegram.ids import id_of
from adapters.telegram.me import NETWORK, Me
from adapters.telegram.mentions import without_mentions
from bot.cards import is_card
from bot.commands import SIGN
from bot.feedback import is_verdict
from bot.messages import ConversationId, IncomingMessage

ALLOWED = (
    UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER,
    UpdateType.INLINE_QUERY, UpdateType.GUEST_MESSAGE,
)  # fmt: skip
"""The updates asked for. The list is sent with every poll, since Telegram keeps the last one it was told."""
PRESS, SAID, ALBUM, EDIT = "press", "said", "album", "edit"
"""What ids of events begin with that are no messages. A press tells whose buttons they were: `press:MESSAGE:QUERY`."""
EDIT_WITHIN = timedelta(days=2)
"""An older edit would be answered out of the blue: what answered the message is forgotten (`bot.store.prune`)."""

# Telegram speaks for others under these: anonymous admins, channels, posts that a channel sends to its group.
_STAND_INS = {1087968824, 136817688, 777000}
_WITHOUT_WORDS = (
    "animation", "audio", "checklist", "contact", "dice", "document", "game", "paid_media", "photo", "poll", "sticker",
    "story", "video", "video_note", "voice",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A message for the dialogue. `press` is the id of the callback query to be answered, `keyboard` what was pressed
    on; `file` is the id of a document, of so many bytes.
    """

    message: IncomingMessage
    press: str = ""
    keyboard: InlineKeyboardMarkup | None = None
    file: str = ""
    file_name: str = ""
    file_size: int = 0

    @property
    def may_set_group(self) -> bool:
        """Whether it matters if the person owns the group: commands and positions on the map set things for all."""
        message = self.message
        said = message.pressed or message.text
        return not message.private and (said.startswith(SIGN) or message.location is not None)


class UnreadableError(Exception):
    """An update that cannot be made sense of."""


def understood(raw: Any, me: Me) -> Asked | GroupNews | Elsewhere | None:
    """What a piece of JSON means; None where it is not for Sēlis.

    Raises:
        UnreadableError: it is no update as Telegram describes them.
    """
    update = parse_update(raw)
    if update is None:
        raise UnreadableError
    try:
        found = read(update, me)
    except Exception as fault:
        # The library takes a list where a text should stand, and a person without a name: we trip over it later.
        raise UnreadableError from fault
    if not all(isinstance(held, str) for held in _texts(found)):
        raise UnreadableError
    return found


def _texts(found: Asked | GroupNews | Elsewhere | None) -> tuple[Any, ...]:
    """What of an update should be text, as the library has handed it on."""
    match found:
        case Elsewhere():
            return (found.query, found.text, found.under)
        case Asked(message=message):
            return (message.text, message.pressed or "", found.press, found.file, found.file_name)
        case _:
            return ()


def parse_update(raw: Any) -> Update | None:
    """The update of a piece of JSON; None for one that the library cannot make sense of."""
    try:
        return Update.de_json(_in_whole_letters(raw), None)
    except Exception:
        # Whatever it trips over: an update that nobody can read must not stand in the way of those behind it.
        return None


def _in_whole_letters(raw: Any) -> Any:
    """The JSON with a question mark for each half of a letter: JSON can hold one, no database and no answer can."""
    written = json.dumps(raw, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.loads(written.encode(errors="replace"))
    return raw


def read(update: Update, me: Me) -> Asked | GroupNews | Elsewhere | None:
    """What an update means; None for all that is not for Sēlis."""
    if update.inline_query is not None:
        return asked_inline(update.inline_query)
    if update.guest_message is not None:
        guest = update.guest_message
        return None if guest.from_user is None or _is_stand_in(guest, guest.from_user) else asked_by_guest(guest, me)
    if update.callback_query is not None:
        return pressed_elsewhere(update.callback_query) or _pressed(update.callback_query)
    if update.my_chat_member is not None:
        return _member(update.my_chat_member)
    if update.message is not None:
        return news_of_message(update.message) or _said(update.message, me)
    if update.edited_message is not None:
        return _edited(update.edited_message, update.update_id, me)
    return None


def _member(update: ChatMemberUpdated) -> GroupNews | None:
    return None if update.chat.type in {ChatType.PRIVATE, ChatType.CHANNEL} else news_of_member(update)


def _pressed(query: CallbackQuery) -> Asked | None:
    if query.data is None or query.message is None or query.from_user.is_bot:
        return None
    # What is said of an answer, or wanted beside it, leaves it there; any other press turns a question into its answer.
    kind = SAID if is_verdict(query.data) or is_card(query.data) else PRESS
    chat, number = query.message.chat, query.message.message_id
    thread = _thread(query.message) if isinstance(query.message, Message) else ""
    message = IncomingMessage(
        conversation=_conversation(chat, query.from_user, thread),
        id=f"{kind}:{number}:{query.id}",
        pressed=query.data,
        private=chat.type == ChatType.PRIVATE,
        addressed=True,
    )
    keyboard = query.message.reply_markup if isinstance(query.message, Message) else None
    return Asked(message=message, press=query.id, keyboard=keyboard)


def pressed_under(event: str) -> int | None:
    """The message whose buttons were pressed, by the id of the press; None for other ids."""
    kind, _, rest = event.partition(":")
    number = rest.partition(":")[0]
    return int(number) if kind in {PRESS, SAID} and number.isdecimal() else None


def _edited(message: Message, update: int, me: Me) -> Asked | None:
    edited = message.edit_date or message.date
    # A location that is shared live is edited all the time.
    if message.location is not None or edited - message.date > EDIT_WITHIN or not (message.text or message.caption):
        return None
    return _said(message, me, edit=f"{EDIT}:{update}")


def _said(message: Message, me: Me, edit: str = "") -> Asked | None:
    """What a person says, by writing or by sending something."""
    person = message.from_user
    if person is None or _is_stand_in(message, person):
        return None
    if not (message.text or message.location or any(getattr(message, name) for name in _WITHOUT_WORDS)):
        # "Anna joined the group" and the like.
        return None
    private = message.chat.type == ChatType.PRIVATE
    text, mentioned = without_mentions(message, me)
    addressed = private or _is_addressed(message, text, me, mentioned=mentioned)
    if not addressed or (not private and not (text or mentioned or message.location)):
        return None
    number = id_of(message.message_id)
    document = message.document if private else None
    return Asked(
        message=IncomingMessage(
            conversation=_conversation(message.chat, person, _thread(message)),
            id=edit or _event(message),
            text=text,
            location=(message.location.latitude, message.location.longitude) if message.location else None,
            private=private,
            addressed=addressed,
            edits=number if edit else None,
            sent_at=message.date,
        ),
        file=document.file_id if document else "",
        file_name=(document.file_name or "") if document else "",
        file_size=(document.file_size or 0) if document else 0,
    )


def _event(message: Message) -> str:
    """The id of a message; the pictures of an album without words are one, so that they are answered once."""
    if message.media_group_id and not message.caption and message.document is None:
        return f"{ALBUM}:{message.media_group_id}"
    return id_of(message.message_id)


def _is_stand_in(message: Message, person: User) -> bool:
    """Whether no person stands behind a message in their own name."""
    by_bot = message.via_bot is not None and message.chat.type != ChatType.PRIVATE
    return (
        person.is_bot
        or person.id in _STAND_INS
        or message.sender_chat is not None
        or bool(message.is_automatic_forward)
        or message.chat.type == ChatType.CHANNEL
        or by_bot
    )


def _is_addressed(message: Message, text: str, me: Me, *, mentioned: bool) -> bool:
    """Whether a group is speaking to Sēlis."""
    if text.startswith(SIGN):
        to, named = _command(text)
        if named and to != me.username.lower():
            return False
        if named or me.knows(text):
            return True
    return mentioned or _is_reply_to(message.reply_to_message, me)


def _command(text: str) -> tuple[str, bool]:
    """Which bot a command names, and whether it names one."""
    first = text.split(maxsplit=1)[0]
    _, at, to = first.partition("@")
    return to.lower(), bool(at)


def _is_reply_to(original: Message | None, me: Me) -> bool:
    if original is None or original.from_user is None:
        return False
    # In a forum whatever is said first in a topic "replies" to the notice that it was opened.
    return original.from_user.id == me.id and original.forum_topic_created is None


def _thread(message: Message) -> str:
    """The forum topic; threads of replies are none, and the General topic has no id."""
    number = message.message_thread_id
    return id_of(number) if message.is_topic_message and number not in {None, 1} else ""


def _conversation(chat: Chat, person: User, thread: str) -> ConversationId:
    return ConversationId(network=NETWORK, chat=id_of(chat.id), person=id_of(person.id), thread=thread)
