"""The versions an admin can go back to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.versions import KEPT, VersionError, Versions
from knowledge.files import version_of

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def files(number: int) -> dict[str, bytes]:
    return {"contacts/aa.yaml": f"number: {number}\n".encode(), "texts/lv.yaml": "čau".encode()}


def kept(directory: Path, numbers: range) -> tuple[Versions, list[str]]:
    versions = Versions(directory=directory / "versions")
    for number in numbers:
        versions.keep(files(number), NOW + number * DAY)
        versions.use(version_of(files(number)))
    return versions, [version_of(files(number)) for number in numbers]


def test_a_version_comes_back_as_it_was(tmp_path: Path) -> None:
    versions, (name,) = kept(tmp_path, range(1))
    assert versions.read(name) == files(0)
    assert [(held.version, held.at, held.active) for held in versions.all()] == [(name, NOW, True)]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    versions, _ = kept(tmp_path, range(1))
    assert versions.directory.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in versions.directory.iterdir()} == {0o600}


def test_the_last_ten_are_kept_and_the_one_in_use_always(tmp_path: Path) -> None:
    versions, names = kept(tmp_path, range(3))
    versions.use(names[0])
    for number in range(3, 15):
        versions.keep(files(number), NOW + number * DAY)
    found = [held.version for held in versions.all()]
    assert found == [version_of(files(number)) for number in range(14, 14 - KEPT, -1)] + [names[0]]
    assert versions.active == names[0]


def test_going_back_twice_goes_two_back(tmp_path: Path) -> None:
    versions, (a, b, c) = kept(tmp_path, range(3))
    assert (versions.active, versions.before) == (c, b)
    versions.use(b)
    assert (versions.active, versions.before) == (b, a)
    versions.use(a)
    assert (versions.active, versions.before) == (a, None)


def test_what_was_gone_back_from_is_not_come_back_to(tmp_path: Path) -> None:
    versions, (_, b, _) = kept(tmp_path, range(3))
    versions.use(b)
    versions.keep(files(7), NOW + 7 * DAY)
    versions.use(version_of(files(7)))
    assert versions.before == b


def test_a_start_after_going_back_takes_that_version_until_the_directory_is_mended(tmp_path: Path) -> None:
    versions, (a, b) = kept(tmp_path, range(2))
    versions.use(a, left=b)
    assert versions.to_start_with(files(1)) == files(0)
    assert versions.to_start_with(files(2)) == files(2)
    versions.use(b)
    assert versions.to_start_with(files(1)) == files(1)


def test_a_version_is_named_by_its_first_letters(tmp_path: Path) -> None:
    versions, (name, _) = kept(tmp_path, range(2))
    assert versions.named(name[:8]) == name
    assert versions.named(name[:8].upper()) == name
    assert versions.named(name[:2]) is None
    assert versions.named("") is None


@pytest.mark.parametrize("damage", [b"", b"no archive", None])
def test_a_damaged_archive_is_said_to_be_one(tmp_path: Path, damage: bytes | None) -> None:
    versions, (first, second) = kept(tmp_path, range(2))
    path = versions.path(first)
    path.write_bytes(damage if damage is not None else versions.path(second).read_bytes())
    with pytest.raises(VersionError, match=first[:8]):
        versions.read(first)


def test_an_unknown_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VersionError):
        Versions(directory=tmp_path / "none").read("0" * 64)
    assert Versions(directory=tmp_path / "none").all() == ()


def test_a_damaged_note_of_the_version_in_use_is_as_none(tmp_path: Path) -> None:
    versions, _ = kept(tmp_path, range(1))
    for damage in (b"", b"{", b"[]", b'{"line": 3, "left": ""}'):
        (versions.directory / "active.json").write_bytes(damage)
        assert versions.active is None
        assert versions.before is None


def test_half_written_files_of_a_killed_process_go_after_a_day(tmp_path: Path) -> None:
    versions, _ = kept(tmp_path, range(1))
    part = versions.stage(files(5))
    now = datetime.fromtimestamp(part.stat().st_mtime, UTC)
    versions.keep(files(1), now + timedelta(hours=1))
    assert part.exists()
    versions.keep(files(2), now + timedelta(hours=25))
    assert not part.exists()
