"""The Bot API server, driven by the real library: names, menus, inline mode, guest mode."""

import pytest
import telegram
from telegram import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
)
from telegram.error import BadRequest

from tests.servers.botapi.client import Raw
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi


async def test_everybody_sees_the_menu_meant_for_them(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    olga, admin = api.person("Olga", language="ru"), api.person("Ilze")
    group = api.supergroup("Biedrība", anna, olga)
    assert anna.menu() == []
    scopes = [
        ("default", None, ""),
        ("private", BotCommandScopeAllPrivateChats(), ""),
        ("privatno", BotCommandScopeAllPrivateChats(), "ru"),
        ("group", BotCommandScopeAllGroupChats(), ""),
        ("owners", BotCommandScopeAllChatAdministrators(), ""),
        ("desk", BotCommandScopeChat(admin.id), ""),
    ]
    for command, scope, language in scopes:
        await bot.set_my_commands([BotCommand(command, "Apraksts")], scope=scope, language_code=language)
    assert (anna.menu(), olga.menu(), admin.menu()) == (["private"], ["privatno"], ["desk"])
    assert (anna.menu(group), olga.menu(group)) == (["owners"], ["group"])
    assert [command.command for command in await bot.get_my_commands(scopes[2][1], "ru")] == ["privatno"]
    assert await bot.get_my_commands(language_code="en") == ()
    await bot.delete_my_commands(BotCommandScopeAllPrivateChats())
    assert anna.menu() == ["default"]


@pytest.mark.parametrize(
    ("command", "description", "refusal"),
    [
        ("Kur", "x", "BOT_COMMAND_INVALID"),
        ("kā", "x", "BOT_COMMAND_INVALID"),
        ("a" * 33, "x", "BOT_COMMAND_INVALID"),
        ("kur", "", "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("kur", "x" * 257, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_commands_that_are_refused(raw: Raw, command: str, description: str, refusal: str) -> None:
    commands = [{"command": command, "description": description}]
    assert await raw.refused("setMyCommands", commands=commands) == f"Bad Request: {refusal}"


async def test_commands_for_places_that_are_not_there(raw: Raw) -> None:
    commands = [{"command": "kur", "description": "x"}]
    unknown = await raw.refused("setMyCommands", commands=commands, scope={"type": "chat", "chat_id": 5})
    assert unknown == "Bad Request: chat not found"
    wrong = await raw.refused("setMyCommands", commands=commands, language_code="latvian")
    assert wrong == "Bad Request: invalid language code specified"
    many = [{"command": f"c{number}", "description": "x"} for number in range(101)]
    assert await raw.refused("setMyCommands", commands=many) == "Bad Request: BOT_COMMANDS_TOO_MUCH"


async def test_names_and_descriptions_by_language(bot: telegram.Bot, raw: Raw) -> None:
    assert (await bot.get_my_name()).name == "Sēlis"
    await bot.set_my_name("Селис", language_code="ru")
    await bot.set_my_description("Palīdz Sēlijā")
    await bot.set_my_short_description("Palīdz", language_code="lv")
    assert (await bot.get_my_name("ru")).name == "Селис"
    assert (await bot.get_my_description()).description == "Palīdz Sēlijā"
    assert (await bot.get_my_short_description("lv")).short_description == "Palīdz"
    assert (await bot.get_my_short_description()).short_description == ""
    assert not (await raw("setMyName", name="x" * 65))["ok"]
    assert not (await raw("setMyDescription", description="x" * 513))["ok"]
    assert not (await raw("setMyShortDescription", short_description="x" * 121))["ok"]


def article(number: int = 1, text: str = "<b>Dome</b>") -> InlineQueryResultArticle:
    content = InputTextMessageContent(text, parse_mode="HTML")
    return InlineQueryResultArticle(id=str(number), title="Krāslava", input_message_content=content)


async def test_answers_in_any_chat(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    group = api.supergroup("Kaimiņi", anna, bot="left")
    query = anna.asks_inline("kur celt trauksmi", chat=group)
    [update] = await bot.get_updates()
    assert update.inline_query
    assert (update.inline_query.query, update.inline_query.chat_type) == ("kur celt trauksmi", "supergroup")
    assert await bot.answer_inline_query(update.inline_query.id, [article()], cache_time=60)
    anna.chooses(query, chat=group)
    assert group.lines == ["Anna: Dome"]
    ilze = api.person("Ilze")
    assert ilze.asks_inline("kur celt trauksmi").answer
    api.world.clock.advance(61)
    assert ilze.asks_inline("kur celt trauksmi").answer is None


async def test_a_button_under_an_inline_answer(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    group = api.supergroup("Kaimiņi", anna, bot="left")
    query = anna.asks_inline("kur")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Tālāk", callback_data="t")]])
    content = InputTextMessageContent("Dome")
    await bot.answer_inline_query(query.id, [InlineQueryResultArticle("1", "Krāslava", content, reply_markup=keyboard)])
    anna.chooses(query, chat=group)
    anna.presses("Tālāk", group)
    _, chosen, pressed = await bot.get_updates()
    assert chosen.chosen_inline_result
    assert pressed.callback_query
    assert pressed.callback_query.message is None
    name = pressed.callback_query.inline_message_id
    assert name == chosen.chosen_inline_result.inline_message_id
    assert await bot.edit_message_text("Rīgas iela 51", inline_message_id=name) is True
    assert group.lines == ["Anna: Rīgas iela 51"]
    with pytest.raises(BadRequest, match=r"(?i)message_id_invalid"):
        await bot.edit_message_text("x", inline_message_id="unknown")


async def test_personal_answers_are_kept_for_one(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    anna.asks_inline("kur")
    [update] = await bot.get_updates()
    assert update.inline_query
    await bot.answer_inline_query(update.inline_query.id, [article()], is_personal=True)
    assert anna.asks_inline("kur").answer
    assert api.person("Ilze").asks_inline("kur").answer is None


async def test_inline_answers_that_are_refused(api: BotApi, anna: Person, bot: telegram.Bot, raw: Raw) -> None:
    query = anna.asks_inline("kur")
    with pytest.raises(BadRequest, match=r"(?i)can't parse entities: unsupported start tag"):
        await bot.answer_inline_query(query.id, [article(text="a < b")])
    with pytest.raises(BadRequest, match=r"(?i)result_id_duplicate"):
        await bot.answer_inline_query(query.id, [article(), article()])
    results = [article(number).to_dict() for number in range(51)]
    assert (
        await raw.refused("answerInlineQuery", inline_query_id=query.id, results=results)
        == "Bad Request: RESULTS_TOO_MUCH"
    )
    results = [{"type": "article", "id": "x" * 65, "title": "x"}]
    refused = await raw.refused("answerInlineQuery", inline_query_id=query.id, results=results)
    assert refused == "Bad Request: RESULT_ID_INVALID"
    api.world.clock.advance(60)
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_inline_query(query.id, [article()])


async def test_a_guest(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    group = api.supergroup("Kaimiņi", anna, bot="left")
    anna.asks_guest("@selis_bot kur?", group)
    assert not await bot.get_updates()
    api.world.guest_mode = True
    anna.asks_guest("@selis_bot kur?", group)
    [update] = await bot.get_updates()
    assert update.guest_message
    assert update.guest_message.guest_query_id
    await bot.answer_guest_query(update.guest_message.guest_query_id, article())
    assert group.lines[-1] == "Sēlis: Dome"
