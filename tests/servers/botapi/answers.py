"""Answers to presses and signs of life: https://core.telegram.org/bots/api#answercallbackquery"""

from typing import Any

from tests.servers.botapi.admission import admit
from tests.servers.botapi.parameters import Parameters
from tests.servers.botapi.refusal import bad_request
from tests.servers.botapi.world import Query, World

# "text: Text of the notification. If not specified, nothing will be shown to the user, 0-200 characters"
LONGEST_NOTICE = 200
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


def open_query(world: World, number: str) -> Query:
    query = world.queries.get(number)
    if query is None or world.clock.now() - query.born > world.query_lifetime:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return query


def answer_callback_query(world: World, parameters: Parameters) -> bool:
    query = open_query(world, parameters.text("callback_query_id"))
    if len(parameters.text("text")) > LONGEST_NOTICE:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = {"text": parameters.text("text"), "show_alert": parameters.boolean("show_alert")}
    world.changed()
    return True


def send_chat_action(world: World, parameters: Parameters) -> bool:
    chat = world.chat(parameters.text("chat_id"))
    admit(world, chat)
    action: Any = parameters.text("action").lower()
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.actions.append((chat.id, parameters.integer("message_thread_id") or None, action))
    world.changed()
    return True


def get_me(world: World, parameters: Parameters) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#user: three of the fields are "Returned only in getMe"."""
    return world.bot.json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy_mode,
        "supports_inline_queries": True,
        "supports_guest_queries": world.guest_mode,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
