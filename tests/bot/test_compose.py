"""compose: what was asked for comes first, sources and doubts are said, nothing is a dump."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.compose import MAX_TEXT, compose
from bot.decide import decide
from bot.messages import Kind, Reply
from bot.question import Question
from knowledge.model import Conflict, Entry, Field, KnowledgeBase, Language, Text, TopicKind
from tests.bot import little


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return little.build()


def reply(kb: KnowledgeBase, topic: str, *places: str, **more: object) -> Reply:
    question = Question(topics=(topic,), places=places, place_named=bool(places), **more)  # type: ignore[arg-type]
    return compose(decide(question, kb), kb)


def test_the_asked_part_comes_first(kb: KnowledgeBase) -> None:
    lines = reply(kb, "desk", "aa", fields=(Field.EMAIL,)).text.split("\n")
    assert lines[:2] == ["Klientu centrs, Aa novads", "E-pasts: pasts@aa.lv"]


def test_every_reply_with_facts_names_source_and_year(kb: KnowledgeBase) -> None:
    assert reply(kb, "police", "aa").text.endswith("dati: 2023")
    assert "dati: 2025" in reply(kb, "practice/figures").text


def test_both_values_of_a_conflict_are_shown_and_the_doubt_is_said(kb: KnowledgeBase) -> None:
    text = reply(kb, "organisation/everywhere").text
    assert "a@visur.lv / b@visur.lv" in text
    assert "grūti salasāms" in reply(kb, "practice/figures").text


def test_a_conflict_about_the_page_of_another_municipality_is_not_told(kb: KnowledgeBase) -> None:
    pages = ("https://example.lv/aa", "https://example.lv/aaa")
    meeting = replace(kb.entries["instrument/meeting"], conflicts=(Conflict(field="pages", values=pages),))
    disputed = replace(kb, entries={**kb.entries, meeting.id: meeting})
    told = " / ".join(pages)
    assert told in reply(disputed, meeting.id, "aa").text
    assert told not in reply(disputed, meeting.id, "bb").text
    assert told in reply(disputed, f"{meeting.id}#often").text


def test_the_village_that_led_to_the_municipality_is_named(kb: KnowledgeBase) -> None:
    assert reply(kb, "police", "aa", village="ciems-dee").text.startswith("Dē ir šajā novadā: Aa novads.")


def test_what_is_missing_is_named_with_the_nearest_contact(kb: KnowledgeBase) -> None:
    answer = reply(kb, "police", "bb")
    assert answer.kind is Kind.UNAVAILABLE
    assert "policija" in answer.text
    assert "+371 65133931" in answer.text
    field = reply(kb, "police", "aa", fields=(Field.EMAIL,))
    assert "e-pasta manos datos nav" in field.text
    assert "+371 65283888" in field.text


def test_a_municipality_outside_coverage_is_named_with_those_that_are_covered(kb: KnowledgeBase) -> None:
    question = Question(topics=("police",), outside="far", place_named=True)
    text = compose(decide(question, kb), kb).text
    assert "Tālais novads" in text
    assert "Aa novads, Bē novads, Cē novads" in text


def test_choices_carry_the_whole_question(kb: KnowledgeBase) -> None:
    choices = reply(kb, "desk", fields=(Field.PHONE,)).choices
    assert [choice.label for choice in choices] == ["Aa novads", "Bē novads"]
    assert [choice.key for choice in choices] == ["desk:aa::phone", "desk:bb::phone"]


def test_an_answer_gives_the_fact_and_where_to_read_on(kb: KnowledgeBase) -> None:
    text = reply(kb, "instrument/meeting#often", "bb").text
    assert "Reizi mēnesī." in text
    assert "https://example.lv/bb" in text


def test_replies_are_in_the_language_of_the_question(kb: KnowledgeBase) -> None:
    english = reply(kb, "police", "aa", language=Language.EN).text
    assert english.startswith("Police, Aa Municipality\nPhone: +371 65283888")
    assert "Телефон: +371 65283888" in reply(kb, "police", "aa", language=Language.RU).text


def test_a_long_text_is_cut_at_a_line(kb: KnowledgeBase) -> None:
    entry = kb.entries["instrument/meeting"]
    long = replace(entry, about=Text(lv="\n".join(["Rinda ar vārdiem."] * 200)), local={})
    changed = replace(kb, entries={**kb.entries, long.id: long})
    text = reply(changed, "instrument/meeting").text
    assert len(text) < MAX_TEXT
    assert text.endswith("Rinda ar vārdiem.\n…")


def shown(entry: Entry) -> set[str]:
    return {*(phone.number for phone in entry.phones), *entry.emails, *(page.url for page in entry.pages)}


@pytest.mark.parametrize("language", list(Language))
def test_every_shipped_entry_is_shown_whole_in_every_language(shipped_kb: KnowledgeBase, language: Language) -> None:
    for topic in shipped_kb.topics.values():
        if topic.kind is TopicKind.ENTRY:
            entry = shipped_kb.entries[topic.entries[0]]
            places = (next(iter(entry.local)),) if entry.local else ()
            text = reply(shipped_kb, topic.id, *places, language=language, outside="riga").text
            assert len(text) < MAX_TEXT, topic.id
            assert not [value for value in shown(entry) if value not in text], topic.id


def test_beside_one_fact_the_page_of_the_municipality_stands_or_those_of_all(kb: KnowledgeBase) -> None:
    fact = next(
        topic.id
        for topic in kb.topics.values()
        if topic.kind is TopicKind.ANSWER and kb.entries[topic.entries[0]].local
    )
    everywhere = reply(kb, fact).text
    assert "Aa novads – https://example.lv/aa" in everywhere
    assert "Bē novads – https://example.lv/bb" in everywhere
    here = reply(kb, fact, "aa").text
    assert "https://example.lv/aa" in here
    assert "https://example.lv/bb" not in here


def test_the_law_stands_beside_the_page_of_the_municipality_where_it_is_asked_for(kb: KnowledgeBase) -> None:
    asked = reply(kb, "instrument/meeting#often", "bb", fields=(Field.LAW,)).text.split("\n")
    assert [line for line in asked if "https" in line] == [
        "Tīmeklī: https://example.lv/law",
        "Tīmeklī: https://example.lv/bb",
    ]
    assert "https://example.lv/law" not in reply(kb, "instrument/meeting#often", "bb").text


def test_where_an_organisation_works_comes_first_where_it_is_asked_for() -> None:
    kb = little.build()
    known = replace(kb.entries["organisation/pa"], area_name=Text(lv="Aa novads"))
    kb = replace(kb, entries={**kb.entries, known.id: known})
    assert reply(kb, known.id, fields=(Field.AREA,)).text.split("\n")[1] == "Darbības teritorija: Aa novads"
    assert reply(kb, known.id).text.split("\n")[1] != "Darbības teritorija: Aa novads"
