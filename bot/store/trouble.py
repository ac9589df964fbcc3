"""What a driver's error means, in words that hold no data."""

from __future__ import annotations

import sqlite3

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.store.errors import StoreUnavailableError, Trouble
from bot.store.postgres import is_driver_error

_SQLITE = {
    "SQLITE_BUSY": Trouble.LOCKED,
    "SQLITE_LOCKED": Trouble.LOCKED,
    "SQLITE_FULL": Trouble.FULL,
    "SQLITE_IOERR": Trouble.FULL,
    "SQLITE_READONLY": Trouble.FULL,
    "SQLITE_CANTOPEN": Trouble.GONE,
    "SQLITE_NOTADB": Trouble.GONE,
    "SQLITE_CORRUPT": Trouble.GONE,
}
# Classes of SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES = {
    "55P03": Trouble.LOCKED,
    "40": Trouble.LOCKED,
    "53100": Trouble.FULL,
    "53": Trouble.GONE,
    "25006": Trouble.FULL,
    "08": Trouble.GONE,
    "28": Trouble.GONE,
    "3D": Trouble.GONE,
    "57": Trouble.GONE,
    "58": Trouble.GONE,
}

_CONSTRAINTS = "23"


def is_of_database(error: BaseException) -> bool:
    """Whether an error tells that the database failed, and not that a row or the program is wrong."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, IntegrityError) or isinstance(origin, sqlite3.IntegrityError):
        return False
    if is_driver_error(error):
        return str(getattr(error, "sqlstate", None) or "")[:2] != _CONSTRAINTS
    return isinstance(error, DBAPIError | sqlite3.Error | OSError | TimeoutError)


def diagnose(error: BaseException, url: URL) -> StoreUnavailableError:
    """The trouble that a driver's error, or SQLAlchemy's around it, stands for."""
    origin: BaseException = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    detail = _detail(origin, url)
    if isinstance(origin, sqlite3.Error):
        return StoreUnavailableError(_of_sqlite(origin), detail)
    state = str(getattr(origin, "sqlstate", None) or getattr(origin, "pgcode", None) or "")
    known = _POSTGRES.get(state) or _POSTGRES.get(state[:2])
    if known is None:
        # asyncpg says InterfaceError of a connection that died while nobody looked, and has no state for it.
        lost = isinstance(error, OSError | TimeoutError) or (is_driver_error(error) and not state)
        lost = lost or getattr(error, "connection_invalidated", False)
        known = Trouble.GONE if lost else Trouble.OTHER
    return StoreUnavailableError(known, detail)


def _of_sqlite(error: sqlite3.Error) -> Trouble:
    name = getattr(error, "sqlite_errorname", "") or ""
    # Extended codes have more after the name: SQLITE_IOERR_WRITE.
    found = next((trouble for code, trouble in _SQLITE.items() if name.startswith(code)), None)
    if found is None and "unable to open" in str(error):
        return Trouble.GONE
    return found or Trouble.OTHER


def _detail(error: BaseException, url: URL) -> str:
    """The first line of what the driver said: further lines may show a row."""
    first = (str(error).splitlines() or [""])[0] or type(error).__name__
    for secret in filter(None, (url.password, *(url.query.get(name) for name in url.query if "pass" in name))):
        first = first.replace(str(secret), "***")
    return first
