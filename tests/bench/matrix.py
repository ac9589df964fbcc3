"""From an encrypted question to its decrypted answer on Matrix, beside the least that a bot can do; run by hand.

    python tests/bench/matrix.py                 30 questions to each; target: a median within twice the echo bot's
    python tests/bench/matrix.py --questions 100

The echo bot is nio's own loop with one callback, which answers with what it heard: no memory, no database, nothing that
outlives a kill. Both are real processes on the same Synapse, and one resident asks both in turn, each in an encrypted
room of its own. Sēlis runs over the shipped knowledge.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import nio

from tests.selis_run import selis_run
from tests.servers.resident import Resident
from tests.servers.synapse import Synapse

PASSWORD = "a password"
ASKED = ("sociālais dienests Krāslavā", "kur celt trauksmi Jēkabpilī?", "tiesībsarga tālrunis", "policija Aizkrauklē")


async def echo(url: str, user_id: str, directory: str) -> None:
    """The echo bot's process."""
    config = nio.AsyncClientConfig(store=nio.store.SqliteStore, pickle_key="echo")
    client = nio.AsyncClient(url, user_id, device_id="ECHO", store_path=directory, config=config)
    await client.login(PASSWORD)

    async def invited(room: nio.MatrixRoom, event: nio.InviteMemberEvent) -> None:
        if event.state_key == client.user_id:
            await client.join(room.room_id)

    async def heard(room: nio.MatrixRoom, event: nio.RoomMessageText) -> None:
        if event.sender != client.user_id:
            content = {"msgtype": "m.notice", "body": event.body}
            await client.room_send(room.room_id, "m.room.message", content, ignore_unverified_devices=True)

    client.add_event_callback(invited, nio.InviteMemberEvent)
    client.add_event_callback(heard, nio.RoomMessageText)
    await client.sync_forever(timeout=30_000, full_state=True)


@asynccontextmanager
async def echo_run(url: str, user_id: str, directory: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    await asyncio.to_thread(directory.mkdir)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.matrix", "--echo", url, user_id, str(directory)
    )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


def megabytes(process: asyncio.subprocess.Process) -> float:
    """What a process holds in memory (RSS)."""
    for line in Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


async def asks(one: Resident, room: str, text: str) -> float:
    """Milliseconds from saying something to having read what comes back."""
    before, start = len(one.messages(room)), time.perf_counter()
    await one.says(text, room)
    await one.until(lambda: len(one.messages(room)) > before)
    return 1000 * (time.perf_counter() - start)


async def warms_up(one: Resident, room: str) -> None:
    """Talk until it is understood: nio's own loop answers what it is asked just after joining with a wrong key."""
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await asks(one, room, "labdien")
                return


async def measure(questions: int, models: Path | None) -> int:
    server = await asyncio.to_thread(Synapse)
    try:
        with tempfile.TemporaryDirectory(prefix="selis-bench-") as directory:
            place = Path(directory)
            bot, other = server.register("selis", PASSWORD), server.register("echo", PASSWORD)
            anna = await Resident.of(server, place / "anna")
            home = place / "selis"
            await asyncio.to_thread(home.mkdir)
            if models is not None:
                (home / "models").symlink_to(models)
            settings = {
                "SELIS_MATRIX_HOMESERVER": server.url,
                "SELIS_MATRIX_USER_ID": bot,
                "SELIS_MATRIX_PASSWORD": PASSWORD,
                "SELIS_LIMIT_PERSON": "100000",
            }
            async with selis_run(home, **settings) as selis, echo_run(server.url, other, place / "echo") as echoing:
                rooms = {}
                for user_id in (other, bot):
                    rooms[user_id] = await anna.room(user_id, encrypted=True, direct=True)
                    await anna.joined_by(user_id, rooms[user_id], within=300)
                    await warms_up(anna, rooms[user_id])
                begun = megabytes(selis)
                took: dict[str, list[float]] = {bot: [], other: []}
                for number in range(questions):
                    for user_id, room in rooms.items():
                        took[user_id].append(await asks(anna, room, ASKED[number % len(ASKED)]))
                medians = {user_id: statistics.median(times) for user_id, times in took.items()}
                for name, user_id, process in (("Sēlis", bot, selis), ("echo bot", other, echoing)):
                    worst = statistics.quantiles(took[user_id], n=20)[-1]
                    print(
                        f"{name:<9} median {medians[user_id]:6.1f} ms  95 % {worst:6.1f} ms  "
                        f"memory {megabytes(process):5.1f} MB"
                    )
                print(
                    f"Sēlis before the questions {begun:.1f} MB; {medians[bot] / medians[other]:.2f} of the echo bot's"
                )
            await anna.close()
    finally:
        await asyncio.to_thread(server.close)
    return 0 if medians[bot] <= 2 * medians[other] else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--models", type=Path, help="what was learned before; learning takes memory, too")
    parser.add_argument("--echo", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.echo:
        asyncio.run(echo(*options.echo))
        return 0
    return asyncio.run(measure(options.questions, options.models))


if __name__ == "__main__":
    sys.exit(main())
