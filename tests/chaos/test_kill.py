"""Nothing is lost and nothing is doubled when the bot is killed; `make chaos` does the same ten times as long."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.chaos import child
from tests.chaos.kill import Books, Killer, database
from tests.postgres import NoPostgresError

KILLS = 20


def killed(engine: str, directory: Path, kills: int, *, takes_transactions: bool, fault: str = "") -> Books:
    try:
        with database(engine) as url:
            killer = Killer(2026, directory, url, takes_transactions=takes_transactions, fault=fault)
            return asyncio.run(killer.run(kills))
    except NoPostgresError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("takes_transactions", [False, True], ids=["like Telegram", "like Matrix"])
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_kills_lose_and_double_nothing(engine: str, takes_transactions: bool, tmp_path: Path) -> None:
    books = killed(engine, tmp_path, KILLS, takes_transactions=takes_transactions)
    assert books.kills == KILLS
    assert books.handed_out_again, "the network handed nothing out twice, so nothing was shown"
    assert books.fine(takes_transactions=takes_transactions), f"\n{books}"


def test_a_bot_that_confirms_first_is_found_out(tmp_path: Path) -> None:
    assert killed("sqlite", tmp_path, KILLS, takes_transactions=True, fault=child.CONFIRMS_FIRST).lost


def test_a_bot_that_does_not_know_what_it_has_seen_is_found_out(tmp_path: Path) -> None:
    books = killed("sqlite", tmp_path, KILLS, takes_transactions=False, fault=child.REMEMBERS_NOTHING_SEEN)
    assert books.doubled_outside


def test_a_bot_that_does_not_know_what_was_said_is_found_out(tmp_path: Path) -> None:
    books = killed("sqlite", tmp_path, 2, takes_transactions=False, fault=child.REMEMBERS_NOTHING_SAID)
    assert books.out_of_order
