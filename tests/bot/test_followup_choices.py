"""Follow-ups: an answer to a question of ours, and what a conversation makes likely."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.followup import complete, picked
from bot.question import Question
from bot.spoken_of import expected, offered
from bot.state import ConversationState
from knowledge import tables
from knowledge.model import Field, KnowledgeBase, Language
from knowledge.reading import Meaning
from knowledge.tables import LAST, Tables
from tests.bot import sayings
from tests.bot.sayings import AA, ASKED_WHAT, ASKED_WHERE, ASKED_WHO, BB, NORTH, SOUTH, after, at, likely, said


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return sayings.build()


@pytest.fixture(scope="module")
def words(kb: KnowledgeBase) -> Tables:
    return tables.build(kb)


def test_a_place_chooses_the_option_there(kb: KnowledgeBase) -> None:
    village = at(Meaning(municipality="bb", place="ciems-dee"))
    question = complete(said(content=0, places=(village,), language=Language.RU), ASKED_WHERE, kb)
    assert question == replace(ASKED_WHERE.options[1], village="ciems-dee", language=Language.RU)
    question = complete(said(content=0, places=(village,), fields=(Field.PHONE,)), ASKED_WHERE, kb)
    assert question.fields == (Field.PHONE,)


def test_a_place_that_was_not_offered_is_asked_about_all_the_same(kb: KnowledgeBase) -> None:
    question = complete(said(content=0, places=(at(Meaning(municipality="cc")),)), ASKED_WHERE, kb)
    assert (question.topics, question.places) == (("desk",), ("cc",))


def test_a_place_that_several_options_have_chooses_none(kb: KnowledgeBase) -> None:
    question = complete(said(content=0, places=(at(AA),)), ASKED_WHAT, kb)
    assert (question.topics, question.place_named) == (("police", "desk"), True)


@pytest.mark.parametrize(("content", "entry"), [(4, "contact/aa/roads"), (5, None)])
def test_a_few_words_of_its_title_choose_an_entry(kb: KnowledgeBase, content: int, entry: str | None) -> None:
    question = complete(said(content=content, offered="contact/aa/roads"), ASKED_WHO, kb)
    assert question.entry == entry
    assert question.place_named is False


def test_a_place_beside_the_title_of_an_entry_asks_of_that_place(kb: KnowledgeBase) -> None:
    question = complete(said(content=0, offered="contact/aa/roads", places=(at(BB),)), ASKED_WHO, kb)
    assert (question.topics, question.places, question.entry) == (("deputy",), ("bb",), None)


@pytest.mark.parametrize("content", [1, 4])
def test_a_few_words_choose_the_topic_they_speak_for(kb: KnowledgeBase, content: int) -> None:
    reading = said(content=content, expected=likely(("desk", 0.5), ("police", 0.4)))
    assert complete(reading, ASKED_WHAT, kb).topics == ("desk",)


@pytest.mark.parametrize(
    ("own", "more"),
    [
        pytest.param((), {"content": 5}, id="much is said"),
        pytest.param((), {"content": 0}, id="nothing is said"),
        pytest.param((), {"expected": likely(("desk", 0.49), ("police", 0.4))}, id="neither is likely"),
        pytest.param((), {"places": (at(BB),)}, id="a place is named"),
        pytest.param((("partners", 0.6),), {"content": 3}, id="a topic of its own is likelier than not"),
    ],
)
def test_otherwise_words_choose_no_topic(
    kb: KnowledgeBase, own: tuple[tuple[str, float], ...], more: dict[str, object]
) -> None:
    values = {"expected": likely(("desk", 0.6), ("police", 0.4)), "content": 2} | more
    assert complete(said(*own, **values), ASKED_WHAT, kb).topics != ("desk",)  # type: ignore[arg-type]


def test_a_topic_offered_is_chosen_however_sure_the_words_are(kb: KnowledgeBase) -> None:
    reading = said(("desk", 0.9), content=3, expected=likely(("desk", 0.6), ("police", 0.4)))
    question = complete(reading, replace(ASKED_WHAT, home="bb"), kb)
    assert (question.topics, question.places) == (("desk",), ("aa",))


def test_the_name_of_a_topic_offered_chooses_it_however_unlikely_it_is(kb: KnowledgeBase) -> None:
    reading = said(("desk", 0.9), content=2, named=("desk",), expected=likely(("police", 0.9), ("desk", 0.1)))
    assert complete(reading, ASKED_WHAT, kb).topics == ("desk",)
    assert complete(replace(reading, named=("police",)), ASKED_WHAT, kb).topics == ("police",)


def test_a_guess_of_something_else_gives_way_to_a_topic_offered(kb: KnowledgeBase) -> None:
    reading = said(("partners", 0.49), content=3, expected=likely(("desk", 0.6), ("police", 0.4)))
    assert complete(reading, ASKED_WHAT, kb).topics == ("desk",)


@pytest.mark.parametrize("text", ["2", "2.", "2)", "2.)"])
def test_a_number_picks_the_choice_that_was_shown_there(text: str) -> None:
    state = replace(ASKED_WHERE, language=Language.RU)
    assert picked(said(text=text, content=0), state) == replace(
        ASKED_WHERE.options[1], language=Language.RU, confidence=1.0
    )


def test_the_second_picks_the_second() -> None:
    assert picked(said(text="otro", ordinal=2), ASKED_WHERE) == replace(ASKED_WHERE.options[1], confidence=1.0)
    assert picked(said(text="1", ordinal=None), ASKED_WHERE) == replace(ASKED_WHERE.options[0], confidence=1.0)


def test_the_last_picks_the_last_that_was_offered() -> None:
    assert picked(said(text="pēdējais", ordinal=LAST), ASKED_WHERE) == replace(ASKED_WHERE.options[-1], confidence=1.0)
    before = replace(after("desk", "aa"), before=Question(topics=("police",)))
    assert picked(said(text="pēdējais", ordinal=LAST), before) is None, "that is what is spoken of"


@pytest.mark.parametrize("text", ["0", "3", "112", "-1", "2 telefoni", "", "²"])
def test_what_is_no_number_of_a_choice_picks_none(text: str) -> None:
    assert picked(said(text=text), ASKED_WHERE) is None


def test_a_number_of_two_digits_is_a_number() -> None:
    many = ConversationState(options=tuple(Question(topics=(str(number),)) for number in range(1, 121)))
    chosen = picked(said(text="12"), many)
    assert chosen is not None
    assert chosen.topics == ("12",)
    assert picked(said(text="112"), many) is None, "three digits are a telephone"


def test_an_ordinal_beside_a_place_picks_none() -> None:
    assert picked(said(text="otro", ordinal=2, places=(at(AA),)), ASKED_WHERE) is None


def test_of_topics_offered_each_is_likely(words: Tables) -> None:
    assert expected(ASKED_WHAT, words) == ("police", "desk")


def test_where_all_choices_are_about_one_topic_none_is_likely(words: Tables) -> None:
    assert expected(ASKED_WHO, words) == ()


def test_an_account_spoken_of_makes_itself_and_its_parts_likely(words: Tables) -> None:
    for last in (NORTH, f"{NORTH}#led"):
        assert expected(after(last), words) == (NORTH, f"{NORTH}#led", f"{NORTH}#cost")
    assert expected(after("practice/figures"), words) == ("practice/figures",)


def test_an_office_or_nothing_makes_nothing_likely(words: Tables) -> None:
    for state in (after("deputy"), ConversationState(), after("gone"), ConversationState(last=Question())):
        assert expected(state, words) == ()


def test_between_entries_offered_the_words_choose(words: Tables) -> None:
    assert offered(ASKED_WHO, words) == ("contact/aa/first", "contact/aa/roads")
    assert offered(ASKED_WHAT, words) == ()


def test_where_nothing_was_offered_the_sisters_of_the_account_can_be_named(words: Tables) -> None:
    for last in (NORTH, f"{SOUTH}#led"):
        assert offered(after(last), words) == (NORTH, SOUTH)
    for state in (after("practice/alone"), after("desk"), ConversationState()):
        assert offered(state, words) == ()
