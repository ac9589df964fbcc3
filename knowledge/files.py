"""The files of a knowledge directory as they lie on the disk, before anything is read in them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from knowledge.errors import KnowledgeError, Problem
from knowledge.model import EntryKind

DATA = Path(__file__).parent / "data"
"""The knowledge that ships with Sēlis."""

MAX_TOTAL_BYTES = 200_000_000

LISTS = {
    "contacts": EntryKind.CONTACT,
    "organisations": EntryKind.ORGANISATION,
    "instruments": EntryKind.INSTRUMENT,
    "media": EntryKind.MEDIA,
    "practice": EntryKind.PRACTICE,
}
"""The list keys of an entries file, and the kind of what they hold."""
_QUESTIONS = "questions/"


def read_directory(directory: Path) -> dict[str, bytes]:
    """Every .yaml file below `directory`, by its path with forward slashes.

    Raises:
        KnowledgeError: when the directory or a file cannot be read.
    """
    if not directory.is_dir():
        raise KnowledgeError([Problem(file=str(directory), line=0, key="", message="no such directory")])
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    total = 0
    for path in sorted(p for p in directory.rglob("*") if p.suffix in {".yaml", ".yml"}):
        name = os.fsencode(path.relative_to(directory).as_posix()).decode(errors="replace")
        try:
            if not path.is_file():
                raise OSError("not a file")
            total += path.stat().st_size
            if total > MAX_TOTAL_BYTES:
                raise OSError(f"the directory has more than {MAX_TOTAL_BYTES} bytes")
            found[name] = path.read_bytes()
        except OSError as error:
            problems.append(Problem(file=name, line=0, key="", message=f"cannot be read: {error.strerror or error}"))
    if problems:
        raise KnowledgeError(problems)
    if not found:
        raise KnowledgeError([Problem(file=str(directory), line=0, key="", message="holds no .yaml file")])
    return found


def version_of(data: Mapping[str, bytes]) -> str:
    """SHA-256 over names and contents, in hex: the same files give the same version everywhere."""
    digest = hashlib.sha256()
    for name in sorted(data):
        digest.update(f"{name}\0{len(data[name])}\0".encode())
        digest.update(data[name])
    return digest.hexdigest()


def question_files(data: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of the questions among all."""
    return {name: content for name, content in data.items() if name.startswith(_QUESTIONS)}


def fact_files(data: Mapping[str, bytes]) -> dict[str, bytes]:
    """All files but those of the questions."""
    return {name: content for name, content in data.items() if not name.startswith(_QUESTIONS)}
