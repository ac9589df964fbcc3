"""The Bot API server, driven by the real library: sending, editing, and when it refuses."""

import pytest
import telegram
from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, Forbidden

from tests.servers.botapi.client import Raw
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big") + bytes(5)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "Bad Request: message text is empty"),
        ("  \n ", "Bad Request: text must be non-empty"),
        ("ā" * 4097, "Bad Request: message is too long"),
        ("😀" * 2049, "Bad Request: message is too long"),
    ],
)
async def test_texts_that_are_refused(raw: Raw, anna: Person, text: str, refusal: str) -> None:
    assert await raw.refused("sendMessage", chat_id=anna.id, text=text) == refusal


@pytest.mark.parametrize("text", ["ā" * 4096, "😀" * 2048, f"  {'a' * 4096}\n"])
async def test_the_longest_texts(raw: Raw, anna: Person, text: str) -> None:
    assert (await raw("sendMessage", chat_id=anna.id, text=text))["result"]["text"] == text.strip()


async def test_the_length_counts_after_parsing(raw: Raw, anna: Person) -> None:
    sent = await raw("sendMessage", chat_id=anna.id, text=f"<b>{'&lt;' * 4096}</b>", parse_mode="HTML")
    assert sent["result"]["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("ā < b", 'Unsupported start tag "" at byte offset 3'),
        ("ā <br>", 'Unsupported start tag "br" at byte offset 3'),
        ("<Novads>", 'Unsupported start tag "novads" at byte offset 0'),
        ("<b>ā", 'Can\'t find end tag corresponding to start tag "b"'),
        ("ā</b>", "Unexpected end tag at byte offset 2"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_entities_that_cannot_be_parsed(raw: Raw, anna: Person, html: str, complaint: str) -> None:
    said = await raw.refused("sendMessage", chat_id=anna.id, text=html, parse_mode="HTML")
    assert said == f"Bad Request: can't parse entities: {complaint}"


async def test_html_becomes_entities(anna: Person, bot: telegram.Bot) -> None:
    html = '😀 <b>a <i>b</i></b> &amp;&#39;&nbsp; <a href="https://e.lv/?a=1&amp;b=2">e</a>'
    html += " <code>x@e.lv</code> +371 29449622"
    sent = await bot.send_message(anna.id, f"\n{html} ", parse_mode="HTML")
    assert sent.text == "😀 a b &'&nbsp; e x@e.lv +371 29449622"
    found = [(entity.type, text, entity.url) for entity, text in sent.parse_entities().items()]
    assert found == [
        ("bold", "a b", None),
        ("italic", "b", None),
        ("text_link", "e", "https://e.lv/?a=1&b=2"),
        ("code", "x@e.lv", None),
        ("phone_number", "+371 29449622", None),
    ]


async def test_what_telegram_finds_by_itself(anna: Person, bot: telegram.Bot) -> None:
    text = "😀 /kur@selis_bot @anna_lv info@kraslava.lv www.kraslava.lv, https://e.lv/a?b. #jautājums a/b 1@2"
    anna.sends(text)
    [update] = await bot.get_updates()
    assert update.message
    assert [(entity.type, part) for entity, part in update.message.parse_entities().items()] == [
        ("bot_command", "/kur@selis_bot"),
        ("mention", "@anna_lv"),
        ("email", "info@kraslava.lv"),
        ("url", "www.kraslava.lv"),
        ("url", "https://e.lv/a?b"),
        ("hashtag", "#jautājums"),
    ]


async def test_a_press_is_answered_and_the_message_edited(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Krāslava", callback_data="k" * 64)]])
    question = await bot.send_message(anna.id, "Kur?", reply_markup=keyboard)
    assert anna.private.visible[0].labels == ["Krāslava"]
    press = anna.presses("Krāslava")
    [update] = await bot.get_updates()
    assert update.callback_query
    assert update.callback_query.data == "k" * 64
    assert await bot.answer_callback_query(update.callback_query.id, text="Jā")
    assert press.answer == {"text": "Jā", "show_alert": False}
    await bot.edit_message_text("Krāslavā.", anna.id, question.message_id)
    assert anna.private.lines == ["Sēlis: Krāslavā."]
    with pytest.raises(LookupError):
        anna.presses("Krāslava")
    with pytest.raises(BadRequest, match=r"(?i)message is not modified: specified new message content"):
        await bot.edit_message_text("Krāslavā.", anna.id, question.message_id)
    await bot.edit_message_reply_markup(anna.id, question.message_id, reply_markup=keyboard)
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_reply_markup(anna.id, question.message_id, reply_markup=keyboard)


async def test_a_query_grows_old(api: BotApi, anna: Person, raw: Raw) -> None:
    await raw(
        "sendMessage",
        chat_id=anna.id,
        text="?",
        reply_markup={"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]},
    )
    press = anna.presses("A")
    api.world.clock.advance(60)
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await raw.refused("answerCallbackQuery", callback_query_id=press.id) == old
    assert await raw.refused("answerCallbackQuery", callback_query_id="1") == old


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"text": "A", "callback_data": "ā" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "A", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "A", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "A", "url": "tel:+37129449622"}, "URL 'tel:+37129449622' is invalid: Unsupported URL protocol"),
        ({"text": "A", "url": "https://nowhere"}, "URL 'https://nowhere' is invalid: Wrong HTTP URL"),
        ({"text": "A"}, "Text buttons are unallowed in the inline keyboard"),
        ({"callback_data": "a"}, 'Field "text" must be of type String'),
    ],
)
async def test_buttons_that_are_refused(raw: Raw, anna: Person, button: dict[str, object], refusal: str) -> None:
    keyboard = {"inline_keyboard": [[button]]}
    assert (await raw.refused("sendMessage", chat_id=anna.id, text="?", reply_markup=keyboard)).endswith(refusal)


