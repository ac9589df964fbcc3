"""Mentions of Sēlis in a message. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from telegram import Message, MessageEntity
from telegram.constants import MessageEntityType

from adapters.telegram.me import Me


def without_mentions(message: Message, me: Me) -> tuple[str, bool]:
    """The words without "@selis_bot", and whether it stood there."""
    text = message.text or message.caption or ""
    units = text.encode("utf-16-le")
    mentions = [entity for entity in _entities(message) if _is_mention(entity, units, me)]
    for entity in sorted(mentions, key=lambda one: -one.offset):
        units = units[: 2 * entity.offset] + units[2 * (entity.offset + entity.length) :]
    return units.decode("utf-16-le", errors="replace").strip(), bool(mentions)


def _entities(message: Message) -> Iterable[MessageEntity]:
    return message.entities if message.text else message.caption_entities


def _is_mention(entity: MessageEntity, units: bytes, me: Me) -> bool:
    if entity.type == MessageEntityType.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    if entity.type != MessageEntityType.MENTION:
        return False
    # Offsets count UTF-16 units: an emoji before the name is two.
    name = units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", errors="replace")
    return name.lower() == f"@{me.username}".lower()
