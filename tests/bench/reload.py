"""Time of a reload and what messages feel of it, run by hand on a quiet machine.

    python tests/bench/reload.py              the shipped knowledge, one phone changed; targets: 5 s, 30 ms
    python tests/bench/reload.py --repeat 5   several times, the phone changed each time
    python tests/bench/reload.py --models DIR keep what was learned for the next run

The loop is measured by a task that wants to run each millisecond: how much later it runs is the pause. Messages are
answered one after the other meanwhile; the longest of them is shown, too. Both beside the same without a reload.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import shutil
import tempfile
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.live import LiveKnowledge
from bot.messages import ConversationId, IncomingMessage
from bot.reload import Reload, begin
from bot.reload_outcomes import Applied
from bot.talk import Talk
from bot.verdict import Progress
from bot.versions import Versions
from knowledge.files import DATA

NOW = datetime(2026, 11, 30, tzinfo=UTC)
TICK = 0.001
IDLE = 3.0
CHANGED = "contacts/kraslava.yaml"
DIGITS = ("65681764", "65681765")
ASKED = ("kur celt trauksmi Krāslavā?", "sociālā dienesta numurs Viesītē", "kas ir līdzdalības budžets", "paldies")


@dataclass(slots=True)
class Felt:
    """Milliseconds: how late each tick was, how long each message took; and the seconds they were counted for."""

    late: list[float] = field(default_factory=list)
    messages: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def line(self, name: str) -> str:
        felt = "  ".join(
            f"{what}: {_longest(found)}" for what, found in (("pause", self.late), ("message", self.messages))
        )
        return f"{name:9} {self.seconds:5.2f} s  {felt} ({len(self.messages)})"


def _longest(milliseconds: list[float]) -> str:
    ordered = sorted(milliseconds)
    return f"longest {ordered[-1]:5.1f} ms, p99 {ordered[len(ordered) * 99 // 100]:5.1f} ms"


async def feel(work: Awaitable[object], live: LiveKnowledge) -> tuple[Felt, object]:
    """What is felt while `work` is done."""
    felt = Felt()
    tasks = [asyncio.create_task(tick(felt)), asyncio.create_task(answer(felt, live))]
    start = time.perf_counter()
    outcome = await work
    felt.seconds = time.perf_counter() - start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return felt, outcome


async def tick(felt: Felt) -> None:
    while True:
        start = time.perf_counter()
        await asyncio.sleep(TICK)
        felt.late.append(1000 * (time.perf_counter() - start - TICK))


async def answer(felt: Felt, live: LiveKnowledge) -> None:
    number = 0
    while True:
        dialogue = Talk(index=live.current.index, clock=lambda: NOW)
        start = time.perf_counter()
        dialogue.respond(
            IncomingMessage(conversation=ConversationId.of_terminal("bench"), text=ASKED[number % len(ASKED)])
        )
        felt.messages.append(1000 * (time.perf_counter() - start))
        number += 1
        await asyncio.sleep(0.02)


async def measure(directory: Path, repeat: int, kept: Path | None) -> None:
    knowledge, data = directory / "knowledge", directory / "data"
    shutil.copytree(DATA, knowledge)
    versions, models = Versions(directory=data / "versions"), kept or data / "models"
    live = LiveKnowledge(begin(knowledge, versions, models, NOW, lambda: print("learning, once …")))
    reload = Reload(live=live, directory=knowledge, versions=versions, models=models)
    felt, _ = await feel(asyncio.sleep(IDLE), live)
    print(felt.line("no reload"))
    for number in range(repeat):
        path = knowledge / CHANGED
        old, new = DIGITS if number % 2 == 0 else DIGITS[::-1]
        path.write_text(path.read_text(encoding="utf-8").replace(f"+371 {old}", f"+371 {new}"), encoding="utf-8")
        start = time.perf_counter()
        steps: list[str] = []

        def tell(progress: Progress, start: float = start, steps: list[str] = steps) -> None:
            steps.append(f"{progress.step} {time.perf_counter() - start:.2f}")

        tried = _processor(resource.RUSAGE_CHILDREN)
        felt, outcome = await feel(reload.reload(NOW, tell), live)
        tried = _processor(resource.RUSAGE_CHILDREN) - tried
        print(felt.line(type(outcome).__name__), "  at:", ", ".join(steps))
        assert isinstance(outcome, Applied)
        assert outcome.verdict.difference is not None
        assert outcome.verdict.before is not None
        asked, changes = outcome.verdict.before.of, len(outcome.verdict.difference.changes)
        print(f"  asked {asked}, changes {changes}, processor of the trial {tried:.2f} s, memory here {_memory()}")


def _memory() -> str:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return f"{pages * resource.getpagesize() // 1_000_000} MB"


def _processor(who: int) -> float:
    """Seconds of the processor that this process or those it started have used: other programs do not count."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--models", type=Path, help="keep learned models here, so that the next run need not learn")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(measure(Path(directory), chosen.repeat, chosen.models))


if __name__ == "__main__":
    main()
