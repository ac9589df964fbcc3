"""Replies as messages of Matrix."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.matrix.choices import FIELD
from adapters.matrix.files import file_content
from adapters.matrix.outgoing import MAX_UNITS, Content, Towards, render, replacing
from bot.messages import Attachment, Choice, Kind, Reply
from knowledge.model import KnowledgeBase
from tests.adapters.matrix.events import DIRECT, ILZE, ME, SELIS, asked, in_thread, message, reaction
from tests.bot import little

ALLOWED = {"a", "b", "br"}
"""Of what the specification lets clients show."""
EVENT_BYTES = 65_536


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return little.build()


class Tags(HTMLParser):
    """What a client would make of a piece of HTML."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))


def on_the_wire(content: Content) -> int:
    """The bytes of an event with this content, encrypted: JSON in base64 in JSON, with the fields around it. The
    library writes each letter beyond ASCII as six signs.
    """
    plain = len(json.dumps({"type": "m.room.message", "content": content, "room_id": "!" + "r" * 254}))
    return (plain + 200) * 4 // 3 + 2_000


def test_an_answer_has_its_title_in_bold_and_its_page_as_a_link(kb: KnowledgeBase) -> None:
    text = "Dē ir šajā novadā: Aa novads.\nPolicija, Aa novads\nTīmeklī: https://example.org/a?b&c."
    (content,) = render(Reply(kind=Kind.ANSWER, text=text, entries=("contact/aa/police",)), kb, ME)
    assert content["msgtype"] == "m.notice"
    assert content["body"] == text
    assert content["format"] == "org.matrix.custom.html"
    assert content["formatted_body"] == (
        "Dē ir šajā novadā: Aa novads.<br><b>Policija, Aa novads</b><br>"
        'Tīmeklī: <a href="https://example.org/a?b&amp;c">https://example.org/a?b&amp;c</a>.'
    )
    assert "m.relates_to" not in content
    assert content["m.mentions"] == {}


CHOICES = (Choice(key="t:a::", label="Bāriņtiesa"), Choice(key="t:b::", label="Policija"))
VERDICTS = (Choice(key="!useful:e", label="Noderēja"), Choice(key="!wrong:e", label="Nepareizi"))


def test_choices_are_numbered_and_carried_and_taken_by_a_reaction(kb: KnowledgeBase) -> None:
    (content,) = render(Reply(kind=Kind.CLARIFY, text="Kuru?", choices=CHOICES), kb, ME)
    assert content["body"].startswith("Kuru?\n\n1. Bāriņtiesa\n2. Policija\n")
    assert "1️⃣" in content["body"]
    assert content[FIELD] == ["t:a::", "t:b::"]
    ours = message("") | {"sender": SELIS, "content": content}
    assert [asked(reaction(ours, sign), DIRECT, ours).message.pressed for sign in ("1️⃣", "2️⃣")] == ["t:a::", "t:b::"]


def test_verdicts_are_signs_and_not_numbers(kb: KnowledgeBase) -> None:
    (content,) = render(Reply(kind=Kind.ANSWER, text="Zvaniet.", choices=VERDICTS), kb, ME)
    assert "1." not in content["body"]
    assert "👍" in content["body"]
    assert "👎" in content["body"]
    ours = message("") | {"sender": SELIS, "content": content}
    assert asked(reaction(ours, "👎"), DIRECT, ours).message.pressed == "!wrong:e"


def test_commands_are_told_as_they_can_be_typed(kb: KnowledgeBase) -> None:
    text = "Rakstiet /novads Dagda (/palidziba). Lapa: https://example.org/novads un /weather, un/vai 1/2"
    (content,) = render(Reply(kind=Kind.COMMAND, text=text), kb, ME)
    told = text.replace("/novads Dagda (/palidziba)", "!novads Dagda (!palidziba)")
    assert content["body"] == told


