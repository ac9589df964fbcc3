"""Reloading: what is wrong never gets into use, what is right does so whole, and there is a way back."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from bot.aside import TrialError, try_out_aside
from bot.difference import Deed
from bot.reload import Reload
from bot.reload_outcomes import Applied, Failed, NoVersion, Passed, Refused, RefusedByQuestions, Unchanged
from bot.verdict import Request, Step
from tests.bot import little
from tests.bot.reloading import NOW, House, furnish, opened

POLICE = "policija aa"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return furnish(tmp_path)


def change_phone(house: House, phone: str = "+371 65283999") -> None:
    before = (house.directory / "contacts/aa.yaml").read_text(encoding="utf-8")
    house.write("contacts/aa.yaml", re.sub(r"(id: police.*phones: \[)[^]]*", rf"\g<1>{phone}", before))


async def test_a_changed_phone_is_answered_after_the_reload(house: House) -> None:
    assert "65283888" in house.says(POLICE)
    change_phone(house)
    before = house.version
    outcome = await house.reload.reload(house.now(), house.steps.append)
    assert isinstance(outcome, Applied)
    assert (outcome.before, outcome.version, outcome.forced) == (before, house.version, False)
    assert outcome.verdict.difference is not None
    assert (outcome.verdict.difference.old, outcome.verdict.difference.new) == (before, house.version)
    (change,) = outcome.verdict.difference.changes
    assert (change.id, change.fields[0].old, change.fields[0].new) == (
        "contact/aa/police",
        ("+371 65283888",),
        ("+371 65283999",),
    )
    assert outcome.verdict.before == outcome.verdict.after
    assert outcome.verdict.after is not None
    assert outcome.verdict.after.of == 6
    assert "65283999" in house.says(POLICE)
    assert house.told == [Step.READING, Step.ASKING, Step.TAKING]
    assert house.reload.live.current.taken_at == house.clock


async def test_a_changed_phone_of_an_organisation_needs_no_learning_either(house: House) -> None:
    house.edit("organisations.yaml", "29487108", "29487109")
    assert isinstance(await house.reload.reload(house.now(), house.steps.append), Applied)
    assert house.told == [Step.READING, Step.ASKING, Step.TAKING]
    assert "29487109" in house.says("partnerība aa")


async def test_contacts_added_and_removed(house: House) -> None:
    house.edit(
        "contacts/bb.yaml",
        "contacts:\n",
        "contacts:\n- {id: police, topics: [police], title: Policija, phones: [112]}\n",
    )
    house.edit("contacts/aa.yaml", "- {id: first,", "- {id: second,")
    outcome = await house.reload.reload(house.now())
    assert isinstance(outcome, Applied)
    assert outcome.verdict.difference is not None
    assert [(change.deed, change.id) for change in outcome.verdict.difference.changes] == [
        (Deed.REMOVED, "contact/aa/first"),
        (Deed.ADDED, "contact/aa/second"),
        (Deed.ADDED, "contact/bb/police"),
    ]


async def test_a_broken_file_is_refused_with_file_and_line_and_the_old_goes_on(house: House) -> None:
    change_phone(house, "+371 1")
    house.write("media.yaml", "media:\n- {id: [\n")
    outcome = await house.reload.reload(house.now(), force=True)
    assert isinstance(outcome, Refused)
    assert [(problem.file, problem.line) for problem in outcome.problems] == [
        ("contacts/aa.yaml", 6),
        ("media.yaml", 3),
    ]
    assert "65283888" in house.says(POLICE)


async def test_what_is_not_utf8_or_much_too_large_is_refused(house: House) -> None:
    house.write("media.yaml", "media:\n- {id: aa, title: Avīze}\n".encode("cp1257"))
    house.write("organisations.yaml", b"#" * 5_000_000)
    outcome = await house.reload.check(house.now())
    assert isinstance(outcome, Refused)
    assert [str(problem) for problem in outcome.problems] == [
        "media.yaml:2: save the file as UTF-8",
        "organisations.yaml:0: the file has 5000000 bytes, more than 4000000: split it",
    ]


async def test_a_missing_text_or_command_is_refused_before_anything_is_learned(house: House) -> None:
    house.edit("words/lv.yaml", "commands:", "commands:\n  nonsense: [aplamība]")
    house.edit("topics/all.yaml", "names: {lv: [laiks]}", "names: {lv: [laiks, laikapstākļi]}")
    outcome = await house.reload.check(house.now(), house.steps.append)
    assert isinstance(outcome, Refused)
    assert [problem.key for problem in outcome.problems] == ["commands.nonsense"]
    assert house.told == [Step.READING]


async def test_a_question_about_a_contact_that_is_gone_is_a_problem(house: House) -> None:
    house.edit("contacts/aa.yaml", "- {id: police,", "- {id: policemen,")
    outcome = await house.reload.reload(house.now())
    assert isinstance(outcome, Refused)
    assert [(problem.file, problem.line) for problem in outcome.problems] == [("questions/q.yaml", 3)]


def lose_a_must(house: House) -> None:
    house.edit("questions/q.yaml", "place: aa, entries: [contact/aa/police]}, must", "place: bb}, must")


async def test_a_question_that_must_come_right_and_does_not_refuses(house: House) -> None:
    lose_a_must(house)
    before = house.version
    outcome = await house.reload.reload(house.now(), house.steps.append)
    assert isinstance(outcome, RefusedByQuestions)
    assert [(missed.text, missed.must) for missed in outcome.verdict.missed] == [(POLICE, True)]
    assert house.version == before
    assert house.told == [Step.READING, Step.LEARNING, Step.ASKING]


async def test_force_takes_it_all_the_same_and_says_so(house: House) -> None:
    lose_a_must(house)
    outcome = await house.reload.reload(house.now(), force=True)
    assert isinstance(outcome, Applied)
    assert outcome.forced
    assert outcome.version == house.version


def lose_a_topic(house: House) -> None:
    """The office bb is asked for moves to cc, so that one question of six gets no answer."""
    house.edit("contacts/bb.yaml", "municipality: bb", "municipality: cc")


async def test_a_fall_of_accuracy_beyond_the_limit_refuses(house: House) -> None:
    lose_a_topic(house)
    outcome = await house.reload.check(house.now())
    assert isinstance(outcome, RefusedByQuestions)
    assert outcome.verdict.before is not None
    assert outcome.verdict.after is not None
    assert (outcome.verdict.before.right, outcome.verdict.after.right) == (6, 5)
    shown = [(missed.text, missed.expected, missed.found) for missed in outcome.verdict.missed]
    assert shown == [("klientu centrs bē", "desk (answer)", "desk (unavailable)")]


async def test_a_fall_within_the_limit_does_not(house: House) -> None:
    lose_a_topic(house)
    house.reload.limit = 0.2
    assert isinstance(await house.reload.reload(house.now()), Applied)


async def test_a_dry_run_changes_nothing(house: House) -> None:
    change_phone(house)
    before = house.version
    outcome = await house.reload.check(house.now())
    assert isinstance(outcome, Passed)
    assert outcome.verdict.difference is not None
    assert house.version == before
    assert [held.version for held in house.reload.versions.all()] == [before]
    assert not list((house.data / "versions").glob("*.part"))


async def test_nothing_changed_is_said_at_once(house: House) -> None:
    assert await house.reload.reload(house.now(), house.steps.append) == Unchanged(version=house.version)
    assert house.steps == []


async def test_rolling_back_brings_the_version_before_and_lasts_over_a_restart(house: House, tmp_path: Path) -> None:
    change_phone(house)
    await house.reload.reload(house.now())
    outcome = await house.reload.roll_back(house.now())
    assert isinstance(outcome, Applied)
    assert "65283888" in house.says(POLICE)
    assert "65283888" in opened(tmp_path).says(POLICE)
    assert await house.reload.roll_back(house.now()) == NoVersion(asked="")
    change_phone(house, "+371 65283777")
    assert "65283777" in opened(tmp_path).says(POLICE)


async def test_a_reload_after_rolling_back_takes_the_directory_again(house: House, tmp_path: Path) -> None:
    change_phone(house)
    first = house.version
    await house.reload.reload(house.now())
    await house.reload.roll_back(house.now())
    assert isinstance(await house.reload.reload(house.now()), Applied)
    assert "65283999" in opened(tmp_path).says(POLICE)
    assert isinstance(await house.reload.roll_back(house.now(), first[:8]), Applied)
    assert house.version == first
    assert await house.reload.roll_back(house.now(), "ffffffff") == NoVersion(asked="ffffffff")


async def test_rolling_back_goes_through_the_same_questions(house: House) -> None:
    lose_a_must(house)
    bad = house.reload
    assert isinstance(await bad.reload(house.now(), force=True), Applied)
    worst = house.version
    house.write("questions/q.yaml", little.QUESTIONS)
    assert isinstance(await bad.reload(house.now()), Applied)
    assert isinstance(await bad.roll_back(house.now(), worst), RefusedByQuestions)
    assert isinstance(await bad.roll_back(house.now(), worst, force=True), Applied)


async def test_a_damaged_archive_is_not_gone_back_to(house: House) -> None:
    first = house.version
    change_phone(house)
    await house.reload.reload(house.now())
    house.reload.versions.path(first).write_bytes(b"damaged")
    outcome = await house.reload.roll_back(house.now())
    assert isinstance(outcome, Failed)
    assert first[:8] in outcome.reason
    assert "65283999" in house.says(POLICE)


async def test_two_at_once_come_one_after_the_other(house: House) -> None:
    change_phone(house)
    first, second = await asyncio.gather(
        house.reload.reload(house.now()), house.reload.reload(house.now(), house.steps.append)
    )
    assert isinstance(first, Applied)
    assert second == Unchanged(version=house.version)
    assert house.told == [Step.WAITING]


async def test_messages_meanwhile_are_answered_from_one_version_or_the_other(house: House) -> None:
    house.edit("contacts/aa.yaml", "phones: [+371 65283888]}", "phones: [+371 65283888, +371 65283111]}")
    await house.reload.reload(house.now())
    seen: list[str] = []
    reloading = asyncio.create_task(_reload_with(house, house.reload))
    while not reloading.done():
        seen.append(house.says(POLICE))
        await asyncio.sleep(0)
    seen.append(house.says(POLICE))
    assert isinstance(await reloading, Applied)
    kinds = [("65283888" in text, "65283111" in text, "65283999" in text, "65283222" in text) for text in seen]
    assert set(kinds) == {(True, True, False, False), (False, False, True, True)}
    assert kinds == sorted(kinds, reverse=True)


async def _reload_with(house: House, reload: Reload) -> object:
    house.edit("contacts/aa.yaml", "[+371 65283888, +371 65283111]", "[+371 65283999, +371 65283222]")
    return await reload.reload(house.now())


async def test_a_data_directory_that_cannot_be_written_to_fails_and_changes_nothing(house: House) -> None:
    change_phone(house)
    for path in (house.data / "versions").iterdir():
        path.unlink()
    (house.data / "versions").rmdir()
    (house.data / "versions").write_text("a file where the directory should be", encoding="utf-8")
    outcome = await house.reload.reload(house.now())
    assert isinstance(outcome, Failed)
    assert "65283888" in house.says(POLICE)


async def test_a_directory_that_is_gone_is_refused(house: House) -> None:
    house.reload.directory = house.directory / "gone"
    outcome = await house.reload.reload(house.now())
    assert isinstance(outcome, Refused)
    assert [problem.message for problem in outcome.problems] == ["no such directory"]


async def test_a_cancelled_reload_stops_its_process_and_the_next_one_works(house: House) -> None:
    change_phone(house)
    begun = asyncio.Event()
    task = asyncio.create_task(house.reload.reload(house.now(), lambda _: begun.set()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not list((house.data / "versions").glob("*.part"))
    assert isinstance(await house.reload.reload(house.now()), Applied)


async def test_another_process_follows_whatever_the_questions_say(house: House, tmp_path: Path) -> None:
    other = opened(tmp_path)
    change_phone(house)
    await house.reload.reload(house.now())
    assert isinstance(await other.reload.follow(house.version, other.now()), Applied)
    assert "65283999" in other.says(POLICE)
    assert isinstance(await other.reload.follow(house.version, other.now()), Unchanged)
    assert isinstance(await other.reload.follow("0" * 64, other.now()), NoVersion)


async def test_a_trial_that_ends_without_a_verdict_says_why(tmp_path: Path) -> None:
    request = Request(candidate=tmp_path / "gone.zip", current=None, models=tmp_path, now=NOW)
    with pytest.raises(TrialError, match="FileNotFoundError"):
        await try_out_aside(request, lambda _: None)


async def test_without_the_files_in_use_there_is_nothing_to_compare_with_and_a_must_still_counts(house: House) -> None:
    change_phone(house)
    house.reload.versions.path(house.version).unlink()
    outcome = await house.reload.check(house.now())
    assert isinstance(outcome, Passed)
    assert outcome.verdict.before is None
    assert outcome.verdict.after is not None
    lose_a_must(house)
    assert isinstance(await house.reload.check(house.now()), RefusedByQuestions)


def test_a_trial_that_was_killed_says_so() -> None:
    assert "out of memory" in str(TrialError(-9, ""))
