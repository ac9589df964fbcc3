"""`selis run` as a real process, for tests."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


def surroundings(directory: Path, settings: dict[str, str]) -> dict[str, str]:
    """The environment of a process over a data directory. It is not told of proxies: all servers are here."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SELIS_") and not name.lower().endswith("_proxy")
    }
    return kept | {"SELIS_DATA_DIR": str(directory)} | settings


@asynccontextmanager
async def selis_run(directory: Path, module: str = "adapters.cli", **settings: str) -> AsyncIterator[Process]:
    """Killed at the end of the block if it still lives. `module` is what is run, where that is not Sēlis as it is."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, "run", stdout=PIPE, stderr=PIPE,
        env=surroundings(directory, settings),
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ended(process: Process) -> tuple[int, str]:
    """Exit code and what was said."""
    async with asyncio.timeout(60):
        said, complained = await process.communicate()
    assert said == b""
    return process.returncode or 0, complained.decode()
