"""Finding a homeserver by the name of its server (specification, "Well-known URI")."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import aiohttp

from adapters.matrix.errors import NoHomeserverError, UnreachableError

_WELL_KNOWN = "/.well-known/matrix/client"
_SECONDS = 15


async def homeserver(named: str | None, user_id: str, known: str | None = None) -> str:
    """The address of the homeserver, without a slash at its end.

    `named` is its address or its server's name. `known` is what was found before: the page that tells it may be away
    while the homeserver is there.

    Raises:
        NoHomeserverError: there is none.
        UnreachableError: nobody answers.
    """
    name = named or user_id.partition(":")[2]
    address = (name if "://" in name else f"https://{name}").rstrip("/")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as http:
        pointed = _pointed(await _json(http, address + _WELL_KNOWN), address, name)
        silent = True
        for candidate in (pointed or address, known):
            if candidate is not None:
                said = await _json(http, candidate + "/_matrix/client/versions")
                if isinstance(said, dict) and isinstance(said.get("versions"), list):
                    return candidate
                silent = silent and said is None
    if silent:
        raise UnreachableError(f"nobody answers for {name}; is SELIS_MATRIX_HOMESERVER right?")
    raise NoHomeserverError(name, "what answers there does not speak Matrix")


def _pointed(said: Any, address: str, name: str) -> str | None:
    """The address that a server's name points to; None where the server says nothing about it."""
    if not isinstance(said, dict) or "m.homeserver" not in said:
        return None
    told = said["m.homeserver"]
    base = told.get("base_url") if isinstance(told, dict) else None
    split = urlsplit(base) if isinstance(base, str) else None
    # A page that came encrypted does not lead to where nothing is.
    if split is None or not split.netloc or split.scheme not in ("https", urlsplit(address).scheme):
        raise NoHomeserverError(name, f"its {_WELL_KNOWN} names no address")
    return str(base).rstrip("/")


async def _json(http: aiohttp.ClientSession, url: str) -> Any:
    """What stands at an address: False where it is nothing of Matrix, None where nobody answers."""
    try:
        async with http.get(url) as answer:
            if answer.status != 200:
                return None if answer.status >= 500 else False
            return await answer.json(content_type=None)
    except ValueError:
        return False
    except (aiohttp.ClientError, TimeoutError, OSError):
        return None
