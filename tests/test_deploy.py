"""What operators start Sēlis with fits what Sēlis is: names of figures, settings and commands."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from typer.main import get_command

from adapters.cli import app
from adapters.metrics import Metrics
from bot.health import AdapterHealth, DatabaseHealth, Health
from bot.messages import Kind, Reply
from bot.settings import Settings
from bot.store.depth import Depth

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 30, tzinfo=UTC)
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
STARTS = [ROOT / name for name in ("Dockerfile", "compose.yaml", "deploy/selis.service")]
OPERATORS = ROOT / "docs" / "operators.md"


def told() -> set[str]:
    """The names of all figures, once everything has happened."""
    metrics = Metrics(CollectorRegistry())
    metrics.asked(Reply(kind=Kind.ANSWER, text=""))
    metrics.replied("telegram", Kind.ANSWER, 0.1)
    metrics.came_again("telegram")
    metrics.left_unanswered("telegram")
    metrics.sent("telegram", 0.1)
    metrics.changed("applied")
    adapter = AdapterHealth(
        name="telegram", last=NOW, late_after=timedelta(minutes=1), stepped_over={"faults": 1}, undecrypted=1
    )
    health = Health(
        at=NOW, version="ab" * 32, taken_at=NOW, entries=1, database=DatabaseHealth(), adapters=(adapter,),
        waiting={"telegram": Depth(letters=1, oldest=NOW)},
    )  # fmt: skip
    page = metrics.page(health).decode()
    return {sample.name for family in text_string_to_metric_families(page) for sample in family.samples}


@pytest.mark.parametrize("name", ["alerts.yaml", "grafana/selis.json"])
def test_every_figure_that_is_looked_at_is_told(name: str) -> None:
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:selis|process)_[a-z_]+\b", text))
    assert len(named) > 5
    assert named <= told()


def test_every_figure_that_is_told_is_explained() -> None:
    named = set(re.findall(r"`(selis_[a-z_]+)`", OPERATORS.read_text(encoding="utf-8")))
    figures = {name for name in told() if name.startswith("selis_") and not name.endswith("_created")}
    assert named == {re.sub(r"_(?:bucket|sum|count)$", "", name) for name in figures}


def test_the_dashboard_shows_figures_of_the_source_that_is_set_up() -> None:
    board = json.loads((ROOT / "deploy/grafana/selis.json").read_text(encoding="utf-8"))
    sources = yaml.safe_load((ROOT / "deploy/grafana/datasource.yaml").read_text(encoding="utf-8"))["datasources"]
    used = {target["datasource"]["uid"] for panel in board["panels"] for target in panel["targets"]}
    assert used == {source["uid"] for source in sources}
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


@pytest.mark.parametrize("path", [*STARTS, OPERATORS], ids=lambda path: path.name)
def test_settings_and_commands_that_are_named_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"\bSELIS_[A-Z_]+\b", text)) <= {
        f"SELIS_{name.upper()}" for name in Settings.__struct_fields__
    }
    commands = set(re.findall(r"(?:bin/|\bselis\", \")selis\"?,? ?\"?([a-z]+)", text))
    assert commands <= set(get_command(app).commands)  # type: ignore[attr-defined]


def test_the_files_that_are_mounted_are_there() -> None:
    for service in COMPOSE["services"].values():
        for volume in service["volumes"]:
            source = volume.partition(":")[0]
            assert (ROOT / source).is_file() if source.startswith(".") else source in COMPOSE["volumes"]


def test_the_bot_alone_starts_without_a_profile_and_may_do_little() -> None:
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if not service.get("profiles")] == ["selis"]
    assert {profile for service in services.values() for profile in service.get("profiles", [])} == {
        "postgres", "monitoring",
    }  # fmt: skip
    selis = services["selis"]
    assert selis["read_only"] is True
    assert selis["cap_drop"] == ["ALL"]
    assert "ports" not in selis


def test_no_secret_and_no_cache_gets_into_the_image() -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert not any(name.startswith((".", "*")) or "tests" in name for name in allowed)


def test_no_registry_is_named() -> None:
    for path in (*STARTS, *(path for path in (ROOT / "deploy").rglob("*.*") if path.suffix != ".pyc")):
        hosts = set(re.findall(r"https?://([^/\s\"]+)", path.read_text(encoding="utf-8")))
        assert hosts <= {"prometheus:9090"}, path
