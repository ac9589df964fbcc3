"""complete: what belongs to the last question, and which part or sister of an account is meant."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.followup import complete
from bot.question import Question
from bot.state import ConversationState
from knowledge.model import Field, KnowledgeBase, Language
from knowledge.reading import Meaning
from tests.bot import sayings
from tests.bot.sayings import AA, AFTER_DESK, BB, DESK, FAR, NORTH, SOUTH, after, at, likely, said


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return sayings.build()


def test_a_place_alone_asks_the_last_question_of_that_place(kb: KnowledgeBase) -> None:
    village = at(Meaning(municipality="bb", place="ciems-dee"))
    last = replace(DESK, entry="contact/aa/desk", also=("police",), village="other", wants_all=True)
    reading = said(content=0, places=(village,), language=Language.EN)
    assert complete(reading, ConversationState(last=last), kb) == Question(
        topics=("desk",), places=("bb",), village="ciems-dee", fields=(Field.PHONE,), wants_all=True, place_named=True,
        language=Language.EN,
    )  # fmt: skip


def test_a_place_that_is_not_covered_takes_the_place_of_the_last(kb: KnowledgeBase) -> None:
    question = complete(said(content=0, places=(at(FAR),)), AFTER_DESK, kb)
    assert (question.topics, question.places, question.outside) == (("desk",), (), "far")


def test_a_field_alone_asks_for_that_part_of_what_was_spoken_of(kb: KnowledgeBase) -> None:
    last = replace(DESK, entry="contact/aa/desk", village="ciems-dee", outside="far")
    question = complete(said(content=0, fields=(Field.EMAIL,)), ConversationState(last=last, home="bb"), kb)
    assert (question.topics, question.places, question.outside) == (("desk",), ("aa",), "far")
    assert (question.entry, question.fields) == ("contact/aa/desk", (Field.EMAIL,))
    assert (question.village, question.place_named) == (None, False)


def test_it_alone_asks_the_same_again(kb: KnowledgeBase) -> None:
    question = complete(said(content=4, refers=True), AFTER_DESK, kb)
    assert (question.topics, question.places, question.fields) == (("desk",), ("aa",), (Field.PHONE,))


@pytest.mark.parametrize(("content", "topics"), [(4, ("desk",)), (5, ())])
def test_many_words_nobody_understands_are_no_follow_up(
    kb: KnowledgeBase, content: int, topics: tuple[str, ...]
) -> None:
    assert complete(said(content=content, fields=(Field.EMAIL,)), AFTER_DESK, kb).topics == topics


def test_what_says_nothing_is_no_follow_up(kb: KnowledgeBase) -> None:
    assert complete(said(content=1), AFTER_DESK, kb).topics == ()


def test_where_nothing_was_asked_before_nothing_is_followed(kb: KnowledgeBase) -> None:
    for state in (ConversationState(), ConversationState(last=Question(places=("aa",)))):
        question = complete(said(content=0, fields=(Field.EMAIL,), places=(at(BB),)), state, kb)
        assert (question.topics, question.places, question.fields) == ((), ("bb",), (Field.EMAIL,))


def test_a_part_that_the_words_tell_from_the_others_is_meant(kb: KnowledgeBase) -> None:
    parts = likely((f"{NORTH}#cost", 0.5), (f"{NORTH}#led", 0.3))
    state = ConversationState(last=Question(topics=(NORTH,), also=(f"{NORTH}#led",)))
    question = complete(said(expected=parts), state, kb)
    assert (question.topics, question.also) == ((f"{NORTH}#cost",), ())


@pytest.mark.parametrize(
    ("parts", "last", "more"),
    [
        pytest.param(((f"{NORTH}#cost", 0.49), (f"{NORTH}#led", 0.4)), NORTH, {}, id="no part is likely enough"),
        pytest.param(((f"{NORTH}#cost", 0.9),), NORTH, {}, id="there is nothing to tell it from"),
        pytest.param(((NORTH, 0.9), (f"{NORTH}#led", 0.1)), NORTH, {}, id="it is what was spoken of"),
        pytest.param(((f"{NORTH}#cost", 0.9), (NORTH, 0.1)), NORTH, {"content": 5}, id="much else is said"),
    ],
)
def test_a_part_is_not_guessed(
    kb: KnowledgeBase, parts: tuple[tuple[str, float], ...], last: str, more: dict[str, int]
) -> None:
    assert complete(said(expected=likely(*parts), **more), after(last), kb).topics == ()


def test_with_a_place_or_choices_on_the_table_no_part_is_meant(kb: KnowledgeBase) -> None:
    parts = likely((f"{NORTH}#cost", 0.9), (f"{NORTH}#led", 0.1))
    question = complete(said(content=0, expected=parts, places=(at(BB),)), after(NORTH), kb)
    assert question.topics == (NORTH,)
    state = replace(after(NORTH), options=(Question(topics=("desk",)),))
    assert complete(said(content=0, expected=parts), state, kb).topics == ()


def test_and_the_other_one_asks_the_same_of_the_sister(kb: KnowledgeBase) -> None:
    reading = said((SOUTH, 0.9), continues=True, content=3)
    assert complete(reading, after(f"{NORTH}#led"), kb).topics == (f"{SOUTH}#led",)


@pytest.mark.parametrize(
    ("topic", "last", "more"),
    [
        pytest.param(SOUTH, f"{NORTH}#cost", {}, id="the sister has no such part"),
        pytest.param(SOUTH, f"{NORTH}#led", {"continues": False}, id="it does not begin with and"),
        pytest.param(SOUTH, f"{NORTH}#led", {"fields": (Field.WHAT,)}, id="something else is asked for"),
        pytest.param(SOUTH, NORTH, {}, id="no part was asked for"),
        pytest.param(NORTH, f"{NORTH}#led", {}, id="it is the same account"),
        pytest.param("practice/alone", f"{NORTH}#led", {}, id="it has no sisters"),
        pytest.param(SOUTH, "practice/alone#led", {}, id="it is no sister"),
        pytest.param("practice/apart", "practice/alone#led", {}, id="neither has sisters"),
    ],
)
def test_otherwise_a_sister_is_asked_about_as_a_whole(
    kb: KnowledgeBase, topic: str, last: str, more: dict[str, object]
) -> None:
    values: dict[str, object] = {"continues": True, "content": 3} | more
    assert complete(said((topic, 0.9), **values), after(last), kb).topics == (topic,)  # type: ignore[arg-type]


def test_where_it_was_not_clear_what_was_spoken_of_no_part_is_taken(kb: KnowledgeBase) -> None:
    state = ConversationState(last=Question(topics=(f"{NORTH}#led", f"{NORTH}#cost")))
    assert complete(said((SOUTH, 0.9), continues=True, content=3), state, kb).topics == (SOUTH,)


def test_the_other_place_of_an_account_means_its_sister_there(kb: KnowledgeBase) -> None:
    last = Question(
        topics=(f"{NORTH}#led",), also=(f"{NORTH}#cost",), entry="x", fields=(Field.WHO,), outside="cc", village="v"
    )
    reading = said(content=4, offered=SOUTH, places=(at(FAR),), fields=(Field.WHAT,), language=Language.EN)
    question = complete(reading, ConversationState(last=last), kb)
    assert question == Question(topics=(f"{SOUTH}#led",), outside="far", fields=(Field.WHAT,), language=Language.EN), (
        "nothing of the place before"
    )
    assert complete(reading, after(NORTH), kb).topics == (SOUTH,)


def test_no_sister_is_meant_by_a_place_of_ours_or_by_many_words(kb: KnowledgeBase) -> None:
    ours = said(content=0, offered=SOUTH, places=(at(AA),))
    assert complete(ours, after(f"{NORTH}#led"), kb).topics == (f"{NORTH}#led",)
    many = said(content=5, offered=SOUTH, places=(at(FAR),))
    assert complete(many, after(f"{NORTH}#led"), kb).topics == ()


def test_one_of_a_group_is_followed_by_its_sister_whose_title_has_the_word(kb: KnowledgeBase) -> None:
    reading = said(content=2, offered="organisation/pb", refers=True, fields=(Field.PAGE,))
    question = complete(reading, after("organisation/pa", "aa"), kb)
    assert (question.topics, question.place_named, question.fields) == (("organisation/pb",), False, (Field.PAGE,))
    many = said(content=5, offered="organisation/pb", refers=True)
    assert complete(many, after("organisation/pa", "aa"), kb).topics == ()


def test_a_phone_that_an_account_cannot_have_is_that_of_the_office_named(kb: KnowledgeBase) -> None:
    asked = said((NORTH, 0.9), content=5, named=("police",), fields=(Field.PHONE,))
    assert complete(asked, ConversationState(), kb).topics == ("police",)
    page = said((NORTH, 0.9), content=5, named=("police",), fields=(Field.PAGE,))
    nobody = said((NORTH, 0.9), content=5, fields=(Field.PHONE,))
    assert all(complete(other, ConversationState(), kb).topics == (NORTH,) for other in (page, nobody))


OF_NORTH = likely((f"{NORTH}#led", 0.8), (NORTH, 0.1))


def test_a_part_that_is_hardly_likely_by_itself_is_meant_of_what_was_spoken_of(kb: KnowledgeBase) -> None:
    reading = said(("police", 0.55), content=4, expected=OF_NORTH, expected_share=0.01)
    assert complete(reading, after(NORTH), kb).topics == (f"{NORTH}#led",)
    fewer = said(("police", 0.6), content=2, expected=OF_NORTH, expected_share=0.003)
    assert complete(fewer, after(NORTH), kb).topics == (f"{NORTH}#led",), "the fewer words, the less they must say"
    asked = said(("police", 0.2), content=2, expected=OF_NORTH, fields=(Field.OFTEN,))
    assert complete(asked, after(NORTH), kb).topics == (f"{NORTH}#led",), "a part is asked for in so many words"


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"content": 5}, id="much is said"),
        pytest.param({"named": ("police",)}, id="something is named"),
        pytest.param({"places": (at(BB),)}, id="a place is named"),
        pytest.param({"candidates": likely(("police", 0.7))}, id="something else is likely"),
        pytest.param({"candidates": likely(("police", 0.7)), "content": 2, "expected_share": 0.003}, id="in few words"),
        pytest.param({"expected": likely((NORTH, 0.9))}, id="it has no parts"),
    ],
)
def test_otherwise_it_is_not(kb: KnowledgeBase, more: dict[str, object]) -> None:
    share = {"expected": OF_NORTH, "expected_share": 0.01}
    values = {"candidates": likely(("police", 0.55)), "content": 4, **share} | more
    assert complete(said(**values), after(NORTH), kb).topics != (f"{NORTH}#led",)  # type: ignore[arg-type]


def test_small_talk_that_has_the_words_of_a_part_is_none(kb: KnowledgeBase) -> None:
    reading = said(
        ("hello", 0.95),
        content=1,
        named=("hello",),
        chat="hello",
        whole_name=True,
        expected=OF_NORTH,
        expected_share=0.03,
    )
    assert complete(reading, after(NORTH), kb).topics == (f"{NORTH}#led",)


def test_between_two_topics_the_place_of_a_follow_up_decides(kb: KnowledgeBase) -> None:
    reading = said(("police", 0.5), ("partners", 0.45), content=2, continues=True, places=(at(BB),))
    question = complete(reading, AFTER_DESK, kb)
    assert (question.topics, question.places) == (("desk",), ("bb",))


def test_an_organisation_is_meant_whose_e_mail_is_asked_for_by_name(kb: KnowledgeBase) -> None:
    reading = said(
        ("weather", 0.4),
        ("organisation/everywhere", 0.3),
        content=4,
        named=("organisation/everywhere",),
        fields=(Field.EMAIL,),
    )
    assert complete(reading, AFTER_DESK, kb).topics == ("organisation/everywhere",)
    for more in (
        {"fields": ()},
        {"named": ("organisation/everywhere", "organisation/pb")},
        {"named": (NORTH,)},
        {"candidates": likely(("weather", 0.6))},
    ):
        assert complete(replace(reading, **more), AFTER_DESK, kb).topics == ("weather",)


def test_what_is_called_by_its_name_is_no_follow_up(kb: KnowledgeBase) -> None:
    reading = said(
        ("organisation/everywhere", 0.6), content=3, named=("organisation/everywhere",), continues=True, refers=True
    )
    spoken = replace(reading, expected=OF_NORTH, expected_share=0.1)
    assert complete(spoken, after(NORTH), kb).topics == ("organisation/everywhere",)
    doubtful = replace(spoken, candidates=likely(("organisation/everywhere", 0.4)))
    assert complete(doubtful, after(NORTH), kb).topics == (f"{NORTH}#led",)


def test_an_office_and_an_organisation_that_are_listed_are_all_asked_for(kb: KnowledgeBase) -> None:
    reading = said(("police", 0.5), ("organisation/everywhere", 0.4), content=3, beside_names=1)
    both = replace(reading, named=("organisation/everywhere", "police", NORTH))
    question = complete(both, ConversationState(), kb)
    assert (question.topics, question.each) == (("police", "organisation/everywhere"), True)
    told = complete(replace(both, beside_names=3), ConversationState(), kb)
    assert not told.each, "a story names more than it asks for"


def test_the_same_is_asked_of_another_place_unless_it_is_what_was_asked_before(kb: KnowledgeBase) -> None:
    reading = said(("police", 0.97), content=2, same=True, places=(at(BB),))
    question = complete(reading, AFTER_DESK, kb)
    assert (question.topics, question.places) == (("desk",), ("bb",))
    before = replace(AFTER_DESK, before=Question(topics=("police",), places=("aa",)))
    assert complete(reading, before, kb).topics == ("police",)
    assert complete(replace(reading, named=("police",)), AFTER_DESK, kb).topics == ("police",)
    assert complete(replace(reading, places=()), AFTER_DESK, kb).topics == ("police",)


@pytest.mark.parametrize("points", [{"refers": True}, {"others": True}])
def test_the_one_for_something_is_the_sister_and_no_office_of_that_name(
    kb: KnowledgeBase, points: dict[str, bool]
) -> None:
    called = said(("police", 0.95), continues=True, offered="contact/aa/roads", named=("police",), **points)
    assert complete(called, AFTER_DESK, kb).topics == ("deputy-roads",)
    assert complete(replace(called, continues=False), AFTER_DESK, kb).topics == ("police",)
    assert complete(replace(called, content=2), AFTER_DESK, kb).topics == ("police",)


def test_a_sister_that_is_likely_in_all_its_parts_is_no_part_of_what_was_spoken_of(kb: KnowledgeBase) -> None:
    expected = likely((f"{NORTH}#led", 0.9), (NORTH, 0.1))
    parts = said((SOUTH, 0.5), (f"{SOUTH}#led", 0.49), content=2, refers=True, expected=expected, expected_share=0.1)
    assert complete(parts, after(NORTH), kb).topic in {SOUTH, f"{SOUTH}#led"}
    alone = replace(parts, candidates=parts.candidates[:1])
    assert complete(alone, after(NORTH), kb).topic == f"{NORTH}#led"
