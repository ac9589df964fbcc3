"""Places and what they are called; the municipalities themselves are in `knowledge.model`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A town, parish, village or neighbour town. `common_word` tells how far the bare name can be trusted, in the cases
    `common_forms` or, where none are listed, in all; `common_ru` that it is a word in Russian, too.

    `lat` and `lon` are WGS 84 degrees. `forms` are the case forms of the name without "pagasts" or "novads".
    """

    id: str
    name: str
    kind: str
    municipality: str
    lat: float | None
    lon: float | None
    forms: Mapping[str, str]
    demonyms: tuple[str, ...] = ()
    ru: str | None = None
    common_word: str | None = None
    common_forms: tuple[str, ...] = ()
    common_ru: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A point that only tells where a position on the map belongs; without a municipality it is abroad."""

    name: str
    lat: float
    lon: float
    municipality: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A municipality called after another with a kind word: "Daugavpils novads" is Augšdaugava, not the city."""

    named_after: str
    kinds: tuple[str, ...]
    municipality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A part of Latvia and the covered municipalities in it: "in Latgale" narrows, it does not decide."""

    name: str
    municipalities: tuple[str, ...]
    ru: str | None = None
