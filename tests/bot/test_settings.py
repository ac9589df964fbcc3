"""Settings come from the environment or a .env file; a wrong one ends in one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import asdict

from bot.errors import SettingsError
from bot.settings import load_settings
from knowledge.files import DATA


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


TOKEN = "700000001:AAtestTESTtestTESTtestTESTtestTEST0"


def test_a_token_is_nowhere_to_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELIS_TELEGRAM_TOKEN", TOKEN)
    settings = load_settings()
    assert TOKEN not in f"{settings!r} {settings} {asdict(settings)}"
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == TOKEN


def test_a_token_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    monkeypatch.setenv("SELIS_TELEGRAM_TOKEN_FILE", str(tmp_path / "token"))
    token = load_settings().telegram_token
    assert token is not None
    assert token.get_secret_value() == TOKEN


@pytest.mark.parametrize("content", ["", None])
def test_a_file_without_a_token_is_named(content: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "token").write_text(content, encoding="utf-8")
    monkeypatch.setenv("SELIS_TELEGRAM_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(SettingsError, match=r"^SELIS_TELEGRAM_TOKEN_FILE: .*token"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SELIS_TELEGRAM_WEBHOOK_URL", "http://selis.example.org/hook"),
        ("SELIS_TELEGRAM_WEBHOOK_URL", "https://selis.example.org/hook"),
        ("SELIS_TELEGRAM_API_URL", "api.telegram.org"),
        ("SELIS_HTTP_PORT", "0"),
    ],
)
def test_what_cannot_work_is_told_by_its_name(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name}: "):
        load_settings()


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"USER_ID": "selis"}, "SELIS_MATRIX_USER_ID"),
        ({"USER_ID": "@selis:example.org"}, "SELIS_MATRIX_PASSWORD: is missing"),
        ({"PASSWORD": "secret"}, "SELIS_MATRIX_USER_ID: is missing"),
        ({"HOMESERVER": "example.org"}, "SELIS_MATRIX_USER_ID: is missing"),
        ({"HOMESERVER": "https://example.org/_matrix"}, "SELIS_MATRIX_HOMESERVER"),
        ({"INVITES": "own,,"}, "SELIS_MATRIX_INVITES"),
    ],
)
def test_half_an_account_on_matrix_is_named(
    settings: dict[str, str], complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"SELIS_MATRIX_{name}", value)
    with pytest.raises(SettingsError, match=f"^{complaint}"):
        load_settings()


def test_an_account_on_matrix_may_have_its_secret_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret\n", encoding="utf-8")
    monkeypatch.setenv("SELIS_MATRIX_USER_ID", "@selis:example.org")
    monkeypatch.setenv("SELIS_MATRIX_PASSWORD_FILE", str(tmp_path / "password"))
    settings = load_settings()
    assert settings.on_matrix
    assert settings.matrix_password is not None
    assert settings.matrix_password.get_secret_value() == "secret"
