"""What the bot is called, says of itself, and which commands it offers: https://core.telegram.org/bots/api#setmycommands"""

import re

from tests.servers.botapi.parameters import Parameters
from tests.servers.botapi.refusal import bad_request
from tests.servers.botapi.things import Chat, Json, User
from tests.servers.botapi.units import units
from tests.servers.botapi.world import World

# "Text of the command; 1-32 characters. Can contain only lowercase English letters, digits and underscores."
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MOST_COMMANDS, LONGEST_DESCRIPTION = 100, 256
SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators",
    "chat_member",
}  # fmt: skip
# setMyName "0-64 characters", setMyDescription "0-512 characters", setMyShortDescription "0-120 characters"
LONGEST = {"name": 64, "description": 512, "short_description": 120}


def language(parameters: Parameters) -> str:
    """ "A two-letter ISO 639-1 language code. If empty, commands will be applied to all users from the given scope, for
    whose language there are no dedicated commands" """
    code = parameters.text("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code


def scope_of(world: World, parameters: Parameters) -> tuple[str, ...]:
    scope = parameters.parsed("scope") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if kind not in {"chat", "chat_administrators", "chat_member"}:
        return (kind,)
    chat = world.chat(str(scope.get("chat_id", "")))
    return (kind, str(chat.id), str(scope["user_id"])) if kind == "chat_member" else (kind, str(chat.id))


def set_my_commands(world: World, parameters: Parameters) -> bool:
    commands = parameters.parsed("commands") or []
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= units(str(command.get("description", ""))) <= LONGEST_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile["commands", *scope_of(world, parameters), language(parameters)] = commands
    return True


def get_my_commands(world: World, parameters: Parameters) -> list[Json]:
    """ "If commands aren't set, an empty list is returned." """
    return list(world.profile.get(("commands", *scope_of(world, parameters), language(parameters)), []))


def delete_my_commands(world: World, parameters: Parameters) -> bool:
    world.profile.pop(("commands", *scope_of(world, parameters), language(parameters)), None)
    return True


def set_text(field: str, world: World, parameters: Parameters) -> bool:
    if units(parameters.text(field)) > LONGEST[field]:
        raise bad_request(f"bot {field.replace('_', ' ')} is too long")
    world.profile[field, language(parameters)] = parameters.text(field)
    return True


def get_text(field: str, world: World, parameters: Parameters) -> Json:
    default = world.bot.first_name if field == "name" else ""
    return {field: world.profile.get((field, language(parameters))) or default}


def menu(world: World, chat: Chat, user: User) -> list[Json]:
    """The commands that a person sees in a chat: https://core.telegram.org/bots/api#determining-list-of-commands, "The
    first list of commands which is set is returned"."""
    number, person = str(chat.id), str(user.id)
    if chat.kind == "private":
        order = [("chat", number), ("all_private_chats",), ("default",)]
    else:
        order = [("chat_member", number, person)]
        if chat.status(user) in {"creator", "administrator"}:
            order += [("chat_administrators", number), ("all_chat_administrators",)]
        order += [("chat", number), ("all_group_chats",), ("default",)]
    for scope in order:
        for code in (user.language, ""):
            if commands := world.profile.get(("commands", *scope, code)):
                return list(commands)
    return []
