"""What can go wrong with the database, told apart by what to do about it."""

from __future__ import annotations

from enum import StrEnum

from bot.errors import SelisError


class Trouble(StrEnum):
    """Why the database did not take something."""

    LOCKED = "locked"
    """Another process held it for longer than we wait."""
    FULL = "full"
    """No room on the disk, or the disk cannot be written."""
    GONE = "gone"
    """The file or the server is not there, or does not let us in."""
    OTHER = "other"


class StoreError(SelisError):
    """Base of all errors of the store."""


class StoreUnavailableError(StoreError):
    """The database does not answer now; nothing of the transaction was kept.

    It may well answer later: leave the message unacknowledged and try again. `detail` is what the driver said.
    """

    def __init__(self, trouble: Trouble, detail: str) -> None:
        self.trouble = trouble
        self.detail = detail
        super().__init__(f"the database does not answer ({trouble.value}): {detail}")


class DatabaseUrlError(StoreError):
    """A database address that cannot be used. `url` has no password in it."""

    def __init__(self, url: str, problem: str) -> None:
        self.url = url
        super().__init__(f"SELIS_DATABASE_URL {url}: {problem}")


class NewerSchemaError(StoreError):
    """The tables were made by a Sēlis that this one does not know. `found` and `known` are schema versions."""

    def __init__(self, url: str, found: str, known: str) -> None:
        self.found = found
        self.known = known
        super().__init__(
            f"the database {url} has schema {found}, and this Sēlis knows schemas up to {known}: "
            f"start the newer Sēlis again, or restore a backup made before it was started"
        )


class KeyFileError(StoreError):
    """The key of the hashes cannot be used. `path` is its file."""

    def __init__(self, path: str, problem: str) -> None:
        self.path = path
        super().__init__(f"{path}: {problem}")
