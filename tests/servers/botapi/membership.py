"""Chats and who is in them: https://core.telegram.org/bots/api#getchat, #getchatmember"""

from tests.servers.botapi.admission import WORDS
from tests.servers.botapi.parameters import Parameters
from tests.servers.botapi.refusal import bad_request, forbidden
from tests.servers.botapi.things import Chat, Json, User
from tests.servers.botapi.world import World

RIGHTS = [
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
]  # fmt: skip
ALLOWANCES = [
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics",
    "can_edit_tag", "can_react_to_messages",
]  # fmt: skip


def member_json(chat: Chat, user: User, status: str = "") -> Json:
    """https://core.telegram.org/bots/api#chatmember: six kinds, told apart by status."""
    status = status or chat.status(user)
    shown: Json = {"user": user.json(), "status": status}
    hidden = {"is_anonymous": user.id in chat.anonymous_admins}
    if status == "creator":
        return shown | hidden
    if status == "administrator":
        return shown | hidden | {"can_be_edited": False} | dict.fromkeys(RIGHTS, True)
    if status == "restricted":
        return shown | {"is_member": True, "until_date": 0} | dict.fromkeys(ALLOWANCES, False)
    return shown | ({"until_date": 0} if status == "kicked" else {})


def seen(world: World, parameters: Parameters) -> Chat:
    """The chat, if the bot is in it."""
    chat = world.chat(parameters.text("chat_id"))
    status = chat.status(world.bot)
    if chat.kind != "private" and status in {"left", "kicked"}:
        happened = "was kicked from" if status == "kicked" else "is not a member of"
        raise forbidden(f"bot {happened} the {WORDS[chat.kind]}")
    return chat


def get_chat(world: World, parameters: Parameters) -> Json:
    """https://core.telegram.org/bots/api#chatfullinfo"""
    chat = seen(world, parameters)
    gifts = ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"]
    full: Json = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    return chat.json() | full


def get_chat_member(world: World, parameters: Parameters) -> Json:
    """ "The method is only guaranteed to work for other users if the bot is an administrator in the chat." """
    chat = seen(world, parameters)
    user = world.users.get(parameters.integer("user_id"))
    if user is None:
        raise bad_request("invalid user_id specified" if not parameters.integer("user_id") else "user not found")
    return member_json(chat, user, "member" if chat.kind == "private" else "")


def get_chat_administrators(world: World, parameters: Parameters) -> list[Json]:
    """ "Use this method to get a list of administrators in a chat, which aren't bots" - the bot itself excepted."""
    chat = seen(world, parameters)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    people = [world.users[number] for number, status in chat.statuses.items() if status in {"creator", "administrator"}]
    return [member_json(chat, user) for user in people if not user.is_bot or user is world.bot]


def get_chat_member_count(world: World, parameters: Parameters) -> int:
    chat = seen(world, parameters)
    return sum(status not in {"left", "kicked"} for status in chat.statuses.values()) if chat.statuses else 2


def leave_chat(world: World, parameters: Parameters) -> bool:
    chat = seen(world, parameters)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    change_status(world, chat, world.bot, world.bot, "left")
    return True


def change_status(world: World, chat: Chat, user: User, by: User, status: str) -> None:
    """Tells the bot: of itself always (my_chat_member), of others where it is an administrator (chat_member)."""
    changed: Json = {"chat": chat.json(), "from": by.json(), "date": int(world.clock.now())}
    changed["old_chat_member"] = member_json(chat, user, private_status(chat))
    chat.statuses[user.id] = status
    changed["new_chat_member"] = member_json(chat, user, status)
    if user is world.bot:
        world.queue.add("my_chat_member", changed)
    elif chat.status(world.bot) == "administrator":
        world.queue.add("chat_member", changed)
    world.changed()


def private_status(chat: Chat) -> str:
    """In a private chat the bot is a member until it is blocked; elsewhere "": look it up."""
    return ("kicked" if chat.blocked else "member") if chat.kind == "private" else ""
