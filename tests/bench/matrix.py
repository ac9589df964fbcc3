"""Matrix, measured from outside: `selis run` as a process against a real Synapse; run by hand.

    python -m tests.bench.matrix                  reply: 30 questions; target: a median within twice the echo bot's
    python -m tests.bench.matrix rooms            start to ready with 1,000 joined rooms; target: 60 s
    python -m tests.bench.matrix memory           Matrix and Telegram together, 10,000 messages; target: 220 MB, flat
    python -m tests.bench.matrix --models MODELS  with models that are kept there, to spare learning

Reply: from an encrypted question to its decrypted answer, beside nio's own loop with one callback, which answers with
what it heard: no memory, no database, nothing that outlives a kill. Both are real processes on the same Synapse, and
one resident asks both in turn, each in an encrypted room of its own.
Rooms: half of them encrypted, each with one other person; ready is what /readyz says.
Memory: one message of three comes on Matrix, encrypted; the others on Telegram, from 100 people, against the Bot API
server of the tests; flat is when the last half of them adds less than 1 %. Sēlis runs over the shipped knowledge.
The exit code is 0 where the target is met.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import nio

from knowledge.files import DATA
from knowledge.prepare import prepare
from tests.chaos.telegram import on_telegram
from tests.selis_run import selis_run
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi
from tests.servers.free_port import free_port
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


def cpu(pid: int) -> float:
    """Seconds of the processor that a process took."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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


def on_matrix(server: Synapse, bot: str) -> dict[str, str]:
    """What makes `selis run` talk there, and nobody too much."""
    return {
        "SELIS_MATRIX_HOMESERVER": server.url,
        "SELIS_MATRIX_USER_ID": bot,
        "SELIS_MATRIX_PASSWORD": PASSWORD,
        "SELIS_LIMIT_PERSON": "1000000",
    }


# ---- reply ----------------------------------------------------------------------------------------------------------


async def reply(server: Synapse, place: Path, home: Path, questions: int) -> bool:
    """Both bots in turn; whether Sēlis takes at most twice the echo bot's time."""
    bot, other = server.register("selis", PASSWORD), server.register("echo", PASSWORD)
    anna = await Resident.of(server, place / "anna")
    async with (
        selis_run(home, **on_matrix(server, bot)) as selis,
        echo_run(server.url, other, place / "echo") as echoing,
    ):
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
            held = megabytes(process)
            print(f"{name:<9} median {medians[user_id]:6.1f} ms  95 % {worst:6.1f} ms  memory {held:5.1f} MB")
        print(f"Sēlis before the questions {begun:.1f} MB; {medians[bot] / medians[other]:.2f} of the echo bot's")
    await anna.close()
    return medians[bot] <= 2 * medians[other]


# ---- rooms ----------------------------------------------------------------------------------------------------------


def furnish(server: Synapse, bot: str, owner: str, number: int) -> None:
    """Rooms that the bot is in, made by somebody else; every other one is encrypted."""
    theirs, ours = server.token(owner), server.token(bot, PASSWORD)
    encryption = {"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}

    def one(count: int) -> None:
        asked: dict[str, Any] = {"preset": "public_chat", "name": f"Kaimiņi {count}"}
        asked["initial_state"] = [encryption] if count % 2 else []
        made = server.call("POST", "/_matrix/client/v3/createRoom", asked, token=theirs)
        server.call("POST", f"/_matrix/client/v3/join/{made['room_id']}", {}, token=ours)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(number)))
    server.call("POST", "/_matrix/client/v3/logout", {}, token=ours)


async def ready(process: asyncio.subprocess.Process, port: str, started: float) -> float:
    """Seconds from `started` on until /readyz is green."""
    async with httpx.AsyncClient(trust_env=False) as http:
        while process.returncode is None:
            with suppress(httpx.TransportError):
                if (await http.get(f"http://127.0.0.1:{port}/readyz", timeout=10)).status_code == httpx.codes.OK:
                    return time.perf_counter() - started
            await asyncio.sleep(0.1)
    raise RuntimeError("selis run has ended")


