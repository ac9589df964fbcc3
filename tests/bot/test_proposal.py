"""Knowledge as a message: a file finds its place by name alone, and is written only when an admin says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.proposal import MAX_BYTES, placed, write_file
from bot.propose import Propose, Proposed
from bot.reload_outcomes import (
    Applied,
    Failed,
    NoProposal,
    NotPlaced,
    Passed,
    Refused,
    RefusedByQuestions,
    Unchanged,
    Why,
)
from tests.bot import little
from tests.bot.reloading import House, furnish

POLICE = "policija aa"
FILES = little.whole()
NEW = little.CONTACTS_AA.replace("65283888", "65283999").encode()


@pytest.fixture
def house(tmp_path: Path) -> House:
    return furnish(tmp_path)


@pytest.fixture
def propose(house: House) -> Propose:
    return Propose(reload=house.reload)


@pytest.mark.parametrize("name", ["contacts/aa.yaml", "aa.yaml", "aa (1).yaml", "aa(2).yaml", " aa.yaml "])
def test_a_file_is_placed_by_its_path_or_its_name(name: str) -> None:
    assert placed(name, NEW, FILES) == "contacts/aa.yaml"


def test_of_two_with_one_name_the_one_of_its_kind_is_meant() -> None:
    assert placed("lv.yaml", FILES["words/lv.yaml"], FILES) == "words/lv.yaml"
    assert placed("lv.yaml", FILES["texts/lv.yaml"], FILES) == "texts/lv.yaml"
    found = placed("lv.yaml", b"language: [", FILES)
    assert found == NotPlaced(name="lv.yaml", why=Why.SEVERAL, names=("texts/lv.yaml", "words/lv.yaml"))


@pytest.mark.parametrize(
    "name",
    [
        "../contacts/aa.yaml",
        "contacts/../contacts/aa.yaml",
        "/etc/passwd",
        "..\\aa.yaml",
        "contacts\\aa.yaml",
        "aa.yaml\0",
        "./aa.yaml",
        "new.yaml",
        "contacts/new.yaml",
        "aa.yml",
        "",
        ".",
        "x" * 5000,
    ],
)
def test_any_other_name_is_refused(name: str) -> None:
    found = placed(name, NEW, FILES)
    assert isinstance(found, NotPlaced)
    assert found.why is Why.UNKNOWN
    assert "contacts/aa.yaml" in found.names


def test_a_huge_or_an_empty_file_is_refused_before_it_is_read() -> None:
    assert placed("aa.yaml", b"#" * (MAX_BYTES + 1), FILES) == NotPlaced(name="aa.yaml", why=Why.TOO_LARGE)
    assert placed("aa.yaml", b" \n", FILES) == NotPlaced(name="aa.yaml", why=Why.EMPTY)


async def test_a_file_is_shown_then_applied(house: House, propose: Propose) -> None:
    before = house.version
    offered = await propose.offer("telegram:1", "aa.yaml", NEW, house.now())
    assert isinstance(offered, Proposed)
    assert offered.name == "contacts/aa.yaml"
    assert isinstance(offered.outcome, Passed)
    assert offered.outcome.verdict.difference is not None
    assert [change.id for change in offered.outcome.verdict.difference.changes] == ["contact/aa/police"]
    assert "65283888" in house.says(POLICE)
    assert (house.directory / "contacts/aa.yaml").read_bytes() != NEW
    outcome = await propose.apply("telegram:1", offered.key, house.now())
    assert isinstance(outcome, Applied)
    assert "65283999" in house.says(POLICE)
    assert (house.directory / "contacts/aa.yaml").read_bytes() == NEW
    assert house.reload.versions.read(before) == FILES
    assert await house.reload.reload(house.now()) == Unchanged(version=house.version)
    assert await propose.apply("telegram:1", offered.key, house.now()) == NoProposal()


async def test_after_an_hour_it_is_forgotten(house: House, propose: Propose) -> None:
    offered = await propose.offer("telegram:1", "aa.yaml", NEW, house.clock)
    assert isinstance(offered, Proposed)
    late = house.clock + timedelta(hours=1, seconds=1)
    assert await propose.apply("telegram:1", offered.key, late) == NoProposal()
    assert (house.directory / "contacts/aa.yaml").read_bytes() != NEW


async def test_only_who_sent_it_applies_it_and_only_the_last(house: House, propose: Propose) -> None:
    first = await propose.offer("telegram:1", "aa.yaml", NEW, house.now())
    assert isinstance(first, Proposed)
    assert await propose.apply("telegram:2", first.key, house.now()) == NoProposal()
    second = await propose.offer("telegram:1", "aa.yaml", NEW.replace(b"65283999", b"65283777"), house.now())
    assert isinstance(second, Proposed)
    assert await propose.apply("telegram:1", first.key, house.now()) == NoProposal()
    assert isinstance(await propose.apply("telegram:1", second.key, house.now()), Applied)
    assert "65283777" in house.says(POLICE)


async def test_what_is_wrong_with_it_is_told_with_its_line(house: House, propose: Propose) -> None:
    offered = await propose.offer("telegram:1", "aa.yaml", NEW.replace(b"+371 65283999", b"+371 6"), house.now())
    assert isinstance(offered, Proposed)
    assert isinstance(offered.outcome, Refused)
    assert [(p.file, p.line) for p in offered.outcome.problems] == [("contacts/aa.yaml", 6)]
    assert offered.key == ""


async def test_a_file_that_is_not_utf8_is_refused(house: House, propose: Propose) -> None:
    offered = await propose.offer("telegram:1", "aa.yaml", little.CONTACTS_AA.encode("utf-16"), house.now())
    assert isinstance(offered, Proposed)
    assert isinstance(offered.outcome, Refused)
    assert [p.message for p in offered.outcome.problems] == ["save the file as UTF-8"]


async def test_it_is_tried_with_the_rest_of_the_directory(house: House, propose: Propose) -> None:
    gone = NEW.replace(b"- {id: police,", b"- {id: policemen,")
    offered = await propose.offer("telegram:1", "aa.yaml", gone, house.now())
    assert isinstance(offered, Proposed)
    assert isinstance(offered.outcome, Refused)
    assert [p.file for p in offered.outcome.problems] == ["questions/q.yaml"]


async def test_where_the_questions_speak_against_it_force_is_needed(house: House, propose: Propose) -> None:
    worse = FILES["questions/q.yaml"].replace(b"place: aa, entries: [contact/aa/police]", b"place: bb")
    offered = await propose.offer("telegram:1", "q.yaml", worse, house.now())
    assert isinstance(offered, Proposed)
    assert isinstance(offered.outcome, RefusedByQuestions)
    assert isinstance(await propose.apply("telegram:1", offered.key, house.now()), RefusedByQuestions)
    assert (house.directory / "questions/q.yaml").read_bytes() == FILES["questions/q.yaml"]
    outcome = await propose.apply("telegram:1", offered.key, house.now(), force=True)
    assert isinstance(outcome, Applied)
    assert outcome.forced
    assert (house.directory / "questions/q.yaml").read_bytes() == worse


async def test_what_stood_in_the_directory_is_kept_even_if_it_was_never_in_use(house: House, propose: Propose) -> None:
    house.edit("contacts/aa.yaml", "65207081", "65207082")
    offered = await propose.offer("telegram:1", "aa.yaml", NEW, house.now())
    assert isinstance(offered, Proposed)
    await propose.apply("telegram:1", offered.key, house.now())
    kept = [house.reload.versions.read(held.version)["contacts/aa.yaml"] for held in house.reload.versions.all()]
    assert any(b"65207082" in content for content in kept)


async def test_the_same_file_again_changes_nothing(house: House, propose: Propose) -> None:
    offered = await propose.offer("telegram:1", "aa.yaml", FILES["contacts/aa.yaml"], house.now())
    assert isinstance(offered, Proposed)
    assert offered.outcome == Unchanged(version=house.version)


async def test_a_link_out_of_the_directory_is_not_written_through(
    house: House, propose: Propose, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.yaml"
    (house.directory / "contacts/aa.yaml").rename(outside)
    (house.directory / "contacts/aa.yaml").symlink_to(outside)
    before = house.version
    offered = await propose.offer("telegram:1", "aa.yaml", NEW, house.now())
    assert isinstance(offered, Proposed)
    outcome = await propose.apply("telegram:1", offered.key, house.now())
    assert isinstance(outcome, Failed)
    assert "leads out of the knowledge directory" in outcome.reason
    assert outside.read_bytes() == FILES["contacts/aa.yaml"]
    assert house.version == before


def test_a_file_is_written_whole_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    write_file(tmp_path, "a.yaml", b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [held.name for held in tmp_path.iterdir()] == ["a.yaml"]
    with pytest.raises(OSError, match="leads out"):
        write_file(tmp_path, "../a.yaml", b"new")
