"""Feedback in one press or two: keys that come back, a prompt a day at most, reports that open and close."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import acts, question
from bot.commands import CommandName, parse
from bot.feedback import (
    PAUSE,
    Feedback,
    Reason,
    Said,
    Verdict,
    answered,
    from_key,
    is_feedback,
    may_prompt,
    prompt,
    reports,
    to_key,
)
from bot.messages import Kind, Reply
from bot.phrasebook import Phrasebook
from bot.question import MAX_KEY_BYTES
from knowledge.model import KnowledgeBase, Language
from tests.bot import little

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LITTLE = little.build()


def test_every_press_fits_into_a_key_and_comes_back(shipped_kb: KnowledgeBase) -> None:
    presses = [(Verdict.USEFUL, None), (Verdict.WRONG, None), *((Verdict.WRONG, reason) for reason in Reason)]
    for entry in shipped_kb.entries:
        for verdict, reason in presses:
            said = Feedback(entry=entry, verdict=verdict, reason=reason)
            key = to_key(said)
            assert len(key.encode()) <= MAX_KEY_BYTES
            assert is_feedback(key)
            assert from_key(key, shipped_kb) == said


@pytest.mark.parametrize("language", Language)
def test_an_admins_press_fits_into_a_key_and_comes_back(shipped_kb: KnowledgeBase, language: Language) -> None:
    say = Phrasebook(kb=shipped_kb, language=language)
    cluster, until = "0123456789abcdef", acts.stamp(NOON)
    keys = [(CommandName.ADD_PHRASE, (cluster, topic), 1) for topic in shipped_kb.topics]
    keys += [(CommandName.DONE, (entry, until), 0) for entry in shipped_kb.entries]
    for name, words, place in keys:
        key = acts.key(name, say, *words)
        assert len(key.encode()) <= MAX_KEY_BYTES
        command = parse(key, shipped_kb)
        assert command is not None
        assert (command.name, command.language) == (name, language)
        sent = command.argument.split()
        sent[place] = str(question.resolve(sent[place], [*shipped_kb.topics, *shipped_kb.entries]))
        assert tuple(sent) == words


def test_a_time_in_a_key_is_not_before_what_it_was_made_from() -> None:
    late = NOON + timedelta(microseconds=1)
    written = acts.moment(acts.stamp(late))
    assert written is not None
    assert timedelta(0) <= written - late < timedelta(seconds=1)
    assert acts.moment("gone") is None
    assert acts.moment("f" * 40) is None


def test_no_kind_of_key_is_taken_for_another() -> None:
    feedback = to_key(Feedback(entry="organisation/pa", verdict=Verdict.WRONG))
    act = acts.key(CommandName.DONE, Phrasebook(kb=LITTLE, language=Language.LV), "organisation/pa")
    asked = question.to_key(question.Question(topics=("police",), places=("aa",)))
    for key in (act, asked, "/novads aa", "", "!", "!wrong", "!wrong:gone", "!praise:organisation/pa"):
        assert from_key(key, LITTLE) is None
    for key in (feedback, act):
        assert question.from_key(key, LITTLE) is None


def test_feedback_is_asked_for_once_a_day() -> None:
    assert may_prompt(None, NOON)
    assert not may_prompt(NOON, NOON + timedelta(hours=23))
    assert may_prompt(NOON, NOON + PAUSE)


def test_who_pressed_may_be_asked_again() -> None:
    assert may_prompt(NOON, NOON + timedelta(hours=1), last_press=NOON + timedelta(minutes=1))
    assert not may_prompt(NOON, NOON + timedelta(hours=1), last_press=NOON - timedelta(minutes=1))


def test_a_clock_that_jumped_back_brings_neither_a_second_prompt_nor_silence_for_good() -> None:
    assert not may_prompt(NOON, NOON - timedelta(hours=2))
    assert may_prompt(NOON, NOON - timedelta(days=400))


@given(minutes=st.lists(st.integers(0, 5 * 24 * 60), max_size=60))
def test_no_two_unpressed_prompts_come_within_a_day(minutes: list[int]) -> None:
    prompts: list[datetime] = []
    for minute in sorted(minutes):
        now = NOON + timedelta(minutes=minute)
        if may_prompt(prompts[-1] if prompts else None, now):
            prompts.append(now)
    assert all(later - earlier >= PAUSE for earlier, later in pairwise(prompts))


@pytest.mark.parametrize("language", Language)
def test_wrong_offers_reasons_and_a_reason_ends_it(language: Language) -> None:
    say = Phrasebook(kb=LITTLE, language=language)
    reply = Reply(kind=Kind.ANSWER, text="…", entries=("contact/aa/police", "contact/aa/desk"))
    useful, wrong = prompt(reply, say)
    assert useful.label != wrong.label
    said = from_key(wrong.key, LITTLE)
    assert said is not None
    offered = answered(said, say)
    # The police of Aa have a number and no page.
    reasons = [from_key(choice.key, LITTLE) for choice in offered.choices]
    assert [one.reason for one in reasons if one] == [Reason.NUMBER, Reason.PERSON, Reason.OTHER]
    assert {one.entry for one in reasons if one} == {"contact/aa/police"}
    for one in reasons:
        assert one is not None
        assert answered(one, say).choices == ()
    thanks = from_key(useful.key, LITTLE)
    assert thanks is not None
    assert answered(thanks, say).choices == ()


def test_only_answers_with_entries_are_judged() -> None:
    say = Phrasebook(kb=LITTLE, language=Language.LV)
    assert prompt(Reply(kind=Kind.ANSWER, text="…"), say) == ()
    assert prompt(Reply(kind=Kind.CLARIFY, text="…", entries=("organisation/pa",)), say) == ()


def said(entry: str, reason: Reason | None, times: int, *, days: int = 0, done: int | None = None) -> Said:
    return Said(
        entry=entry,
        reason=reason,
        times=times,
        first=NOON,
        last=NOON + timedelta(days=days),
        done=None if done is None else NOON + timedelta(days=done),
    )


def test_reports_are_gathered_by_entry_the_most_frequent_first() -> None:
    found = reports([said("a", None, 1), said("b", Reason.PAGE, 2, days=3), said("b", Reason.NUMBER, 4)])
    assert [(report.entry, report.times) for report in found] == [("b", 6), ("a", 1)]
    assert found[0].reasons == ((Reason.NUMBER, 4), (Reason.PAGE, 2))
    assert (found[0].first, found[0].last) == (NOON, NOON + timedelta(days=3))


def test_a_closed_report_is_gone_until_somebody_says_it_again() -> None:
    closed, again = said("a", Reason.PAGE, 2, days=1, done=2), said("b", Reason.PAGE, 1, days=3, done=2)
    assert [report.entry for report in reports([closed, again])] == ["b"]
    assert [(report.entry, report.is_open) for report in reports([closed, again], closed=True)] == [
        ("b", True),
        ("a", False),
    ]
