"""complete: what a message says by itself is kept, and a place that it leaves out is taken from elsewhere."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec.structs import replace

from bot.followup import complete
from bot.places_meant import home_of
from bot.question import Question
from bot.state import ConversationState
from knowledge.model import Field, KnowledgeBase, Language
from knowledge.reading import Meaning
from tests.bot import sayings
from tests.bot.sayings import AA, AFTER_DESK, BB, DESK, FAR, NORTH, after, at, likely, said


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return sayings.build()


def test_a_message_that_says_all_is_its_own_question(kb: KnowledgeBase) -> None:
    reading = said(
        ("desk", 0.9), content=2, places=(at(BB),), fields=(Field.PHONE,), wants_all=True, language=Language.RU
    )
    state = ConversationState(home="cc", last=replace(DESK, entry="contact/aa/desk"))
    assert complete(reading, state, kb, home="cc") == Question(
        topics=("desk",), places=("bb",), fields=(Field.PHONE,), wants_all=True, place_named=True,
        language=Language.RU, confidence=0.9,
    )  # fmt: skip


def test_a_village_stands_for_its_municipality_and_is_remembered(kb: KnowledgeBase) -> None:
    village = Meaning(municipality="aa", place="ciems-dee")
    question = complete(said(("desk", 0.9), places=(at(village),)), ConversationState(), kb)
    assert (question.places, question.village) == (("aa",), "ciems-dee")


def test_a_village_named_with_its_municipality_is_not_told_again(kb: KnowledgeBase) -> None:
    village = Meaning(municipality="aa", place="ciems-dee")
    question = complete(said(("desk", 0.9), places=(at(village), at(AA))), ConversationState(), kb)
    assert (question.places, question.village) == (("aa",), None)


def test_of_villages_in_two_municipalities_none_is_told(kb: KnowledgeBase) -> None:
    one, other = (at(Meaning(municipality=place, place="ciems-dee")) for place in ("aa", "bb"))
    question = complete(said(("desk", 0.9), places=(one, other)), ConversationState(), kb)
    assert (question.places, question.village) == (("aa", "bb"), None)


def test_a_village_keeps_its_name_beside_a_place_that_is_not_covered(kb: KnowledgeBase) -> None:
    village = Meaning(municipality="aa", place="ciems-dee")
    question = complete(said(("desk", 0.9), places=(at(FAR), at(village))), ConversationState(), kb)
    assert (question.places, question.outside, question.village) == (("aa",), "far", "ciems-dee")


def test_a_place_that_is_denied_is_not_meant(kb: KnowledgeBase) -> None:
    reading = said(("desk", 0.9), places=(at(AA, negated=True), at(BB)))
    assert complete(reading, ConversationState(), kb).places == ("bb",)


def test_a_name_of_several_places_means_the_one_that_another_name_points_to(kb: KnowledgeBase) -> None:
    either = at(Meaning(municipality="aa", place="x"), Meaning(municipality="bb", place="x"))
    assert complete(said(("desk", 0.9), places=(either,)), ConversationState(), kb).places == ("aa", "bb")
    question = complete(said(("desk", 0.9), places=(either, at(BB))), ConversationState(), kb)
    assert question.places == ("bb",)


def test_two_villages_of_a_name_in_one_municipality_are_one_place(kb: KnowledgeBase) -> None:
    reading = said(("desk", 0.9), places=(at(*(Meaning(municipality="aa", place=name) for name in ("x", "y"))),))
    question = complete(reading, ConversationState(), kb)
    assert (question.places, question.village) == (("aa",), "x")


def test_a_region_means_all_its_places_unless_one_is_named(kb: KnowledgeBase) -> None:
    region = at(AA, BB, region=True)
    assert complete(said(("desk", 0.9), places=(region,)), ConversationState(), kb).places == ("aa", "bb")
    cc = at(Meaning(municipality="cc"))
    assert complete(said(("desk", 0.9), places=(region, cc)), ConversationState(), kb).places == ("cc",)


def test_the_first_place_that_is_not_covered_is_the_one_asked_about(kb: KnowledgeBase) -> None:
    question = complete(said(("desk", 0.9), places=(at(FAR),)), ConversationState(home="bb"), kb, home="cc")
    assert (question.places, question.outside, question.place_named) == ((), "far", True)


def test_a_person_who_is_named_is_asked_about_with_office_and_place(kb: KnowledgeBase) -> None:
    reading = said(("desk", 0.4), ("police", 0.35), people=("contact/aa/roads",), places=(at(BB),))
    question = complete(reading, ConversationState(), kb)
    assert (question.topics, question.places, question.entry) == (("deputy-roads",), ("aa",), "contact/aa/roads")
    assert question.also == ()


def test_a_second_part_of_the_same_account_is_told_along(kb: KnowledgeBase) -> None:
    reading = said((f"{NORTH}#led", 0.5), (f"{NORTH}#cost", 0.3), content=3)
    question = complete(reading, ConversationState(), kb)
    assert (question.topics, question.also) == ((f"{NORTH}#led",), (f"{NORTH}#cost",))


def test_one_topic_spoken_of_is_not_told_along_with_a_person(kb: KnowledgeBase) -> None:
    reading = said((f"{NORTH}#led", 0.5), (f"{NORTH}#cost", 0.3), people=("contact/aa/first",))
    question = complete(reading, ConversationState(), kb)
    assert (question.topics, question.also) == (("deputy",), ())


def test_who_only_tells_where_they_live_asks_nothing(kb: KnowledgeBase) -> None:
    for reading in (
        said(("police", 0.4), content=2, places=(at(AA, home=True),)),
        said(("hello", 0.9), content=5, places=(at(AA, home=True),)),
    ):
        question = complete(reading, ConversationState(), kb)
        assert (question.topics, question.places, question.only_place) == ((), ("aa",), True)


@pytest.mark.parametrize(("confidence", "content"), [(0.5, 2), (0.4, 3)])
def test_who_tells_where_they_live_and_asks_is_answered(kb: KnowledgeBase, confidence: float, content: int) -> None:
    reading = said(("police", confidence), content=content, places=(at(AA, home=True),))
    question = complete(reading, ConversationState(), kb)
    assert (question.topics, question.places, question.only_place) == (("police",), ("aa",), False)


def test_a_place_alone_is_told_from_a_place_with_words_nobody_understands(kb: KnowledgeBase) -> None:
    assert complete(said(content=0, places=(at(AA),)), ConversationState(), kb).only_place
    assert not complete(said(content=2, places=(at(AA),)), ConversationState(), kb).only_place
    assert not complete(said(content=0), ConversationState(), kb).only_place


def test_where_one_lives_says_nothing_about_an_account_of_elsewhere(kb: KnowledgeBase) -> None:
    question = complete(said(content=0, places=(at(AA, home=True),)), after(NORTH), kb)
    assert (question.topics, question.places) == ((), ("aa",))
    question = complete(said(content=0, places=(at(AA, home=True),)), after("desk"), kb)
    assert (question.topics, question.places) == (("desk",), ("aa",))


def test_the_home_somebody_tells_is_one_covered_municipality(kb: KnowledgeBase) -> None:
    assert home_of(said(places=(at(BB), at(AA, home=True))), kb) == "aa"
    assert home_of(said(places=(at(FAR, home=True), at(BB, home=True))), kb) == "bb"
    assert home_of(said(places=(at(AA, BB, home=True),)), kb) is None
    assert home_of(said(places=(at(AA),)), kb) is None
    assert home_of(said(), kb) is None


def test_a_topic_alone_takes_the_home_place_first_and_then_the_last(kb: KnowledgeBase) -> None:
    reading = said(("police", 0.9), content=3)
    assert complete(reading, replace(AFTER_DESK, home="bb"), kb, home="cc").places == ("cc",)
    assert complete(reading, replace(AFTER_DESK, home="bb"), kb).places == ("bb",)
    question = complete(reading, AFTER_DESK, kb)
    assert (question.topics, question.places, question.place_named) == (("police",), ("aa",), False)
    assert complete(reading, ConversationState(), kb).places == ()


def test_of_several_places_spoken_of_none_is_taken(kb: KnowledgeBase) -> None:
    state = ConversationState(last=replace(DESK, places=("aa", "bb")))
    assert complete(said(("police", 0.9), content=3), state, kb).places == ()


def test_without_a_topic_no_place_is_taken(kb: KnowledgeBase) -> None:
    question = complete(said(content=3), ConversationState(home="aa"), kb, home="aa")
    assert (question.topics, question.places) == ((), ())


def test_a_list_of_offices_asks_for_each(kb: KnowledgeBase) -> None:
    reading = said(("desk", 0.5), ("police", 0.4), named=("desk", "police"), content=3, places=(at(AA),))
    question = complete(reading, ConversationState(), kb)
    assert (question.topics, question.each, question.places) == (("desk", "police"), True, ("aa",))
    alone = complete(replace(reading, named=("desk",)), ConversationState(), kb)
    assert not alone.each
    person = complete(replace(reading, people=("contact/aa/first",), content=1), ConversationState(), kb)
    assert (person.topics, person.each) == (("deputy",), False)


def test_a_number_asks_whose_it_is(kb: KnowledgeBase) -> None:
    reading = said(content=0, contacts=("contact/aa/desk",), language=Language.EN, places=(at(BB),))
    assert complete(reading, AFTER_DESK, kb) == Question(
        topics=("desk",), places=("aa",), entry="contact/aa/desk", language=Language.EN, confidence=1.0
    )
    several = complete(replace(reading, contacts=("contact/aa/first", "contact/aa/roads")), AFTER_DESK, kb)
    assert (several.topics, several.places, several.entry) == (("deputy", "deputy-roads"), ("aa",), None)
    nobody = complete(replace(reading, contacts=("organisation/pb",)), AFTER_DESK, kb)
    assert (nobody.topics, nobody.places) == (("organisation/pb",), ("bb",))


def test_a_number_beside_the_name_of_a_person_or_a_topic_is_no_question_of_its_own(kb: KnowledgeBase) -> None:
    person = said(content=0, contacts=("contact/aa/desk",), people=("contact/aa/first",))
    assert complete(person, ConversationState(), kb).entry == "contact/aa/first"
    assert complete(said(("police", 0.9), contacts=("contact/aa/desk",)), ConversationState(), kb).topics == ("police",)


def test_a_number_of_one_of_those_asked_for_tells_which(kb: KnowledgeBase) -> None:
    reading = said(("partners", 0.9), contacts=("organisation/pb",), fields=(Field.EMAIL,), places=(at(AA),))
    question = complete(reading, ConversationState(), kb)
    assert (question.entry, question.places, question.fields) == ("organisation/pb", ("bb",), (Field.EMAIL,))
    nothing = complete(replace(reading, candidates=likely(("weather", 0.9))), ConversationState(), kb)
    assert (nothing.entry, nothing.fields) == ("organisation/pb", ()), "the number was asked about, not for"


def test_a_place_named_on_the_way_is_kept_aside(kb: KnowledgeBase) -> None:
    assert complete(said(("desk", 0.9), aside=("far",)), ConversationState(), kb).aside == ("far",)


def test_what_is_called_by_its_name_is_meant_where_nothing_is_likely(kb: KnowledgeBase) -> None:
    assert complete(said(content=9, named=("police",)), ConversationState(), kb).topics == ("police",)
    for named in (("police", "desk"), ("hello",), ("weather",), ()):
        assert complete(said(content=9, named=named, beside_names=7), ConversationState(), kb).topics == ()


def test_beside_what_is_called_by_its_name_only_what_comes_close_is_offered(kb: KnowledgeBase) -> None:
    unsure = dataclasses.replace(
        kb, thresholds=dataclasses.replace(kb.thresholds, understood=0.9, sure=0.9, tie=0.2, offered=0.05)
    )
    reading = said(("police", 0.7), ("desk", 0.1), content=4)
    assert complete(reading, ConversationState(), unsure).topics == ("police", "desk")
    assert complete(replace(reading, named=("police",)), ConversationState(), unsure).topics == ("police",)
    assert complete(replace(reading, named=("desk",)), ConversationState(), unsure).topics == ("police", "desk")
    close = said(("police", 0.5), ("desk", 0.3), content=4, named=("police",))
    assert complete(close, ConversationState(), unsure).topics == ("police", "desk")
