"""Which municipalities the places named in a message mean together. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from knowledge.model import KnowledgeBase
from knowledge.reading import Meaning, Mention, Reading


def places_meant(reading: Reading, kb: KnowledgeBase) -> tuple[Meaning, ...]:
    """What the places mean together: an ambiguous name takes the meaning another place of the message points to."""
    telling = [mention for mention in _without_namesakes(reading, kb) if not _tells_nothing(mention, kb)]
    named = _asked_about(telling, kb)
    certain = {m.municipalities[0] for m in named if len(m.municipalities) == 1}
    if any(not mention.region for mention in named):
        named = [mention for mention in named if not mention.region]
    meanings: list[Meaning] = []
    for mention in named:
        options = [meaning for meaning in mention.meanings if meaning.municipality in certain] or list(mention.meanings)
        meanings.extend(_first_of_each(options))
    return tuple(dict.fromkeys(meanings))


def _tells_nothing(mention: Mention, kb: KnowledgeBase) -> bool:
    """Whether a name is taken back, or is that of the land that all municipalities of ours lie in ("Sēlijā")."""
    every = mention.region and {municipality.id for municipality in kb.covered}.issubset(mention.municipalities)
    return mention.negated or every


def _asked_about(named: list[Mention], kb: KnowledgeBase) -> list[Mention]:
    """The places, without where somebody lives if an office elsewhere is asked for ("I live in Dagda, he in Līvāni, so:
    the police of Līvāni Municipality?").
    """
    if not any(_is_uncovered(mention, kb) and not mention.home for mention in named):
        return named
    return [mention for mention in named if not mention.home]


def village_of(meanings: Sequence[Meaning], inside: Sequence[str]) -> str | None:
    """The smaller place that led to the municipality, unless the municipality was named too."""
    if len(inside) != 1:
        return None
    mine = [meaning for meaning in meanings if meaning.municipality == inside[0]]
    return mine[0].place if all(meaning.place for meaning in mine) else None


def home_of(reading: Reading, kb: KnowledgeBase) -> str | None:
    """The municipality a person says they live in ("esmu no Dagdas"), or None."""
    for mention in reading.places:
        if mention.home and len(mention.municipalities) == 1 and kb.municipalities[mention.municipalities[0]].covered:
            return mention.municipalities[0]
    return None


def _without_namesakes(reading: Reading, kb: KnowledgeBase) -> list[Mention]:
    """The places without villages that are said to lie in a municipality of others ("Augstkalne, Dobeles novads").

    Many villages have a namesake elsewhere.
    """
    kept = list(reading.places)
    for first, second in itertools.pairwise(reading.places):
        beside = not reading.text[first.end : second.start].strip(" ,(")
        for village, around in ((first, second), (second, first)) if beside else ():
            if village in kept and _is_uncovered(around, kb) and all(meaning.place for meaning in village.meanings):
                kept.remove(village)
    return kept


def _is_uncovered(mention: Mention, kb: KnowledgeBase) -> bool:
    """Whether a municipality that is not covered is named as such, and no town of its name: "Dobeles novads"."""
    covered = any(kb.municipalities[municipality].covered for municipality in mention.municipalities)
    return not covered and not mention.region and " " in mention.text


def _first_of_each(options: Iterable[Meaning]) -> list[Meaning]:
    return list({meaning.municipality: meaning for meaning in reversed(list(options))}.values())[::-1]
