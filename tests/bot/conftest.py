"""Stores to test with: each test gets an empty database of its own, once in SQLite and once in PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.engine import Store, open_store
from tests.postgres import Cluster, NoPostgresError


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server with a database `made` that has the tables already."""
    try:
        server = Cluster()
    except NoPostgresError as error:
        pytest.skip(str(error))
    try:
        server.sql("CREATE DATABASE made")
        asyncio.run(_make_tables(server.url("made"), server.directory))
        yield server
    finally:
        server.close()


async def _make_tables(url: str, directory: Path) -> None:
    store = await open_store(url, directory / "keys")
    async with store.transaction() as connection:
        await connection.exec_driver_sql("DELETE FROM bookmarks")
    await store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables, one of each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'selis.sqlite3'}"
    server: Cluster = request.getfixturevalue("cluster")
    return server.new_database()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database, one of each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'selis.sqlite3'}"
    server: Cluster = request.getfixturevalue("cluster")
    return server.new_database("made")


@pytest_asyncio.fixture
async def store(url: str, tmp_path: Path) -> AsyncIterator[Store]:
    """An open store, one of each engine."""
    opened = await open_store(url, tmp_path)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def file_store(tmp_path: Path) -> AsyncIterator[Store]:
    """An open store in a file of SQLite."""
    opened = await open_store(None, tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def files(tmp_path: Path) -> Callable[[], bytes]:
    """All bytes of the database's files: the file itself, its log and what else lies beside them, but for the key."""
    return lambda: b"".join(path.read_bytes() for path in tmp_path.glob("selis.sqlite3*"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A directory with room for a megabyte and a half."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1536k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a small disk")
    yield place
    # Lazily: a test that failed may have left a file open.
    subprocess.run(["umount", "--lazy", str(place)], check=True)
