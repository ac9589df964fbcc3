"""Which questions are asked before a knowledge is taken into use."""

from __future__ import annotations

from bot.difference import Difference, compare
from bot.sample import TOUCHED, chosen
from knowledge.load import load_files
from knowledge.model import KnowledgeBase
from knowledge.schema import ExpectIn, QuestionIn, TurnIn
from tests.bot import little

KB = little.build()
SAME = Difference(old="a", new="b", changes=())


def question(text: str, topic: str = "desk", place: str | None = None, *, must: bool = False) -> QuestionIn:
    return QuestionIn(text=text, expect=ExpectIn(kind="answer", topic=topic, place=place), must=must)


MANY = [question(f"jautājums {number}") for number in range(1000)]


def changed() -> tuple[Difference, KnowledgeBase]:
    files = little.files()
    files["contacts/aa.yaml"] = files["contacts/aa.yaml"].replace(b"65283888", b"65283999")
    kb = load_files(files)[0].kb
    return compare(KB, kb), kb


def test_the_same_questions_are_asked_each_time_and_a_new_one_moves_one_at_most() -> None:
    first = chosen(MANY, SAME, [KB], 50)
    assert len(first) == 50
    assert chosen(MANY, SAME, [KB], 50) == first
    after = chosen([question("jauns"), *MANY], SAME, [KB], 50)
    assert len([held for held in first if held not in after]) <= 1


def test_all_that_must_come_right_are_asked() -> None:
    must = [question(f"obligāts {number}", must=True) for number in range(100)]
    found = chosen([*MANY, *must], SAME, [KB], 10)
    assert [held for held in found if held.must] == must


def test_questions_about_what_changed_are_asked_of_its_municipality() -> None:
    difference, kb = changed()
    near = [question("policija šeit", "police", "aa"), question("policija tur", "police", "bb")]
    talk = QuestionIn(
        turns=(TurnIn(text="policija", expect=ExpectIn(kind="clarify", topic="police")),
               TurnIn(text="aa", expect=ExpectIn(kind="answer", topic="police", place="aa")))
    )  # fmt: skip
    found = chosen([*MANY, *near, talk], difference, [KB, kb], 0)
    assert found == [near[0], talk]


def test_questions_about_a_contact_that_is_gone_are_asked_too() -> None:
    files = little.files()
    files["contacts/bb.yaml"] = files["contacts/bb.yaml"].replace(b"id: desk", b"id: counter")
    kb = load_files(files)[0].kb
    near = question("klientu centrs bē", "desk", "bb")
    assert chosen([question("policija", "police"), near], compare(KB, kb), [KB, kb], 0) == [near]


def test_there_are_never_too_many_of_them() -> None:
    difference, kb = changed()
    near = [question(f"policija {number}", "police", "aa") for number in range(1000)]
    assert len(chosen(near, difference, [KB, kb], 0)) == TOUCHED
