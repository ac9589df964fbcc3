"""Calls of the homeserver that nio has no method for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import nio

from adapters.matrix.answers import meaning
from adapters.matrix.errors import MatrixError, RefusedError, UnreachableError


class AuthenticationWantedError(MatrixError):
    """The server wants to know anew who asks (401 with flows). `answer` is its description of how."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.answer = answer
        super().__init__("the homeserver wants the account's owner to confirm this")


async def call(
    client: nio.AsyncClient, method: str, path: str, content: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A call of the client-server API, its path from behind /_matrix/client on.

    Raises:
        AuthenticationWantedError: it has to be confirmed.
        MatrixError: what `answers.checked` raises.
    """
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {client.access_token}"}
    data = json.dumps(content) if content is not None else None
    try:
        answer = await client.send(method, f"/_matrix/client{path}", data, headers)
        body = await _body(answer)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise UnreachableError(type(error).__name__) from error
    if answer.status == 401 and isinstance(body.get("flows"), list):
        raise AuthenticationWantedError(body)
    if answer.status >= 400:
        raise meaning(
            status=answer.status,
            code=str(body.get("errcode", "")),
            detail=str(body.get("error", "")),
            after_ms=body.get("retry_after_ms"),
            soft=bool(body.get("soft_logout")),
            headers=answer.headers,
        )
    return body


async def own_keys(client: nio.AsyncClient, user_id: str) -> dict[str, Any]:
    """What the server shows of an account's keys."""
    return await call(client, "POST", "/v3/keys/query", {"device_keys": {user_id: []}})


async def account_data(client: nio.AsyncClient, user_id: str, kind: str) -> dict[str, Any] | None:
    """Data of the account, None where there is none of that kind."""
    try:
        return await call(client, "GET", _data_path(user_id, kind)) or None
    except RefusedError as error:
        if error.status == 404:
            return None
        raise


async def keep_account_data(client: nio.AsyncClient, user_id: str, kind: str, content: Mapping[str, Any]) -> None:
    """Set data of the account."""
    await call(client, "PUT", _data_path(user_id, kind), content)


async def join(client: nio.AsyncClient, room_id: str, via: Sequence[str] = ()) -> None:
    """Join a room that these servers know; an id alone does not tell where a room can be found."""
    # Servers before version 1.12 of the specification know `via` by its older name.
    query = urlencode([("via", server) for server in via] + [("server_name", server) for server in via])
    path = f"/v3/join/{quote(room_id, safe='')}"
    # nio sends an empty body, which some servers do not take.
    await call(client, "POST", f"{path}?{query}" if query else path, {})


async def event_of(client: nio.AsyncClient, room_id: str, event_id: str) -> dict[str, Any]:
    """An event as the server has it, encrypted or not, with what others did to it."""
    return await call(client, "GET", f"/v3/rooms/{quote(room_id, safe='')}/event/{quote(event_id, safe='')}")


async def send_clear(client: nio.AsyncClient, room_id: str, content: Mapping[str, Any], transaction: str) -> str:
    """Send a message as it is, even to an encrypted room; its id."""
    room, name = quote(room_id, safe=""), quote(transaction, safe="")
    sent = await call(client, "PUT", f"/v3/rooms/{room}/send/m.room.message/{name}", content)
    return str(sent.get("event_id", ""))


def _data_path(user_id: str, kind: str) -> str:
    return f"/v3/user/{quote(user_id, safe='')}/account_data/{quote(kind, safe='')}"


async def _body(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        body = json.loads(await answer.read())
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}
