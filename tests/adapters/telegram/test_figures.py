"""Known traffic in, exact numbers out: what Prometheus reads, asked for over a real socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from adapters import wiring
from adapters.http import serving, tell
from adapters.metrics import MOST_TOPICS, OTHER, Metrics
from adapters.telegram.run import Telegram
from adapters.watch import Watch
from bot.messages import Kind, Reply
from bot.secret import Secret
from bot.settings import Settings
from knowledge.model import Language
from tests.adapters.telegram.conftest import hurried
from tests.bot.reloading import House, furnish
from tests.servers.botapi.faults import answer, flood
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi
from tests.servers.free_port import free_port

TELEGRAM = "telegram"
SAID = ("policija aa", "policija bē", "Klientu centrs aa", "partnerība aa", "policija", "kur ir Mēness?", "labdien")
Figures = dict[str, dict[tuple[str, ...], float]]


@dataclass(kw_only=True)
class Carried:
    """Sēlis on Telegram over the small knowledge, with its web server."""

    house: House
    url: str
    telegram: Telegram
    watch: Watch
    http: aiohttp.ClientSession

    async def get(self, path: str) -> tuple[int, str]:
        async with self.http.get(self.url + path) as answer:
            return answer.status, await answer.text()

    async def figures(self) -> Figures:
        """Of ours, each figure by the values of its labels in the order of their names."""
        status, page = await self.get("/metrics")
        assert status == 200
        found: Figures = {}
        for family in text_string_to_metric_families(page):
            for sample in family.samples:
                if sample.name.startswith("selis_") and not sample.name.endswith(("_created", "_bucket")):
                    found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
        return found


@asynccontextmanager
async def carried(api: BotApi, directory: Path, *, poll_seconds: int = 2, **settings: object) -> AsyncIterator[Carried]:
    house, port = furnish(directory), free_port()
    held = Settings(
        knowledge_dir=house.directory, data_dir=house.data, telegram_token=Secret(api.token),
        telegram_api_url=api.url, http_port=port, **settings,  # type: ignore[arg-type]
    )  # fmt: skip
    metrics = Metrics(CollectorRegistry())
    async with (
        serving("127.0.0.1", port) as pages,
        wiring.service(held, meter=metrics) as service,
        aiohttp.ClientSession(trust_env=False) as http,
    ):
        watch = Watch()
        tell(pages, watch, metrics)
        watch.open(service.health)
        telegram = Telegram(
            service=service, settings=held, token=api.token, poll_seconds=poll_seconds, pacing=hurried()
        )
        running = asyncio.create_task(telegram.run())
        try:
            await api.world.until(lambda: api.log.of("getUpdates"), within=20)
            yield Carried(house=house, url=f"http://127.0.0.1:{port}", telegram=telegram, watch=watch, http=http)
        finally:
            telegram.stop()
            await running


async def test_traffic_in_numbers_out(api: BotApi, tmp_path: Path) -> None:
    anna, berta, ilze = api.person("Anna"), api.person("Berta"), api.person("Ilze", started=True)
    async with carried(api, tmp_path, admins=f"telegram:{ilze.id}", limit_person=7) as it:

        async def until_said(person: Person, text: str, times: int = 1) -> None:
            said = person.private.from_bot
            await api.world.until(lambda: sum(text in one.text for one in said(api.bot)) >= times, within=60)

        for text in SAID:
            anna.sends(text)
        # The eighth within a minute is told so, the ninth is left unanswered.
        anna.sends("policija aa")
        anna.sends("policija aa")
        await api.world.until(lambda: len(anna.private.from_bot(api.bot)) == 8)
        api.faults.add("sendMessage", flood(1))
        asked = berta.sends("police aa")
        await until_said(berta, "65283888")
        it.house.edit("contacts/aa.yaml", "65283888", "65283999")
        ilze.sends("/parladet")
        await until_said(ilze, "65283999")
        ilze.sends("/parladet")
        await until_said(ilze, "Nekas nav mainījies")
        api.world.queue.add("message", {"date": "never"})
        api.world.queue.add("message", asked.json())
        await api.world.until(lambda: not api.world.queue.pending)
        found = await it.figures()
    sent = sum(len(person.private.from_bot(api.bot)) for person in (anna, berta, ilze))
    assert found["selis_questions_total"] == {
        ("lv", "answer", "police"): 3, ("lv", "answer", "desk"): 1, ("lv", "answer", "partners"): 1,
        ("lv", "unavailable", "police"): 1, ("lv", "clarify", ""): 1,
    }  # fmt: skip
    assert found["selis_reply_seconds_count"] == {
        ("answer", TELEGRAM): 5, ("unavailable", TELEGRAM): 1, ("clarify", TELEGRAM): 1, ("smalltalk", TELEGRAM): 1,
        ("no_answer", TELEGRAM): 1,
    }  # fmt: skip
    assert found["selis_knowledge_changes_total"] == {("applied",): 1, ("unchanged",): 1}
    assert found["selis_incoming_stepped_over_total"] == {(TELEGRAM, "unreadable"): 1}
    for name, number in {
        "selis_delivery_seconds_count": sent, "selis_sends_total": sent, "selis_send_retries_total": 1,
        "selis_send_limited_total": 1, "selis_send_unreachable_total": 0, "selis_send_faults_total": 0,
        "selis_send_dropped_total": 0, "selis_send_database_waits_total": 0, "selis_messages_limited_total": 1,
        "selis_redeliveries_dropped_total": 1, "selis_decrypt_failures_total": 0, "selis_network_late": 0,
        "selis_outbox_letters": 0, "selis_outbox_oldest_seconds": 0,
    }.items():  # fmt: skip
        assert found[name] == {(TELEGRAM,): number}, name
    live = it.telegram.service.live.current
    assert found["selis_knowledge_info"] == {(live.version[:8],): 1}
    assert found["selis_knowledge_entries"] == {(): len(live.index.kb.entries)}
    assert found["selis_database_up"] == {(): 1}
    assert found["selis_database_bytes"][()] > 10_000
    assert 0 < found["selis_knowledge_age_seconds"][()] < 60
    assert 0 <= found["selis_network_heard_seconds"][(TELEGRAM,)] < 60
    assert 0 < found["selis_reply_seconds_sum"]["answer", TELEGRAM] < 60


async def test_what_waits_is_told_with_its_age_and_late_networks_make_it_not_ready(api: BotApi, tmp_path: Path) -> None:
    anna = api.person("Anna")
    async with carried(api, tmp_path) as it:
        status, told = await it.get("/readyz")
        ready = json.loads(told)
        assert (status, ready["ready"], ready["reasons"], ready["database"]) == (200, True, [], "well")
        assert ready["knowledge"]["version"] == it.house.version
        assert list(ready["networks"]) == [TELEGRAM]
        assert await it.get("/healthz") == (200, "ok\n")
        api.faults.add("sendMessage", answer(502), times=1000)
        anna.sends("policija aa")
        await api.world.until(lambda: api.log.of("sendMessage"))
        found = await it.figures()
        assert found["selis_outbox_letters"] == {(TELEGRAM,): 1}
        assert 0 < found["selis_outbox_oldest_seconds"][(TELEGRAM,)] < 60
        api.faults.add("getUpdates", answer(502), times=1000)
        async with asyncio.timeout(20):
            while api.log.of("getUpdates")[-1].code != 502:  # noqa: ASYNC110 - a refused poll changes nothing in the world
                await asyncio.sleep(0.01)
        it.telegram.last = wiring.now() - timedelta(minutes=5)
        status, told = await it.get("/readyz")
        (reason,) = json.loads(told)["reasons"]
        assert (status, reason[:28]) == (503, "telegram: nothing heard for ")
        (tmp_path / "data" / "selis.sqlite3").rename(tmp_path / "away")
        status, told = await it.get("/readyz")
        assert (status, json.loads(told)["reasons"][-1]) == (503, "database: gone")
        found = await it.figures()
        assert found["selis_database_up"] == {(): 0}
        assert "selis_outbox_letters" not in found
        (tmp_path / "away").rename(tmp_path / "data" / "selis.sqlite3")
        it.watch.close()
        status, told = await it.get("/readyz")
        assert (status, json.loads(told)) == (503, {"ready": False, "reasons": ["stopping"]})
        assert await it.get("/healthz") == (200, "ok\n")
        assert (await it.get("/metrics"))[0] == 200


async def test_nothing_of_people_is_in_the_figures(api: BotApi, tmp_path: Path) -> None:
    anna = api.person("Anna Bērziņa", username="annaberzina")
    async with carried(api, tmp_path) as it:
        anna.sends("Mani sauc Anna Bērziņa, policija aa, mans numurs 29123456")
        await api.world.until(lambda: anna.private.from_bot(api.bot))
        page = (await it.get("/metrics"))[1] + (await it.get("/readyz"))[1]
    for private in ("Anna", "Bērziņa", "annaberzina", "29123456", str(anna.id), api.token, "65283888"):
        assert private not in page


def test_topics_are_counted_apart_up_to_a_number_of_them() -> None:
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    for number in range(MOST_TOPICS + 50):
        metrics.asked(Reply(kind=Kind.ANSWER, text="", topic=f"t{number}", language=Language.LV))
    metrics.asked(Reply(kind=Kind.ANSWER, text="", topic="t3", language=Language.LV))

    def counted(topic: str) -> float | None:
        labels = {"outcome": "answer", "topic": topic, "language": "lv"}
        return registry.get_sample_value("selis_questions_total", labels)

    assert (counted("t3"), counted(OTHER), counted(f"t{MOST_TOPICS}")) == (2, 50, None)


@pytest.mark.parametrize("path", ["/", "/health", "/metrics/", "/../metrics"])
async def test_other_paths_are_not_there(path: str) -> None:
    port = free_port()
    async with serving("127.0.0.1", port) as pages, aiohttp.ClientSession(trust_env=False) as http:
        tell(pages, Watch(), Metrics(CollectorRegistry()))
        async with http.get(f"http://127.0.0.1:{port}{path}") as answer:
            assert answer.status == (200 if path == "/../metrics" else 404)
