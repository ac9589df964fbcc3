"""`selis run` as a real process, for whatever wants one."""

from __future__ import annotations

import os
import socket
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.servers.botapi.server import BotApi


@asynccontextmanager
async def selis_run(directory: Path, settings: Mapping[str, str], *, quiet: bool = False) -> AsyncIterator[Process]:
    """The process over a data directory, killed at the end of the block if it still lives. `quiet`: nobody reads it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SELIS_") and not name.lower().endswith("_proxy")
    }
    process = await create_subprocess_exec(
        sys.executable, "-m", "adapters.cli", "run",
        stdout=DEVNULL if quiet else PIPE, stderr=DEVNULL if quiet else PIPE,
        env=kept | {"SELIS_DATA_DIR": str(directory), **settings},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def on_telegram(api: BotApi, *, webhook: bool = False) -> dict[str, str]:
    """What makes it talk to that server; with `webhook` the server brings the updates."""
    settings = {"SELIS_TELEGRAM_TOKEN": api.token, "SELIS_TELEGRAM_API_URL": api.url}
    if webhook:
        port = str(free_port())
        settings |= {"SELIS_HTTP_PORT": port, "SELIS_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram"}
    return settings


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
