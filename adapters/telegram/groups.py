"""What becomes of Sēlis in a group: added, promoted, removed; and groups that move to another id. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from telegram import ChatMember, ChatMemberRestricted, ChatMemberUpdated, Message
from telegram.constants import ChatMemberStatus

from adapters.telegram.ids import id_of


class Became(StrEnum):
    """What happened to Sēlis in a group."""

    ADDED = "added"
    PROMOTED = "promoted"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupNews:
    """News of a group. `id` is unique within the chat; `to` is where a group has moved, `language` that of whoever did
    it, as their Telegram says ("lv", "" where it does not); `admin` is whether Sēlis is one now.
    """

    became: Became
    chat: str
    id: str = ""
    to: str = ""
    language: str = ""
    admin: bool = False


def news_of_member(update: ChatMemberUpdated) -> GroupNews | None:
    """What a change of Sēlis's own membership means; None for one that changes nothing for anybody."""
    before, after = update.old_chat_member, update.new_chat_member
    admin = after.status in {ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER}
    if not _is_in(after):
        became = Became.REMOVED
    elif not _is_in(before):
        became = Became.ADDED
    elif admin and before.status != after.status:
        became = Became.PROMOTED
    else:
        return None
    return GroupNews(
        became=became,
        chat=id_of(update.chat.id),
        id=f"member:{int(update.date.timestamp())}:{after.status}",
        language=update.from_user.language_code or "",
        admin=admin,
    )


def news_of_message(message: Message) -> GroupNews | None:
    """A group that became a supergroup says so twice, in the old chat and in the new one."""
    here = id_of(message.chat.id)
    if message.migrate_to_chat_id is not None:
        return GroupNews(became=Became.MOVED, chat=here, to=id_of(message.migrate_to_chat_id))
    if message.migrate_from_chat_id is not None:
        return GroupNews(became=Became.MOVED, chat=id_of(message.migrate_from_chat_id), to=here)
    return None


def _is_in(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}
