"""What updates of Telegram mean for Sēlis."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.telegram.elsewhere import Elsewhere
from adapters.telegram.groups import Became, GroupNews
from adapters.telegram.incoming import Asked, parse_update, pressed_under, read
from bot.messages import ConversationId
from tests.adapters.telegram.updates import GROUP, ILZE, ME, NOW, PRIVATE, SELIS, member, message, pressed, update

HERE = ConversationId(network="telegram", chat="77", person="77")
THERE = ConversationId(network="telegram", chat="-1001", person="77")
FROM_SELIS = message("Kurā novadā?", GROUP, message_id=9, **{"from": SELIS})


def understood(raw: dict[str, Any]) -> Asked | GroupNews | Elsewhere | None:
    parsed = parse_update(raw)
    assert parsed is not None
    return read(parsed, ME)


def asked(raw: dict[str, Any]) -> Asked:
    found = understood(raw)
    assert isinstance(found, Asked)
    return found


def test_what_is_said_in_private_is_for_selis() -> None:
    said = asked(update("message", message("kur celt trauksmi?"))).message
    assert (said.conversation, said.id, said.text) == (HERE, "10", "kur celt trauksmi?")
    assert said.private
    assert said.sent_at == datetime.fromtimestamp(NOW, UTC)


def test_a_link_comes_as_its_command() -> None:
    assert asked(update("message", message("/start kraslava_dome"))).message.text == "/start kraslava_dome"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@selis_bot kur celt trauksmi?", "kur celt trauksmi?"),
        ("🙋🏽 @Selis_Bot dome", "🙋🏽  dome"),
        ("dome @selis_bot", "dome"),
        ("@selis_bot", ""),
        ("/novads@selis_bot Dagda", "/novads@selis_bot Dagda"),
        ("/anything@selis_bot", "/anything@selis_bot"),
        ("/novads Dagda", "/novads Dagda"),
        ("@selis_bot /anything", "/anything"),
    ],
)
def test_a_group_speaks_to_selis(text: str, words: str) -> None:
    said = asked(update("message", message(text, GROUP))).message
    assert (said.conversation, said.text, said.private, said.addressed) == (THERE, words, False, True)


@pytest.mark.parametrize(
    "text",
    [
        "kur celt trauksmi?", "@selis_bott dome", "@other_bot dome", "/novads@other_bot", "/weather", "/ novads",
        "@selis_bot /novads@other_bot", "selis_bot dome",
    ],
)  # fmt: skip
def test_a_group_speaks_to_others(text: str) -> None:
    assert understood(update("message", message(text, GROUP))) is None


def test_a_name_that_was_picked_is_a_mention() -> None:
    entity = {"type": "text_mention", "offset": 0, "length": 5, "user": SELIS}
    assert asked(update("message", message("Sēlis dome", GROUP, entities=[entity]))).message.text == "dome"


def test_a_reply_to_selis_is_for_selis() -> None:
    raw = message("Krāslavā", GROUP, reply_to_message=FROM_SELIS)
    assert asked(update("message", raw)).message.text == "Krāslavā"


def test_a_reply_to_somebody_else_is_not() -> None:
    raw = message("Krāslavā", GROUP, reply_to_message=message("?", GROUP))
    assert understood(update("message", raw)) is None


def test_the_first_words_in_a_topic_that_selis_opened_are_not_for_selis() -> None:
    opened = FROM_SELIS | {"forum_topic_created": {"name": "Jautājumi", "icon_color": 1}}
    del opened["text"]
    assert understood(update("message", message("dome", GROUP, reply_to_message=opened))) is None


def test_a_command_for_another_bot_is_not_ours_even_as_a_reply() -> None:
    raw = message("/novads@other_bot", GROUP, reply_to_message=FROM_SELIS)
    assert understood(update("message", raw)) is None


@pytest.mark.parametrize(
    ("fields", "thread"),
    [
        ({"message_thread_id": 4, "is_topic_message": True}, "4"),
        ({"message_thread_id": 4}, ""),
        ({"message_thread_id": 1, "is_topic_message": True}, ""),
        ({}, ""),
    ],
)
def test_the_thread_is_the_forum_topic(fields: dict[str, Any], thread: str) -> None:
    of = message("@selis_bot dome", GROUP, **fields)
    assert asked(update("message", of)).message.conversation == replace(THERE, thread=thread)
    assert asked(pressed("a:::", FROM_SELIS | fields)).message.conversation == replace(THERE, thread=thread)


ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL = {"id": -1002, "type": "channel", "title": "Ziņas"}


@pytest.mark.parametrize(
    "fields",
    [
        {"from": ANONYMOUS, "sender_chat": GROUP},
        {"from": {"id": 136817688, "is_bot": True, "first_name": "Channel"}, "sender_chat": CHANNEL},
        {"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}, "is_automatic_forward": True},
        {"from": {"id": 3, "is_bot": True, "first_name": "Bot"}},
        {"from": None},
        {"via_bot": {"id": 3, "is_bot": True, "first_name": "Bot"}},
    ],
)
def test_who_does_not_speak_for_themselves_is_not_answered(fields: dict[str, Any]) -> None:
    assert understood(update("message", message("@selis_bot dome", GROUP, **fields))) is None


def test_a_post_in_a_channel_is_not_answered() -> None:
    assert understood(update("channel_post", message("@selis_bot dome", CHANNEL, **{"from": None}))) is None
    assert understood(update("message", message("@selis_bot dome", CHANNEL))) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"new_chat_members": [SELIS]},
        {"left_chat_member": ILZE},
        {"new_chat_title": "x"},
        {"pinned_message": FROM_SELIS},
    ],
)
def test_notices_are_not_answered(fields: dict[str, Any]) -> None:
    for chat in (PRIVATE, GROUP):
        assert understood(update("message", message(None, chat, reply_to_message=FROM_SELIS, **fields))) is None


STICKER = {
    "file_id": "f", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1, "is_animated": False,
    "is_video": False,
}  # fmt: skip
VOICE = {"file_id": "f", "file_unique_id": "u", "duration": 3}
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]


@pytest.mark.parametrize("fields", [{"sticker": STICKER}, {"voice": VOICE}, {"photo": PHOTO}])
def test_what_has_no_words_is_for_selis_in_private_alone(fields: dict[str, Any]) -> None:
    said = asked(update("message", message(**fields))).message
    assert (said.text, said.attachment) == ("", None)
    assert understood(update("message", message(None, GROUP, reply_to_message=FROM_SELIS, **fields))) is None


def test_the_words_under_a_picture_are_what_is_asked() -> None:
    caption = "@selis_bot kam ziņot?"
    entity = {"type": "mention", "offset": 0, "length": 10}
    raw = message(None, GROUP, photo=PHOTO, caption=caption, caption_entities=[entity])
    assert asked(update("message", raw)).message.text == "kam ziņot?"


def test_an_album_is_answered_once() -> None:
    raws = [message(message_id=number, photo=PHOTO, media_group_id="5") for number in (1, 2)]
    assert {asked(update("message", raw)).message.id for raw in raws} == {"album:5"}


def test_a_position_on_the_map() -> None:
    place = {"latitude": 55.9, "longitude": 27.2}
    assert asked(update("message", message(location=place))).message.location == (55.9, 27.2)
    assert understood(update("message", message(None, GROUP, location=place))) is None
    in_group = asked(update("message", message(None, GROUP, location=place, reply_to_message=FROM_SELIS)))
    assert in_group.message.location == (55.9, 27.2)
    assert in_group.may_set_group


def test_a_file_is_taken_in_private() -> None:
    document = {"file_id": "f1", "file_unique_id": "u", "file_name": "dagda.yaml", "file_size": 9}
    found = asked(update("message", message(document=document, caption="contacts/dagda.yaml")))
    assert (found.file, found.file_name, found.file_size) == ("f1", "dagda.yaml", 9)
    assert found.message.text == "contacts/dagda.yaml"
    in_group = asked(
        update("message", message(None, GROUP, document=document, caption="x", reply_to_message=FROM_SELIS))
    )
    assert in_group.file == ""


def test_an_edited_question_names_the_one_it_replaces() -> None:
    said = asked(update("edited_message", message("dome Dagdā", edit_date=NOW + 5), number=31)).message
    assert (said.id, said.edits, said.text) == ("edit:31", "10", "dome Dagdā")


@pytest.mark.parametrize(
    "raw",
    [
        message("dome", edit_date=NOW + 3 * 86_400),
        message(location={"latitude": 55.9, "longitude": 27.2, "live_period": 60}, edit_date=NOW + 5),
        message(photo=PHOTO, edit_date=NOW + 5),
        message("dome", GROUP, edit_date=NOW + 5),
    ],
)
def test_edits_that_are_not_answered(raw: dict[str, Any]) -> None:
    assert understood(update("edited_message", raw)) is None


def test_a_press_is_for_selis_whoever_asked() -> None:
    found = asked(pressed("dome:::", FROM_SELIS))
    assert (found.press, found.message.pressed, found.message.id) == ("q1", "dome:::", "press:9:q1")
    assert (found.message.conversation, found.message.private) == (THERE, False)
    assert pressed_under(found.message.id) == 9


def test_a_verdict_leaves_the_answer_and_any_other_press_replaces_the_question() -> None:
    assert asked(pressed("!useful:x", FROM_SELIS)).message.id == "said:9:q1"
    assert asked(pressed("!number:x", FROM_SELIS)).message.id == "press:9:q1"


def test_a_press_under_an_old_message_still_counts() -> None:
    assert asked(pressed("dome:::", {"message_id": 9, "date": 0, "chat": GROUP})).message.id == "press:9:q1"


@pytest.mark.parametrize("event", ["10", "edit:10", "album:10", "press:x:1", ""])
def test_other_ids_tell_of_no_buttons(event: str) -> None:
    assert pressed_under(event) is None


@pytest.mark.parametrize(
    ("before", "after", "became"),
    [
        ("left", "member", Became.ADDED),
        ("kicked", "administrator", Became.ADDED),
        ("member", "administrator", Became.PROMOTED),
        ("administrator", "member", None),
        ("member", "left", Became.REMOVED),
        ("administrator", "kicked", Became.REMOVED),
    ],
)
def test_what_becomes_of_selis_in_a_group(before: str, after: str, became: Became | None) -> None:
    found = understood(member(before, after))
    assert (found.became if isinstance(found, GroupNews) else None) is became
    assert understood(member(before, after, PRIVATE)) is None
    assert understood(member(before, after, CHANNEL)) is None


def test_a_group_that_moves_says_so_twice() -> None:
    old = GROUP | {"id": -5, "type": "group"}
    moved = GroupNews(became=Became.MOVED, chat="-5", to="-1001")
    assert understood(update("message", message(None, old, migrate_to_chat_id=-1001))) == moved
    assert understood(update("message", message(None, GROUP, migrate_from_chat_id=-5))) == moved


def test_only_what_may_set_things_for_a_group_asks_who_owns_it() -> None:
    assert asked(update("message", message("/novads Dagda", GROUP))).may_set_group
    assert asked(pressed("/novads dagda", FROM_SELIS)).may_set_group
    assert not asked(update("message", message("@selis_bot dome", GROUP))).may_set_group
    assert not asked(update("message", message("/novads Dagda"))).may_set_group


def test_half_a_letter_becomes_a_question_mark() -> None:
    halved = message("kur \ud800 celt trauksmi?", GROUP, caption=None, media_group_id="\udfff7", **{"from": ILZE})
    said = asked(update("message", halved | {"text": "@selis_bot kur \ud800 celt", "chat": PRIVATE})).message
    assert said.text.endswith("kur ? celt")
    assert "\udfff" not in said.id
    whole = update("message", message("kur celt trauksmi? ē 🙋🏽"))
    assert asked(whole).message.text == "kur celt trauksmi? ē 🙋🏽"
