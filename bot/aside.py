"""A trial in a process of its own, so that messages are answered meanwhile and its memory is given back.

Run as `python -m bot.aside` it reads a request from standard input and writes lines of JSON: steps, then the verdict.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from msgspec.json import Decoder, Encoder

import bot
from bot.errors import SelisError
from bot.verdict import Progress, Request, Verdict

LONGEST = timedelta(minutes=10)
"""A trial that takes longer has gone wrong."""
_NICE = 10
"""How far a trial stands back when the processor is short."""
_LINE = 1 << 26
"""Bytes of a line at most; a verdict is one line."""
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One line: a step or the verdict."""

    progress: Progress | None = None
    verdict: Verdict | None = None


_WRITE = Encoder(enc_hook=str)
"""A path is written as its text; everything else is plain."""
_READ_REQUEST = Decoder(Request, dec_hook=lambda _, text: Path(text))
_READ_SAID = Decoder(_Said)


class TrialError(SelisError):
    """A trial that ended without a verdict; `code` is the exit code of its process, negative for a signal."""

    def __init__(self, code: int, said: str) -> None:
        self.code = code
        super().__init__(f"the trial of the knowledge ended with {code}: {said or 'killed, perhaps out of memory'}")


async def try_out_aside(request: Request, tell: Callable[[Progress], None]) -> Verdict:
    """Try a knowledge out in another process; a cancelled trial is stopped.

    Raises:
        TrialError: when the process ends without a verdict.
    """
    root = str(Path(bot.__file__).parent.parent)
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    # Settings hold tokens and passwords, which a trial has no use for.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SELIS_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "bot.aside",
        stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=_LINE,
        env={**kept, **_ONE_THREAD, "PYTHONPATH": path},
    )  # fmt: skip
    try:
        async with asyncio.timeout(LONGEST.total_seconds()):
            return await _heard(process, _WRITE.encode(request), tell)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _heard(process: Process, request: bytes, tell: Callable[[Progress], None]) -> Verdict:
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None  # noqa: S101, PT018
    complaints = asyncio.create_task(process.stderr.read())
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(request)
        await process.stdin.drain()
    process.stdin.close()
    verdict: Verdict | None = None
    async for line in process.stdout:
        said = _READ_SAID.decode(line)
        verdict = said.verdict or verdict
        if said.progress is not None:
            tell(said.progress)
    code = await process.wait()
    complaint = (await complaints).decode(errors="replace").strip()
    if verdict is None or code:
        raise TrialError(code, complaint.rpartition("\n")[2])
    return verdict


def main() -> None:
    """What the other process does."""
    from bot.trial import try_out

    os.nice(_NICE)
    request = _READ_REQUEST.decode(sys.stdin.buffer.read())

    def say(said: _Said) -> None:
        sys.stdout.buffer.write(_WRITE.encode(said) + b"\n")
        sys.stdout.buffer.flush()

    say(_Said(verdict=try_out(request, lambda progress: say(_Said(progress=progress)))))


if __name__ == "__main__":
    main()
