"""locate(location, kb): which municipality a position on the map belongs to, by the places around it. Pure.

There are no border lines in the knowledge, only points of places, exact to a kilometre or two. So the municipality of
the nearest place is meant, unless another one has a place nearly as near: then both are asked about. The farther the
nearest place, the less it tells: beyond `NEAR` one at up to twice the distance is asked about as well, and beyond `FAR`
nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, cos, isfinite, radians, sin, sqrt

from bot.messages import Location
from knowledge.model import KnowledgeBase

NEARLY = 2.0
"""Kilometres that say nothing: twice what a point may be off."""
NEAR = 6.0
"""Kilometres from a place within which its municipality is sure; places of Sēlija lie some nine kilometres apart."""
FAR = 12.0
"""Kilometres from any place of a municipality at which nobody lives in it."""
TOWN = 3.0
"""Kilometres that a town outside coverage reaches from its point; Daugavpils lies amid villages of Augšdaugava."""
_MOST_ASKED = 3
_EARTH = 6371.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The position lies in a covered municipality. `place` is the id of the nearest place, `km` how far that is."""

    place: str
    municipality: str
    km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """The position may lie in any of these municipalities: the covered ones first, at least one; each
    part the nearest first.
    """

    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The position lies in no covered municipality.

    `name`, `municipality` and `km` are of the nearest point: None where it is abroad, farther than `FAR`, or the
    position is none.
    """

    name: str | None = None
    municipality: str | None = None
    km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """A place or landmark as seen from a position: `away` is how far, less what a town reaches towards it."""

    name: str
    place: str | None
    municipality: str | None
    covered: bool
    km: float
    away: float


def locate(location: Location, kb: KnowledgeBase) -> Nearest | Border | Outside:
    """Where a position (latitude and longitude in degrees) belongs."""
    lat, lon = location
    if not (isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        return Outside()
    points = _nearest_of_each(lat, lon, kb)
    if not points or points[0].away > FAR:
        return Outside()
    best = points[0]
    reach = best.away + NEARLY if best.away <= NEAR or best.municipality is None else 2 * best.away
    candidates = [point for point in points if point.away <= reach]
    inside = [point for point in candidates if point.covered and point.away <= FAR]
    if not inside:
        return Outside(name=best.name, municipality=best.municipality, km=round(best.km, 1))
    # Abroad is no choice: whoever shares a position on the bank of a border river lives on ours.
    others = [point for point in candidates if not point.covered and point.municipality is not None]
    if len(inside) + len(others) > 1:
        named = tuple(point.municipality for point in (*inside, *others) if point.municipality is not None)
        return Border(municipalities=named[:_MOST_ASKED])
    return Nearest(place=inside[0].place or "", municipality=inside[0].municipality or "", km=round(inside[0].km, 1))


def _nearest_of_each(lat: float, lon: float, kb: KnowledgeBase) -> list[_Point]:
    """The nearest point of every municipality and of abroad, nearest first."""
    nearest: dict[str | None, _Point] = {}
    for point in _points(lat, lon, kb):
        before = nearest.get(point.municipality)
        if before is None or point.away < before.away:
            nearest[point.municipality] = point
    return sorted(nearest.values(), key=lambda point: (point.away, not point.covered))


def _points(lat: float, lon: float, kb: KnowledgeBase) -> Iterator[_Point]:
    for place in kb.places.values():
        if place.lat is None or place.lon is None:
            continue
        km = distance(lat, lon, place.lat, place.lon)
        covered = kb.municipalities[place.municipality].covered
        # Within coverage the villages around a town are known as well; outside, the town stands for all of it.
        size = 0.0 if covered else TOWN
        yield _Point(
            name=place.name, place=place.id, municipality=place.municipality, covered=covered, km=km,
            away=max(0.0, km - size),
        )  # fmt: skip
    for mark in kb.landmarks:
        km = distance(lat, lon, mark.lat, mark.lon)
        covered = mark.municipality is not None and kb.municipalities[mark.municipality].covered
        yield _Point(name=mark.name, place=None, municipality=mark.municipality, covered=covered, km=km, away=km)


def distance(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres between two positions, along the surface of a sphere (haversine)."""
    north, east = radians(other_lat - lat), radians(other_lon - lon)
    half = sin(north / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east / 2) ** 2
    return 2 * _EARTH * asin(sqrt(min(1.0, half)))
