"""All methods by name, in small letters: "All methods in the Bot API are case-insensitive." """

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.servers.botapi import answers, files, inline, membership, messages, profile
from tests.servers.botapi.parameters import Parameters
from tests.servers.botapi.world import World

Method = Callable[[World, Parameters], Any]

METHODS: dict[str, Method] = {
    "getme": answers.get_me,
    "answercallbackquery": answers.answer_callback_query,
    "sendchataction": answers.send_chat_action,
    "sendmessage": messages.send_message,
    "senddocument": messages.sends(files.document, captioned=True),
    "sendphoto": messages.sends(files.photo, captioned=True),
    "sendcontact": messages.sends(files.contact),
    "sendlocation": messages.sends(files.location),
    "sendvenue": messages.sends(files.venue),
    "editmessagetext": messages.edit_message_text,
    "editmessagecaption": messages.edit_message_caption,
    "editmessagereplymarkup": messages.edit_message_reply_markup,
    "deletemessage": messages.delete_message,
    "getfile": files.get_file,
    "getchat": membership.get_chat,
    "getchatmember": membership.get_chat_member,
    "getchatadministrators": membership.get_chat_administrators,
    "getchatmembercount": membership.get_chat_member_count,
    "leavechat": membership.leave_chat,
    "setmycommands": profile.set_my_commands,
    "getmycommands": profile.get_my_commands,
    "deletemycommands": profile.delete_my_commands,
    "setmyname": partial(profile.set_text, "name"),
    "getmyname": partial(profile.get_text, "name"),
    "setmydescription": partial(profile.set_text, "description"),
    "getmydescription": partial(profile.get_text, "description"),
    "setmyshortdescription": partial(profile.set_text, "short_description"),
    "getmyshortdescription": partial(profile.get_text, "short_description"),
    "answerinlinequery": inline.answer_inline_query,
    "answerguestquery": inline.answer_guest_query,
    "setwebhook": lambda world, parameters: world.webhook.set(parameters),
    "deletewebhook": lambda world, parameters: world.webhook.delete(parameters),
    "getwebhookinfo": lambda world, parameters: world.webhook.info(),
}
