"""All methods by name, in small letters: "All methods in the Bot API are case-insensitive." """

from collections.abc import Callable
from typing import Any

from tests.servers.botapi import answers, messages
from tests.servers.botapi.parameters import Parameters
from tests.servers.botapi.world import World

Method = Callable[[World, Parameters], Any]

METHODS: dict[str, Method] = {
    "getme": answers.get_me,
    "answercallbackquery": answers.answer_callback_query,
    "sendchataction": answers.send_chat_action,
    "sendmessage": messages.send_message,
    "editmessagetext": messages.edit_message_text,
    "editmessagereplymarkup": messages.edit_message_reply_markup,
    "deletemessage": messages.delete_message,
}
