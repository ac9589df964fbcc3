"""Telegram, measured from outside: `selis run` as a process against the Bot API server of the tests.

    python -m tests.bench.telegram                    everything
    python -m tests.bench.telegram reply load         some parts: reply, load, idle
    python -m tests.bench.telegram --models MODELS    with models that are kept there, to spare learning

Reply: from the update's being there to the server's having the reply, one question after the other, each from a person
of their own. The same in the same run for an echo bot of ten lines on the same library, against a server of its own.
After 25 both rest for a second: Telegram takes 30 answers a second, which Sēlis keeps to and the echo bot does not.
Load: updates brought by webhook at a steady rate, each from a person of their own, as long as said.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from knowledge.files import DATA
from knowledge.prepare import prepare
from tests.bench.data import load
from tests.chaos.telegram import on_telegram
from tests.selis_run import selis_run
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi

PARTS = ("reply", "load", "idle")
QUESTIONS = 200
IN_A_ROW = 25
WARM_UP = 5
IDLE_SECONDS = 30
ECHO = """
import os, sys
from telegram import Update
from telegram.ext import Application, MessageHandler, filters
async def echo(update, context):
    await update.message.reply_text(update.message.text)
app = Application.builder().token(sys.argv[1]).base_url(sys.argv[2]).concurrent_updates(True).build()
app.add_handler(MessageHandler(filters.TEXT, echo))
app.run_polling()
"""


@asynccontextmanager
async def echo_bot(api: BotApi) -> AsyncIterator[Process]:
    """The yardstick: the library's own way, remembering nothing."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ECHO, api.token, api.base_url, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


def questions() -> list[str]:
    """Questions of the project in Latvian, in a fixed order."""
    every = sorted({q.text for q in load().questions if q and q.language == "lv"})
    return every[:: max(1, len(every) // QUESTIONS)][:QUESTIONS]


async def replies(api: BotApi, texts: list[str]) -> list[float]:
    """Milliseconds from each update to its reply; the first few warm up and are not counted."""
    spent = []
    for number, text in enumerate(texts):
        person = api.person(f"P{number}")
        start = time.perf_counter()
        person.sends(text)
        await api.world.until(lambda of=person: of.private.from_bot(api.bot), within=60)  # type: ignore[misc]
        spent.append(1000 * (time.perf_counter() - start))
    return spent[WARM_UP:]


def shown(spent: list[float]) -> str:
    ordered = sorted(spent)
    return f"{statistics.median(ordered):.1f} | {ordered[int(len(ordered) * 0.95)]:.1f} | {ordered[-1]:.1f}"


async def reply_lines(directory: Path) -> AsyncIterator[str]:
    """From update to reply, and the same for the echo bot, in turns, so that other programs slow both down."""
    texts = questions()
    ours: list[float] = []
    theirs: list[float] = []
    async with (
        BotApi() as api,
        BotApi(token="700000002:BBtestTESTtestTESTtestTESTtestTEST0") as other,
        selis_run(directory, **on_telegram(api)),
        echo_bot(other),
    ):
        for server in (api, other):
            await server.world.until(lambda of=server: of.log.of("getUpdates"), within=120)  # type: ignore[misc]
        for start in range(0, len(texts), IN_A_ROW):
            ours += await replies(api, texts[start : start + IN_A_ROW])
            theirs += await replies(other, texts[start : start + IN_A_ROW])
            await asyncio.sleep(1)
    yield "| ms from update to reply | median | 95th | worst |"
    yield "| --- | --- | --- | --- |"
    yield f"| Sēlis, {len(ours)} questions | {shown(ours)} |"
    yield f"| echo bot | {shown(theirs)} |"
    yield f"median: {statistics.median(ours) / statistics.median(theirs):.2f} times the echo bot's"


async def load_lines(directory: Path, rate: int, seconds: int) -> AsyncIterator[str]:
    """Updates by webhook at a steady rate; what was accepted meanwhile, and whether all is answered in the end."""
    texts = questions()
    async with BotApi() as api, selis_run(directory, **on_telegram(api, webhook=True)) as process:
        await api.world.until(lambda: api.log.of("setWebhook"), within=120)
        people = [api.person(f"P{number}") for number in range(rate * seconds)]
        busy, start, most = cpu(process), time.perf_counter(), 0
        for number, person in enumerate(people):
            await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
            person.sends(texts[number % len(texts)])
            most = max(most, len(api.world.queue.pending))
        asked = time.perf_counter() - start
        await api.world.until(lambda: not api.world.queue.pending, within=300)
        took = time.perf_counter() - start
        yield f"{len(people)} updates in {asked:.1f} s, {len(people) / asked:.0f} a second; accepted after {took:.1f} s"
        yield f"waiting at most {most}; CPU of the process {100 * (cpu(process) - busy) / took:.0f} %"
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(60 + len(people) / 15):
                while answered(api, people) < len(people):  # noqa: ASYNC110 - at every change it would take the core
                    await asyncio.sleep(1)
        drained = time.perf_counter() - start
        calls = Counter(f"{call.method} {call.code}" for call in api.log.calls)
        held = resident(process)
        yield f"{answered(api, people)} of {len(people)} answered after {drained:.0f} s; {held:.0f} MB resident"
        yield ", ".join(f"{name}: {count}" for name, count in calls.most_common(6))


def answered(api: BotApi, people: list[Person]) -> int:
    """How many got an answer."""
    return sum(bool(person.private.from_bot(api.bot)) for person in people)


async def idle_lines(directory: Path) -> AsyncIterator[str]:
    """What the process costs while nobody asks, and its memory before and after questions."""
    async with BotApi() as api, selis_run(directory, **on_telegram(api)) as process:
        await api.world.until(lambda: api.log.of("getUpdates"), within=120)
        await asyncio.sleep(8)  # what a start leaves to be done later is over
        before, busy = resident(process), cpu(process)
        await asyncio.sleep(IDLE_SECONDS)
        yield f"idle: {100 * (cpu(process) - busy) / IDLE_SECONDS:.2f} % CPU over {IDLE_SECONDS} s"
        await replies(api, questions())
        yield f"resident: {before:.0f} MB idle, {resident(process):.0f} MB after {QUESTIONS} questions"


def cpu(process: Process) -> float:
    """Seconds of the processor that a process took."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(process: Process) -> float:
    """MB (2^20 bytes) of memory that a process holds."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


async def measure(parts: list[str], models: Path, rate: int, seconds: int) -> None:
    """Each part over a data directory of its own."""
    lines: dict[str, Callable[[Path], AsyncIterator[str]]] = {
        "reply": reply_lines,
        "load": lambda directory: load_lines(directory, rate, seconds),
        "idle": idle_lines,
    }
    for part in parts:
        print(f"\n## {part}\n", flush=True)
        with tempfile.TemporaryDirectory(prefix="selis-bench-") as directory:
            (Path(directory) / "models").symlink_to(models)
            async for line in lines[part](Path(directory)):
                print(line, flush=True)


def main() -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; none: all")
    parser.add_argument("--models", type=Path, help="where learned models are kept")
    parser.add_argument("--rate", type=int, default=300, help="updates a second")
    parser.add_argument("--seconds", type=int, default=10, help="how long they come")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="selis-bench-") as directory:
        models = (chosen.models or Path(directory) / "models").absolute()
        prepare(DATA, models)
        asyncio.run(measure(chosen.parts or list(PARTS), models, chosen.rate, chosen.seconds))


if __name__ == "__main__":
    main()
