"""`selis health`: asks the process that runs here whether people can be answered."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass

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
    """Ask at the port where one is set, and through the data directory where none is."""
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
    told = json.loads(_at_port(settings) if settings.http_port else local.asked(settings.data_dir, _PATIENCE_SECONDS))
    if not isinstance(told, dict):
        raise ValueError("the answer is not Sēlis's")
    return told


def _at_port(settings: Settings) -> bytes:
    host = _EVERYWHERE.get(settings.http_host, settings.http_host)
    connection = http.client.HTTPConnection(host, settings.http_port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().read(_MOST_BYTES)
    finally:
        connection.close()
