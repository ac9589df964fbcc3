"""However carelessly a question is typed, the reply stays the same: its kind, its entries, its place."""

from __future__ import annotations

import hashlib
import random
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.messages import ConversationId, IncomingMessage, Kind
from bot.talk import Talk
from knowledge.build import Files
from knowledge.index import Index
from knowledge.lessons import questions
from knowledge.loaded import Loaded
from knowledge.schema import QuestionIn

SAMPLE = 700
SHOWN = 10
NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopqsdfghjklaxcvbnmz", strict=True))
GREETING = {"lv": "Labdien, ", "ru": "Здравствуйте, ", "en": "Hello, "}
THANKS = {"lv": " Paldies!", "ru": " Спасибо!", "en": " Thank you!"}
SMS = str.maketrans({
    "ā": "aa", "ē": "ee", "ī": "ii", "ū": "uu", "š": "sh", "č": "ch", "ž": "zh", "ķ": "k", "ļ": "l", "ņ": "n", "ģ": "g",
    "Ā": "Aa", "Ē": "Ee", "Ī": "Ii", "Ū": "Uu", "Š": "Sh", "Č": "Ch", "Ž": "Zh", "Ķ": "K", "Ļ": "L", "Ņ": "N", "Ģ": "G",
})  # fmt: skip

Asked = tuple[str, str]
"""The text of a question and its language."""
Outcome = tuple[Kind, tuple[str, ...], str | None]


def _without_diacritics(text: str, _: str) -> str:
    """Latin letters only: й is a letter of its own."""
    return "".join(unicodedata.normalize("NFD", c)[0] if c < "ʰ" else c for c in text)


def _in_capitals(text: str, _: str) -> str:
    return text.upper()


def _without_capitals(text: str, _: str) -> str:
    return text.lower()


def _without_final_punctuation(text: str, _: str) -> str:
    return text.rstrip(" .?!…")


def _greeted(text: str, language: str) -> str:
    return GREETING[language] + text


def _thanked(text: str, language: str) -> str:
    return text + THANKS[language]


def _as_sms(text: str, _: str) -> str:
    return text.translate(SMS)


def _mistyped(text: str, _: str) -> str:
    """One slip, not in the first letter, in one word of seven letters or more."""
    chance = random.Random(text)
    long_words = list(re.finditer(r"(?<![\w@./-])[^\W\d_]{7,}(?![\w@./-])", text))
    if not long_words:
        return text
    word = chance.choice(long_words)
    at = chance.randrange(word.start() + 1, word.end() - 1)
    before, letter, following, after = text[:at], text[at], text[at + 1], text[at + 2 :]
    return before + chance.choice([
        following + letter,
        following,
        letter + letter + following,
        NEIGHBOURS.get(letter.lower(), following) + following,
    ]) + after  # fmt: skip


@pytest.fixture(scope="module")
def dialogue(index: Index) -> Talk:
    return Talk(index=index, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def asked(read: tuple[Loaded, Files]) -> list[Asked]:
    """Questions by the digest of their text: the same in every run, and nearly the same when some are added."""
    every = [_first(question) for question in questions(read[1])]
    return sorted(every, key=lambda asked: hashlib.sha256(asked[0].encode()).digest())[:SAMPLE]


def _first(question: QuestionIn) -> Asked:
    return (question.text or question.turns[0].text, question.language)


@pytest.fixture(scope="module")
def expected(asked: list[Asked], dialogue: Talk) -> list[Outcome]:
    return [_outcome(text, dialogue) for text, _ in asked]


def _outcome(text: str, dialogue: Talk) -> Outcome:
    dialogue.states.clear()
    reply = dialogue.respond(IncomingMessage(conversation=ConversationId.of_terminal("test"), text=text))
    return (reply.kind, reply.entries, reply.place)


@pytest.mark.parametrize(
    ("change", "at_least"),
    [
        pytest.param(_without_diacritics, 0.99, id="diacritics dropped"),
        pytest.param(_in_capitals, 0.99, id="all capitals"),
        pytest.param(_without_capitals, 0.99, id="capitals dropped"),
        pytest.param(_without_final_punctuation, 0.99, id="final punctuation dropped"),
        pytest.param(_greeted, 0.99, id="labdien before"),
        pytest.param(_thanked, 0.99, id="paldies after"),
        pytest.param(_as_sms, 0.97, id="SMS spelling"),
        pytest.param(_mistyped, 0.95, id="one typo in a long word"),
    ],
)
def test_the_reply_stays_the_same(
    change: Callable[[str, str], str],
    at_least: float,
    asked: list[Asked],
    expected: list[Outcome],
    dialogue: Talk,
) -> None:
    changed = [(change(text, language), outcome) for (text, language), outcome in zip(asked, expected, strict=True)]
    other = [
        f"{text!r}\n    {outcome} became {found}"
        for (text, outcome), (was, _) in zip(changed, asked, strict=True)
        if text != was and (found := _outcome(text, dialogue)) != outcome
    ]
    count = sum(text != was for (text, _), (was, _) in zip(changed, asked, strict=True))
    same = 1 - len(other) / count
    assert same >= at_least, f"{100 * same:.1f} % of {count} the same, for example\n" + "\n".join(other[:SHOWN])
