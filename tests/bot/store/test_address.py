"""SELIS_DATABASE_URL is understood as operators write it, and its password is never shown."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.store.address import parse_url, shown, sqlite_file
from bot.store.errors import DatabaseUrlError, Trouble
from bot.store.trouble import diagnose

DATA = Path("/data")


def test_by_default_it_is_a_file_in_the_data_directory() -> None:
    for nothing in (None, ""):
        assert sqlite_file(parse_url(nothing, DATA)) == DATA / "selis.sqlite3"


@pytest.mark.parametrize(
    ("text", "file"),
    [("sqlite:////a/b.db", "/a/b.db"), ("sqlite+aiosqlite:////a/b.db", "/a/b.db"), ("sqlite:///b.db", "b.db")],
)
def test_a_file_of_sqlite(text: str, file: str) -> None:
    assert sqlite_file(parse_url(text, DATA)) == Path(file).absolute()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_a_server(scheme: str) -> None:
    url = parse_url(f"{scheme}://u:p@h:5433/n?sslmode=require", DATA)
    assert url.drivername == "postgresql+asyncpg"
    assert (url.host, url.port, url.database, dict(url.query)) == ("h", 5433, "n", {"ssl": "require"})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("nonsense", "is no address"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("mysql://root:hush@h/n", "neither SQLite nor PostgreSQL"),
        ("postgresql+psycopg2://root:hush@h/n", "neither SQLite nor PostgreSQL"),
        ("postgresql://u:hush@h:port/n", "is no address"),
    ],
)
def test_what_cannot_be_used_is_told_without_its_password(text: str, problem: str) -> None:
    with pytest.raises(DatabaseUrlError, match=problem) as caught:
        parse_url(text, DATA)
    assert "hush" not in str(caught.value)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DatabaseUrlError, match=r"pip install 'selis\[postgres\]'"):
        parse_url("postgresql://u:hush@h/n", DATA)


def test_passwords_are_hidden_wherever_they_stand() -> None:
    url = parse_url("postgresql://u:hush@h/n?password=hush2", DATA)
    assert "hush" not in shown(url)
    error = OperationalError("SELECT", {}, Exception("login as u with hush or hush2 failed\nDETAIL: row (1, secret)"))
    trouble = diagnose(error, url)
    assert trouble.trouble is Trouble.OTHER
    for word in ("hush", "secret"):
        assert word not in str(trouble)


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        ("53100", Trouble.FULL),
        ("53300", Trouble.GONE),
        ("55P03", Trouble.LOCKED),
        ("40P01", Trouble.LOCKED),
        ("57P01", Trouble.GONE),
        ("08006", Trouble.GONE),
        ("28P01", Trouble.GONE),
        ("42601", Trouble.OTHER),
    ],
)
def test_states_of_the_server_are_told_apart(state: str, trouble: Trouble) -> None:
    class ServerError(Exception):
        sqlstate = state

    error = OperationalError("SELECT", {}, ServerError("…"))
    assert diagnose(error, parse_url(None, DATA)).trouble is trouble


@pytest.mark.parametrize("error", [ConnectionRefusedError(), TimeoutError(), OSError("no route")])
def test_a_server_that_is_not_reached_is_gone(error: Exception) -> None:
    assert diagnose(error, parse_url(None, DATA)).trouble is Trouble.GONE
