"""Stands between a client and a homeserver, and lets one call or another go wrong; the rest is passed on."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import aiohttp
from aiohttp import web


@dataclass(kw_only=True)
class Fault:
    """What happens to calls. With `lost` the server hears the call, and the client no answer; with `hangs` nobody hears
    anything, and the connection stays; else the client gets this answer.
    """

    method: str
    path: str
    times: int = 1
    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    hangs: bool = False

    def meets(self, request: web.Request) -> bool:
        return self.times > 0 and request.method == self.method and re.search(self.path, request.path) is not None


class Relay:
    """An address of its own before a homeserver's. `calls` are what went through, oldest first."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.faults: list[Fault] = []
        self.calls: list[tuple[str, str]] = []
        self.url = ""

    def plan(self, method: str, path: str, **how: Any) -> Fault:
        """Let calls go wrong whose path has this in it (a regular expression)."""
        fault = Fault(method=method, path=path, **how)
        self.faults.append(fault)
        return fault

    async def __aenter__(self) -> Relay:
        application = web.Application(client_max_size=50_000_000)
        application.router.add_route("*", "/{path:.*}", self._pass)
        self._http = aiohttp.ClientSession(auto_decompress=False)
        self._runner = web.AppRunner(application, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        await self._http.close()

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        self.calls.append((request.method, request.path))
        fault = next((fault for fault in self.faults if fault.meets(request)), None)
        if fault is not None:
            fault.times -= 1
            if fault.hangs:
                await asyncio.Event().wait()
            if not fault.lost:
                return web.json_response(fault.body, status=fault.status, headers=fault.headers)
        kept = {name: value for name, value in request.headers.items() if name in ("Authorization", "Content-Type")}
        async with self._http.request(
            request.method, self.target + request.raw_path, headers=kept, data=await request.read()
        ) as answer:
            body = await answer.read()
        if fault is not None and request.transport is not None:
            request.transport.close()
        return web.Response(
            status=answer.status, body=body, headers={"Content-Type": answer.headers.get("Content-Type", "")}
        )
