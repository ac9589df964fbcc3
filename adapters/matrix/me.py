"""Who Sēlis is on Matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

NETWORK = "matrix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The bot's account. `knows` tells whether a text is a command of Sēlis's, written with a slash.

    `user_id` is the full id ("@selis:example.org"), `display_name` that of the profile, empty where there is none.
    """

    user_id: str
    device_id: str
    knows: Callable[[str], bool]
    display_name: str = ""

    @property
    def localpart(self) -> str:
        """The id without its sign and its server."""
        return self.user_id.removeprefix("@").partition(":")[0]

    @property
    def server(self) -> str:
        """The name of the server the account lives on, with its port where it has one."""
        return server_of(self.user_id)


def server_of(name: str) -> str:
    """The server in an id of a person or an old room; empty where it names none."""
    return name.partition(":")[2]
