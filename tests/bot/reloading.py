"""A real directory of the small knowledge with all that a reload needs, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.live import LiveKnowledge
from bot.messages import ConversationId, IncomingMessage
from bot.reload import Reload, begin
from bot.talk import Talk
from bot.verdict import Progress, Step
from bot.versions import Versions
from tests.bot import little

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class House:
    """A knowledge directory, a data directory, and what runs over them."""

    directory: Path
    data: Path
    reload: Reload
    steps: list[Progress] = field(default_factory=list)
    clock: datetime = NOW

    def write(self, name: str, content: str | bytes) -> None:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def edit(self, name: str, old: str, new: str) -> None:
        before = (self.directory / name).read_text(encoding="utf-8")
        assert old in before
        self.write(name, before.replace(old, new))

    def now(self) -> datetime:
        """A minute later each time, so that versions have an order."""
        self.clock += timedelta(minutes=1)
        return self.clock

    def says(self, text: str) -> str:
        dialogue = Talk(index=self.reload.live.current.index, clock=lambda: NOW)
        return dialogue.respond(IncomingMessage(conversation=ConversationId.of_terminal("test"), text=text)).text

    @property
    def version(self) -> str:
        return self.reload.live.current.version

    @property
    def told(self) -> list[Step]:
        return list(dict.fromkeys(step.step for step in self.steps))


def furnish(directory: Path, files: Mapping[str, bytes] | None = None) -> House:
    """The small knowledge, or another, in `directory`, in use."""
    for name, content in (little.whole() if files is None else files).items():
        path = directory / "knowledge" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return opened(directory)


def opened(directory: Path) -> House:
    """The same as a process that starts finds it."""
    knowledge, data = directory / "knowledge", directory / "data"
    versions = Versions(directory=data / "versions")
    live = LiveKnowledge(begin(knowledge, versions, data / "models", NOW, lambda: None))
    reload = Reload(live=live, directory=knowledge, versions=versions, models=data / "models")
    return House(directory=knowledge, data=data, reload=reload)
