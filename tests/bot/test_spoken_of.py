"""What was spoken of: the rest of it, the office before the last, and those called nearly like it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.decide import decide
from bot.followup import complete
from bot.outcomes import Answer
from bot.question import Question
from bot.spoken_of import offered
from bot.state import ConversationState
from knowledge import tables
from knowledge.model import Field, KnowledgeBase, Language
from knowledge.tables import Tables
from tests.bot import little
from tests.bot.sayings import AA, AFTER_DESK, ASKED_WHAT, ASKED_WHERE, ASKED_WHO, BB, after, at, said

BOARDS = """
topics:
- {id: schools, kind: office, title: {lv: izglītības pārvalde}, names: {lv: [izglītības pārvalde, skolu valde]}}
- {id: culture, kind: office, title: {lv: kultūras pārvalde}, names: {lv: [kultūras pārvalde]}}
- {id: halls, kind: office, parent: culture, title: {lv: namu pārvalde}, names: {lv: [namu pārvalde]}}
"""
OF_BOARDS = """
municipality: aa
source: {document: "000", section: Aa}
as_of: 2023
contacts:
- {id: schools, topics: [schools], title: {lv: Izglītības pārvalde}, phones: [+371 65207054]}
- {id: culture, topics: [culture], title: {lv: Kultūras pārvalde}, phones: [+371 65221152]}
- {id: halls, topics: [halls], title: {lv: Nami}, phones: [+371 65133940]}
"""


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return little.build({"topics/boards.yaml": BOARDS, "contacts/boards.yaml": OF_BOARDS})


@pytest.fixture(scope="module")
def words(kb: KnowledgeBase) -> Tables:
    return tables.build(kb)


def test_all_of_them_means_every_place_that_was_offered(kb: KnowledgeBase) -> None:
    question = complete(said(content=1, others=True), ASKED_WHERE, kb)
    assert (question.topics, question.places, question.wants_all) == (("desk",), ("aa", "bb"), True)
    outcome = decide(question, kb)
    assert isinstance(outcome, Answer)
    assert outcome.entries == ("contact/aa/desk", "contact/bb/desk")


def test_both_of_two_topics_are_answered(kb: KnowledgeBase) -> None:
    outcome = decide(complete(said(content=1, others=True), ASKED_WHAT, kb), kb)
    assert isinstance(outcome, Answer)
    assert outcome.entries == ("contact/aa/police", "contact/aa/desk")


def test_all_of_several_who_hold_one_office_are_answered(kb: KnowledgeBase) -> None:
    outcome = decide(complete(said(content=1, others=True, fields=(Field.EMAIL,)), ASKED_WHO, kb), kb)
    assert isinstance(outcome, Answer)
    assert outcome.question.fields == (Field.EMAIL,)
    assert set(outcome.entries) == {"contact/aa/first", "contact/aa/roads"}


@pytest.mark.parametrize("last", ["deputy", "deputy-roads"])
def test_the_others_of_an_office_that_several_hold(kb: KnowledgeBase, last: str) -> None:
    question = complete(said(content=1, others=True, continues=True), after(last, "aa", entry="contact/aa/roads"), kb)
    assert (question.topics, question.entry, question.wants_all) == (("deputy",), None, True)


def test_the_others_of_an_office_that_one_holds_are_elsewhere(kb: KnowledgeBase) -> None:
    question = complete(said(content=1, others=True, continues=True), AFTER_DESK, kb)
    assert (question.places, question.wants_all) == (("aa", "bb"), True)


@pytest.mark.parametrize("last", ["duo", "organisation/duo-a"])
def test_another_one_of_a_group(kb: KnowledgeBase, last: str) -> None:
    question = complete(said(content=1, others=True, continues=True), after(last), kb)
    assert (question.topics, question.wants_all) == (("duo",), True)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"content": 5}, id="much is said"),
        pytest.param({"named": ("police",)}, id="something is named"),
        pytest.param({"places": (at(AA),)}, id="a place is named"),
        pytest.param({"others": False}, id="others are not asked for"),
    ],
)
def test_otherwise_no_rest_is_meant(kb: KnowledgeBase, more: dict[str, object]) -> None:
    values = {"content": 1, "others": True} | more
    assert complete(said(**values), ASKED_WHERE, kb).wants_all is False  # type: ignore[arg-type]


def test_what_is_understood_by_itself_is_no_rest(kb: KnowledgeBase) -> None:
    question = complete(said(("police", 0.95), content=1, others=True), ASKED_WHERE, kb)
    assert (question.topics, question.wants_all) == (("police",), False)


def test_there_is_no_other_where_one_stands_alone(kb: KnowledgeBase) -> None:
    for state in (after("police", "aa"), after("organisation/everywhere"), ConversationState()):
        assert complete(said(content=1, others=True, continues=True), state, kb).wants_all is False


def test_offices_called_alike_but_for_one_word_are_sisters(words: Tables) -> None:
    assert words.sisters["culture"] == ("schools",)
    assert set(words.sisters["halls"]) == {"schools"}, "a part of an office is no sister of it"
    assert "police" not in words.sisters


def test_offices_spoken_of_and_their_sisters_can_be_pointed_at(words: Tables) -> None:
    state = replace(after("culture", "aa"), before=Question(topics=("desk",), places=("bb",)))
    assert offered(state, words) == (
        "contact/aa/culture",
        "contact/aa/halls",
        "contact/aa/schools",
        "contact/bb/desk",
    )
    assert offered(after("culture"), words) == (), "without a place nobody is meant"


def test_one_word_of_a_title_means_the_sister(kb: KnowledgeBase) -> None:
    state = after("culture", "aa", fields=(Field.PHONE,))
    question = complete(said(("hello", 0.9), content=1, offered="contact/aa/schools"), state, kb)
    assert (question.topics, question.places, question.fields) == (("schools",), ("aa",), (Field.PHONE,))


def test_one_word_of_a_title_goes_back_to_what_was_asked_before(kb: KnowledgeBase) -> None:
    before = Question(topics=("desk",), places=("bb",), entry="contact/bb/desk", fields=(Field.PHONE,))
    state = replace(after("culture", "aa"), before=before)
    question = complete(said(content=2, offered="contact/bb/desk", refers=True, fields=(Field.EMAIL,)), state, kb)
    assert question == replace(before, fields=(Field.EMAIL,))


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"content": 5}, id="much is said"),
        pytest.param({"offered": "contact/aa/culture"}, id="it is the last one's own word"),
        pytest.param({"offered": None}, id="no title has the word"),
    ],
)
def test_otherwise_no_title_is_pointed_at(kb: KnowledgeBase, more: dict[str, object]) -> None:
    values = {"content": 1, "offered": "contact/aa/schools", "continues": True} | more
    assert complete(said(**values), after("culture", "aa"), kb).topics != ("schools",)  # type: ignore[arg-type]


def test_what_goes_on_with_nothing_stands_by_itself(kb: KnowledgeBase) -> None:
    question = complete(said(("police", 0.7), content=3, continues=True), after("organisation/everywhere"), kb)
    assert question.topics == ("police",)


def test_the_rest_is_asked_as_the_last_was_and_in_the_language_of_now(kb: KnowledgeBase) -> None:
    last = Question(
        topics=("deputy",), places=("aa",), entry="contact/aa/roads", also=("police",), fields=(Field.PHONE,)
    )
    reading = said(("police", 0.2), content=4, others=True, continues=True, language=Language.RU)
    expected = replace(last, also=(), entry=None, wants_all=True, language=Language.RU)
    assert complete(reading, ConversationState(last=last), kb) == expected
    asked = replace(reading, fields=(Field.EMAIL,))
    assert complete(asked, ConversationState(last=last), kb) == replace(expected, fields=(Field.EMAIL,))
    alone = replace(reading, continues=False)
    assert complete(alone, ConversationState(last=last), kb).wants_all is False, "it has a topic of its own"


def test_all_that_was_offered_is_told_in_the_language_of_now(kb: KnowledgeBase) -> None:
    question = complete(said(content=4, others=True, language=Language.EN), ASKED_WHAT, kb)
    assert (question.topics, question.each, question.language) == (("police", "desk"), True, Language.EN)
    one = complete(said(content=4, others=True), ASKED_WHERE, kb)
    assert one.each is False, "of one topic"


def test_a_sister_is_asked_as_the_last_was_and_in_the_language_of_now(kb: KnowledgeBase) -> None:
    last = Question(topics=("culture",), places=("aa",), entry="contact/aa/halls", also=("desk",), wants_all=True)
    reading = said(content=4, offered="contact/aa/schools", continues=True, language=Language.RU)
    assert complete(reading, ConversationState(last=last), kb) == replace(
        last, topics=("schools",), entry=None, also=(), language=Language.RU
    )
    there = replace(reading, places=(at(BB),))
    assert complete(there, ConversationState(last=last), kb).places == ("bb",)
