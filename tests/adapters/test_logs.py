"""Logs hold no secrets, whoever writes them: Telegram's addresses have the token in them."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import httpx
import pytest
import structlog

from adapters import logs

TOKEN = "700000001:AAtestTESTtestTESTtestTESTtestTEST0"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level, httpx_level = list(root.handlers), root.level, logging.getLogger("httpx").level
    written = io.StringIO()
    logs.set_up(["hook-secret"], stream=written, level=logging.DEBUG)
    yield written
    root.handlers[:], root.level = handlers, level
    logging.getLogger("httpx").setLevel(httpx_level)
    structlog.reset_defaults()


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


@pytest.mark.parametrize("token", ["syt_c2VsaXM_abcDEFghiJKL_0aBcDe", "mct_AbCdEfGhIjKlMnOp_1a2b3c"])
def test_tokens_of_matrix_are_hidden_too(token: str, stream: io.StringIO) -> None:
    logging.getLogger("somebody").warning("Authorization: Bearer %s", token)
    logging.getLogger("nio.client").error("@anna:example.org in !room:example.org")
    assert stream.getvalue().endswith("event='Authorization: Bearer [secret]'\n")
