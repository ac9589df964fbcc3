"""The facts of a version as they were read and checked, kept as JSON.

Reading them from YAML takes half of a start, and what it needs on the way leaves as much memory in pieces as they take.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from msgspec import DecodeError
from msgspec.json import Decoder, Encoder

from knowledge import kept_file
from knowledge.entry_topics import topics_of
from knowledge.files import version_of
from knowledge.loaded import Loaded

_READ = Decoder(Loaded)
_WRITE = Encoder()
_SUFFIX = ".facts.json"
_KEPT = 3
"""Those of this many versions are kept: the current one and those an admin may go back to."""


def named(data: Mapping[str, bytes]) -> str:
    """The name of the facts that these files give; it changes with the code that reads them, too."""
    digest = hashlib.sha256(version_of(data).encode())
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:24]


def save(loaded: Loaded, directory: Path, name: str) -> None:
    """Keep them. A directory that cannot be written to costs time, not answers."""
    kb = loaded.kb
    brought = topics_of(kb.entries.values())
    # What entries bring along is made anew: it is mostly the same objects, which would be written twice.
    own = {topic: held for topic, held in kb.topics.items() if topic not in brought}
    content = _WRITE.encode(replace(loaded, kb=replace(kb, topics=own)))
    if kept_file.write(directory, name + _SUFFIX, lambda file: file.write(content)):
        kept_file.prune(directory, "*" + _SUFFIX, _KEPT)


def read(directory: Path, name: str, version: str) -> Loaded | None:
    """The facts of that name as those of a version, or None where none can be used. What is read stays longest."""
    path = directory / (name + _SUFFIX)
    try:
        loaded = _READ.decode(path.read_bytes())
    except (OSError, DecodeError):
        return None
    with suppress(OSError):
        os.utime(path)
    kb = loaded.kb
    topics = {**kb.topics, **topics_of(kb.entries.values())}
    return replace(loaded, kb=replace(kb, version=version, topics=topics))
