"""Whatever a name is, it is shown as it is written: markup in it is letters, and formats are not filled in."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from adapters.telegram.outgoing import render
from bot.compose import compose
from bot.decide import decide
from bot.question import Question
from knowledge.load import load_files
from knowledge.model import Language
from tests.bot import little

HOSTILE = [
    "<script>alert(1)</script>",
    "</b></a><a href='https://evil.example'>Klientu centrs</a>",
    "&lt;b&gt; &amp; &#60;",
    "{place} {0} {topic.__class__} %s %(x)s ${HOME} `id`",
    "**treknrakstā** _slīpi_ [saite](https://evil.example) <code>x</code>",
    "'; DROP TABLE conversations; --",
]
MAY_BE_USED = {"b", "code", "a"}


class Seen(HTMLParser):
    """What a reader of the message sees, and the markup in it."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags = "", set[str]()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_shown_as_it_is_written(name: str) -> None:
    files = little.files()
    quoted = "'" + name.replace("'", "''") + "'"
    contacts = files["contacts/aa.yaml"].decode().replace("{lv: Klientu centrs}", f"{{lv: {quoted}}}")
    kb = load_files(files | {"contacts/aa.yaml": contacts.encode()})[0].kb
    question = Question(topics=("desk",), places=("aa",), language=Language.LV, confidence=1.0)
    reply = compose(decide(question, kb), kb)
    assert name in reply.text
    for part in render(reply, kb).parts:
        seen = Seen()
        seen.feed(part.html)
        seen.close()
        assert name in seen.text
        assert seen.tags <= MAY_BE_USED
