"""README says what is true: its commands exist, its settings are the settings, its example is what comes back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from typer.main import get_command

from adapters.cli import app
from bot.commands import CommandName, parse
from bot.messages import ConversationId, IncomingMessage
from bot.settings import Settings
from bot.talk import Talk
from knowledge.index import Index
from knowledge.model import KnowledgeBase

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
MAKEFILE = (Path(__file__).parent.parent / "Makefile").read_text(encoding="utf-8")


def test_the_table_of_commands_is_complete() -> None:
    named = set(re.findall(r"^\| `selis ([a-z]+)", README, re.MULTILINE))
    assert named == set(get_command(app).commands)  # type: ignore[attr-defined]


def test_the_table_of_settings_is_complete() -> None:
    named = re.findall(r"^\| `(SELIS_[A-Z_]+)`", README, re.MULTILINE)
    assert named == [f"SELIS_{name.upper()}" for name in Settings.__struct_fields__]


def test_the_make_targets_exist() -> None:
    for target in re.findall(r"^make ([a-z]+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target


def test_the_linked_files_exist() -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        assert (Path(__file__).parent.parent / link).is_file(), link


def test_the_conversation_is_what_selis_says(shipped: Index) -> None:
    example = re.search(r"```\n(> .+?)```", README, re.DOTALL)
    assert example is not None
    dialogue = Talk(index=shipped, clock=lambda: datetime(2026, 11, 21, tzinfo=UTC))
    for turn in example.group(1).strip().split("\n\n"):
        says, _, reply = turn.partition("\n")
        assert (
            dialogue.respond(IncomingMessage(conversation=ConversationId.of_terminal("readme"), text=says[2:])).text
            == reply
        )


def test_every_command_with_a_slash_is_one(shipped_kb: KnowledgeBase) -> None:
    named = re.findall(r"`(/[^`]+)`", README)
    assert len(named) >= len(CommandName)
    found = [parse(command, shipped_kb) for command in named]
    assert {command.name for command in found if command is not None} == set(CommandName)
    assert None not in found
