"""Learning in a process of its own: it takes hundreds of MB, which one that lives on would not get back.

Run as `python -m bot.learning MODELS` it reads the files as a line of JSON and keeps the model learned from them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import bot
from knowledge.prepare import prepare_files


def learn_aside(data: Mapping[str, bytes], kept: Path) -> None:
    """Learn a model from the files of a knowledge and keep it in `kept`. Whatever goes wrong, there is just none."""
    root = str(Path(bot.__file__).parent.parent)
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    # Settings hold tokens and passwords, which learning has no use for.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SELIS_")}
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-P", "-m", "bot.learning", str(kept)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**environment, "PYTHONPATH": path},
    )  # fmt: skip
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    try:
        # The pipe stays open: where it closes early, nobody waits any more.
        process.stdin.write(json.dumps({name: content.decode("latin-1") for name, content in data.items()}).encode())
        process.stdin.write(b"\n")
        process.stdin.flush()
        process.wait()
    except BrokenPipeError:
        process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        process.stdin.close()


def main() -> None:
    """What the other process does."""
    line = sys.stdin.buffer.readline()
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    prepare_files({name: content.encode("latin-1") for name, content in json.loads(line).items()}, Path(sys.argv[1]))


def _end_with_the_other() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
