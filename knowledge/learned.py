"""What is learned of a knowledge once, and kept: it takes most of a minute."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.known_words import KnownWords
from knowledge.match import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The model trained on all wordings, and the words that names and phrases are made of."""

    model: Model
    words: KnownWords
