"""`selis health`: asks the process that runs here whether people can be answered."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass
from pathlib import Path

from adapters import local
from bot.settings import Settings

_PATIENCE_SECONDS = 8.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what a server listens at, turned into what to ask
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """Whether people can be answered, and one line about it."""

    ready: bool
    line: str


def probe(settings: Settings) -> Probed:
    """Ask /readyz, at the port where one is set and through the data directory where none is."""
    try:
        told = _asked(settings)
    except (OSError, http.client.HTTPException, ValueError) as error:
        where = f"{settings.http_host}:{settings.http_port}" if settings.http_port else str(settings.data_dir)
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return Probed(ready=False, line=f"no answer at {where}: {detail}: is `selis run` running?")
    if told.get("ready") is True:
        networks = told.get("networks")
        return Probed(ready=True, line=f"ready: {', '.join(networks) if isinstance(networks, dict) else ''}")
    why = told.get("reasons")
    reasons = "; ".join(map(str, why)) if isinstance(why, list) else "no reason told"
    return Probed(ready=False, line=f"not ready: {reasons}")


def _asked(settings: Settings) -> dict[str, object]:
    connection = _Connection(settings)
    try:
        connection.request("GET", "/readyz")
        told = json.loads(connection.getresponse().read(_MOST_BYTES))
    finally:
        connection.close()
    if not isinstance(told, dict):
        raise ValueError("the answer is not Sēlis's")
    return told


class _Connection(http.client.HTTPConnection):
    """To the port, or through the data directory."""

    def __init__(self, settings: Settings) -> None:
        host = _EVERYWHERE.get(settings.http_host, settings.http_host)
        super().__init__(host, settings.http_port, timeout=_PATIENCE_SECONDS)
        self._directory: Path | None = None if settings.http_port else settings.data_dir

    def connect(self) -> None:
        """Connect."""
        if self._directory is None:
            super().connect()
        else:
            self.sock: socket.socket = local.connected(self._directory, _PATIENCE_SECONDS)
