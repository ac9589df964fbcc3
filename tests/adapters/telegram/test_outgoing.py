"""Replies as Telegram shows them."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.parts import as_html, is_picture, split, units
from adapters.telegram.outgoing import MAX_UNITS, Post, render
from bot.messages import Attachment, Choice, ConversationId, IncomingMessage, Kind, Reply
from bot.talk import Talk
from knowledge.index import Index

HERE = ConversationId(network="telegram", chat="77", person="77")


def answer_to(text: str, index: Index) -> Reply:
    talk = Talk(index=index, clock=lambda: datetime(2026, 11, 21, tzinfo=UTC))
    return talk.respond(IncomingMessage(conversation=HERE, text=text))


def labels(post: Post) -> list[list[str]]:
    keyboard = post.keyboard()
    return [[button.text for button in row] for row in keyboard.inline_keyboard] if keyboard else []


def text_of(marked: str) -> str:
    """What is read of a piece of HTML."""
    return html.unescape(re.sub(r"</?(b|a)( [^>]*)?>", "", marked))


def test_a_contact_has_its_title_in_bold_and_its_numbers_to_copy(shipped: Index) -> None:
    post = render(answer_to("socialais dienests viesitee tel", shipped), shipped.kb)
    (part,) = post.parts
    lines = part.html.split("\n")
    assert lines[:2] == ["Viesīte ir šajā novadā: Jēkabpils novads.", "<b>Sociālais dienests, Jēkabpils novads</b>"]
    assert labels(post) == [
        ["📋 +371 65207081", "📋 +371 80020091"],
        ["📋 +371 65207092", "📋 sd@jekabpils.lv"],
        ["👤 Vizītkarte"],
    ]
    keyboard = post.keyboard()
    assert keyboard is not None
    copied = [button.copy_text.text for row in keyboard.inline_keyboard for button in row if button.copy_text]
    assert copied == ["+371 65207081", "+371 80020091", "+371 65207092", "sd@jekabpils.lv"]


def test_one_page_is_a_link_and_a_button(shipped: Index) -> None:
    url = "https://www.kraslava.lv/lv/trauksmes-celsana"
    post = render(answer_to("kur celt trauksmi Krāslavā?", shipped), shipped.kb)
    assert f'<a href="{url}">{url}</a>' in post.parts[0].html
    keyboard = post.keyboard()
    assert keyboard is not None
    assert [button.url for row in keyboard.inline_keyboard for button in row] == [url]


def test_a_host_with_letters_of_its_own_is_written_for_machines(shipped: Index) -> None:
    reply = Reply(kind=Kind.ANSWER, text="Lapa\nTīmeklī: https://www.augšdaugavasnovads.lv/sākums.")
    keyboard = render(reply, shipped.kb).keyboard()
    assert keyboard is not None
    ((button,),) = keyboard.inline_keyboard
    assert (button.text, button.url) == (
        "🔗 www.augšdaugavasnovads.lv",
        "https://www.xn--augdaugavasnovads-2kd.lv/sākums",
    )


def test_a_question_has_its_choices_two_in_a_row(shipped: Index) -> None:
    post = render(answer_to("kāds ir izpilddirektora tālrunis?", shipped), shipped.kb)
    assert labels(post) == [["Jēkabpils novads", "Aizkraukles novads"], ["Augšdaugavas novads", "Krāslavas novads"]]
    assert all(len(row) == 1 or all(len(label) <= 20 for label in row) for row in labels(post))


def test_feedback_stands_below_the_numbers(shipped: Index) -> None:
    entry = next(entry for entry in shipped.kb.entries.values() if entry.phones)
    choices = (Choice(key="!useful:x", label="Noderēja"), Choice(key="!wrong:x", label="Nepareizi, novecojis"))
    reply = Reply(kind=Kind.ANSWER, text=entry.phones[0].number, entries=(entry.id,), choices=choices)
    assert labels(render(reply, shipped.kb)) == [
        [f"📋 {entry.phones[0].number}", "👤 Vizītkarte"],
        ["Noderēja", "Nepareizi, novecojis"],
    ]


def test_small_talk_has_no_buttons_of_numbers(shipped: Index) -> None:
    reply = Reply(kind=Kind.SMALLTALK, text="Zvaniet +371 65207081 vai skatiet https://www.kraslava.lv.")
    assert render(reply, shipped.kb).keyboard() is None


def test_where_buttons_are_refused_the_choices_stay(shipped: Index) -> None:
    reply = answer_to("kur celt trauksmi Krāslavā?", shipped)
    post = render(replace(reply, choices=(Choice(key="a:::", label="A"),)), shipped.kb)
    keyboard = post.keyboard(extras=False)
    assert keyboard is not None
    assert [[button.text for button in row] for row in keyboard.inline_keyboard] == [["A"]]


@pytest.mark.parametrize(("name", "shown"), [("days.PNG", True), ("a.jpg", True), ("list.txt", False), ("png", False)])
def test_pictures_are_told_from_files(name: str, shown: bool) -> None:
    assert is_picture(Attachment(name=name, data=b"")) is shown


def test_nothing_in_a_text_is_a_mark() -> None:
    assert as_html("a < b & <b>c</b>\n\"d\" 'e'") == "a &lt; b &amp; &lt;b&gt;c&lt;/b&gt;\n&quot;d&quot; &#x27;e&#x27;"


@settings(derandomize=True, deadline=None)
@given(st.text(alphabet="a<>&\"' \n.1šу🙋://https", max_size=80), st.booleans())
def test_html_reads_as_the_text(text: str, titled: bool) -> None:
    assert text_of(as_html(text, {text.split("\n", maxsplit=1)[0]} if titled else ())) == text


def test_a_text_is_split_between_paragraphs_first() -> None:
    assert split("aaaa\n\nbbbb\nbb\n\ncc", 8) == ["aaaa", "bbbb\nbb", "cc"]
    assert split("aaaa\nbbbb bbbb bb", 6) == ["aaaa", "bbbb", "bbbb", "bb"]


def test_a_text_that_fits_is_left_alone() -> None:
    assert split("a" * MAX_UNITS, MAX_UNITS) == ["a" * MAX_UNITS]
    assert [units(part) for part in split("🙋" * (MAX_UNITS // 2 + 1), MAX_UNITS)] == [MAX_UNITS, 2]


@settings(derandomize=True, deadline=None)
@given(st.text(alphabet="ab\n š🙋", max_size=200), st.integers(2, 30))
def test_parts_fit_and_hold_all_of_it(text: str, most: int) -> None:
    parts = split(text, most)
    assert all(0 < units(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_commands_are_named_so_that_they_can_be_tapped(shipped: Index) -> None:
    reply = Reply(kind=Kind.HELP, text="Команды: /край – ваш край, /удалить.\nhttps://example.lv/край, /nav")
    text = render(reply, shipped.kb).parts[0].plain
    assert text == "Команды: /kraj – ваш край, /udalit.\nhttps://example.lv/край, /nav"


def test_a_short_first_line_is_a_title_and_a_sentence_is_none(shipped: Index) -> None:
    short = Reply(kind=Kind.COMMAND, text="Versijas\nviena")
    assert render(short, shipped.kb).parts[0].html == "<b>Versijas</b>\nviena"
    sentence = Reply(kind=Kind.COMMAND, text=f"{'Pasaku, kam zvanīt. ' * 4}\nviena")
    assert "<b>" not in render(sentence, shipped.kb).parts[0].html
