"""decide: accounts of elsewhere, parts asked for, and topics in doubt; the outcome is compared whole."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.decide import decide
from bot.outcomes import Answer, Asks, Clarify, Missing, Outcome
from bot.question import Question
from knowledge.model import Field, KnowledgeBase
from tests.bot import larger
from tests.bot.larger import MEETING, SHOWN, about, answered, lacking


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return larger.build()


def test_an_instrument_at_a_place_that_is_not_covered_is_answered_with_the_account_of_it(kb: KnowledgeBase) -> None:
    question = about(MEETING, outside="far")
    assert decide(question, kb) == answered(replace(question, topics=(SHOWN,), outside=None), SHOWN)
    question = about("instrument/rules", outside="far")
    assert decide(question, kb) == lacking(question, Missing.COVERAGE)
    question = about(MEETING, at=("aa",), outside="far")
    assert decide(question, kb) == answered(question, MEETING), "a place of ours is asked about"


def test_an_account_asked_about_in_another_place_gives_way_to_its_instrument(kb: KnowledgeBase) -> None:
    question = about(SHOWN, at=("aa",))
    assert decide(question, kb) == answered(replace(question, topics=(MEETING,)), MEETING)
    question = about(SHOWN, outside="another")
    assert decide(question, kb) == lacking(replace(question, topics=(MEETING,)), Missing.COVERAGE)


def test_an_account_is_given_for_its_own_place_and_without_one(kb: KnowledgeBase) -> None:
    for question in (about(SHOWN, outside="far"), about(SHOWN), about(SHOWN, at=("aa",), place_named=False)):
        assert decide(question, kb) == answered(question, SHOWN)


def test_an_account_says_nothing_about_a_place_of_ours(kb: KnowledgeBase) -> None:
    question = about("practice/figures", at=("aa",))
    assert decide(question, kb) == lacking(question, Missing.FACT)
    for more in ({"outside": "far"}, {"aside": ("far",)}):
        beside = about("practice/figures", at=("aa",), **more)
        assert decide(beside, kb) == answered(beside, "practice/figures")


def test_one_fact_is_answered_with_its_entry(kb: KnowledgeBase) -> None:
    for question in (about(f"{MEETING}#often"), about(f"{MEETING}#often", at=("aa",), outside="far")):
        assert decide(question, kb) == answered(question, MEETING)
    question = about(f"{SHOWN}#when", outside="far")
    assert decide(question, kb) == answered(question, SHOWN)


def test_one_fact_is_not_given_for_a_place_it_is_not_known_of(kb: KnowledgeBase) -> None:
    question = about(f"{SHOWN}#when", at=("aa",))
    assert decide(question, kb) == lacking(question, Missing.FACT)
    question = about(f"{MEETING}#often", outside="far")
    assert decide(question, kb) == lacking(question, Missing.COVERAGE)


def test_of_several_those_that_have_the_part_are_given(kb: KnowledgeBase) -> None:
    question = about("mixed", at=("aa",), fields=(Field.EMAIL,))
    assert decide(question, kb) == answered(question, "organisation/both", "organisation/state")


@pytest.mark.parametrize(
    ("topic", "field", "places"),
    [
        pytest.param(MEETING, Field.PAGE, ("aa",), id="a page of the place"),
        pytest.param(MEETING, Field.ADDRESS, ("aa",), id="where the rules are is a page"),
        pytest.param("instrument/rules", Field.PAGE, ("aa",), id="a page of the place, without a law's"),
        pytest.param("organisation/pointing", Field.ADDRESS, (), id="the address of what has a page only"),
        pytest.param("instrument/petition", Field.ACCOUNT, (), id="an instrument has no account"),
        pytest.param("organisation/pointing", Field.PHONE, (), id="whom it points to has it"),
        pytest.param("practice/figures", Field.PHONE, (), id="nobody rings an account up"),
        pytest.param("practice/figures", Field.DATE, (), id="an account tells when"),
        pytest.param("organisation/everywhere", Field.NAME, (), id="an organisation has a name"),
        pytest.param("instrument/petition", Field.PRICE, (), id="an instrument may cost nothing"),
    ],
)
def test_the_entry_is_given_for_a_part_it_has(
    kb: KnowledgeBase, topic: str, field: Field, places: tuple[str, ...]
) -> None:
    question = about(topic, at=places, fields=(field,))
    assert decide(question, kb) == answered(question, topic)


@pytest.mark.parametrize(
    ("topic", "fields", "places"),
    [
        pytest.param("instrument/rules", (Field.PAGE,), ("bb",), id="no page of the place and no law"),
        pytest.param("instrument/rules", (Field.ADDRESS,), ("bb",), id="where the rules are is not known"),
        pytest.param("instrument/petition", (Field.PAGE,), (), id="its law has no page"),
        pytest.param(MEETING, (Field.PHONE,), ("aa",), id="a page is no telephone"),
        pytest.param(MEETING, (Field.HOURS, Field.WHAT), ("aa",), id="its hours"),
        pytest.param("media/paper", (Field.NAME, Field.HEAD), (), id="who heads a newspaper"),
        pytest.param("media/paper", (Field.WHAT, Field.HEAD, Field.NAME), (), id="among more"),
        pytest.param("media/paper", (Field.PRICE,), (), id="what a newspaper costs"),
        pytest.param("media/paper", (Field.ADDRESS,), (), id="where it is"),
        pytest.param("media/paper", (Field.ACCOUNT,), (), id="its account in a social network"),
        pytest.param("organisation/everywhere", (Field.PAGE,), (), id="a page it has not"),
    ],
)
def test_a_part_it_has_not_is_said_to_be_missing(
    kb: KnowledgeBase, topic: str, fields: tuple[Field, ...], places: tuple[str, ...]
) -> None:
    question = about(topic, at=places, fields=fields)
    assert decide(question, kb) == lacking(question, Missing.FIELD, topic)


def test_no_office_is_named_for_a_price_in_any_place(kb: KnowledgeBase) -> None:
    for question in (about("many", at=("aa",), fields=(Field.PRICE,)), about("police", fields=(Field.PRICE,))):
        assert decide(question, kb) == lacking(question, Missing.FIELD)


def test_the_name_and_head_of_an_office_is_missing_and_of_an_account_is_not(kb: KnowledgeBase) -> None:
    question = about("practice/figures", fields=(Field.NAME, Field.HEAD))
    assert decide(question, kb) == answered(question, "practice/figures")


def asked_which(question: Question, *shown: tuple[int, Answer]) -> Clarify:
    options = tuple(replace(question, topics=(topic,)) for topic in question.topics)
    return Clarify(question=question, asks=Asks.TOPIC, options=options, shown=shown)


def test_where_topics_are_in_doubt_what_each_has_is_shown_with_the_choice(kb: KnowledgeBase) -> None:
    question = about("many", "police", "joint", at=("aa",), fields=(Field.EMAIL,), wants_all=True)
    many, police, joint = (replace(question, topics=(topic,)) for topic in question.topics)
    assert decide(question, kb) == asked_which(
        question,
        (0, answered(many, *(f"contact/aa/m{n}" for n in range(6)))),
        (1, answered(replace(police, fields=()), "contact/aa/police")),
        (2, answered(joint, "organisation/both")),
    ), "the contact of one that lacks the part is shown whole"


def test_topics_with_the_same_answer_are_one(kb: KnowledgeBase) -> None:
    question = about("organisation/both", "joint", at=("aa",))
    assert decide(question, kb) == answered(replace(question, topics=("organisation/both",)), "organisation/both")


def test_two_facts_about_one_entry_are_two(kb: KnowledgeBase) -> None:
    question = about(MEETING, f"{MEETING}#often", at=("aa",))
    shown = [(n, answered(replace(question, topics=(topic,)), MEETING)) for n, topic in enumerate(question.topics)]
    assert decide(question, kb) == asked_which(question, *shown)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        pytest.param(about("police", "desk", outside="far"), Missing.COVERAGE, id="not covered"),
        pytest.param(about("police", "organisation/state", outside="far"), Missing.COVERAGE, id="one is for all"),
        pytest.param(about("smoke", "fire", at=("cc",)), Missing.ENTRY, id="nothing is known of any"),
    ],
)
def test_where_nothing_is_known_what_is_likeliest_is_said_to_be_missing(
    kb: KnowledgeBase, question: Question, missing: Missing
) -> None:
    assert decide(question, kb) == lacking(replace(question, topics=question.topics[:1]), missing)


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(about("smoke", "police", at=("aa",)), id="the second is known"),
        pytest.param(about("police", "smoke", at=("bb",)), id="the first has a nearest contact"),
        pytest.param(about("practice/figures", "deputy", at=("aa",)), id="the second has several"),
    ],
)
def test_where_something_is_known_it_is_asked_which_is_meant(kb: KnowledgeBase, question: Question) -> None:
    outcome: Outcome = decide(question, kb)
    assert isinstance(outcome, Clarify)
    assert [option.topics for option in outcome.options] == [(topic,) for topic in question.topics]
