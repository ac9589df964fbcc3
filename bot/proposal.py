"""Which file of the knowledge a file that an admin sent replaces, and the proposals that wait for "apply"."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.reload_outcomes import NotPlaced, Why

LIFETIME = timedelta(hours=1)
"""A proposal that was not applied within this is forgotten."""
MAX_BYTES = 1_000_000
"""The largest file taken from a message: three times the largest one that ships."""
_COPY = re.compile(r" ?\(\d+\)(?=\.ya?ml$)")
"""What browsers add to the name of a file that is there already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A file waiting to be applied: its name in the knowledge, its content, and since when (UTC). `key` names it."""

    key: str
    name: str
    content: bytes
    at: datetime


@dataclass(slots=True)
class Proposals:
    """The last proposal of each admin, in memory: after a restart it is sent again."""

    _held: dict[str, Proposal] = field(default_factory=dict)

    def put(self, admin: str, proposal: Proposal) -> None:
        """Hold a proposal; one of the same admin before it is forgotten."""
        self._prune(proposal.at)
        self._held[admin] = proposal

    def get(self, admin: str, key: str, now: datetime) -> Proposal | None:
        """The proposal of that key, unless it is too old or another came after it."""
        self._prune(now)
        found = self._held.get(admin)
        return found if found is not None and found.key == key else None

    def forget(self, admin: str) -> None:
        """Drop what an admin proposed."""
        self._held.pop(admin, None)

    def _prune(self, now: datetime) -> None:
        self._held = {admin: held for admin, held in self._held.items() if now - held.at <= LIFETIME}


def placed(name: str, content: bytes, files: Iterable[str]) -> str | NotPlaced:
    """The file of the knowledge that is meant: by its path or, as networks hand on no folders, by its last part.

    Where several are called so (words/lv.yaml, texts/lv.yaml), it is the one whose kind the content is of. A name is
    only ever compared with those there are, so it cannot lead out of the directory.
    """
    known = sorted(files)
    if len(content) > MAX_BYTES:
        return NotPlaced(name=name, why=Why.TOO_LARGE)
    if not content.strip():
        return NotPlaced(name=name, why=Why.EMPTY)
    wanted = _COPY.sub("", name.strip())
    if wanted in known:
        return wanted
    called = [file for file in known if file.rpartition("/")[2] == wanted]
    fitting = _that_fit(called, content) if len(called) > 1 else called
    if len(fitting) == 1:
        return fitting[0]
    if called:
        return NotPlaced(name=name, why=Why.SEVERAL, names=tuple(called))
    return NotPlaced(name=name, why=Why.UNKNOWN, names=tuple(known))


def _that_fit(files: Iterable[str], content: bytes) -> list[str]:
    from knowledge.load import fits

    return [file for file in files if fits(file, content)]


def replaced(files: Mapping[str, bytes], name: str, content: bytes) -> dict[str, bytes]:
    """The files with one of them replaced."""
    return {**files, name: content}


def write_file(directory: Path, name: str, content: bytes) -> None:
    """Replace a file of the directory, whole or not at all; its permissions stay.

    Raises:
        OSError: when it cannot be written, or would lie outside the directory.
    """
    path = (directory / name).resolve()
    if not path.is_relative_to(directory.resolve()):
        raise OSError(f"{name} leads out of the knowledge directory: replace the link by a file")
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            with suppress(FileNotFoundError):
                os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
