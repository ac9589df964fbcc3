"""Settings come from the environment or a .env file; a wrong one ends in one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import load_settings
from knowledge.load import DATA


def test_the_shipped_knowledge_is_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings().knowledge_dir == DATA


def test_a_dotenv_file_serves_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts").mkdir()
    (tmp_path / ".env").write_text("SELIS_KNOWLEDGE_DIR=facts\n", encoding="utf-8")
    assert load_settings().knowledge_dir == Path("facts")


def test_an_empty_setting_is_no_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SELIS_KNOWLEDGE_DIR", "")
    assert load_settings().knowledge_dir == DATA


def test_a_directory_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SELIS_KNOWLEDGE_DIR", str(tmp_path / "gone"))
    with pytest.raises(SettingsError, match=r"^SELIS_KNOWLEDGE_DIR: .*gone is no directory"):
        load_settings()
