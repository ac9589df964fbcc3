"""Health is told in words: what is late, what waits, what the database does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.health import AdapterHealth, DatabaseHealth, Health, examined, health_text
from bot.messages import Kind, Reply
from bot.phrasebook import Phrasebook
from bot.store import outbox
from bot.store.depth import Depth
from bot.store.engine import open_store
from bot.store.errors import Trouble
from bot.store.outbox import Address, Letter
from knowledge.model import Language
from tests.bot import little
from tests.bot.reloading import furnish

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
TELEGRAM = AdapterHealth(
    name="telegram",
    last=NOW - timedelta(seconds=3),
    late_after=timedelta(minutes=2),
    figures={"sent": 1500, "retried": 2, "dropped": 0},
)
MATRIX = AdapterHealth(name="matrix", last=NOW, late_after=timedelta(minutes=2), undecrypted=2)
HEALTH = Health(
    at=NOW,
    version="ab" * 32,
    taken_at=NOW - timedelta(hours=21),
    entries=412,
    database=DatabaseHealth(bytes=1_260_000),
    adapters=(TELEGRAM, MATRIX),
    waiting={"telegram": Depth(letters=3, oldest=NOW - timedelta(minutes=5))},
)
LITTLE = little.build()


def lines(health: Health, language: Language = Language.LV) -> list[str]:
    return health_text(health, Phrasebook(kb=LITTLE, language=language)).split("\n")


def test_all_is_told() -> None:
    assert HEALTH.is_well
    assert lines(HEALTH) == [
        "Viss kārtībā.",
        "Zināšanas: versija abababab, ielādēta pirms 21 stundas, 412 ierakstu",
        "telegram: pēdējoreiz saņemts pirms 3 sekundēm",
        "telegram kopš palaišanas: nosūtīts 1\xa0500, atlikts 2",
        "matrix: pēdējoreiz saņemts pirms 1 sekundes",
        "Gaida nosūtīšanu, telegram: 3, vecākā pirms 5 minūtēm",
        "Datubāze: atbild, 1,3 MB",
        "Neatšifrētas ziņas: 2",
    ]


@pytest.mark.parametrize(
    ("ill", "line"),
    [
        (replace(HEALTH, database=DatabaseHealth(trouble=Trouble.FULL), waiting={}), "NAV VIETAS"),
        (replace(HEALTH, adapters=(replace(TELEGRAM, last=NOW - timedelta(minutes=3)),)), "telegram: KAVĒJAS"),
        (replace(HEALTH, adapters=(replace(TELEGRAM, last=None),)), "telegram: kopš palaišanas vēl nekas"),
        (replace(HEALTH, waiting={"matrix": Depth(letters=1, oldest=NOW - timedelta(hours=1))}), "matrix: 1, vecākā"),
    ],
)
def test_what_is_not_well_is_named(ill: Health, line: str) -> None:
    assert not ill.is_well
    head, *rest = lines(ill)
    assert head == "Kaut kas nav kārtībā – skatiet zemāk."
    assert any(line in told for told in rest)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("trouble", [None, *Trouble])
def test_it_is_told_in_every_language(language: Language, trouble: Trouble | None) -> None:
    told = lines(replace(HEALTH, database=DatabaseHealth(trouble=trouble)), language)
    assert all(told)
    assert ("abababab" in told[1], told[-1].endswith(": 2")) == (True, True)


def test_a_clock_that_went_back_makes_nothing_come_from_the_future() -> None:
    ahead = replace(TELEGRAM, last=NOW + timedelta(hours=1))
    assert lines(replace(HEALTH, adapters=(ahead,)))[2] == "telegram: pēdējoreiz saņemts pirms 1 sekundes"


async def test_the_database_is_asked(tmp_path: Path) -> None:
    store = await open_store(None, tmp_path)
    reply = Reply(kind=Kind.COMMAND, text="x")
    letter = Letter(
        network="telegram",
        address=Address(chat="1"),
        whose=store.keys.whose(network="telegram", chat="1", person="1"),
        event=store.keys.event("telegram", "1", "1"),
        reply=reply,
    )
    async with store.transaction() as connection:
        await outbox.enqueue(connection, letter, NOW)
    snapshot = furnish(tmp_path).reload.live.current
    health = await examined(store, snapshot, NOW, adapters=[TELEGRAM, replace(MATRIX, undecrypted=1)])
    assert health.waiting == {"telegram": Depth(letters=1, oldest=NOW)}
    assert health.database.trouble is None
    assert health.database.bytes > 10_000
    assert health.is_well
    (tmp_path / "selis.sqlite3").rename(tmp_path / "away")
    gone = await examined(store, snapshot, NOW)
    assert gone.database == DatabaseHealth(trouble=Trouble.GONE)
    (tmp_path / "away").rename(tmp_path / "selis.sqlite3")
    await store.close()
