"""A position on the map leads to the municipality around it, to a question near a border, and to no guess elsewhere."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.location import FAR, NEARLY, Border, Nearest, Outside, distance, locate
from bot.messages import Location
from knowledge.model import KnowledgeBase
from tests.knowledge.samples import FUZZ


def test_every_place_of_the_knowledge_leads_to_its_own_municipality(shipped_kb: KnowledgeBase) -> None:
    asked = 0
    for place in shipped_kb.places.values():
        if place.lat is None or place.lon is None:
            continue
        found = locate((place.lat, place.lon), shipped_kb)
        if isinstance(found, Border):
            asked += 1
            assert place.municipality in found.municipalities
        else:
            assert found.municipality == place.municipality
            assert isinstance(found, Nearest) == shipped_kb.municipalities[place.municipality].covered
    assert asked <= 2  # Dignāja, on the bank opposite Līvāni


@pytest.mark.parametrize(
    ("location", "municipality", "place"),
    [
        ((56.5003, 25.8600), "jekabpils", "Jēkabpils"),
        ((56.0900, 27.5400), "kraslava", "Dagda"),
        ((56.6050, 25.2500), "aizkraukle", "Aizkraukle"),
        ((55.9900, 26.3000), "augsdaugava", "Ilūkste"),
    ],
)
def test_a_position_in_a_town_is_in_its_municipality(
    shipped_kb: KnowledgeBase, location: Location, municipality: str, place: str
) -> None:
    found = locate(location, shipped_kb)
    assert isinstance(found, Nearest)
    assert (found.municipality, shipped_kb.places[found.place].name) == (municipality, place)
    assert found.km < 3


@pytest.mark.parametrize(
    ("location", "both"),
    [
        ((56.4900, 25.6500), {"jekabpils", "aizkraukle"}),
        ((55.9050, 26.6000), {"augsdaugava", "daugavpils"}),
        ((56.4200, 26.0300), {"jekabpils", "livanu-novads"}),
        ((56.1800, 26.6500), {"augsdaugava", "preilu-novads"}),
    ],
)
def test_between_two_municipalities_both_are_asked_about(
    shipped_kb: KnowledgeBase, location: Location, both: set[str]
) -> None:
    found = locate(location, shipped_kb)
    assert isinstance(found, Border)
    assert set(found.municipalities) == both


def test_a_covered_municipality_comes_first_among_those_asked_about(shipped_kb: KnowledgeBase) -> None:
    for north in range(40):
        for east in range(50):
            found = locate((55.65 + north * 0.03, 24.8 + east * 0.07), shipped_kb)
            if isinstance(found, Border):
                assert shipped_kb.municipalities[found.municipalities[0]].covered
                assert 2 <= len(set(found.municipalities)) <= 3
            if isinstance(found, Nearest):
                assert found.km <= FAR


@pytest.mark.parametrize(
    ("location", "name"),
    [((56.9500, 24.1000), "Rīga"), ((55.8740, 26.5160), "Daugavpils"), ((56.3543, 26.1758), "Līvāni")],
)
def test_a_town_outside_coverage_is_named(shipped_kb: KnowledgeBase, location: Location, name: str) -> None:
    found = locate(location, shipped_kb)
    assert isinstance(found, Outside)
    assert found.name == name
    assert found.municipality is not None


@pytest.mark.parametrize(
    "location",
    [(55.9587, 25.5947), (55.7323, 26.2511), (55.6439, 27.0572), (54.69, 25.28), (57.0, 19.5), (0.0, 0.0), (-90, 180)],
)
def test_abroad_and_at_sea_no_municipality_is_meant(shipped_kb: KnowledgeBase, location: Location) -> None:
    found = locate(location, shipped_kb)
    assert isinstance(found, Outside)
    assert found.municipality is None


@pytest.mark.parametrize(
    "location", [(nan, 25.0), (56.0, nan), (inf, 25.0), (56.0, -inf), (156.0, 25.0), (56.0, 185.0)]
)
def test_what_is_no_position_is_nowhere(shipped_kb: KnowledgeBase, location: Location) -> None:
    assert locate(location, shipped_kb) == Outside()


@FUZZ
@given(st.floats(), st.floats())
def test_any_two_numbers_get_an_answer(shipped_kb: KnowledgeBase, lat: float, lon: float) -> None:
    assert isinstance(locate((lat, lon), shipped_kb), Nearest | Border | Outside)


def test_the_river_bank_opposite_a_town_abroad_is_ours(shipped_kb: KnowledgeBase) -> None:
    abroad = next(mark for mark in shipped_kb.landmarks if mark.name == "Druja")
    found = locate((abroad.lat, abroad.lon), shipped_kb)
    assert isinstance(found, Nearest)
    assert found.km < NEARLY


def test_without_coordinates_nothing_is_known(shipped_kb: KnowledgeBase) -> None:
    blind = {name: replace(place, lat=None, lon=None) for name, place in shipped_kb.places.items()}
    assert locate((56.5, 25.86), replace(shipped_kb, places=blind, landmarks=())) == Outside()


def test_distances_are_those_of_the_earth() -> None:
    assert distance(56.9496, 24.1052, 55.8833, 26.5333) == pytest.approx(190, abs=2)
    assert distance(0, 0, 0, 180) == pytest.approx(20015, abs=1)
    assert distance(56, 25, 56, 25) == 0
