"""The knowledge that ships: whole, reachable, and short enough for a chat."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator

import pytest

from bot.entry_text import describe
from bot.phrasebook import Phrasebook
from bot.question import Question
from knowledge.build import Files
from knowledge.errors import Severity
from knowledge.index import Index
from knowledge.loaded import Loaded
from knowledge.model import Entry, EntryKind, KnowledgeBase, Language, Text, TopicKind
from knowledge.read import read

LONGEST_REPLY = 1800
in_every_language = pytest.mark.parametrize("language", list(Language))


def test_it_loads_without_an_error(read: tuple[Loaded, Files]) -> None:
    loaded, _ = read
    assert {warning.severity for warning in loaded.warnings} <= {Severity.WARNING}
    assert len(loaded.kb.entries) > 150


@pytest.mark.parametrize(
    ("entry", "values"),
    [
        ("organisation/selijas-salas", ["+371 22335439", "+371 22335429"]),
        ("contact/augsdaugava/trauksmes-celsana", ["www.augšdaugavasnovads.lv", "www.augsdaugavasnovads.lv"]),
        ("instrument/trauksme", ["www.augsdaugavasnovads.lv", "www.augšdaugavasnovads.lv"]),
        ("media/latgales-regionala-televizija", ["lrv@lrv.lv", "lrt@lrv.lv"]),
        ("organisation/vidusdaugavas-nvo-centrs", ["+371 25142370", "+371 29449622"]),
        ("practice/liepaja-velesanu-kampana", ["28,84 %", "28.83 %"]),
        ("practice/liepaja-bernu-velesanas", ["~1400", "1392"]),
    ],
)
def test_a_conflict_of_the_documents_is_shown_to_admins(
    read: tuple[Loaded, Files], entry: str, values: list[str]
) -> None:
    found = [w.message for w in read[0].warnings if w.key == entry and "disagrees" in w.message]
    assert any(all(value in message for value in values) for message in found)


@in_every_language
def test_a_conflict_is_told_to_the_resident_with_both_values(kb: KnowledgeBase, language: Language) -> None:
    places: list[tuple[str, ...]] = [(), *((municipality.id,) for municipality in kb.covered)]
    for entry in kb.entries.values():
        replies = [full_text(entry, kb, language, places=place) for place in places]
        for conflict in entry.conflicts:
            if conflict.field in {"phones", "emails", "pages"}:
                assert any(all(value in text for value in conflict.values) for text in replies), entry.id


def test_every_topic_has_latvian_names_or_phrases_or_is_reached_by_its_group(kb: KnowledgeBase) -> None:
    mute = [topic for topic in kb.topics.values() if not (topic.names.lv or topic.phrases.lv)]
    assert [topic.id for topic in mute if not any(kb.entries[name].groups for name in topic.entries)] == []


def test_every_office_is_asked_for_in_all_three_languages(kb: KnowledgeBase) -> None:
    for topic in kb.topics.values():
        if topic.kind in {TopicKind.OFFICE, TopicKind.GROUP}:
            spoken = {language for wordings in (topic.names, topic.phrases) for language, _ in wordings.items()}
            assert spoken == set(Language), topic.id


def test_every_office_that_a_municipality_lacks_has_a_nearest_one(kb: KnowledgeBase) -> None:
    for topic in kb.topics.values():
        if topic.kind is TopicKind.OFFICE:
            served = {municipality for name in topic.entries for municipality in kb.entries[name].area}
            missing = {municipality.id for municipality in kb.covered} - served
            assert not missing or topic.handled_by or topic.nearest, (topic.id, missing)


def test_the_nearest_office_is_there_in_every_municipality(kb: KnowledgeBase) -> None:
    nearest = {name for topic in kb.topics.values() for name in topic.nearest}
    for municipality in kb.covered:
        held = {topic for entry in kb.entries.values() if entry.area == (municipality.id,) for topic in entry.topics}
        assert nearest & held, municipality.id


def test_every_entry_cites_its_document_and_date(kb: KnowledgeBase) -> None:
    for entry in kb.entries.values():
        assert f"document-{entry.source.document}" in kb.texts[Language.LV]
        assert re.fullmatch(r"20\d\d(-\d\d){0,2}", entry.as_of), entry.id


def test_all_five_documents_are_in(kb: KnowledgeBase) -> None:
    assert {entry.source.document for entry in kb.entries.values()} == {"000", "001", "002", "003", "004"}


def test_the_counts_of_the_first_document_are_kept(kb: KnowledgeBase) -> None:
    kinds = [entry.kind for entry in kb.entries.values()]
    contacts = {
        m.id: sum(e.kind is EntryKind.CONTACT and e.area == (m.id,) for e in kb.entries.values()) for m in kb.covered
    }
    assert contacts == {"jekabpils": 14, "aizkraukle": 11, "augsdaugava": 12, "kraslava": 11}
    assert kinds.count(EntryKind.ORGANISATION) >= 20
    assert kinds.count(EntryKind.INSTRUMENT) >= 20
    assert kinds.count(EntryKind.MEDIA) >= 7


def texts_of(kb: KnowledgeBase) -> Iterator[tuple[str, Text]]:
    """Every text that is shown as it stands, and where it stands."""
    for topic in kb.topics.values():
        yield topic.id, topic.title
        if topic.answer is not None:
            yield topic.id, topic.answer.text
    for entry in kb.entries.values():
        parts = [entry.title, entry.about, entry.who, entry.how, entry.area_name]
        parts += [entry.law.title, entry.law.section] if entry.law else []
        parts += [conflict.note for conflict in entry.conflicts]
        parts += [local.note for local in entry.local.values()]
        parts += [page.title for page in entry.pages] + [phone.title for phone in entry.phones]
        yield from ((entry.id, part) for part in parts if part is not None)


def test_no_text_has_a_placeholder_or_a_stray_mark(kb: KnowledgeBase) -> None:
    for where, text in texts_of(kb):
        for language in Language:
            shown = text.get(language)
            assert shown == shown.strip(), where
            assert not re.search(r"[{}<>*|\x00-\x1f\u200b]|  |\]\(", re.sub(r"https?://\S+|\S+@\S+", "x", shown)), (
                where,
                shown,
            )


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_no_text_mentions_a_placeholder_of_another_language_only(kb: KnowledgeBase) -> None:
    latvian = kb.texts[Language.LV]
    for language in Language:
        assert set(kb.texts[language]) == set(latvian)
        for key, text in kb.texts[language].items():
            assert placeholders(text) == placeholders(latvian[key]), (language, key)


CYRILLIC = re.compile(r"[а-яё]{3}", re.IGNORECASE)


def test_a_russian_text_is_russian_and_no_other_is(kb: KnowledgeBase) -> None:
    for where, text in texts_of(kb):
        assert not CYRILLIC.search(text.lv), where
        assert not CYRILLIC.search(text.en or ""), where
        assert text.ru is None or CYRILLIC.search(text.ru) or not re.search(r"[a-zā-ž]{3} [a-zā-ž]{3}", text.ru), where


def test_no_figure_is_lost_or_changed_in_translation(kb: KnowledgeBase) -> None:
    for where, text in texts_of(kb):
        for other in filter(None, (text.ru, text.en)):
            assert figures(text.lv) <= figures(other), (where, text.lv, other)


def figures(text: str) -> set[str]:
    """Numbers of three digits and more, however their thousands are set apart."""
    together = re.sub(r"(?<=\d)[ \u00a0\u202f.,](?=\d{3}(?!\d))", "", re.sub(r"https?://\S+", "", text))
    return set(re.findall(r"\d{3,}", together))


def full_text(entry: Entry, kb: KnowledgeBase, language: Language, **question: object) -> str:
    return describe(entry, Question(language=language, **question), Phrasebook(kb=kb, language=language))  # type: ignore[arg-type]


def too_long(replies: Iterable[tuple[str, str]]) -> list[tuple[str, int]]:
    return [(name, len(text)) for name, text in replies if len(text) > LONGEST_REPLY]


@in_every_language
def test_every_entry_fits_into_a_reply(kb: KnowledgeBase, language: Language) -> None:
    assert too_long((entry.id, full_text(entry, kb, language)) for entry in kb.entries.values()) == []


@in_every_language
def test_every_entry_fits_into_a_reply_about_each_municipality(kb: KnowledgeBase, language: Language) -> None:
    replies = (
        (f"{entry.id} {municipality.id}", full_text(entry, kb, language, places=(municipality.id,)))
        for entry in kb.entries.values()
        for municipality in kb.covered
    )
    assert too_long(replies) == []


@in_every_language
def test_every_direct_answer_fits_into_a_reply(kb: KnowledgeBase, language: Language) -> None:
    replies = (
        (topic.id, full_text(kb.entries[name], kb, language, topics=(topic.id,)))
        for topic in kb.topics.values()
        if topic.kind is TopicKind.ANSWER
        for name in topic.entries
    )
    assert too_long(replies) == []


@in_every_language
def test_every_text_of_the_bot_fits_into_a_reply(kb: KnowledgeBase, language: Language) -> None:
    assert too_long(kb.texts[language].items()) == []


def test_every_latvian_name_leads_to_its_topic(kb: KnowledgeBase, index: Index) -> None:
    missed = [
        (topic.id, name, found)
        for topic in kb.topics.values()
        for name in topic.names.lv
        if len(name) > 2
        if topic.id not in (found := [candidate.topic for candidate in read(name, index).candidates])
    ]
    assert missed == []


@pytest.mark.parametrize(
    "question", ["kur celt trauksmi Krāslavā?", "kur celt trauksmi kraslava", "trauksmes celshana kraaslavaa"]
)
def test_the_first_question_of_the_readme_is_understood(question: str, index: Index) -> None:
    reading = read(question, index)
    page = "https://www.kraslava.lv/lv/trauksmes-celsana"
    topic = index.kb.topics[reading.candidates[0].topic]
    pages = [
        p.url
        for name in topic.entries
        for p in index.kb.entries[name].pages
        if index.kb.entries[name].serves("kraslava")
    ]
    assert page in pages
    assert reading.places[0].municipalities == ("kraslava",)
