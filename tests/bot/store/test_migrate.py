"""The tables are made once, compared with the code, and a newer schema is left alone."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.store.engine import Store, open_store
from bot.store.errors import KeyFileError, NewerSchemaError, StoreUnavailableError
from bot.store.migrate import MIGRATIONS, _upgrade
from bot.store.schema import SCHEMA, metadata


def described(directory: Path) -> dict[str, list[tuple[object, ...]]]:
    """The columns, keys and indexes of every table of an SQLite database."""
    with closing(sqlite3.connect(directory / "selis.sqlite3")) as held:
        tables = [name for (name,) in held.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        found = {name: held.execute(f"PRAGMA table_xinfo({name})").fetchall() for name in tables}
        for name in tables:
            indexes = held.execute(f"PRAGMA index_list({name})").fetchall()
            for _, index, unique, origin, _ in sorted(indexes, key=lambda one: one[1]):
                columns = held.execute(f"PRAGMA index_xinfo({index})").fetchall()
                found[name] += [(index, unique, origin), *columns]
            found[name] += held.execute(f"PRAGMA foreign_key_list({name})").fetchall()
        return found


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


@pytest.fixture
def by_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty database goes the way of an old one."""
    monkeypatch.setattr("bot.store.migrate._make", _upgrade)


async def test_a_new_database_has_the_tables_and_the_mark_of_the_newest_migration(
    empty_url: str, tmp_path: Path
) -> None:
    store = await open_store(empty_url, tmp_path)
    async with store.transaction() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.run_sync(lambda c: MigrationContext.configure(c).get_current_revision()) == SCHEMA
    await store.close()


@pytest.mark.usefixtures("by_migrations")
async def test_migrations_make_the_tables_that_the_code_uses(empty_url: str, tmp_path: Path) -> None:
    store = await open_store(empty_url, tmp_path)
    async with store.transaction() as connection:
        assert await connection.run_sync(differences) == []
    await store.close()


async def test_migrations_and_the_code_make_the_same_to_the_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await open_store(None, tmp_path / "made")).close()
    monkeypatch.setattr("bot.store.migrate._make", _upgrade)
    await (await open_store(None, tmp_path / "migrated")).close()
    assert described(tmp_path / "made") == described(tmp_path / "migrated")


async def test_special_ways_of_sqlite_are_in_the_tables(file_store: Store, tmp_path: Path) -> None:
    made = sqlite3.connect(tmp_path / "selis.sqlite3")
    sql = dict(made.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    made.close()
    for table in metadata.sorted_tables:
        assert ("WITHOUT ROWID" in sql[table.name]) == (not table.dialect_options["sqlite"]["with_rowid"]), table.name
        assert ("AUTOINCREMENT" in sql[table.name]) == table.dialect_options["sqlite"]["autoincrement"], table.name


def test_the_schema_named_in_the_code_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [SCHEMA]


async def test_several_processes_may_start_on_an_empty_database(empty_url: str, tmp_path: Path) -> None:
    stores = await asyncio.gather(*(open_store(empty_url, tmp_path) for _ in range(4)))
    assert len({store.keys.fingerprint for store in stores}) == 1
    for store in stores:
        await store.close()


async def test_a_newer_schema_is_refused_with_what_to_do(url: str, tmp_path: Path) -> None:
    store = await open_store(url, tmp_path)
    async with store.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()
    with pytest.raises(
        NewerSchemaError, match=r"schema 9999.*start the newer Sēlis again, or restore a backup"
    ) as caught:
        await open_store(url, tmp_path)
    assert (caught.value.found, caught.value.known) == ("9999", SCHEMA)


@pytest.mark.usefixtures("by_migrations")
async def test_a_migration_that_fails_leaves_nothing(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alembic.op.create_index", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await open_store(empty_url, tmp_path)
    monkeypatch.undo()
    await (await open_store(empty_url, tmp_path)).close()


async def test_another_key_file_is_noticed(url: str, tmp_path: Path) -> None:
    await (await open_store(url, tmp_path / "a")).close()
    with pytest.raises(KeyFileError, match="not the key this database was written with: restore it"):
        await open_store(url, tmp_path / "b")
    await (await open_store(url, tmp_path / "a")).close()


async def test_a_directory_that_cannot_be_made_is_an_error_to_wait_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailableError):
        await open_store(f"sqlite:///{tmp_path}/file/selis.sqlite3", tmp_path)


async def test_a_directory_with_odd_signs_in_its_name_is_used(tmp_path: Path) -> None:
    odd = tmp_path / "sēlis 100% #1?x&y"
    await (await open_store(None, odd)).close()
    assert (odd / "selis.sqlite3").stat().st_mode & 0o777 == 0o600
