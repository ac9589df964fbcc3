"""Nothing is lost, doubled or out of order when one of three replicas is killed; `make chaos` does it for a minute."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.chaos.kill import database
from tests.chaos.replicas import minute
from tests.postgres import NoPostgresError

KILLS = 2


def test_kills_of_replicas_lose_nothing_and_keep_the_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        with database("postgres") as url:
            assert url is not None
            books = asyncio.run(minute(url, tmp_path, seconds=KILLS, kills=KILLS, seed=2026, rate=10))
    except NoPostgresError as error:
        pytest.skip(str(error))
    assert books.kills == KILLS
    assert books.asked
    assert books.fine(takes_transactions=False), f"\n{books}"
