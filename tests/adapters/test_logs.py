"""Logs hold no secrets, whoever writes them: Telegram's addresses have the token in them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
import structlog
from msgspec.structs import fields

from adapters import logs
from adapters.secret_settings import secrets
from bot.secret import Secret
from bot.settings import Settings

TOKEN = "700000001:AAtestTESTtestTESTtestTESTtestTEST0"


@contextmanager
def set_up(secrets: list[str], written: io.StringIO) -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, httpx_level = list(root.handlers), root.level, logging.getLogger("httpx").level
    logs.set_up(secrets, stream=written, level=logging.DEBUG)
    try:
        yield
    finally:
        root.handlers[:], root.level = handlers, level
        logging.getLogger("httpx").setLevel(httpx_level)
        structlog.reset_defaults()


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    written = io.StringIO()
    with set_up(["hook-secret"], written):
        yield written


async def test_a_request_that_fails_is_logged_without_its_token(stream: io.StringIO) -> None:
    logging.getLogger("httpx").setLevel(logging.DEBUG)
    url = f"http://127.0.0.1:9/bot{TOKEN}/getMe"
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            await client.get(url)
        except httpx.HTTPError:
            logging.getLogger("httpx").exception("could not get %s", url)
    said = stream.getvalue()
    assert "could not get http://127.0.0.1:9/bot[secret]/getMe" in said
    assert "Traceback" in said
    assert TOKEN not in said


def test_secrets_of_ours_are_hidden_in_exceptions_too(stream: io.StringIO) -> None:
    try:
        raise ValueError(f"hook-secret and {TOKEN}")
    except ValueError:
        logs.logger("x").exception("it failed", detail="hook-secret")
    said = stream.getvalue()
    assert "ValueError" in said
    assert "hook-secret" not in said
    assert TOKEN not in said


def test_a_line_is_json_with_what_happened_first(stream: io.StringIO) -> None:
    logs.logger("x").info("it happened", how="often", times=3)
    logging.getLogger("somebody").warning("a library %s", "complains")
    ours, theirs = map(json.loads, stream.getvalue().splitlines())
    assert next(iter(ours.items()))[0] in {"how", "event"}
    assert (ours["event"], ours["how"], ours["times"]) == ("it happened", "often", 3)
    assert (ours["level"], ours["logger"]) == ("info", "selis.x")
    assert datetime.fromisoformat(ours["timestamp"]).utcoffset() == timedelta(0)
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("a library complains", "warning", "somebody")


def test_an_exception_stays_in_its_line(stream: io.StringIO) -> None:
    try:
        raise ValueError("no\nway")
    except ValueError:
        logs.logger("x").exception("it failed")
    (line,) = stream.getvalue().splitlines()
    assert "ValueError: no\nway" in json.loads(line)["exception"]


def test_a_secret_that_json_writes_otherwise_is_hidden_too() -> None:
    written = io.StringIO()
    with set_up(['pass"word\\x'], written):
        logs.logger("x").info("it happened", detail='pass"word\\x')
    assert json.loads(written.getvalue())["detail"] == "[secret]"


def test_on_a_terminal_people_read_it_without_what_variables_hold() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    written = Terminal()
    with set_up([], written):
        try:
            raise_with("-".join("text"))
        except ValueError:
            logs.logger("x").exception("it failed")
    said = written.getvalue()
    assert "it failed" in said
    assert "ValueError" in said
    assert "t-e-x-t" not in said


def raise_with(text: str) -> None:
    raise ValueError(len(text))


def test_every_secret_of_the_settings_is_hidden(tmp_path: Path) -> None:
    given = {field.name: Secret(f"secret-{field.name}") for field in fields(Settings) if field.type == Secret | None}
    assert given
    settings = Settings(data_dir=tmp_path, database_url="postgresql://u:pass%20word@h/n", **given)  # type: ignore[arg-type]
    assert set(secrets(settings)) == {*(secret.get_secret_value() for secret in given.values()), "pass word"}
    assert not any(secret in repr(settings) for secret in secrets(settings))


@pytest.mark.parametrize("token", ["syt_c2VsaXM_abcDEFghiJKL_0aBcDe", "mct_AbCdEfGhIjKlMnOp_1a2b3c"])
def test_tokens_of_matrix_are_hidden_too(token: str, stream: io.StringIO) -> None:
    logging.getLogger("somebody").warning("Authorization: Bearer %s", token)
    logging.getLogger("nio.client").error("@anna:example.org in !room:example.org")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["event"] == "Authorization: Bearer [secret]"
