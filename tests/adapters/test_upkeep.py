"""Losing the machine, and going on: backup, restore and purge, as an operator meets them."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters import wiring
from bot.backup import DATABASE, MANIFEST, back_up
from bot.held import UNFINISHED, InUseError, UnfinishedRestoreError, shared
from bot.messages import ConversationId, IncomingMessage
from bot.restoring import (
    DamagedBackupError,
    NewerBackupError,
    NotEmptyError,
    OtherDatabaseError,
    restore,
)
from bot.settings import Settings
from bot.store import conversations, seen
from bot.store.engine import open_store
from bot.store.prune import Retention, prune, rows_by_table
from bot.store.steps import run
from tests.bot.reloading import House, furnish

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ADMINS = "telegram:ilze"
OLD, NEW = "65283888", "65283999"


class Machine:
    """A machine with Sēlis over the small knowledge. `lost` loses its data directory."""

    def __init__(self, directory: Path) -> None:
        self.house: House = furnish(directory)
        self.data = self.house.data
        self.database = self.data / "selis.sqlite3"
        self.settings = Settings(knowledge_dir=self.house.directory, data_dir=self.data, admins=ADMINS)
        self.number = 0

    def says(self, person: str, text: str) -> IncomingMessage:
        self.number += 1
        of = ConversationId(network="telegram", chat=person, person=person)
        return IncomingMessage(conversation=of, id=f"{self.number}", text=text)

    async def running(self, *said: tuple[str, str], then: Callable[[], Awaitable[None]] | None = None) -> list[str]:
        """The replies of a run."""
        replies = []
        async with wiring.service(self.settings) as service:
            for person, text in said:
                reply = await service.dialogue.respond(self.says(person, text))
                replies.append(reply.text if reply is not None else "")
                await service.dialogue.idle()
            if then is not None:
                await then()
        return replies

    def backed_up(self, file: Path) -> Path:
        back_up(file, self.data, self.database, selis="1", now=NOW)
        return file

    def lost(self) -> None:
        import shutil

        shutil.rmtree(self.data)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere" / "backup"


async def test_a_lost_machine_goes_on_where_it_was(machine: Machine, file: Path) -> None:
    await machine.running(("anna", "/novads aa"), ("anna", "policija"))
    machine.house.edit("contacts/aa.yaml", OLD, NEW)
    crypto = machine.data / "matrix" / "store.db"
    crypto.parent.mkdir()

    async def while_it_runs() -> None:
        writing = sqlite3.connect(crypto)
        writing.execute("PRAGMA journal_mode=WAL")
        writing.execute("CREATE TABLE sessions (id TEXT)")
        writing.execute("INSERT INTO sessions VALUES ('kept')")
        writing.commit()
        (crypto.parent / "seeds.json").write_text("{}")
        machine.backed_up(file)
        writing.execute("INSERT INTO sessions VALUES ('too late')")
        writing.commit()
        writing.close()

    await machine.running(("ilze", "/parladet"), then=while_it_runs)
    assert file.stat().st_mode & 0o777 == 0o600  # noqa: ASYNC240 - nobody waits in a test
    machine.lost()
    done = restore(file, machine.data, machine.database, now=NOW)
    assert (done.replaced, done.with_database) == (None, True)
    held = sqlite3.connect(crypto)
    assert held.execute("SELECT id FROM sessions").fetchall() == [("kept",)]
    held.close()
    assert (crypto.parent / "seeds.json").read_text() == "{}"
    # Home is remembered, what was answered is not answered again, and going back is possible.
    machine.number = 1
    again, home = await machine.running(("anna", "policija"), ("anna", "policija"))
    assert again == ""
    assert NEW in home
    machine.number = 100
    _, after = await machine.running(("ilze", "/atcelt"), ("anna", "policija"))
    assert OLD in after
    assert not (machine.data / UNFINISHED).exists()
    assert not list(machine.data.glob(".restore-*"))


async def test_a_backup_while_messages_are_written_is_whole(machine: Machine, file: Path) -> None:
    async with wiring.service(machine.settings) as service:

        async def talk() -> None:
            for number in range(200):
                person = f"p{number % 20}"
                await service.dialogue.respond(machine.says(person, "policija aa"))

        talking = asyncio.create_task(talk())
        sizes = []
        while not talking.done():
            machine.backed_up(file)
            with zipfile.ZipFile(file) as archive:
                sizes.append(seen_and_replies(archive.read(DATABASE), file.parent / "looked-at"))
            await asyncio.sleep(0)
            await asyncio.sleep(0.01)
        await talking
    # Each message and its reply are one transaction: no backup has one without the other.
    assert len(sizes) > 1
    assert all(seen == replies for seen, replies in sizes), sizes
    assert sizes == sorted(sizes)


def seen_and_replies(database: bytes, file: Path) -> tuple[int, int]:
    file.write_bytes(database)
    held = sqlite3.connect(file)
    try:
        return tuple(held.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("seen", "outbox"))
    finally:
        held.close()


async def test_what_is_there_is_put_aside_and_nothing_of_the_old_log_is_left(machine: Machine, file: Path) -> None:
    await machine.running(("anna", "/novads aa"))
    machine.backed_up(file)
    await machine.running(("anna", "/novads bē"), ("berta", "policija aa"))
    (machine.data / "selis.sqlite3-wal").write_bytes(b"of another time")
    with pytest.raises(NotEmptyError):
        restore(file, machine.data, machine.database, now=NOW)
    done = restore(file, machine.data, machine.database, now=NOW, replace=True)
    assert done.replaced is not None
    assert {path.name for path in done.replaced.iterdir()} >= {"identity.key", "selis.sqlite3", "selis.sqlite3-wal"}
    assert not (machine.data / "selis.sqlite3-wal").exists()
    machine.number = 100
    (reply,) = await machine.running(("anna", "policija"))
    assert OLD in reply


async def test_a_running_bot_is_not_restored_over(machine: Machine, file: Path) -> None:
    async def meanwhile() -> None:
        machine.backed_up(file)
        with pytest.raises(InUseError, match="stop `selis run`"):
            restore(file, machine.data, machine.database, now=NOW, replace=True)

    (reply,) = await machine.running(("anna", "policija aa"), then=meanwhile)
    assert OLD in reply


async def test_what_is_damaged_or_newer_changes_nothing(machine: Machine, file: Path) -> None:
    await machine.running(("anna", "/novads aa"))
    whole = machine.backed_up(file).read_bytes()
    before = snapshot(machine.data)
    key = "data/identity.key"
    spoiled: list[tuple[bytes, type[Exception]]] = [
        (b"", DamagedBackupError),
        (b"no zip at all", DamagedBackupError),
        (whole[: len(whole) // 2], DamagedBackupError),
        (whole[:4000] + bytes([whole[4000] ^ 1]) + whole[4001:], DamagedBackupError),
        (changed(whole, {key: b"another"}), DamagedBackupError),
        (changed(whole, {key: None}), DamagedBackupError),
        (changed(whole, {}, format=2), NewerBackupError),
        (changed(whole, {}, files={"../../evil": "0" * 64, key: "0" * 64}), DamagedBackupError),
        (changed(whole, {}, files={}), DamagedBackupError),
        (changed(whole, {DATABASE: newer(whole, file.parent / "newer")}, digests=True), NewerBackupError),
        (changed(whole, {DATABASE: b"SQLite format 3\0" + b"x" * 5000}, digests=True), DamagedBackupError),
    ]
    for content, error in spoiled:
        file.write_bytes(content)  # noqa: ASYNC240
        with pytest.raises(error):
            restore(file, machine.data, machine.database, now=NOW, replace=True)
    assert snapshot(machine.data) == before
    assert not (file.parent.parent / "evil").exists()


def changed(whole: bytes, members: dict[str, bytes | None], *, digests: bool = False, **manifest: object) -> bytes:
    """A backup with other members (None: without); with `digests` the manifest knows of it."""
    import hashlib

    written = BytesIO()
    with zipfile.ZipFile(BytesIO(whole)) as old, zipfile.ZipFile(written, "w") as new:
        told = json.loads(old.read(MANIFEST)) | manifest
        for name in old.namelist():
            content = members.get(name, old.read(name))
            if content is not None and name != MANIFEST:
                new.writestr(name, content)
                if digests:
                    told["files"][name] = hashlib.sha256(content).hexdigest()
        new.writestr(MANIFEST, json.dumps(told))
    return written.getvalue()


def newer(whole: bytes, file: Path) -> bytes:
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        file.write_bytes(archive.read(DATABASE))
    held = sqlite3.connect(file)
    with held:
        held.execute("UPDATE alembic_version SET version_num = '9999'")
    held.close()
    return file.read_bytes()


def snapshot(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }


async def test_a_restore_that_was_broken_off_is_not_started_on_and_can_be_done_again(
    machine: Machine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await machine.running(("anna", "/novads aa"))
    machine.backed_up(file)
    rename, left = Path.rename, 4

    def power_fails(path: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", power_fails)
    with pytest.raises(KeyboardInterrupt):
        restore(file, machine.data, machine.database, now=NOW, replace=True)
    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(UnfinishedRestoreError, match="selis restore"):
        await machine.running()
    restore(file, machine.data, machine.database, now=NOW + timedelta(minutes=1))
    machine.number = 100
    (reply,) = await machine.running(("anna", "policija"))
    assert OLD in reply


async def test_a_database_elsewhere_goes_along(tmp_path: Path, machine: Machine, file: Path) -> None:
    elsewhere = tmp_path / "disk" / "bot.db"
    machine.settings = replace(machine.settings, database_url=f"sqlite:///{elsewhere}")
    machine.database = elsewhere
    await machine.running(("anna", "/novads aa"))
    machine.backed_up(file)
    machine.lost()
    done = restore(file, machine.data, elsewhere, now=NOW, replace=True)
    assert done.replaced is not None
    assert (done.replaced / "bot.db").exists()
    machine.number = 100
    (reply,) = await machine.running(("anna", "policija"))
    assert OLD in reply


async def test_postgresql_is_left_to_its_own_tools(machine: Machine, file: Path) -> None:
    await machine.running(("anna", "/novads aa"))
    made = back_up(file, machine.data, None, selis="1", now=NOW)
    assert not made.with_database
    with zipfile.ZipFile(file) as archive:
        assert DATABASE not in archive.namelist()
    with pytest.raises(OtherDatabaseError, match="pg_restore"):
        restore(file, machine.data, machine.database, now=NOW, replace=True)
    machine.backed_up(file)
    with pytest.raises(OtherDatabaseError, match="without SELIS_DATABASE_URL"):
        restore(file, machine.data, None, now=NOW, replace=True)


async def test_nothing_of_people_is_kept_longer_than_asked(tmp_path: Path) -> None:
    store = await open_store(None, tmp_path)
    try:
        retention = Retention().at_most(timedelta(days=7))
        assert (retention.conversations, retention.seen, retention.audit) == (
            timedelta(days=7), Retention().seen, Retention().audit,
        )  # fmt: skip
        whose = store.keys.whose(network="telegram", chat="1", person="1")
        async with store.transaction() as connection:
            await conversations.save(connection, whose, conversations.Remembered(), NOW - timedelta(days=8))
            await run(connection, seen.marking(store.keys.event("telegram", "1", "1"), NOW - timedelta(days=2)))
        await prune(store, NOW)
        assert (await rows_by_table(store))["conversations"] == 1
        assert (await prune(store, NOW, retention))["conversations"] == 1
        rows = await rows_by_table(store)
        assert (rows["conversations"], rows["seen"]) == (0, 1)
    finally:
        await store.close()


def test_a_data_directory_that_cannot_be_used_is_told_in_a_line(tmp_path: Path) -> None:
    from bot.held import DataDirError

    (tmp_path / "file").write_text("")
    with pytest.raises(DataDirError, match="set SELIS_DATA_DIR"), shared(tmp_path / "file"):
        pass


def selis(machine: Machine, *arguments: str, given: bytes = b"") -> tuple[int, bytes, str]:
    import os

    kept = {name: value for name, value in os.environ.items() if not name.startswith("SELIS_")}
    done = subprocess.run(
        [sys.executable, "-m", "adapters.cli", *arguments], input=given, capture_output=True, check=False, timeout=120,
        env=kept | {"SELIS_DATA_DIR": str(machine.data), "SELIS_KNOWLEDGE_DIR": str(machine.house.directory)},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr.decode()


async def test_the_commands(machine: Machine, file: Path) -> None:
    await machine.running(("anna", "/novads aa"))
    code, streamed, told = selis(machine, "backup", "-")
    assert (code, "keep it as a secret" in told) == (0, True)
    code, _, told = selis(machine, "backup", str(machine.data / "b"))
    assert (code, len(told.splitlines())) == (2, 1)
    code, _, told = selis(machine, "restore", str(file))
    assert (code, len(told.splitlines()), "Traceback" in told) == (2, 1, False)
    machine.lost()
    code, said, told = selis(machine, "restore", "-", given=streamed)
    assert (code, told) == (0, "")
    assert said.startswith(b"restored ")
    code, said, _ = selis(machine, "restore", "--replace", "-", given=streamed)
    assert (code, b"`selis purge` deletes it" in said) == (0, True)
    code, said, _ = selis(machine, "purge", "--older-than", "1")
    assert code == 0
    assert said.decode().splitlines()[0] == "seen: 0 deleted"
    assert said.decode().splitlines()[-1] == "put aside by restores: 1 deleted"
    assert selis(machine, "health")[0] == 1
