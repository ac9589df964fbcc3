"""Whether the bot may send to a chat, and where in it the message goes."""

from tests.servers.botapi.parameters import Parameters
from tests.servers.botapi.refusal import bad_request, forbidden
from tests.servers.botapi.things import Chat, Message
from tests.servers.botapi.world import GENERAL, World

WORDS = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}


def admit(world: World, chat: Chat) -> None:
    """https://core.telegram.org/bots/features: "Bots can't start conversations with users. A user must either add them
    to a group or send them a message first." Afterwards they may block it; groups may ban it, or restrict it."""
    if chat.kind == "private":
        if chat.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return
    status = chat.status(world.bot)
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {WORDS[chat.kind]}")
    if status == "left":
        raise forbidden(f"bot is not a member of the {WORDS[chat.kind]}")
    if status == "restricted":
        raise bad_request("not enough rights to send text messages to the chat")
    if chat.kind == "channel" and status not in {"administrator", "creator"}:
        raise bad_request("need administrator rights in the channel chat")


def replied(world: World, chat: Chat, parameters: Parameters) -> Message | None:
    """https://core.telegram.org/bots/api#replyparameters: "allow_sending_without_reply: Pass True if the message should
    be sent even if the specified message to be replied to is not found". The older pair of parameters still works."""
    asked = parameters.parsed("reply_parameters") or {}
    number = int(asked.get("message_id") or parameters.integer("reply_to_message_id"))
    anyway = asked.get("allow_sending_without_reply") or parameters.boolean("allow_sending_without_reply")
    message = chat.messages.get(number)
    if number and (message is None or message.deleted):
        if not anyway:
            raise bad_request("message to be replied not found")
        return None
    return message


def thread_of(world: World, chat: Chat, parameters: Parameters, reply: Message | None) -> int | None:
    """https://core.telegram.org/bots/api#sendmessage: "message_thread_id: Unique identifier for the target message
    thread (topic) of a forum; for forum supergroups [...] only". General has no thread id; a reply without one goes
    where its message is."""
    asked = parameters.integer("message_thread_id")
    thread = asked or (reply.thread if reply and reply.in_topic else None) or None
    if not chat.is_forum:
        if asked and chat.kind != "private":
            raise bad_request("message thread not found")
        return None
    if asked == GENERAL or (thread and thread not in chat.topics):
        raise bad_request("message thread not found")
    topic = chat.topics[thread or GENERAL]
    # An administrator with can_manage_topics may write in closed topics; the bot is given no such right here.
    if topic.closed:
        raise bad_request("TOPIC_CLOSED")
    return thread
