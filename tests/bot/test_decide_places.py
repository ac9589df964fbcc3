"""decide: which office, group or entry a place leads to; the outcome is compared whole."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.decide import MAX_LISTED, decide
from bot.outcomes import Answer, Asks, Clarify, Missing
from bot.question import Question
from knowledge.model import Field, KnowledgeBase
from tests.bot import larger
from tests.bot.larger import MEETING, about, answered, in_each, lacking


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return larger.build()


def test_an_office_of_one_municipality_is_asked_about_in_all(kb: KnowledgeBase) -> None:
    question = about("police")
    assert decide(question, kb) == in_each(question, "aa", "bb", "cc", known={"aa": "contact/aa/police"})


def test_an_office_is_asked_about_where_somebody_takes_care_of_it(kb: KnowledgeBase) -> None:
    desks = {"aa": "contact/aa/desk", "bb": "contact/bb/desk"}
    question = about("desk")
    assert decide(question, kb) == in_each(question, "aa", "bb", known=desks)
    question = about("passed-on")
    assert decide(question, kb) == in_each(question, "aa", "bb", "cc", known=desks, instead_of="passed-on")


def test_a_matter_goes_to_the_first_office_that_has_somebody_there(kb: KnowledgeBase) -> None:
    question = about("passed-on", at=("bb",))
    assert decide(question, kb) == answered(question, "contact/bb/desk", instead_of="passed-on")


def test_the_nearest_of_the_nearest_is_named_and_a_circle_ends(kb: KnowledgeBase) -> None:
    question = about("fire", at=("bb",))
    assert decide(question, kb) == lacking(question, Missing.ENTRY, "contact/bb/desk")
    for topic in ("smoke", "ring"):
        question = about(topic, at=("cc",))
        assert decide(question, kb) == lacking(question, Missing.ENTRY)


def test_of_many_nearest_contacts_two_are_named(kb: KnowledgeBase) -> None:
    question = about("near-many", at=("aa",))
    assert decide(question, kb) == lacking(question, Missing.ENTRY, "contact/aa/m0", "contact/aa/m1")


def test_of_many_entries_no_more_are_listed_than_can_be_read(kb: KnowledgeBase) -> None:
    question = about("many", at=("aa",), wants_all=True)
    assert decide(question, kb) == answered(question, *(f"contact/aa/m{n}" for n in range(MAX_LISTED)))
    question = about("many", wants_all=True)
    six = " ".join(f"contact/aa/m{n}" for n in range(MAX_LISTED))
    assert decide(question, kb) == in_each(question, "aa", "bb", "cc", known={"aa": six})


def test_all_of_a_few_are_listed_on_request_without_a_place(kb: KnowledgeBase) -> None:
    question = about("joint", wants_all=True)
    assert decide(question, kb) == answered(question, "organisation/both", "organisation/third")


def test_several_entries_are_asked_about_with_the_question_kept(kb: KnowledgeBase) -> None:
    question = about("many", at=("aa",), fields=(Field.PHONE,))
    options = tuple(replace(question, entry=f"contact/aa/m{n}") for n in range(8))
    shown = tuple((n, answered(option, f"contact/aa/m{n}")) for n, option in enumerate(options))
    assert decide(question, kb) == Clarify(question=question, asks=Asks.ENTRY, options=options, shown=shown)
    question = about("many", at=("aa",), fields=(Field.EMAIL, Field.PHONE))
    assert isinstance(decide(question, kb), Clarify)


def test_of_several_the_chosen_entry_is_answered(kb: KnowledgeBase) -> None:
    question = about("many", at=("aa",), entry="contact/aa/m3")
    assert decide(question, kb) == answered(question, "contact/aa/m3")


def test_a_part_that_is_never_known_needs_no_question_which_is_meant(kb: KnowledgeBase) -> None:
    question = about("many", at=("aa",), fields=(Field.HOURS,))
    assert decide(question, kb) == lacking(question, Missing.FIELD, "contact/aa/m0", "contact/aa/m1")


def test_members_of_a_group_in_a_place_are_listed(kb: KnowledgeBase) -> None:
    question = about("mixed", at=("aa",))
    assert decide(question, kb) == answered(question, "organisation/here", "organisation/both", "organisation/state")


def test_a_group_with_a_member_for_all_is_listed_without_a_place(kb: KnowledgeBase) -> None:
    question = about("mixed")
    members = [f"organisation/{name}" for name in ("here", "there", "both", "state", "afar", "last")]
    assert len(members) == MAX_LISTED, "no more than that are listed, and that many are"
    assert decide(question, kb) == answered(question, *members)
    question = about("big")
    assert decide(question, kb) == answered(question, *(f"organisation/b{n}" for n in range(MAX_LISTED)))


def test_for_a_place_that_is_not_covered_its_own_and_members_for_all_are_given(kb: KnowledgeBase) -> None:
    question = about("mixed", outside="far")
    assert decide(question, kb) == answered(question, "organisation/state", "organisation/afar")
    question = about("mixed", at=("cc",), outside="far")
    assert decide(question, kb) == answered(question, "organisation/state", "organisation/last")
    question = about("police", outside="far")
    assert decide(question, kb) == lacking(question, Missing.COVERAGE)


def test_of_several_places_who_serves_them_all_is_given(kb: KnowledgeBase) -> None:
    question = about("joint", at=("aa", "bb"))
    assert decide(question, kb) == answered(question, "organisation/both")
    question = about("joint", at=("aa", "cc"))
    known = {"aa": "organisation/both", "cc": "organisation/third"}
    assert decide(question, kb) == in_each(question, "aa", "cc", known=known)
    beside = replace(question, outside="far")
    assert decide(beside, kb) == in_each(beside, "aa", "cc", known=known)


def test_a_place_of_ours_counts_before_one_that_is_not_covered(kb: KnowledgeBase) -> None:
    question = about("police", at=("aa",), outside="far")
    assert decide(question, kb) == answered(question, "contact/aa/police")


def test_a_sister_is_meant_only_where_there_is_one(kb: KnowledgeBase) -> None:
    question = about("organisation/pa", at=("bb",))
    assert decide(question, kb) == answered(replace(question, topics=("partners",)), "organisation/pb")
    question = about("organisation/here", at=("bb",))
    assert decide(question, kb) == answered(
        replace(question, topics=("big",)), *(f"organisation/b{n}" for n in range(MAX_LISTED))
    ), "of its groups the first"
    question = about("organisation/duo-a", at=("cc",))
    assert decide(question, kb) == answered(question, "organisation/duo-a"), "no other serves that place either"


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(about("organisation/pa", at=("aa",)), id="in its own place"),
        pytest.param(about("organisation/pa", at=("aa", "bb")), id="among others in its own place"),
        pytest.param(about("organisation/pa", at=("bb",), place_named=False), id="the place is only remembered"),
        pytest.param(about("organisation/pa"), id="without a place"),
        pytest.param(about("media/paper", at=("bb",)), id="in no group"),
    ],
)
def test_an_organisation_that_is_named_is_answered(kb: KnowledgeBase, question: Question) -> None:
    assert decide(question, kb) == answered(question, question.topics[0])


def test_a_member_of_a_group_is_not_given_for_a_place_that_is_not_covered(kb: KnowledgeBase) -> None:
    question = about("organisation/pa", outside="far")
    assert decide(question, kb) == lacking(replace(question, topics=("partners",)), Missing.COVERAGE)
    question = about("organisation/state", outside="far")
    assert decide(question, kb) == answered(question, "organisation/state")


def test_an_instrument_with_local_pages_asks_where_it_has_them(kb: KnowledgeBase) -> None:
    question = about(MEETING)
    assert decide(question, kb) == in_each(question, "aa", "bb", known={"aa": MEETING, "bb": MEETING})
    question = about(MEETING, at=("cc", "bb"))
    outcome = decide(question, kb)
    assert isinstance(outcome, Clarify)
    assert outcome.options == in_each(question, "cc", "bb").options
    assert [answer.not_local for _, answer in outcome.shown] == [True, False]


@pytest.mark.parametrize(
    ("fields", "asks"),
    [
        ((Field.WHAT,), False),
        ((Field.PAGE,), True),
        ((Field.PAGE, Field.WHAT), True),
        ((Field.PAGE, Field.LAW), False),
        ((Field.HOW,), True),
    ],
)
def test_what_is_the_same_everywhere_is_answered_without_a_place(
    kb: KnowledgeBase, fields: tuple[Field, ...], asks: bool
) -> None:
    question = about(MEETING, fields=fields)
    back = in_each(question, "aa", "bb", known={"aa": MEETING, "bb": MEETING})
    assert decide(question, kb) == (back if asks else answered(question, MEETING))


def test_an_instrument_is_explained_in_general_where_nothing_is_known_of_the_place(kb: KnowledgeBase) -> None:
    question = about(MEETING, at=("cc",))
    assert decide(question, kb) == answered(question, MEETING, not_local=True)
    question = about("instrument/budget", at=("aa",))
    assert decide(question, kb) == answered(question, "instrument/budget", not_local=True)
    beside = replace(question, outside="far")
    assert decide(beside, kb) == answered(beside, "instrument/budget", not_local=True)
    question = about("instrument/budget", outside="far")
    assert decide(question, kb) == lacking(question, Missing.COVERAGE)


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(about("instrument/budget"), id="without a place"),
        pytest.param(about("instrument/budget", at=("aa",), place_named=False), id="the place is only remembered"),
        pytest.param(about("instrument/petition", at=("aa",)), id="it is the same in the whole country"),
        pytest.param(about("organisation/everywhere", at=("aa",)), id="it is no instrument"),
        pytest.param(about(MEETING, at=("aa",)), id="its page there is known"),
    ],
)
def test_otherwise_an_entry_is_given_as_it_is(kb: KnowledgeBase, question: Question) -> None:
    assert decide(question, kb) == answered(question, question.topics[0])


# An office that is asked for among others.


def test_offices_that_are_all_asked_for_are_all_answered(kb: KnowledgeBase) -> None:
    question = about("desk", "police", "desk", at=("aa",), each=True)
    assert decide(question, kb) == answered(question, "contact/aa/desk", "contact/aa/police")


def test_offices_of_several_places_are_answered_for_each(kb: KnowledgeBase) -> None:
    question = about("desk", "big", at=("aa", "bb"), each=True)
    where = {place: decide(about("big", at=(place,)), kb) for place in question.places}
    big = {place: found.entries for place, found in where.items() if isinstance(found, Answer)}
    entries = ("contact/aa/desk", *big["aa"], "contact/bb/desk", *big["bb"])
    assert decide(question, kb) == answered(question, *dict.fromkeys(entries))
    many = about("desk", "big", "mixed", "joint", at=("aa", "bb"), each=True)
    assert not isinstance(decide(many, kb), Answer), f"eight answers are more than {MAX_LISTED}"


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(about("desk", "police", at=("aa",)), id="one of them is asked for"),
        pytest.param(about("desk", "police", at=("bb",), each=True), id="one is not there"),
        pytest.param(about("desk", "passed-on", at=("aa",), each=True), id="another takes care of one"),
        pytest.param(about("desk", "many", at=("aa",), each=True), id="of one there are several"),
    ],
)
def test_where_one_of_them_needs_a_word_it_is_asked_which_is_meant(kb: KnowledgeBase, question: Question) -> None:
    outcome = decide(question, kb)
    assert outcome != answered(question, "contact/aa/desk", "contact/aa/police")
    assert not (isinstance(outcome, Answer) and outcome.question == question)
