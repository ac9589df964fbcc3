"""Replicas over one PostgreSQL, each with directories of its own, have the same knowledge."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.reload_outcomes import Applied, NoVersion, Outcome
from bot.replicas import START, Replicas
from bot.store import archives, history
from bot.store.engine import Store, open_store
from bot.store.identity import KEY_FILE
from tests.bot.desk.office import Office
from tests.bot.reloading import House, furnish, opened
from tests.postgres import Cluster

POLICE = "policija aa"
OLD, NEW = "65283888", "65283999"
PATIENCE_SECONDS = 120


@dataclass(slots=True, kw_only=True)
class Replica:
    """One process's part, with an office for its admins, and what it followed."""

    house: House
    store: Store
    office: Office
    followed: list[Outcome]

    async def until(self, met: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not met():  # noqa: ASYNC110 - a swap tells nobody
                await asyncio.sleep(0.01)

    async def in_force(self) -> history.Version:
        async with self.store.reading() as connection:
            found = await history.active(connection)
        assert found is not None
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where replicas stand: directories of their own, one database, one key."""

    url: str
    directory: Path

    def furnish(self, name: str) -> House:
        return furnish(self.directory / name)

    @asynccontextmanager
    async def replica(
        self, name: str, *, look: timedelta = timedelta(hours=1), deaf: bool = False
    ) -> AsyncIterator[Replica]:
        house = opened(self.directory / name)
        self._same_key(house.data)
        store = await open_store(self.url, house.data)
        office = Office(house=house, store=store)
        followed: list[Outcome] = []
        replicas = Replicas(
            store=store, reload=house.reload, clock=house.now, told=followed.append, look=look,
            again=timedelta(seconds=0.05),
        )  # fmt: skip
        office.desk = Desk(
            store=store, live=house.reload.live, reload=house.reload, propose=office.desk.propose, keys=store.keys,
            clock=house.now, health=office.desk.health, publish=_silent if deaf else replicas.publish,
        )  # fmt: skip
        running = asyncio.create_task(replicas.run())
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (await _noted(store)) is None:  # noqa: ASYNC110 - the database tells nobody
                    await asyncio.sleep(0.01)
            yield Replica(house=house, store=store, office=office, followed=followed)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await store.close()

    def _same_key(self, data: Path) -> None:
        key = self.directory / KEY_FILE
        data.mkdir(exist_ok=True)
        if key.exists():
            (data / KEY_FILE).write_bytes(key.read_bytes())
        else:
            key.write_text("ab" * 32)
            self._same_key(data)


async def _silent(connection: object, version: str) -> None:
    """As a Sēlis that tells nobody, and hands nothing over."""


@pytest.fixture
def site(cluster: Cluster, tmp_path: Path) -> Site:
    return Site(url=cluster.new_database("made"), directory=tmp_path)


def change_phone(house: House) -> None:
    house.edit("contacts/aa.yaml", "+371 65283888", "+371 65283999")


async def test_a_reload_reaches_a_replica_that_has_none_of_its_files_and_so_does_going_back(site: Site) -> None:
    site.furnish("a")
    site.furnish("b")
    async with site.replica("a") as first, site.replica("b") as second:
        before = first.house.version
        change_phone(first.house)
        assert OLD in second.house.says(POLICE)
        await first.office.ask("/parladet")
        assert NEW in first.house.says(POLICE)
        await second.until(lambda: second.followed)
        assert isinstance(second.followed[0], Applied)
        assert second.house.version == first.house.version == (await second.in_force()).version
        assert NEW in second.house.says(POLICE)
        # Its admins can go back there as well, and take the first along.
        await second.office.ask("/atcelt")
        await first.until(lambda: first.house.version == before)
        assert second.house.version == before
    # Its own start does not undo it, though its directory holds another.
    async with site.replica("a") as first:
        assert first.house.version == before
        assert (await first.in_force()).version == before


async def test_a_replica_that_starts_later_takes_what_is_in_force(site: Site) -> None:
    for name in ("a", "b"):
        site.furnish(name)
    async with site.replica("b"):
        pass
    async with site.replica("a") as first:
        change_phone(first.house)
        await first.office.ask("/parladet")
        in_force = await first.in_force()
    async with site.replica("b") as second:
        await second.until(lambda: second.house.version == in_force.version)
        assert NEW in second.house.says(POLICE)


async def test_a_directory_that_is_newly_delivered_is_taken_by_all(site: Site) -> None:
    site.furnish("a")
    site.furnish("b")
    async with site.replica("a") as first:
        change_phone(opened(site.directory / "b"))
        async with site.replica("b") as second:
            await first.until(lambda: first.house.version == second.house.version)
            assert NEW in first.house.says(POLICE)
            in_force = await first.in_force()
            assert (in_force.version, in_force.who, in_force.note) == (second.house.version, None, START)


async def test_a_notification_that_went_astray_is_made_up_for(site: Site) -> None:
    site.furnish("a")
    site.furnish("b")
    async with site.replica("a", deaf=True) as first, site.replica("b", look=timedelta(seconds=0.1)) as second:
        # The first tells nobody and hands no files over: they are found in the second's own directory.
        change_phone(second.house)
        change_phone(first.house)
        await first.office.ask("/parladet")
        await second.until(lambda: second.followed)
        assert second.house.version == first.house.version


async def test_a_lost_connection_is_made_anew(site: Site, cluster: Cluster) -> None:
    site.furnish("a")
    site.furnish("b")
    async with site.replica("a") as first, site.replica("b") as second:
        await asyncio.to_thread(
            cluster.sql,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'",
        )
        change_phone(first.house)
        await first.office.ask("/parladet")
        await second.until(lambda: second.house.version == first.house.version)


async def test_files_that_are_not_what_their_name_says_are_not_taken(site: Site) -> None:
    site.furnish("a")
    async with site.replica("a") as first:
        before = first.house.version
        for version, archive in (("0" * 64, b"no archive"), ("1" * 64, _another(site))):
            async with first.store.transaction() as connection:
                await history.enter(connection, version, first.house.now())
                await archives.publish(connection, version, archive)
            await first.until(lambda of=version: NoVersion(asked=of) in first.followed)  # type: ignore[misc]
        assert first.house.version == before


async def test_only_the_latest_archives_are_kept(site: Site) -> None:
    site.furnish("a")
    async with site.replica("a") as first:
        for number in range(archives.KEPT + 2):
            async with first.store.transaction() as connection:
                await history.enter(connection, f"v{number:02}", first.house.now())
                await archives.publish(connection, f"v{number:02}", b"")
        async with first.store.reading() as connection:
            found = [await archives.get(connection, f"v{number:02}") for number in range(archives.KEPT + 2)]
        assert found == [None, None, *[b""] * archives.KEPT]


def _another(site: Site) -> bytes:
    house = furnish(site.directory / "another")
    return house.reload.versions.path(house.version).read_bytes()


async def _noted(store: Store) -> history.Version | None:
    async with store.reading() as connection:
        return await history.active(connection)