async def test_buttons_that_open_and_copy(anna: Person, bot: telegram.Bot) -> None:
    row = [
        InlineKeyboardButton("Zvanīt", copy_text=CopyTextButton("+371 29449622")),
        InlineKeyboardButton("Lapa", url="https://www.kraslava.lv/"),
    ]
    sent = await bot.send_message(anna.id, "?", reply_markup=InlineKeyboardMarkup([row]))
    assert sent.reply_markup
    assert list(sent.reply_markup.inline_keyboard[0]) == row
    with pytest.raises(LookupError, match="the bot learns nothing of a press"):
        anna.presses("Lapa")


async def test_a_reply_to_a_deleted_message(anna: Person, bot: telegram.Bot) -> None:
    asked = anna.sends("Kur?")
    sent = await bot.send_message(anna.id, "Te.", reply_parameters=ReplyParameters(asked.id))
    assert sent.reply_to_message
    assert sent.reply_to_message.text == "Kur?"
    anna.deletes(asked)
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await bot.send_message(anna.id, "Te.", reply_parameters=ReplyParameters(asked.id))
    sent = await bot.send_message(
        anna.id, "Te.", reply_parameters=ReplyParameters(asked.id, allow_sending_without_reply=True)
    )
    assert sent.reply_to_message is None


