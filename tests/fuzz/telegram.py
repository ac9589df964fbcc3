"""Telegram's updates: whatever stands in one, it is read or stepped over, and reading never fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from adapters.telegram.incoming import Asked, UnreadableError, pressed_under, understood
from tests.adapters.telegram.updates import GROUP, ILZE, ME, NOW, PRIVATE, SELIS, Json, member, message, pressed, update
from tests.fuzz.target import Target, as_json, json_seeds

FORUM = GROUP | {"is_forum": True}
DOCUMENT = {"file_id": "f", "file_unique_id": "u", "file_name": "a.yaml", "file_size": 5}
PHOTO = [{"file_id": "p", "file_unique_id": "q", "width": 9, "height": 9}]
BUTTONS = {"inline_keyboard": [[{"text": "Šis", "callback_data": "t:aa::"}]]}
ASKED = message("kur celt trauksmi?", GROUP, message_id=3)
INLINE = {
    "id": "5",
    "from": ILZE | {"language_code": "lv"},
    "query": "policija aa",
    "offset": "",
    "chat_type": "sender",
}
UPDATES: list[Json] = [
    update("message", message("policija aa"), 1),
    update("message", message("/novads@selis_bot Dagda", GROUP), 2),
    update("message", message("🙋🏽 @selis_bot dome", FORUM, message_thread_id=4, is_topic_message=True), 3),
    update("message", message("un e-pasts?", GROUP, reply_to_message=ASKED | {"from": SELIS}), 4),
    update("message", message(None, location={"latitude": 56.0, "longitude": 27.5}), 5),
    update("message", message(None, document=DOCUMENT, caption="jauns"), 6),
    update("message", message(None, GROUP, photo=PHOTO, media_group_id="m"), 7),
    update("message", message(None, GROUP, new_chat_members=[SELIS]), 8),
    update("message", message(None, GROUP, migrate_to_chat_id=-1002), 9),
    update("message", message("x", GROUP, sender_chat=GROUP, via_bot=SELIS, is_automatic_forward=True), 10),
    update("edited_message", message("policija bē", edit_date=NOW + 60), 11),
    pressed("t:aa::", message("Kuru?", message_id=8, reply_markup=BUTTONS) | {"from": SELIS}) | {"update_id": 12},
    update(
        "callback_query", {"id": "q", "from": ILZE, "chat_instance": "1", "inline_message_id": "i", "data": "k"}, 13
    ),
    member("left", "member") | {"update_id": 14},
    member("member", "kicked", PRIVATE) | {"update_id": 15},
    update("inline_query", INLINE, 16),
    update("guest_message", message("@selis_bot dome", GROUP, guest_query_id="g"), 17),
]


def seeds() -> list[bytes]:
    """Each kind of update that means anything, and changes to them."""
    return json_seeds(UPDATES)


def take(data: bytes) -> None:
    """Read an update: it means something, or nothing, or cannot be read."""
    try:
        raw = as_json(data, UPDATES)
    except ValueError:
        return
    try:
        found = understood(raw, ME)
    except UnreadableError:
        return
    if isinstance(found, Asked):
        of = found.message.conversation
        assert all(
            isinstance(one, str) for one in (found.message.id, found.message.text, of.chat, of.person, of.thread)
        )
        pressed_under(found.message.id)
        _ = found.may_set_group


@contextmanager
def opened() -> Iterator[Target]:
    """The target; nothing has to be started for it."""
    yield take
