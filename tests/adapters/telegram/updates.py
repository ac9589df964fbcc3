"""Updates as Telegram sends them, made by hand."""

from __future__ import annotations

from itertools import count
from typing import Any

from adapters.telegram.me import Me

ME = Me(id=500, username="selis_bot", knows=lambda text: text.split()[0].partition("@")[0] in {"/novads", "/start"})
SELIS = {"id": 500, "is_bot": True, "first_name": "Sēlis", "username": "selis_bot"}
ILZE = {"id": 77, "is_bot": False, "first_name": "Ilze"}
PRIVATE = {"id": 77, "type": "private", "first_name": "Ilze"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Ciems"}
NOW = 1_795_000_000

_updates = count(1)
Json = dict[str, Any]


def message(text: str | None = None, chat: Json = PRIVATE, **more: Any) -> Json:
    """A message of Ilze's; other fields replace these, and None leaves one out."""
    made = {"message_id": 10, "date": NOW, "chat": chat, "from": ILZE, "text": text} | more
    if text is not None and "entities" not in made:
        made["entities"] = mentions(text)
    return {name: value for name, value in made.items() if value is not None}


def mentions(text: str) -> list[Json]:
    """The entities of the words that begin with @, in UTF-16 units as Telegram counts them."""
    found: list[Json] = []
    for word in text.split():
        if word.startswith("@"):
            offset = len(text[: text.index(word)].encode("utf-16-le")) // 2
            found.append({"type": "mention", "offset": offset, "length": len(word.encode("utf-16-le")) // 2})
    return found


def update(kind: str, of: Json, number: int | None = None) -> Json:
    return {"update_id": next(_updates) if number is None else number, kind: of}


def pressed(data: str, of: Json, query: str = "q1") -> Json:
    return update("callback_query", {"id": query, "from": ILZE, "chat_instance": "1", "message": of, "data": data})


def member(before: str, after: str, chat: Json = GROUP, **more: Any) -> Json:
    rights = dict.fromkeys(ADMIN_RIGHTS, True)

    def state(status: str) -> Json:
        made: Json = {"status": status, "user": SELIS}
        if status == "administrator":
            return made | rights | {"can_be_edited": False, "is_anonymous": False}
        if status == "kicked":
            return made | {"until_date": 0}
        return made

    changed = {"chat": chat, "from": ILZE, "date": NOW, "old_chat_member": state(before)} | more
    return update("my_chat_member", changed | {"new_chat_member": more.get("new_chat_member", state(after))})


ADMIN_RIGHTS = """
    can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members can_change_info
    can_invite_users can_post_stories can_edit_stories can_delete_stories
""".split()
