"""A trained model kept on disk, so that only the first start after a change of the knowledge has to train.

The file is named by what it was made from and holds numbers and names only; one that cannot be read is made anew.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge import (
    features,
    gazetteer,
    homes,
    index,
    kept_file,
    known_words,
    latvian,
    lexicon,
    mapped,
    message,
    names,
    nearby,
    people,
    phrases,
    place_forms,
    repair,
    russian,
    tables,
    text,
    train,
    vector,
    votes,
    whole_rows,
    word_set,
    written_forms,
)
from knowledge.files import version_of
from knowledge.known_words import KnownWords
from knowledge.learned import Learned
from knowledge.mapped import Arrays
from knowledge.match import Family, Model
from knowledge.model import KnowledgeBase
from knowledge.names import Names
from knowledge.vector import Vectoriser
from knowledge.votes import restored
from knowledge.word_set import WordSet

_READERS = (
    features, gazetteer, homes, index, known_words, latvian, lexicon, message, names, nearby, people, phrases,
    place_forms, repair, russian, tables, text, train, vector, votes, whole_rows, word_set,
    written_forms,
)  # fmt: skip
"""The modules that words go through on their way into a model."""
_SUFFIX = ".npz"
_VOTES, _PARTS, _WORDS = "votes-", "parts-", "words-"
_KEPT = 3
"""Models of this many versions are kept: the current one and those an admin may go back to."""


def fingerprint(kb: KnowledgeBase, questions: Mapping[str, bytes]) -> str:
    """The name of the model learned from this; it changes with the code that reads words, too.

    What is not learned from does not count: a new phone number or a new description needs no new model.
    """
    digest = hashlib.sha256(version_of(questions).encode())
    for part in _learned(kb):
        digest.update(repr(part).encode())
    for module in _READERS:
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:24]


def _learned(kb: KnowledgeBase) -> Iterator[object]:
    """What topics are called and belong to, and what words and places there are to be told from them."""
    for topic in kb.topics.values():
        yield topic.id, topic.kind.value, topic.names, topic.phrases, topic.parent, kb.whole(topic.id)
    yield from (kb.municipalities, kb.places, kb.aliases, kb.regions, sorted(kb.words.items()))


def save(learned: Learned, directory: Path, name: str) -> None:
    """Write what was learned, whole or not at all. A directory that cannot be written to costs time, not answers."""
    arrays = _arrays(learned)
    if kept_file.write(directory, f"{name}{_SUFFIX}", lambda file: mapped.write(file, arrays)):
        kept_file.prune(directory, f"*{_SUFFIX}", _KEPT)


def can_keep(directory: Path) -> bool:
    """Whether models can be kept there."""
    with suppress(OSError):
        directory.mkdir(parents=True, exist_ok=True)
    return os.access(directory, os.W_OK)


def read(directory: Path, name: str) -> Learned | None:
    """What was learned under that name, or None where it cannot be used. What is read stays longest."""
    with suppress(OSError):
        os.utime(_path(directory, name))
    try:
        held = mapped.read(_path(directory, name))
        return Learned(model=_model(held), words=_words(_of(_WORDS, held)))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, zlib.error):
        return None


def _model(held: Arrays) -> Model:
    return Model(
        vectoriser=Vectoriser(names=Names(held["names"].data), idf=held["idf"]),
        wholes=tuple(str(held["wholes"]).split("\n")),
        votes=restored(_of(_VOTES, held)),
        bias=held["bias"],
        families=_families(held),
    )


def _words(held: Arrays) -> KnownWords:
    return KnownWords(**{field.name: WordSet(held[field.name]) for field in fields(KnownWords)})


def _arrays(learned: Learned) -> dict[str, npt.NDArray[Any]]:
    model, words = learned.model, learned.words
    families = model.families.values()
    return {
        "names": np.frombuffer(model.vectoriser.names.packed, dtype=np.uint8),
        "idf": model.vectoriser.idf,
        "wholes": np.array("\n".join(model.wholes)),
        "families": np.array("\n".join("\t".join((whole, *f.members)) for whole, f in model.families.items())),
        "bias": model.bias,
        "biases": np.concatenate([np.empty(0, dtype=np.float32), *[family.bias for family in families]]),
        **_named(_VOTES, model.votes.arrays()),
        **_named(_PARTS, whole_rows.packed([family.votes for family in families])),
        **_named(_WORDS, {field.name: getattr(words, field.name).hashes for field in fields(KnownWords)}),
    }


def _families(held: Arrays) -> dict[str, Family]:
    rows = [line.split("\t") for line in str(held["families"]).split("\n") if line]
    tables, biases = whole_rows.unpacked(_of(_PARTS, held)), held["biases"]
    ends = np.cumsum([len(members) for _, *members in rows])
    return {
        whole: Family(members=tuple(members), votes=votes, bias=biases[end - len(members) : end])
        for (whole, *members), votes, end in zip(rows, tables, ends, strict=True)
    }


def _named(prefix: str, arrays: Arrays) -> dict[str, npt.NDArray[Any]]:
    return {prefix + name: array for name, array in arrays.items()}


def _of(prefix: str, held: Arrays) -> Arrays:
    return {name.removeprefix(prefix): held[name] for name in held if name.startswith(prefix)}


def _path(directory: Path, name: str) -> Path:
    return directory / f"{name}{_SUFFIX}"
