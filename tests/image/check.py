"""The image as it runs: `python -m tests.image.check IMAGE` starts its own process, asks it, and stops it.

As a container runtime does it: a process tree of its own, its root read-only, the image's user without any rights, and
nothing writable but the volume. The network is that of the machine, where a Bot API server of the tests listens.
Needs root and buildah.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.image.base import buildah
from tests.servers.botapi.server import BotApi

MOST_BYTES = 250_000_000
STOPS_WITHIN = 10.0
STARTS_WITHIN = 60.0
DATA = "/var/lib/selis"
_INSIDE = """
set -e
mount --make-rprivate /
mount --bind "$ROOT" "$ROOT"
mount --bind "$VOLUME" "$ROOT$DATA"
mount -t proc -o ro proc "$ROOT/proc"
mount --bind /dev "$ROOT/dev"
mount -o remount,ro,bind "$ROOT"
exec setpriv --no-new-privs env -i $SETTINGS "$(command -v chroot)" --userspec="$USER_ID" "$ROOT" "$@"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image, unpacked: its root, what its configuration says, and its size."""

    root: Path
    config: dict[str, Any]
    bytes: int

    @property
    def environment(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.config["Env"])

    async def start(self, volume: Path, *command: str, **settings: str) -> Process:
        """Run a command of the image in a tree of processes of its own."""
        shown = " ".join(f"{name}={value}" for name, value in (self.environment | settings).items())
        return await asyncio.create_subprocess_exec(
            "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _INSIDE, "sh", *command,
            stdin=DEVNULL, stdout=PIPE, stderr=PIPE,
            env=os.environ | {
                "ROOT": str(self.root), "VOLUME": str(volume), "DATA": DATA, "SETTINGS": shown,
                "USER_ID": self.config["User"],
            },
        )  # fmt: skip


@contextmanager
def unpacked(name: str) -> Iterator[Image]:
    inspected = json.loads(buildah("inspect", "--type", "image", name))
    (listed,) = [one for one in json.loads(buildah("images", "--json")) if name in (one["names"] or ())]
    container = buildah("from", "--pull-never", name)
    try:
        root = Path(buildah("mount", container))
        yield Image(root=root, config=inspected["Docker"]["config"], bytes=_bytes(listed["size"]))
    finally:
        buildah("rm", container)


def _bytes(size: str) -> int:
    number, unit = size.split()
    return int(float(number) * {"KB": 1e3, "MB": 1e6, "GB": 1e9}[unit])


def look_at(image: Image) -> None:
    """What must hold before anything runs."""
    config = image.config
    assert image.bytes < MOST_BYTES, f"{image.bytes / 1e6:.0f} MB"
    assert config["User"].split(":")[0] not in {"", "0", "root"}
    assert config["Healthcheck"]["Test"] == ["CMD", "/opt/selis/bin/selis", "health"]
    labels = {name.removeprefix("org.opencontainers.image.") for name in config["Labels"] or {}}
    assert labels >= {"title", "description", "licenses", "version", "revision"}
    assert list(config["Volumes"]) == [DATA]
    paths = [path for path in image.root.rglob("*") if not path.is_symlink()]
    names = {path.name for path in paths if path.is_file()}
    assert not names & {"sh", "bash", "dash", "busybox", "apt", "pip", "perl"}, "a shell or a package manager"
    modes = {path: path.stat() for path in paths}
    assert not [path for path, of in modes.items() if of.st_mode & (stat.S_ISUID | stat.S_ISGID)]
    own = int(config["User"].split(":")[0])
    writable = {str(path.relative_to(image.root)) for path, of in modes.items() if of.st_uid == own}
    assert writable == {DATA.lstrip("/")}, writable
    assert not [path for path, of in modes.items() if path.is_file() and not of.st_mode & stat.S_IROTH]


async def talk(image: Image, volume: Path) -> None:
    """Start, ask, look, stop."""
    async with BotApi() as api:
        anna = api.person("Anna")
        anna.sends("kur celt trauksmi Krāslavā?")
        began = time.monotonic()
        process = await image.start(
            volume, *image.config["Entrypoint"], *image.config["Cmd"],
            SELIS_TELEGRAM_TOKEN=api.token, SELIS_TELEGRAM_API_URL=api.url,
        )  # fmt: skip
        try:
            await api.world.until(lambda: anna.private.from_bot(api.bot), within=STARTS_WITHIN)
            print(f"answered {time.monotonic() - began:.1f} s after the start")
            assert "kraslava.lv/lv/trauksmes-celsana" in anna.private.from_bot(api.bot)[0].text
            selis = _child(process.pid)
            assert _status(selis, "Uid") == _status(selis, "Gid") == [image.config["User"].split(":")[0]] * 4
            assert _status(selis, "CapEff") == _status(selis, "CapPrm") == ["0" * 16]
            assert _status(selis, "NoNewPrivs") == ["1"]
            assert _status(selis, "NSpid")[-1] == "1"
            print(f"memory {int(_status(selis, 'VmRSS')[0]) / 1000:.0f} MB")
            # Another tree of processes, the same volume: as a runtime asks for health.
            health = await image.start(volume, *image.config["Healthcheck"]["Test"][1:])
            told, complained = await health.communicate()
            assert (health.returncode, told) == (0, b"ready: telegram\n"), complained
            backup = await image.start(volume, *image.config["Entrypoint"], "backup", "-")
            made, complained = await backup.communicate()
            assert (backup.returncode, made[:2]) == (0, b"PK"), complained
            began = time.monotonic()
            os.kill(selis, signal.SIGTERM)
            async with asyncio.timeout(STOPS_WITHIN):
                _, said = await process.communicate()
            print(f"stopped {time.monotonic() - began:.1f} s after SIGTERM")
        finally:
            if process.returncode is None:
                process.kill()
    lines = [json.loads(line) for line in said.decode().splitlines()]
    assert process.returncode == 0, said
    assert lines[-1]["event"] == "stopped", said
    assert not any("learning" in line["event"] for line in lines), "the image has not learned its knowledge"
    assert api.token not in said.decode()


def _child(parent: int) -> int:
    return int(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0])


def _status(process: int, name: str) -> list[str]:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return line.split()[1:]
    raise AssertionError(name)


async def not_running(image: Image, volume: Path) -> None:
    health = await image.start(volume, *image.config["Healthcheck"]["Test"][1:])
    told, complained = await health.communicate()
    assert health.returncode == 1, complained
    assert told.startswith(b"no answer at "), told


def main(name: str) -> None:
    with unpacked(name) as image, tempfile.TemporaryDirectory(prefix="selis-volume-") as made:
        print(f"{image.bytes / 1e6:.0f} MB")
        look_at(image)
        volume = Path(made)
        user, _, group = image.config["User"].partition(":")
        os.chown(volume, int(user), int(group))
        asyncio.run(not_running(image, volume))
        asyncio.run(talk(image, volume))
        kept = subprocess.run(["find", str(volume), "-not", "-uid", user], capture_output=True, check=True, text=True)
        assert not kept.stdout
    print("the image is well")


if __name__ == "__main__":
    main(sys.argv[1])
