"""Errors an operator can mend; each says what to do."""

from __future__ import annotations


class SelisError(Exception):
    """Base of the errors that end a command with one line instead of a traceback."""


class SettingsError(SelisError):
    """A setting that cannot be used. `name` is the environment variable."""

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        super().__init__(f"{name}: {problem}")


class UnknownPlaceError(SelisError):
    """A place name that is none of a covered municipality."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        super().__init__(f"unknown place {name!r}: use one of {', '.join(known)}, or a town or parish of theirs")
