"""`selis chat` at a keyboard: a real pseudo-terminal."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
import time

import pytest

SELIS = (sys.executable, "-m", "adapters.cli")
PATIENCE = 30.0

pytestmark = pytest.mark.usefixtures("shipped")


class Keyboard:
    """A process with a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self.end, other = pty.openpty()
        environment = {**os.environ, "TERM": "dumb", "COLUMNS": "40"}
        self.process = subprocess.Popen(
            [*SELIS, *arguments],
            stdin=other,
            stdout=other,
            stderr=other,
            env=environment,
            start_new_session=True,
            # A terminal of its own, so that Ctrl-C reaches it as from a keyboard.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
        )
        os.close(other)
        self.seen = ""

    def wait_for(self, text: str, *, after: str = "") -> None:
        deadline = time.monotonic() + PATIENCE
        while text not in self.seen.rpartition(after)[2] if after else text not in self.seen:
            ready, _, _ = select.select([self.end], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{text!r} did not come: {self.seen!r}"
            self.seen += os.read(self.end, 65536).decode(errors="replace")

    def press(self, keys: str) -> None:
        os.write(self.end, keys.encode())

    def leave(self, key: str) -> int:
        """Press a key until the process ends: one pressed while the prompt is being drawn is lost on any program."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            self.press(key)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=1)
        self.process.kill()
        code = self.process.wait()
        os.close(self.end)
        return code


@pytest.mark.parametrize("leave", ["\x04", "\x03"])
def test_a_question_is_answered_and_ctrl_d_and_ctrl_c_leave_quietly(leave: str) -> None:
    keyboard = Keyboard("chat")
    keyboard.wait_for("> ")
    keyboard.press("kur celt trauksmi Krāslavā?\n")
    # Longer than the terminal is wide: an address must not be broken.
    page = "https://www.kraslava.lv/lv/trauksmes-celsana"
    keyboard.wait_for(page)
    keyboard.wait_for("> ", after=page)
    assert keyboard.leave(leave) == 0
    assert "Traceback" not in keyboard.seen
