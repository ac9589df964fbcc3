"""What events of Matrix mean for Sēlis."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.matrix.files import Cipher, SentFile
from adapters.matrix.incoming import Redacted, quoted, said_by
from adapters.matrix.room import RoomView
from bot.messages import ConversationId
from tests.adapters.matrix.events import (
    ANNA,
    DIRECT,
    GROUP,
    ILZE,
    NOW,
    SELIS,
    Json,
    answering,
    asked,
    edit,
    event,
    in_thread,
    message,
    needs,
    notice,
    reaction,
    text,
    understood,
    words,
)  # fmt: skip

HERE = ConversationId(network="matrix", chat="!direct", person=ILZE)


def test_what_is_said_in_private_is_for_selis() -> None:
    said = message("kur celt trauksmi?")
    found = asked(said).message
    assert (found.conversation, found.id, found.text) == (HERE, said["event_id"], "kur celt trauksmi?")
    assert (found.private, found.owner) == (True, False)
    assert found.sent_at == datetime.fromtimestamp(NOW / 1000, UTC)


@pytest.mark.parametrize("moment", [None, "soon", -5, 10**30, float("nan"), True])
def test_a_time_that_cannot_be_is_none(moment: Any) -> None:
    assert asked(message("dome") | {"origin_server_ts": moment}).message.sent_at is None


@pytest.mark.parametrize("kind", ["m.notice", "m.emote", "m.server_notice", "m.key.verification.request", "x", None, 7])
def test_only_people_are_answered(kind: Any) -> None:
    assert understood(event("m.room.message", text("dome") | {"msgtype": kind})) is None


def test_what_selis_says_is_not_for_selis() -> None:
    assert understood(message("dome", sender=SELIS)) is None
    assert understood(reaction(notice("Kurā?", "t:p::"), "1", sender=SELIS)) is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("!novads Dagda", "/novads Dagda"),
        ("/novads Dagda", "/novads Dagda"),
        ("!selis palīdzība", "/palīdzība"),
        ("!selis !palidziba", "/palidziba"),
        ("Sēlis: dome", "dome"),
        ("!weather", "!weather"),
        ("Sēlis bija Ilūkstē", "Sēlis bija Ilūkstē"),
        ("", ""),
    ],
)
def test_in_private_commands_and_names_are_understood_too(typed: str, found: str) -> None:
    assert words(message(typed)) == found


def test_the_thread_is_part_of_the_conversation() -> None:
    found = asked(message("Sēlis: dome", **in_thread("$root")), GROUP).message
    assert found.conversation == ConversationId(network="matrix", chat="!group", person=ILZE, thread="$root")


def test_power_levels_tell_who_owns_a_group() -> None:
    assert asked(message("!novads Dagda"), GROUP).message.owner
    assert not asked(message("!novads Dagda", sender=ANNA), GROUP).message.owner


def test_an_edit_edits_the_answer() -> None:
    before = message("Sēlis: policija Dagdā", **in_thread("$root"))
    after = edit(before, "Sēlis: policija Preiļos")
    found = asked(after, GROUP, before).message
    assert (found.text, found.id, found.edits) == ("policija Preiļos", after["event_id"], before["event_id"])
    assert found.conversation.thread == "$root"


def test_an_edited_answer_to_selis_is_still_one() -> None:
    ours = notice("Kurā novadā?")
    before = message("Dagdā", **answering(ours))
    assert words(edit(before, "Krāslavā"), GROUP, before, ours) == "Krāslavā"


def test_an_edit_that_calls_selis_at_last_is_answered() -> None:
    before = message("policija Dagdā")
    assert words(edit(before, "Sēlis: policija Dagdā"), GROUP, before) == "policija Dagdā"
    assert words(edit(before, "policija Dagdā, jā"), GROUP, before) is None


def test_an_edit_of_what_cannot_be_had_is_read_by_itself() -> None:
    before = message("dome")
    assert asked(edit(before, "duma")).message.edits == before["event_id"]


def test_an_edit_of_somebody_elses_words_is_none() -> None:
    before = message("dome", sender=ANNA)
    assert understood(edit(before, "duma"), DIRECT, before) is None


def test_an_edit_after_days_is_not_answered() -> None:
    before = message("dome") | {"origin_server_ts": NOW - 3 * 86_400_000}
    assert understood(edit(before, "duma"), DIRECT, before) is None


def test_an_edit_that_takes_the_words_away_is_none() -> None:
    before = message("dome")
    assert understood(edit(before, "") | {"content": {"m.relates_to": {"rel_type": "m.replace"}}}) is None
    gone = edit(before, "x")
    del gone["content"]["m.new_content"]
    assert understood(gone, DIRECT, before) is None


@pytest.mark.parametrize("where", ["event", "content"])
def test_what_is_taken_back_is_told(where: str) -> None:
    taken = event("m.room.redaction", {"redacts": "$q"} if where == "content" else {})
    taken |= {"redacts": "$q"} if where == "event" else {}
    assert understood(taken, GROUP) == Redacted(chat="!group", of="$q")


def test_a_message_that_was_taken_back_says_nothing() -> None:
    assert understood(event("m.room.message", {}) | {"unsigned": {"redacted_because": {}}}) is None


GEO: Json = {"msgtype": "m.location", "body": "Ilze ir šeit"}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"geo_uri": "geo:55.9,27.16"}, (55.9, 27.16)),
        ({"geo_uri": "geo:55.9,-27.16;u=35"}, (55.9, -27.16)),
        ({"geo_uri": "geo:55.9,27.16,120.5;u=35"}, (55.9, 27.16)),
        ({"m.location": {"uri": "geo:55,27"}}, (55.0, 27.0)),
        ({"geo_uri": "geo:95,27"}, None),
        ({"geo_uri": "geo:north"}, None),
        ({"geo_uri": 7}, None),
        ({}, None),
    ],
)
def test_a_place_on_the_map(content: Json, found: object) -> None:
    said = asked(event("m.room.message", GEO | content)).message
    assert (said.location, said.text) == (found, "")


def test_a_place_on_the_map_of_a_group_is_for_selis_when_it_says_so() -> None:
    place = GEO | {"geo_uri": "geo:55.9,27.16"}
    assert understood(event("m.room.message", place), GROUP) is None
    ours = notice("Kurš ir šīs grupas novads?")
    assert asked(event("m.room.message", place | answering(ours)), GROUP, ours).message.location == (55.9, 27.16)


FILE: Json = {"msgtype": "m.file", "body": "kraslava.yaml", "info": {"size": 1200}}
KEY: Json = {
    "url": "mxc://example.org/abc", "v": "v2", "iv": "aXY", "hashes": {"sha256": "aGFzaA"},
    "key": {"k": "a2V5", "alg": "A256CTR", "kty": "oct", "key_ops": ["encrypt", "decrypt"], "ext": True},
}  # fmt: skip


def test_a_file_comes_along_with_where_to_fetch_it() -> None:
    plain = asked(event("m.room.message", FILE | {"url": "mxc://example.org/abc"}))
    assert plain.file == SentFile(url="mxc://example.org/abc", name="kraslava.yaml", size=1200)
    assert plain.message.text == ""
    cipher = Cipher(key="a2V5", iv="aXY", sha256="aGFzaA")
    assert asked(event("m.room.message", FILE | {"file": KEY})).file == replace(
        SentFile(url="mxc://example.org/abc", name="kraslava.yaml", size=1200), cipher=cipher
    )
    assert "a2V5" not in repr(cipher)


@pytest.mark.parametrize(
    "broken",
    [
        {"url": "https://example.org/abc"}, {"url": 5}, {"file": KEY | {"key": {}}}, {"file": KEY | {"hashes": None}},
        {"file": KEY | {"url": "file:///etc/passwd"}}, {"file": KEY | {"iv": ""}}, {},
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_had_is_a_message_without_words(broken: Json) -> None:
    found = asked(event("m.room.message", FILE | broken))
    assert (found.file, found.message.text) == (None, "")


def test_the_words_beside_a_picture_are_what_is_said() -> None:
    picture = {"msgtype": "m.image", "filename": "a.jpg", "body": "kur par to ziņot?", "url": "mxc://example.org/a"}
    assert words(event("m.room.message", picture)) == "kur par to ziņot?"
    assert words(event("m.room.message", picture), GROUP) is None
    called = picture | {"body": "Sēlis: kur par to ziņot?"}
    found = asked(event("m.room.message", called), GROUP)
    # A group cannot hand in files.
    assert (found.message.text, found.file) == ("kur par to ziņot?", None)


@pytest.mark.parametrize("kind", ["m.audio", "m.video", "m.image", "m.file"])
def test_what_has_no_words_is_met_with_help_in_private_and_silence_in_a_group(kind: str) -> None:
    sent = event("m.room.message", {"msgtype": kind, "body": "voice.ogg", "url": "mxc://example.org/v"})
    assert words(sent) == ""
    assert understood(sent, GROUP) is None


def test_a_sticker_is_met_the_same_way() -> None:
    sticker = event("m.sticker", {"body": "😀", "url": "mxc://example.org/s", "info": {}})
    assert words(sticker) == ""
    assert understood(sticker, GROUP) is None


@pytest.mark.parametrize(
    ("sign", "key"),
    [
        ("1️⃣", "t:a::"), ("2️⃣", "t:b::"), ("2", "t:b::"), ("2.", "t:b::"), ("1⃣", "t:a::"),
        ("3️⃣", None), ("0️⃣", None), ("🔟", None), ("👍", None), ("🎉", None), ("", None), (7, None),
    ],
)  # fmt: skip
def test_a_reaction_with_a_number_is_a_press(sign: Any, key: str | None) -> None:
    ours = notice("Kuru?", "t:a::", "t:b::")
    found = understood(reaction(ours, sign), GROUP, ours)
    assert (None if found is None else found.message.pressed) == key  # type: ignore[union-attr]


@pytest.mark.parametrize(("sign", "key"), [("👍", "!useful:e"), ("👍🏽", "!useful:e"), ("👎️", "!wrong:e"), ("1️⃣", None)])
def test_a_thumb_says_whether_an_answer_was_of_use(sign: str, key: str | None) -> None:
    ours = notice("Zvaniet.", "!useful:e", "!wrong:e")
    found = understood(reaction(ours, sign), DIRECT, ours)
    assert (None if found is None else found.message.pressed) == key  # type: ignore[union-attr]


def test_a_press_belongs_to_who_pressed_and_is_answered_beside_the_question() -> None:
    ours = notice("Kuru?", "t:a::", **in_thread("$root"))
    pressed = reaction(ours, "1️⃣")
    found = asked(pressed, GROUP, ours).message
    assert found.conversation == ConversationId(network="matrix", chat="!group", person=ANNA, thread="$root")
    assert quoted(found.id) == ours["event_id"]
    assert said_by(found.id) == pressed["event_id"]
    assert quoted("$some_message") == said_by("$some_message") == "$some_message"


@pytest.mark.parametrize(("typed", "key"), [("2", "t:b::"), ("1.", "t:a::"), ("3", None), ("otro", None)])
@pytest.mark.parametrize("room", [DIRECT, GROUP])
def test_a_number_that_answers_choices_chooses_whoever_types_it(room: RoomView, typed: str, key: str | None) -> None:
    ours = notice("Kuru?", "t:a::", "t:b::")
    found = asked(message(typed, sender=ANNA, **answering(ours)), room, ours).message
    assert (found.pressed, found.text) == (key, typed)


def test_a_number_that_answers_somebody_else_chooses_nothing() -> None:
    theirs = notice("Kuru?", "t:a::", sender=ANNA)
    assert asked(message("1", **answering(theirs)), DIRECT, theirs).message.pressed is None
    assert asked(message("1")).message.pressed is None


def test_a_reaction_to_others_or_to_nothing_known_is_none() -> None:
    theirs = notice("Kuru?", "t:a::", sender=ANNA)
    assert understood(reaction(theirs, "1️⃣"), GROUP, theirs) is None
    assert understood(reaction(theirs, "1️⃣"), GROUP) is None


def test_a_reaction_goes_by_the_last_edit_of_our_message() -> None:
    ours = notice("Kuru?", "t:a::")
    latest = notice("* Kuru?", **{"m.new_content": notice("Kuru?", "t:b::")["content"]})
    edited = ours | {"unsigned": {"m.relations": {"m.replace": latest}}}
    assert asked(reaction(ours, "1️⃣"), GROUP, edited).message.pressed == "t:b::"
    forged = ours | {"unsigned": {"m.relations": {"m.replace": latest | {"sender": ANNA}}}}
    assert asked(reaction(ours, "1️⃣"), GROUP, forged).message.pressed == "t:a::"


def test_other_events_are_looked_up_only_where_they_decide() -> None:
    ours = notice("Kuru?", "t:a::")
    assert needs(message("dome", **answering(ours))) == ""
    assert needs(message("1", **answering(ours))) == ours["event_id"]
    assert needs(message("1")) == ""
    assert needs(message("Sēlis: dome", **answering(ours)), GROUP) == ""
    assert needs(message("paldies", **answering(ours)), GROUP) == ours["event_id"]
    assert needs(message("paldies", **in_thread("$root")), GROUP) == ""
    assert needs(message("paldies"), GROUP) == ""
    assert needs(reaction(ours, "🎉"), GROUP) == ""
    assert needs(reaction(ours, "1️⃣"), GROUP) == ours["event_id"]
