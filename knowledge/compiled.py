"""A trained model kept on disk, so that only the first start after a change of the knowledge has to train.

The file is named by what it was made from and holds numbers and names only; one that cannot be read is made anew.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from knowledge import features, gazetteer, index, latvian, lexicon, message, repair, russian, tables, text, train
from knowledge.match import Model

_KEPT = 3
"""Models of this many versions are kept: the current one and those an admin may go back to."""


def fingerprint(version: str) -> str:
    """The name of the model of a knowledge version; it changes with the code that reads words, too."""
    digest = hashlib.sha256(version.encode())
    for module in (features, gazetteer, latvian, lexicon, index, message, repair, russian, tables, text, train):
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:24]


def save(model: Model, directory: Path, name: str) -> None:
    """Write a model, whole or not at all. A directory that cannot be written to costs time, not answers."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=directory, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file,
                topics=np.array("\n".join(model.topics)),
                names=np.array("\n".join(model.names)),
                starts=model.starts,
                columns=model.columns,
                votes=model.votes,
                idf=model.idf,
                numbers=np.array([model.unseen, model.scale]),
            )
        Path(temporary).replace(_path(directory, name))
        _prune(directory)
    except OSError:
        return


def read(directory: Path, name: str) -> Model | None:
    """The model of that name, or None where there is none that can be used."""
    try:
        with np.load(_path(directory, name), allow_pickle=False) as held:
            unseen, scale = held["numbers"]
            return Model(
                topics=tuple(str(held["topics"]).split("\n")),
                names=tuple(str(held["names"]).split("\n")),
                starts=held["starts"],
                columns=held["columns"],
                votes=held["votes"],
                idf=held["idf"],
                unseen=float(unseen),
                scale=float(scale),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _path(directory: Path, name: str) -> Path:
    return directory / f"{name}.npz"


def _prune(directory: Path) -> None:
    models = sorted(directory.glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in models[_KEPT:]:
        path.unlink(missing_ok=True)
