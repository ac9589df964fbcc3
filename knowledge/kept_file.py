"""Writing a file of what is kept from start to start: whole or not at all. What cannot be written costs time only."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


def write(directory: Path, name: str, put: Callable[[BinaryIO], object]) -> bool:
    """Write the file `name`, which `put` fills; whether that could be done."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=directory, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            put(file)
        Path(temporary).replace(directory / name)
    except OSError:
        return False
    return True


def prune(directory: Path, pattern: str, most: int) -> None:
    """Of the files that fit a pattern leave those used last."""
    try:
        found = sorted(directory.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in found[most:]:
            path.unlink(missing_ok=True)
    except OSError:
        return
