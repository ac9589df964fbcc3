"""A real Synapse for tests: a process of its own on loopback, with SQLite and without limits.

It comes from the test requirements. `stop` and `start` play its outage, `close` ends it and deletes all of it.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import yaml

SERVER_NAME = "selija.test"
PATIENCE_SECONDS = 90.0
_UNLIMITED = {"per_second": 100000, "burst_count": 100000}
_LIMITS: dict[str, Any] = {
    **dict.fromkeys(
        ["rc_message", "rc_registration", "rc_admin_redaction", "rc_3pid_validation", "rc_presence"], _UNLIMITED
    ),
    **dict.fromkeys(["rc_key_requests", "rc_media_create", "rc_reports", "rc_room_creation", "rc_delayed_event_mgmt"],
                    _UNLIMITED),
    "rc_login": dict.fromkeys(["address", "account", "failed_attempts"], _UNLIMITED),
    "rc_joins": {"local": _UNLIMITED, "remote": _UNLIMITED},
    "rc_joins_per_room": _UNLIMITED,
    "rc_invites": dict.fromkeys(["per_room", "per_user", "per_issuer"], _UNLIMITED),
    "rc_presence": {"per_user": _UNLIMITED},
}  # fmt: skip


class Refusal(Exception):  # noqa: N818 - an answer of the server
    """Synapse answered with an error. `status` is that of HTTP, `code` such as M_UNKNOWN_TOKEN."""

    def __init__(self, status: int, answer: dict[str, Any]) -> None:
        self.status = status
        self.code = str(answer.get("errcode", ""))
        self.answer = answer
        super().__init__(f"{status} {answer}")


class Synapse:
    """A running homeserver. Users it registers have `user_id` and a password; `settings` go over the configuration."""

    def __init__(self, **settings: Any) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="selis-synapse-"))
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._shared_secret = base64.b64encode(os.urandom(18)).decode()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None
        self._names = 0
        self._admin_token = ""
        self._configure(settings)
        self.start()

    # ---- the process ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [sys.executable, "-m", "synapse.app.homeserver", "-c", str(self.directory / "homeserver.yaml")]
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=kept
            )
        # Should we be killed, the other end of its pipe closes, and the server is stopped all the same.
        watch = ["/bin/sh", "-c", 'read _; kill -TERM "$0"', str(self._process.pid)]
        self._watcher = subprocess.Popen(watch, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.call("GET", "/_matrix/client/versions")
            except (OSError, Refusal):
                if self._process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((self.directory / "log").read_text()[-3000:]) from None
                time.sleep(0.05)
            else:
                return

    @property
    def pid(self) -> int:
        """The process, while it runs."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Stop the server; its clients lose their connections. What it keeps stays."""
        if self._watcher is not None and self._watcher.stdin is not None:
            self._watcher.kill()
            self._watcher.stdin.close()
            self._watcher.wait()
            self._watcher = None
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def close(self) -> None:
        """End the server and delete all of it."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    # ---- its users --------------------------------------------------------------------------------------------------

    def register(self, name: str = "", password: str = "a password", *, admin: bool = False) -> str:
        """A new user's id; without a name it gets one that nobody else has. It has no device yet."""
        self._names += 1
        name = name or f"user{self._names}"
        path = "/_synapse/admin/v1/register"
        nonce = self.call("GET", path)["nonce"]
        said = "\0".join([nonce, name, password, "admin" if admin else "notadmin"])
        mac = hmac.new(self._shared_secret.encode(), said.encode(), hashlib.sha1).hexdigest()
        # Without inhibit_login each registration leaves a device that nobody has the keys of.
        answer = self.call("POST", path, {
            "nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac, "inhibit_login": True,
        })  # fmt: skip
        return str(answer["user_id"])

    def token(self, user_id: str, password: str = "a password", device_id: str | None = None) -> str:
        """A new access token, as another client would get it by logging in."""
        answer = self.call("POST", "/_matrix/client/v3/login", {
            "type": "m.login.password", "identifier": {"type": "m.id.user", "user": user_id}, "password": password,
            **({"device_id": device_id} if device_id else {}),
        })  # fmt: skip
        return str(answer["access_token"])

    def admin(self, method: str, path: str, content: dict[str, Any] | None = None) -> dict[str, Any]:
        """A call as an admin of the server, such as one of /_synapse/admin."""
        if not self._admin_token:
            self._admin_token = self.token(self.register("theadmin", admin=True))
        return self.call(method, path, content, token=self._admin_token)

    def call(self, method: str, path: str, content: dict[str, Any] | None = None, *, token: str = "") -> dict[str, Any]:
        """A call of the API, past any client library.

        Raises:
            Refusal: the server answered with an error.
            OSError: it did not answer.
        """
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = json.dumps(content).encode() if content is not None else None
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with _opener.open(request, timeout=30) as answer:
                body: dict[str, Any] = json.load(answer)
                return body
        except urllib.error.HTTPError as error:
            with error:
                raise Refusal(error.code, json.loads(error.read() or b"{}")) from None

    def _configure(self, settings: dict[str, Any]) -> None:
        seed = base64.b64encode(os.urandom(32)).decode().rstrip("=")
        (self.directory / "signing.key").write_text(f"ed25519 a_test {seed}\n")
        (self.directory / "log.yaml").write_text(yaml.safe_dump({
            "version": 1, "disable_existing_loggers": False,
            "handlers": {"console": {"class": "logging.StreamHandler"}},
            "root": {"level": "WARNING", "handlers": ["console"]},
        }))  # fmt: skip
        configuration = {
            "server_name": SERVER_NAME,
            "public_baseurl": f"{self.url}/",
            "serve_server_wellknown": False,
            "pid_file": str(self.directory / "pid"),
            "listeners": [{
                "port": self.port, "bind_addresses": ["127.0.0.1"], "type": "http", "tls": False,
                "resources": [{"names": ["client"]}],
            }],
            "database": {"name": "sqlite3", "args": {"database": str(self.directory / "homeserver.db")}},
            "media_store_path": str(self.directory / "media"),
            "signing_key_path": str(self.directory / "signing.key"),
            "log_config": str(self.directory / "log.yaml"),
            "registration_shared_secret": self._shared_secret,
            "macaroon_secret_key": self._shared_secret,
            "form_secret": self._shared_secret,
            "trusted_key_servers": [],
            "report_stats": False,
            "enable_registration": False,
            "bcrypt_rounds": 4,
            "presence": {"enabled": False},
            "federation_domain_whitelist": [],
            **_LIMITS,
            **settings,
        }  # fmt: skip
        (self.directory / "homeserver.yaml").write_text(yaml.safe_dump(configuration))


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
