"""decide: answer, ask back, say what is missing, or be silent."""

from __future__ import annotations

import pytest

from bot.decide import decide
from bot.outcomes import Answer, Asks, Clarify, Missing, NotUnderstood, PlaceNoted, SmallTalk, Unavailable
from bot.question import Question
from knowledge.model import Field, KnowledgeBase
from tests.bot import little


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return little.build()


def about(topic: str, *places: str, **more: object) -> Question:
    return Question(topics=(topic,), places=places, place_named=bool(places), **more)  # type: ignore[arg-type]


def test_an_office_of_a_named_municipality_is_answered(kb: KnowledgeBase) -> None:
    outcome = decide(about("police", "aa"), kb)
    assert isinstance(outcome, Answer)
    assert outcome.entries == ("contact/aa/police",)


def test_an_office_without_a_municipality_asks_which(kb: KnowledgeBase) -> None:
    outcome = decide(about("desk"), kb)
    assert isinstance(outcome, Clarify)
    assert outcome.asks is Asks.PLACE
    assert [option.place for option in outcome.options] == ["aa", "bb"]


def test_two_topics_that_fit_as_well_are_asked_about(kb: KnowledgeBase) -> None:
    outcome = decide(Question(topics=("police", "desk"), places=("aa",)), kb)
    assert isinstance(outcome, Clarify)
    assert outcome.asks is Asks.TOPIC
    assert [option.topic for option in outcome.options] == ["police", "desk"]


def test_an_office_that_is_not_there_is_not_offered_where_two_others_are(kb: KnowledgeBase) -> None:
    three = decide(Question(topics=("desk", "police", "instrument/meeting"), places=("bb",)), kb)
    assert isinstance(three, Clarify)
    assert [option.topic for option in three.options] == ["desk", "instrument/meeting"]
    two = decide(Question(topics=("desk", "police"), places=("bb",)), kb)
    assert isinstance(two, Clarify)
    assert [option.topic for option in two.options] == ["desk", "police"]
    likeliest = decide(Question(topics=("police", "desk", "instrument/meeting"), places=("bb",)), kb)
    assert isinstance(likeliest, Clarify)
    assert likeliest.options[0].topic == "police"


def test_a_missing_office_names_the_nearest(kb: KnowledgeBase) -> None:
    outcome = decide(about("police", "bb"), kb)
    assert isinstance(outcome, Unavailable)
    assert (outcome.missing, outcome.nearest) == (Missing.ENTRY, ("contact/bb/desk",))


def test_a_matter_another_office_handles_is_answered_with_that_office(kb: KnowledgeBase) -> None:
    outcome = decide(about("deputy-roads", "bb"), kb)
    assert isinstance(outcome, Answer)
    assert (outcome.entries, outcome.instead_of) == (("contact/bb/desk",), "deputy-roads")


def test_a_municipality_outside_coverage_gets_no_contact(kb: KnowledgeBase) -> None:
    outcome = decide(Question(topics=("police",), outside="far", place_named=True), kb)
    assert isinstance(outcome, Unavailable)
    assert (outcome.missing, outcome.nearest) == (Missing.COVERAGE, ())


@pytest.mark.parametrize("field", [Field.EMAIL, Field.ADDRESS, Field.HOURS, Field.NAME])
def test_a_part_the_entry_lacks_is_said_to_be_missing(kb: KnowledgeBase, field: Field) -> None:
    outcome = decide(about("police", "aa", fields=(field,)), kb)
    assert isinstance(outcome, Unavailable)
    assert (outcome.missing, outcome.nearest) == (Missing.FIELD, ("contact/aa/police",))


def test_no_office_is_given_for_a_price(kb: KnowledgeBase) -> None:
    outcome = decide(about("police", "aa", fields=(Field.PRICE,)), kb)
    assert isinstance(outcome, Unavailable)
    assert (outcome.missing, outcome.nearest) == (Missing.FIELD, ())


def test_names_of_several_officials_are_said_to_be_missing_without_asking_which(kb: KnowledgeBase) -> None:
    outcome = decide(about("deputy", "aa", fields=(Field.NAME,)), kb)
    assert isinstance(outcome, Unavailable)
    assert outcome.nearest == ("contact/aa/first", "contact/aa/roads")


def test_several_entries_that_differ_are_asked_about(kb: KnowledgeBase) -> None:
    outcome = decide(about("deputy", "aa"), kb)
    assert isinstance(outcome, Clarify)
    assert outcome.asks is Asks.ENTRY
    assert [option.entry for option in outcome.options] == ["contact/aa/first", "contact/aa/roads"]


def test_entries_with_the_same_asked_part_need_no_question(kb: KnowledgeBase) -> None:
    assert isinstance(decide(about("deputy", "aa", fields=(Field.EMAIL,)), kb), Answer)


def test_all_of_them_are_listed_on_request(kb: KnowledgeBase) -> None:
    outcome = decide(about("deputy", "aa", wants_all=True), kb)
    assert isinstance(outcome, Answer)
    assert len(outcome.entries) == 2


def test_a_group_of_two_is_listed_and_a_larger_one_asks_for_the_place(kb: KnowledgeBase) -> None:
    assert isinstance(decide(about("duo"), kb), Answer)
    assert isinstance(decide(about("partners"), kb), Clarify)


def test_a_member_of_a_group_gives_way_to_its_sister_in_the_named_place(kb: KnowledgeBase) -> None:
    outcome = decide(about("organisation/pa", "bb"), kb)
    assert isinstance(outcome, Answer)
    assert outcome.entries == ("organisation/pb",)


def test_an_organisation_of_all_latvia_is_answered_anywhere(kb: KnowledgeBase) -> None:
    assert isinstance(decide(about("organisation/everywhere", "cc"), kb), Answer)


def test_an_instrument_with_local_pages_asks_for_the_place_unless_the_law_is_asked_for(kb: KnowledgeBase) -> None:
    assert isinstance(decide(about("instrument/meeting"), kb), Clarify)
    assert isinstance(decide(about("instrument/meeting", fields=(Field.LAW,)), kb), Answer)
    assert isinstance(decide(about("instrument/meeting", "aa"), kb), Answer)


def test_an_instrument_without_a_local_page_is_explained_in_general(kb: KnowledgeBase) -> None:
    outcome = decide(about("instrument/meeting", "cc"), kb)
    assert isinstance(outcome, Answer)
    assert outcome.not_local


def test_a_figure_from_elsewhere_is_not_given_for_a_municipality_of_ours(kb: KnowledgeBase) -> None:
    assert isinstance(decide(about("practice/figures"), kb), Answer)
    assert isinstance(decide(about("practice/figures", "aa"), kb), Unavailable)


def test_small_talk_silence_and_a_place_alone(kb: KnowledgeBase) -> None:
    assert isinstance(decide(about("hello"), kb), SmallTalk)
    vague = decide(about("vague"), kb)
    assert isinstance(vague, SmallTalk)
    assert [option.topic for option in vague.options] == ["police", "desk"]
    outside = decide(about("weather", "aa"), kb)
    assert isinstance(outside, NotUnderstood)
    assert outside.say == "arpus-jomas"
    assert isinstance(decide(Question(), kb), NotUnderstood)
    assert isinstance(decide(Question(places=("aa",), only_place=True), kb), PlaceNoted)
