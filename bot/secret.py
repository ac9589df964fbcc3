"""A value that must never be read in a log."""

from __future__ import annotations


class Secret:
    """Shows as stars wherever it is printed; `get_secret_value` tells it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        """What is kept secret."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('**********')"
