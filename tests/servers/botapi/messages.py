"""Sending, editing and deleting: https://core.telegram.org/bots/api#available-methods"""

from collections.abc import Callable

from tests.servers.botapi.admission import admit, replied, thread_of
from tests.servers.botapi.keyboard import markup_of
from tests.servers.botapi.parameters import Parameters
from tests.servers.botapi.refusal import bad_request
from tests.servers.botapi.texts import caption, message_text
from tests.servers.botapi.things import Chat, Json, Message
from tests.servers.botapi.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)
# deleteMessage: "A message can only be deleted if it was sent less than 48 hours ago."
DELETABLE = 48 * 3600


def send(world: World, parameters: Parameters, content: Json) -> Json:
    """Whatever was asked to be sent, after all that can be refused was looked at."""
    chat = world.chat(parameters.text("chat_id"))
    admit(world, chat)
    markup = markup_of(parameters)
    reply = replied(world, chat, parameters)
    thread = thread_of(world, chat, parameters, reply)
    world.flood.count(chat.id)
    rest = chat.place(reply, thread) | {"markup": markup}
    if chat.kind == "channel":
        return world.post(chat, None, content, sender_chat=chat, **rest).json()
    return world.post(chat, world.bot, content, **rest).json()


def send_message(world: World, parameters: Parameters) -> Json:
    return send(world, parameters, message_text(parameters, "message is too long"))


def sends(
    content: Callable[[World, Parameters], Json], *, captioned: bool = False
) -> Callable[[World, Parameters], Json]:
    """A method that sends what the function makes of the parameters."""
    return lambda world, parameters: send(
        world, parameters, content(world, parameters) | (caption(parameters) if captioned else {})
    )


def own_message(world: World, parameters: Parameters) -> Message:
    """ "chat_id: Required if inline_message_id is not specified"; a bot edits its own messages alone."""
    chat = world.chat(parameters.text("chat_id"))
    admit(world, chat)
    message = world.message(chat, parameters.integer("message_id"), "message to edit not found")
    if message.sender is not world.bot and message.sender_chat is not chat:
        raise bad_request("message can't be edited")
    return message


def changed(world: World, message: Message, content: Json, markup: Json | None) -> Json:
    if message.content == content and (message.markup or {}) == (markup or {}):
        raise bad_request(NOT_MODIFIED)
    world.flood.count(message.chat.id)
    message.content, message.markup, message.edited = content, markup, int(world.clock.now())
    world.changed()
    return message.json()


def edit_message_text(world: World, parameters: Parameters) -> Json | bool:
    """A keyboard that is not given again is gone: reply_markup is "an object for an inline keyboard"."""
    if "inline_message_id" in parameters:
        return edit_inline_text(world, parameters)
    message = own_message(world, parameters)
    content = message_text(parameters, "MESSAGE_TOO_LONG")
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return changed(world, message, content, markup_of(parameters))


def edit_inline_text(world: World, parameters: Parameters) -> bool:
    """ "if the edited message is not an inline message, the edited Message is returned, otherwise True is
    returned." """
    message = world.inline_messages.get(parameters.text("inline_message_id"))
    if message is None or message.deleted:
        raise bad_request("MESSAGE_ID_INVALID")
    via = {name: message.content[name] for name in ("via_bot",) if name in message.content}
    changed(world, message, via | message_text(parameters, "MESSAGE_TOO_LONG"), markup_of(parameters))
    return True


def edit_message_reply_markup(world: World, parameters: Parameters) -> Json:
    message = own_message(world, parameters)
    return changed(world, message, message.content, markup_of(parameters))


def edit_message_caption(world: World, parameters: Parameters) -> Json:
    message = own_message(world, parameters)
    if not {"document", "photo"} & message.content.keys():
        raise bad_request("there is no caption in the message to edit")
    kept = {name: value for name, value in message.content.items() if not name.startswith("caption")}
    return changed(world, message, kept | caption(parameters), markup_of(parameters))


def delete_message(world: World, parameters: Parameters) -> bool:
    """ "Bots can delete outgoing messages in private chats, groups, and supergroups. Bots can delete incoming messages
    in private chats. [...] If the bot is an administrator of a group, it can delete any message there." """
    chat = world.chat(parameters.text("chat_id"))
    message = world.message(chat, parameters.integer("message_id"), "message to delete not found")
    may = message.sender is world.bot or chat.kind == "private" or chat.status(world.bot) == "administrator"
    if not may or world.clock.now() - message.date > DELETABLE:
        raise bad_request("message can't be deleted")
    erase(world, chat, message)
    return True


def erase(world: World, chat: Chat, message: Message) -> None:
    message.deleted = True
    world.changed()
