"""Whatever Telegram sends, it passes: no kind of update, and no field of one, makes reading it fail."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Message, Update

from adapters.telegram.incoming import ALLOWED, UnreadableError, parse_update, read, understood
from tests.adapters.telegram.generated import fields, objects
from tests.adapters.telegram.updates import ILZE, ME, message, pressed, update

KINDS = [name for name, _, needed in fields(Update) if not needed]
MESSAGE_FIELDS = [name for name, _, needed in fields(Message) if not needed]
QUICKLY = settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_update_passes(kind: str) -> None:
    understood = 0

    @QUICKLY
    @given(objects(Update, must=kind))
    def passes(raw: dict[str, Any]) -> None:
        nonlocal understood
        parsed = parse_update(raw)
        if parsed is not None:
            understood += 1
            found = read(parsed, ME)
            assert found is None or kind in ALLOWED

    passes()
    assert understood, "nothing that was made could be parsed, so nothing was shown"


@pytest.mark.parametrize("name", MESSAGE_FIELDS)
def test_every_field_of_a_message_passes(name: str) -> None:
    @QUICKLY
    @given(objects(Message, must=name), st.sampled_from(["message", "edited_message"]))
    def passes(raw: dict[str, Any], kind: str) -> None:
        parsed = parse_update(update(kind, message("@selis_bot dome") | {name: raw[name]}))
        if parsed is not None:
            read(parsed, ME)

    passes()


@pytest.mark.parametrize(
    "raw",
    [None, [], "text", 7, {}, {"update_id": "x"}, {"update_id": 1, "message": {}}, {"update_id": 1, "message": 5}],
)
def test_what_is_no_update_is_none_or_means_nothing(raw: object) -> None:
    parsed = parse_update(raw)
    assert parsed is None or read(parsed, ME) is None


@pytest.mark.parametrize(
    "raw",
    [
        update("message", message("x") | {"text": ["x"]}),
        update("message", message("x") | {"from": {"id": [77], "is_bot": False, "first_name": "Ilze"}}),
        update("callback_query", {"id": "q", "from": None, "chat_instance": "1", "data": "k", "message": message("x")}),
        update("my_chat_member", {"chat": None, "from": None, "date": 1}),
        update("message", message("x", date=1 << 70)),
        update("message", message("x", {"id": [[77]], "type": "private"})),
        update("message", message("x", message_id="first")),
        update("inline_query", {"id": ["q"], "from": ILZE, "query": "policija", "offset": ""}),
        update("inline_query", {"id": "q", "from": ILZE, "query": 7, "offset": ""}),
        pressed(["t:aa::"], message("x")),  # type: ignore[arg-type]
    ],
)
def test_what_the_library_takes_and_nobody_understands_cannot_be_read(raw: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError):
        understood(raw, ME)