async def test_what_cannot_be_edited_or_deleted(api: BotApi, anna: Person, raw: Raw) -> None:
    group = api.supergroup("Biedrība", anna)
    asked = anna.sends("Kur?", group)
    place = {"chat_id": group.id, "message_id": asked.id}
    assert await raw.refused("editMessageText", **place, text="x") == "Bad Request: message can't be edited"
    assert await raw.refused("deleteMessage", **place) == "Bad Request: message can't be deleted"
    missing = {"chat_id": group.id, "message_id": 99}
    assert await raw.refused("editMessageText", **missing, text="x") == "Bad Request: message to edit not found"
    assert await raw.refused("deleteMessage", **missing) == "Bad Request: message to delete not found"
    sent = (await raw("sendMessage", chat_id=group.id, text="Te."))["result"]["message_id"]
    place = {"chat_id": group.id, "message_id": sent}
    assert await raw.refused("editMessageText", **place, text="x" * 4097) == "Bad Request: MESSAGE_TOO_LONG"
    api.world.clock.advance(49 * 3600)
    assert await raw.refused("deleteMessage", **place) == "Bad Request: message can't be deleted"
    api.world.clock.advance(-49 * 3600)
    assert (await raw("deleteMessage", **place))["result"] is True
    assert group.lines == ["Anna: Kur?"]


async def test_chats_that_cannot_be_written_to(api: BotApi, anna: Person, bot: telegram.Bot, raw: Raw) -> None:
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(api.person("Ilze").id, "Labdien")
    assert await raw.refused("sendMessage", chat_id=5, text="x") == "Bad Request: chat not found"
    assert await raw.refused("sendMessage", text="x") == "Bad Request: chat_id is empty"
    anna.blocks_bot()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(anna.id, "Labdien")
    [blocked] = await bot.get_updates()
    assert blocked.my_chat_member
    assert (blocked.my_chat_member.old_chat_member.status, blocked.my_chat_member.new_chat_member.status) == (
        "member",
        "kicked",
    )
    anna.unblocks_bot()
    await bot.send_message(anna.id, "Labdien")
    assert anna.private.lines == ["Sēlis: Labdien"]
    anna.deletes_account()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(anna.id, "Labdien")


async def test_files_go_both_ways(anna: Person, bot: telegram.Bot) -> None:
    sent = await bot.send_document(
        anna.id, "ā,b\n".encode(), caption="<b>Saraksts</b>", parse_mode="HTML", filename="a.csv"
    )
    assert sent.document
    assert (sent.document.file_name, sent.document.file_size, sent.caption) == ("a.csv", 5, "Saraksts")
    again = await bot.send_document(anna.id, sent.document.file_id)
    assert again.document
    anna.sends_document("places.yaml", b"- id: x", caption="/augt")
    [update] = await bot.get_updates()
    assert update.message
    assert update.message.document
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"- id: x"
    photo = await bot.send_photo(anna.id, PNG, caption="Figūras")
    assert (photo.photo[0].width, photo.photo[0].height) == (640, 480)
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(anna.id, b"no picture")
    with pytest.raises(BadRequest, match=r"(?i)file must be non-empty"):
        await bot.send_document(anna.id, b"", filename="a.csv")
    with pytest.raises(BadRequest, match=r"(?i)wrong remote file identifier"):
        await bot.send_document(anna.id, "unknown")
    with pytest.raises(BadRequest, match=r"(?i)invalid file_id"):
        await bot.get_file("unknown")
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.send_document(anna.id, b"x", caption="x" * 1025)


async def test_contacts_places_and_signs_of_life(api: BotApi, anna: Person, bot: telegram.Bot) -> None:
    contact = await bot.send_contact(anna.id, "+37129449622", "Krāslavas novads", vcard="BEGIN:VCARD\nEND:VCARD")
    assert contact.contact
    assert contact.contact.vcard
    venue = await bot.send_venue(anna.id, 55.9, 27.17, "Dome", "Rīgas iela 51")
    assert venue.venue
    assert venue.venue.address == "Rīgas iela 51"
    await bot.send_chat_action(anna.id, "typing")
    assert api.world.actions == [(anna.id, None, "typing")]
    anna.shares_location(56.5, 25.85)
    [update] = await bot.get_updates()
    assert update.message
    assert update.message.location
    assert update.message.location.latitude == 56.5
    with pytest.raises(BadRequest, match=r"(?i)wrong parameter action"):
        await bot.send_chat_action(anna.id, "sleeping")
