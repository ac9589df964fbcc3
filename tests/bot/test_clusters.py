"""Questions in other words of the same stems are one cluster; what one conversation alone asked is not shown."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.clusters import Unanswered, cluster_key, groups, shown
from knowledge.index import Index
from knowledge.model import Language

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def asked(text: str, by: str, *, cluster: str = "", minutes: int = 0, times: int = 1) -> Unanswered:
    at = NOON + timedelta(minutes=minutes)
    return Unanswered(text=text, cluster=cluster or text, language=Language.LV, conversation=by, at=at, times=times)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kur nopirkt malku krāslavā?", "vai var kur malku nopirkt dagdā"),
        ("kur nopirkt malku", "Kur nopirkt malkas"),
        ("kur nopirkt malku", "kur nopirkt malku ⟨…⟩"),
        ("kur nopirkt malku", "Labdien! Pasakiet, lūdzu, kur nopirkt malku"),
        ("zirgu izjādes bērniem", "bērnu izjādes ar zirgiem"),
        ("zirgu izjades berniem", "zirgu izjādes bērniem"),
    ],
)
def test_other_words_of_the_same_stems_are_one_cluster(shipped: Index, one: str, other: str) -> None:
    assert cluster_key(one, Language.LV, shipped) == cluster_key(other, Language.LV, shipped)


def test_other_questions_are_other_clusters(shipped: Index) -> None:
    keys = {
        cluster_key(text, language, shipped)
        for language, text in (
            (Language.LV, "kur nopirkt malku"),
            (Language.LV, "kur nopirkt granulas"),
            (Language.RU, "где купить дрова"),
            (Language.EN, "where to buy firewood"),
            (Language.LV, "un kad?"),
            (Language.LV, "un kāpēc?"),
        )
    }
    assert len(keys) == 6


def test_a_cluster_counts_questions_and_conversations() -> None:
    first = asked("kur nopirkt malku", "a", cluster="x", times=3)
    second = asked("malku nopirkt kur var", "b", cluster="x", minutes=5)
    (cluster,) = groups([second, first])
    assert (cluster.questions, cluster.conversations) == (4, 2)
    assert (cluster.first, cluster.last) == (NOON, NOON + timedelta(minutes=5))
    assert cluster.representative == "kur nopirkt malku"
    assert cluster.languages == (Language.LV,)
    assert shown(groups([first])) == ()
    assert shown([cluster]) == (cluster,)


def test_the_text_that_most_conversations_used_stands_for_all() -> None:
    texts = [("malka?", "a"), ("kur nopirkt malku", "b"), ("kur nopirkt malku", "c")]
    (cluster,) = groups(asked(text, by, cluster="x") for text, by in texts)
    assert cluster.representative == "kur nopirkt malku"


def test_near_clusters_are_shown_as_one() -> None:
    found = groups(
        [
            asked("kur var nopirkt malku ziemai", "a"),
            asked("kur var nopirkt malku", "b"),
            asked("kur nopirkt malka", "c"),
            asked("kad atver baznīcu", "a"),
            asked("kad atver muzeju", "b"),
            asked("kad atver", "c"),
        ]
    )
    assert {cluster.representative: cluster.conversations for cluster in found} == {
        "kur nopirkt malka": 3,
        "kad atver baznīcu": 1,
        "kad atver muzeju": 1,
        "kad atver": 1,
    }


def test_the_most_asked_comes_first_and_the_order_of_rows_does_not_matter() -> None:
    rows = [asked("viens jautājums", "a"), asked("pavisam cits", "a"), asked("pavisam cits", "b")]
    assert groups(rows) == groups(rows[::-1])
    assert [cluster.representative for cluster in groups(rows)] == ["pavisam cits", "viens jautājums"]


def test_two_thousand_clusters_take_a_moment() -> None:
    rows = [asked(f"{number:x} jautājums par {number % 97:x} lietu {number * 7:x}", "a") for number in range(2000)]
    began = time.perf_counter()
    groups(rows)
    assert time.perf_counter() - began < 10
