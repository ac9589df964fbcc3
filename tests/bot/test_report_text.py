"""What admins read comes a page at a time, short enough for a chat, with what they can press."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import acts
from bot.clusters import Cluster
from bot.compose import MAX_TEXT
from bot.feedback import Reason, Report
from bot.pages import UNASKED, page_number, page_of
from bot.phrasebook import Phrasebook
from bot.phrases_added import Added, PhraseError
from bot.report_text import (
    added_reply,
    closed_reply,
    gone_reply,
    refused_reply,
    reports_reply,
    stale_reply,
    statistics_reply,
    topics_reply,
    unanswered_reply,
)
from bot.statistics import figures
from knowledge.errors import KnowledgeError, Problem
from knowledge.model import KnowledgeBase, Language
from tests.bot import little

LITTLE = little.build()
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
COMMAND = "/saraksts"
CLUSTER = Cluster(
    names=("00ff00ff00ff00ff",),
    representative="kur nopirkt malku",
    questions=11,
    conversations=2,
    languages=(Language.LV,),
    first=NOON,
    last=NOON + timedelta(days=1),
)
REPORT = Report(
    entry="contact/aa/police",
    times=3,
    reasons=((Reason.NUMBER, 2), (None, 1)),
    first=NOON,
    last=NOON + timedelta(days=2),
    is_open=True,
)


def spoken(language: Language = Language.LV) -> Phrasebook:
    return Phrasebook(kb=LITTLE, language=language)


@given(
    blocks=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=2500), max_size=40),
    number=st.integers(-5, 60),
)
def test_pages_hold_every_block_once_and_are_short(blocks: list[str], number: int) -> None:
    say = spoken()
    held: list[int] = []
    at, last = 1, None
    while last is None:
        page = page_of("Virsraksts", blocks, at, COMMAND, say)
        assert len(page.text) <= MAX_TEXT
        held += page.blocks
        keys = [choice.key for choice in page.choices]
        assert (f"{COMMAND} {at - 1}" in keys) == (at > 1)
        last = None if f"{COMMAND} {at + 1}" in keys else at
        at += 1
    assert held == list(range(len(blocks)))
    asked = page_of("Virsraksts", blocks, number, COMMAND, say)
    assert replace(asked, files=()) == page_of("Virsraksts", blocks, min(max(number, 1), last), COMMAND, say)
    assert bool(asked.files) == (number == UNASKED and last > 1)


@pytest.mark.parametrize(("argument", "number"), [("", 1), ("3", 3), ("x", 1), ("-1", 1), ("²", 1), ("99999999", 1)])
def test_a_page_is_asked_for_by_its_number(argument: str, number: int) -> None:
    assert page_number(argument) == number


def test_an_unanswered_question_can_be_pressed() -> None:
    reply = unanswered_reply([CLUSTER], 1, COMMAND, spoken())
    assert "1. kur nopirkt malku\n11 jautājumu, 2 sarunas, pēdējoreiz 22. nov." in reply.text
    (choice,) = reply.choices
    assert choice.key == "/topics 00ff00ff00ff00ff"


def test_its_topics_are_choices_with_the_phrase() -> None:
    reply = topics_reply(CLUSTER, "kur nopirkt malku", ("police", "instrument/meeting#often"), spoken())
    assert "„kur nopirkt malku”" in reply.text
    assert [choice.label for choice in reply.choices] == ["Policija", "Sēdes: cik bieži ir sēdes"]
    assert reply.choices[1].key == "/add-phrase 00ff00ff00ff00ff instrument/meeting#often"
    assert topics_reply(CLUSTER, "kur nopirkt malku", (), spoken()).choices == ()
    assert topics_reply(CLUSTER, "", ("police",), spoken()).choices == ()


def test_a_report_names_entry_and_reasons_and_can_be_closed() -> None:
    gone = replace(REPORT, entry="organisation/gone", times=1)
    done = replace(REPORT, is_open=False)
    reply = reports_reply([REPORT, gone, done], 1, COMMAND, spoken())
    assert "1. Policija, Aa novads\nNumurs neatbild: 2; Nepareizi, novecojis: 1\n" in reply.text
    assert "contact/aa/police, no 21. nov. līdz 23. nov." in reply.text
    assert "2. organisation/gone\n" in reply.text
    assert "3. Policija, Aa novads – izlabots" in reply.text
    until = acts.stamp(REPORT.last)
    assert [choice.key for choice in reply.choices] == [
        f"/done contact/aa/police {until}",
        f"/done organisation/gone {until}",
    ]
    assert acts.moment(until) == REPORT.last
    assert "Policija, Aa novads (3 ziņojumi)" in closed_reply("contact/aa/police", 3, spoken()).text


def test_a_phrase_that_was_added_or_refused_is_told_of() -> None:
    added = Added(file="topics/all.yaml", line=7, topic="police", language=Language.LV, phrase="kur malka", data=b"")
    assert "„kur malka” – Policija (topics/all.yaml, 7. rinda)" in added_reply(added, spoken()).text
    problem = Problem(file="topics/all.yaml", line=7, key="topics", message="too long")
    assert "too long" in refused_reply("kur malka", KnowledgeError([problem]), spoken()).text
    assert "has it" in refused_reply("kur malka", PhraseError("police", "has it"), spoken()).text
    assert gone_reply(spoken()).text


def test_old_facts_say_how_old_they_are() -> None:
    old = [LITTLE.entries[entry] for entry in ("contact/aa/police", "contact/aa/desk")]
    first, second = stale_reply(old, 1, COMMAND, spoken()).text.split("\n\n")[1:]
    assert first == "Policija, Aa novads – dati: 2023 (contact/aa/police)"
    assert second.endswith("(contact/aa/desk)")


def test_a_hundred_of_anything_is_paged_in_every_language(shipped_kb: KnowledgeBase) -> None:
    for language in Language:
        say = Phrasebook(kb=shipped_kb, language=language)
        entries = list(shipped_kb.entries)[:100]
        clusters = [replace(CLUSTER, names=(f"{number:016x}",), representative="vai " * 50) for number in range(100)]
        for reply in (
            unanswered_reply(clusters, 3, COMMAND, say),
            reports_reply([replace(REPORT, entry=entry) for entry in entries], 3, COMMAND, say),
            stale_reply([shipped_kb.entries[entry] for entry in entries], 2, COMMAND, say),
        ):
            assert len(reply.text) <= MAX_TEXT
            assert len(reply.choices) <= 8
            assert reply.language == language
            assert reply.choices[-1].key.startswith(f"{COMMAND} ")


@pytest.mark.parametrize("language", Language)
def test_where_there_is_nothing_it_says_so(language: Language) -> None:
    say = spoken(language)
    day = NOON.date()
    for reply in (
        unanswered_reply([], 1, COMMAND, say),
        reports_reply([], 1, COMMAND, say),
        stale_reply([], 1, COMMAND, say),
        statistics_reply(figures([], day, day), say),
    ):
        assert reply.text
        assert reply.choices == ()
