"""Which municipalities the places of a message mean together."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.places_meant import places_meant, village_of
from knowledge.model import KnowledgeBase
from knowledge.reading import Meaning, Mention
from tests.bot import little
from tests.bot.sayings import said

OURS = Meaning(municipality="bb", place="ciems-dee")
THEIRS = Meaning(municipality="far")


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return little.build()


def mention(text: str, words: str, meaning: Meaning) -> Mention:
    start = text.index(words)
    return Mention(text=words, start=start, end=start + len(words), meanings=(meaning,))


@pytest.mark.parametrize("text", ["Dē, Tālais novads, policija", "policija Dē Tālais novads", "Tālais novads (Dē)"])
def test_a_village_that_is_said_to_lie_elsewhere_is_not_ours(kb: KnowledgeBase, text: str) -> None:
    places = sorted((mention(text, "Dē", OURS), mention(text, "Tālais novads", THEIRS)), key=lambda found: found.start)
    assert places_meant(said(text=text, places=tuple(places)), kb) == (THEIRS,)


@pytest.mark.parametrize(
    ("text", "far"),
    [
        pytest.param("Dē, Tālais, policija", "Tālais", id="a town of that name, in a list"),
        pytest.param("no Dē uz Tālais novads", "Tālais novads", id="words between them"),
    ],
)
def test_otherwise_both_are_meant(kb: KnowledgeBase, text: str, far: str) -> None:
    places = (mention(text, "Dē", OURS), mention(text, far, THEIRS))
    assert places_meant(said(text=text, places=places), kb) == (OURS, THEIRS)


def test_a_municipality_of_ours_takes_no_village_away(kb: KnowledgeBase) -> None:
    text, ours = "Dē, Aa novads", Meaning(municipality="aa")
    places = (mention(text, "Dē", OURS), mention(text, "Aa novads", ours))
    assert places_meant(said(text=text, places=places), kb) == (OURS, ours)


@pytest.mark.parametrize(
    ("text", "far", "meant"),
    [
        pytest.param("Dzīvoju Dē. Policija, Tālais novads?", "Tālais novads", (THEIRS,), id="a municipality elsewhere"),
        pytest.param("Dzīvoju Dē. Policija, Tālais?", "Tālais", (OURS, THEIRS), id="a town of that name"),
    ],
)
def test_an_office_elsewhere_goes_before_where_somebody_lives(
    kb: KnowledgeBase, text: str, far: str, meant: tuple[Meaning, ...]
) -> None:
    lives = replace(mention(text, "Dē", OURS), home=True)
    assert places_meant(said(text=text, places=(lives, mention(text, far, THEIRS))), kb) == meant
    both_live = (lives, replace(mention(text, far, THEIRS), home=True))
    assert places_meant(said(text=text, places=both_live), kb) == (OURS, THEIRS)


def test_the_village_is_told_where_the_municipality_was_not_named() -> None:
    assert village_of((OURS,), ("bb",)) == "ciems-dee"
    assert village_of((OURS, Meaning(municipality="bb")), ("bb",)) is None
    assert village_of((OURS,), ("bb", "aa")) is None
