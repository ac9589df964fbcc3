"""SELIS_DATABASE_URL, as operators write it, turned into what SQLAlchemy takes."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.store.errors import DatabaseUrlError

DEFAULT_FILE = "selis.sqlite3"
_POSTGRES = {"postgres", "postgresql", "postgresql+asyncpg"}
_SQLITE = {"sqlite", "sqlite+aiosqlite"}


def parse_url(text: str | None, data_dir: Path) -> URL:
    """The database to use; a file in the data directory where no address is set.

    Raises:
        DatabaseUrlError: neither SQLite nor PostgreSQL, no file named, or the driver is not installed.
    """
    if not text:
        return _sqlite(data_dir / DEFAULT_FILE)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        problem = "is no address: write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
        raise DatabaseUrlError("", problem) from None
    if url.drivername in _SQLITE:
        if not url.database or url.database == ":memory:":
            raise DatabaseUrlError(shown(url), "names no file: write sqlite:////path/of/file")
        return _sqlite(Path(url.database))
    if url.drivername in _POSTGRES:
        return _postgres(url)
    raise DatabaseUrlError(shown(url), "is neither SQLite nor PostgreSQL: write sqlite:///FILE or postgresql://…")


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database, None for PostgreSQL."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def opening(url: URL) -> URL:
    """The address for connecting. An SQLite file that has gone is missed, and not silently made anew and empty."""
    file = sqlite_file(url)
    if file is None:
        return url
    return url.set(database=f"file:{quote(str(file))}", query={"uri": "true", "mode": "rw"})


def shown(url: URL) -> str:
    """The address without passwords, for logs and errors."""
    hidden = url.set(query={name: "***" if "pass" in name else value for name, value in url.query.items()})
    return hidden.render_as_string(hide_password=True)


def _sqlite(file: Path) -> URL:
    return URL.create("sqlite+aiosqlite", database=str(file.expanduser().absolute()))


def _postgres(url: URL) -> URL:
    if importlib.util.find_spec("asyncpg") is None:
        raise DatabaseUrlError(shown(url), "needs a driver that is not installed: pip install 'selis[postgres]'")
    url = url.set(drivername="postgresql+asyncpg")
    mode = url.query.get("sslmode")
    # libpq's name for what asyncpg calls ssl; hosting companies hand out addresses with it.
    return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode}) if mode else url