async def rooms(server: Synapse, place: Path, home: Path, number: int) -> bool:
    """The first start, which makes keys, and two more; whether all take at most a minute."""
    bot, owner = server.register("selis", PASSWORD), server.register("owner")
    begun = time.perf_counter()
    await asyncio.to_thread(furnish, server, bot, owner, number)
    print(f"{number} rooms made in {time.perf_counter() - begun:.0f} s", flush=True)
    anna, room, took = await Resident.of(server, place / "anna"), "", []
    for start in ("first start", "second start", "third start"):
        port, before = str(free_port()), cpu(server.pid)
        begun = time.perf_counter()
        async with selis_run(home, **on_matrix(server, bot), SELIS_HTTP_PORT=port) as selis:
            took.append(await ready(selis, port, begun))
            held, ours, theirs = megabytes(selis), cpu(selis.pid), cpu(server.pid) - before
            if not room:
                room = await anna.room(bot, encrypted=True, direct=True)
                await anna.joined_by(bot, room, within=60)
                await warms_up(anna, room)
            answer = await asks(anna, room, ASKED[0])
            print(
                f"{start}: ready after {took[-1]:.1f} s ({ours:.1f} s of the processor, {theirs:.1f} s the server's), "
                f"{held:.1f} MB; then an answer in {answer:.0f} ms",
                flush=True,
            )
            selis.terminate()
            await selis.wait()
    await anna.close()
    return max(took) <= 60


# ---- memory ---------------------------------------------------------------------------------------------------------


async def talk_on_matrix(one: Resident, room: str, number: int) -> None:
    """Say so much, some messages at once, and hear as many answers."""
    for start in range(0, number, 10):
        one.heard.clear()
        some = min(10, number - start)
        for count in range(some):
            await one.says(ASKED[count % len(ASKED)], room)
        await one.until(lambda some=some: len(one.messages(room)) >= some, within=120)  # type: ignore[misc]


async def talk_on_telegram(api: BotApi, people: list[Person], number: int) -> None:
    """The same, one message of each person at once."""
    for start in range(0, number, len(people)):
        some = people[: number - start]
        before = sum(len(one.private.from_bot(api.bot)) for one in some)
        for count, one in enumerate(some):
            one.sends(ASKED[count % len(ASKED)])
        await api.world.until(
            lambda some=some, before=before: (  # type: ignore[misc]
                sum(len(one.private.from_bot(api.bot)) for one in some) >= before + len(some)
            ),
            within=120,
        )


async def memory(server: Synapse, place: Path, home: Path, messages: int) -> bool:
    """Whether both networks fit into 220 MB, and the last half of what was said added less than 1 % to that."""
    bot, held, step = server.register("selis", PASSWORD), [], max(messages // 10, 30)
    anna = await Resident.of(server, place / "anna")
    async with BotApi() as api, selis_run(home, **on_matrix(server, bot), **on_telegram(api)) as selis:
        room = await anna.room(bot, encrypted=True, direct=True)
        await anna.joined_by(bot, room, within=300)
        await warms_up(anna, room)
        people = [api.person(f"P{number}") for number in range(100)]
        print(f"ready: {megabytes(selis):.1f} MB", flush=True)
        for done in range(step, messages + 1, step):
            begun = time.perf_counter()
            await asyncio.gather(talk_on_matrix(anna, room, step // 3), talk_on_telegram(api, people, step - step // 3))
            held.append(megabytes(selis))
            took = time.perf_counter() - begun
            print(f"after {done} messages: {held[-1]:.1f} MB ({step / took:.0f} messages a second)", flush=True)
    await anna.close()
    half = held[len(held) // 2 - 1]
    print(f"the last half of the messages added {held[-1] - half:.1f} MB, {held[-1] / half - 1:.2%}")
    return max(held) < 220 and held[-1] < 1.01 * half


async def measure(options: argparse.Namespace, models: Path) -> bool:
    server = await asyncio.to_thread(Synapse)
    try:
        with tempfile.TemporaryDirectory(prefix="selis-bench-") as directory:
            place = Path(directory)
            home = place / "selis"
            await asyncio.to_thread(home.mkdir)
            (home / "models").symlink_to(models)
            if options.part == "rooms":
                return await rooms(server, place, home, options.rooms)
            if options.part == "memory":
                return await memory(server, place, home, options.messages)
            return await reply(server, place, home, options.questions)
    finally:
        await asyncio.to_thread(server.close)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", choices=("reply", "rooms", "memory"), default="reply")
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--rooms", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--models", type=Path, help="where learned models are kept")
    parser.add_argument("--echo", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.echo:
        asyncio.run(echo(*options.echo))
        return 0
    with tempfile.TemporaryDirectory(prefix="selis-models-") as directory:
        models = (options.models or Path(directory)).resolve()
        # Before, and not in the process that is measured: learning takes memory and time of its own.
        prepare(DATA, models)
        return 0 if asyncio.run(measure(options, models)) else 1


if __name__ == "__main__":
    sys.exit(main())