def test_in_a_group_the_asker_is_called_and_the_question_shown(kb: KnowledgeBase) -> None:
    reply = Reply(kind=Kind.ANSWER, text="Zvaniet.\n" * 600)
    first, second, *_ = render(reply, kb, ME, Towards(answers="$q", person=ILZE))
    assert first["m.mentions"] == {"user_ids": [ILZE]}
    assert first["m.relates_to"] == {"m.in_reply_to": {"event_id": "$q"}}
    assert second["m.mentions"] == {}
    assert "m.relates_to" not in second


def test_an_answer_stands_in_the_thread_of_its_question(kb: KnowledgeBase) -> None:
    reply = Reply(kind=Kind.ANSWER, text="Zvaniet.\n" * 600)
    first, second, *_ = render(reply, kb, ME, Towards(answers="$q", thread="$root"))
    assert first["m.relates_to"] == in_thread("$root", "$q", falls_back=False)["m.relates_to"]
    assert second["m.relates_to"] == in_thread("$root", "$root", falls_back=True)["m.relates_to"]
    (alone,) = render(replace(reply, text="Zvaniet."), kb, ME, Towards(thread="$root"))
    assert alone["m.relates_to"] == in_thread("$root")["m.relates_to"]


def test_an_edit_replaces_all_of_a_message_and_calls_nobody(kb: KnowledgeBase) -> None:
    reply = Reply(kind=Kind.CLARIFY, text="Kuru?", choices=CHOICES)
    (content,) = render(reply, kb, ME, Towards(answers="$q", person=ILZE))
    edited = replacing(content, "$a")
    assert edited["m.relates_to"] == {"rel_type": "m.replace", "event_id": "$a"}
    assert edited["body"] == "* " + content["body"]
    assert edited["m.mentions"] == {}
    new = edited["m.new_content"]
    assert "m.relates_to" not in new
    assert {key: new[key] for key in new} == {key: content[key] for key in new}
    assert new[FIELD] == ["t:a::", "t:b::"]


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.text(st.sampled_from("a&\"<>'ā\n /:.!1😀https://x") | st.characters(codec="utf-8"), max_size=300))
def test_whatever_the_text_both_forms_say_it_and_only_allowed_tags_are_in(kb: KnowledgeBase, text: str) -> None:
    for content in render(Reply(kind=Kind.ANSWER, text=text), kb, ME):
        tags = Tags(content["formatted_body"])
        assert {tag for tag, _ in tags.tags} <= ALLOWED
        links = [(name, value) for _, attrs in tags.tags for name, value in attrs]
        assert all(name == "href" and value and value.startswith("http") for name, value in links)
        assert html.unescape(re.sub("<[^>]*>", "", content["formatted_body"].replace("<br>", "\n"))) == content["body"]


@pytest.mark.parametrize(
    "text",
    ["a", "&", '"', "ā", "<", "https://" + "&" * 4000, "https://" + "ā" * 500 + " ", "\n", "😀", "\uffff", "a b&"],
)
def test_every_message_fits_even_encrypted_and_as_an_edit(kb: KnowledgeBase, text: str) -> None:
    choices = tuple(Choice(key="x" * 64, label='"&' * 40) for _ in range(6))
    contents = render(Reply(kind=Kind.CLARIFY, text=(text * 10_000)[:10_000], choices=choices), kb, ME)
    for content in contents:
        assert len(content["body"].encode("utf-16-le")) // 2 <= MAX_UNITS
        assert on_the_wire(replacing(content, "$" + "x" * 43)) < EVENT_BYTES


@pytest.mark.parametrize(("name", "kind", "media"), [("a.png", "m.image", "image/png"), ("b.yaml", "m.file", None)])
def test_a_file_is_shown_or_offered(name: str, kind: str, media: str | None) -> None:
    attachment = Attachment(name=name, data=b"12345")
    plain = file_content(attachment, "mxc://example.org/a")
    assert (plain["msgtype"], plain["body"], plain["url"]) == (kind, name, "mxc://example.org/a")
    assert plain["info"]["size"] == 5
    assert media is None or plain["info"]["mimetype"] == media
    key = {"url": "mxc://example.org/a", "v": "v2", "iv": "b", "hashes": {"sha256": "c"}, "key": {"k": "d"}}
    encrypted = file_content(attachment, key)
    assert encrypted["file"] == key
    assert "url" not in encrypted
