"""Changing the knowledge: reload, dry run, going back, files that are sent and applied."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import tzinfo

from bot import acts
from bot.admin_text import SHORT, Keys, outcome_reply, proposed_reply, versions_reply
from bot.commands import CommandName
from bot.desk.errand import Errand
from bot.desk.records import ChangeRecord, Records
from bot.live import LiveKnowledge
from bot.messages import IncomingMessage, Reply
from bot.meter import Meter
from bot.pages import UNASKED
from bot.phrasebook import Phrasebook
from bot.propose import Propose, Proposed
from bot.reload import Reload, Tell
from bot.reload_outcomes import Applied, NotPlaced, Outcome, Passed, Refused, RefusedByQuestions
from knowledge.errors import KnowledgeError
from knowledge.files import read_directory, version_of
from knowledge.model import Language

After = Callable[[], Awaitable[None]]

_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What an admin was shown last, for its further pages. `key` names it, `apply` is the key of a proposal."""

    key: str
    act: CommandName | None
    outcome: Outcome
    proposed: Proposed | None = None
    apply: str = ""


@dataclass(slots=True, kw_only=True)
class Changes:
    """Serves what changes the knowledge, or would. Of each admin it remembers what it showed last."""

    live: LiveKnowledge
    reload: Reload
    propose: Propose
    records: Records
    zone: tzinfo
    meter: Meter = field(default_factory=Meter)
    _shown: dict[bytes, Shown] = field(default_factory=dict, init=False)
    _count: int = field(default=0, init=False)
    _after: dict[bytes, tuple[str, After]] = field(default_factory=dict, init=False)
    """What is to be done once an admin's proposal is in use, with its key."""

    async def take(self, errand: Errand, tell: Tell) -> Reply:
        """Take the directory into use: as it is, or with a version named only if it is still that one."""
        record = await self.records.change(errand, "by force" if errand.forced else "")
        if not errand.named:
            outcome = await self.reload.reload(errand.now, tell, force=errand.forced, admit=record.admit)
            return await self._settled(outcome, errand, record)
        try:
            files = await asyncio.to_thread(read_directory, self.reload.directory)
        except KnowledgeError as error:
            return await self._settled(Refused(problems=error.problems), errand, record)
        if not version_of(files).startswith(errand.named.lower()):
            await self.records.note(errand, "the files have changed")
            return errand.reply("admin-moved", check=errand.key(CommandName.CHECK))
        outcome = await self.reload.take(lambda: files, errand.now, tell, force=errand.forced, admit=record.admit)
        return await self._settled(outcome, errand, record)

    async def check(self, errand: Errand, tell: Tell) -> Reply:
        """What a reload would do."""
        record = await self.records.change(errand)
        return await self._settled(await self.reload.check(errand.now, tell), errand, record)

    async def roll_back(self, errand: Errand, tell: Tell) -> Reply:
        """Go back to the version before, or to the one that is named."""
        record = await self.records.change(errand, "by force" if errand.forced else "")
        outcome = await self.reload.roll_back(
            errand.now, errand.named or None, tell, force=errand.forced, admit=record.admit
        )
        return await self._settled(outcome, errand, record)

    async def apply(self, errand: Errand, tell: Tell) -> Reply:
        """Write the file that was sent, and take it into use."""
        record = await self.records.change(errand, "by force" if errand.forced else "")
        outcome = await self.propose.apply(
            errand.admin, errand.named, errand.now, tell, force=errand.forced, admit=record.admit
        )
        if isinstance(outcome, Applied):
            key, after = self._after.pop(errand.who, ("", None))
            if after is not None and key == errand.named:
                await after()
        return await self._settled(outcome, errand, record, apply=errand.named)

    async def offer(self, errand: Errand, message: IncomingMessage, tell: Tell) -> Reply:
        """Try a file that was sent, called as its caption says where that is the name of a file."""
        file = message.attachment
        assert file is not None  # noqa: S101 - an errand without a command is a file
        caption = message.text.strip()
        name = caption if caption.endswith(_YAML) and " " not in caption else file.name
        return await self.offer_file(errand, name, file.data, tell)

    async def offer_file(
        self,
        errand: Errand,
        name: str,
        content: bytes,
        tell: Tell,
        after: After | None = None,
    ) -> Reply:
        """Try a file; once it is applied, `after` is called."""
        record = await self.records.change(errand, errand.named)
        self._after.pop(errand.who, None)
        found = await self.propose.offer(errand.admin, name, content, errand.now, tell)
        if isinstance(found, NotPlaced | Refused):
            return await self._settled(found, errand, record)
        if after is not None and found.key:
            self._after[errand.who] = (found.key, after)
        return await self._settled(found.outcome, errand, record, proposed=found, apply=found.key)

    async def versions(self, errand: Errand) -> Reply:
        """The versions that can be gone back to."""
        await self.records.note(errand)
        kept = await asyncio.to_thread(self.reload.versions.all)
        return versions_reply(kept, errand.say, self.zone, errand.key(CommandName.ROLLBACK))

    def page(self, errand: Errand) -> Reply:
        """Another page of what was shown last: "KEY 2", or "2"."""
        shown = self._shown.get(errand.who)
        is_key = len(errand.words) > 1
        if shown is None or (is_key and errand.words[0] != shown.key):
            return errand.reply("admin-old")
        return self._said(shown, errand.say, errand.page)

    async def _settled(
        self,
        outcome: Outcome,
        errand: Errand,
        record: ChangeRecord,
        *,
        proposed: Proposed | None = None,
        apply: str = "",
    ) -> Reply:
        await record.settle(outcome)
        self.meter.changed(type(outcome).__name__.lower())
        self._count += 1
        key = f"{int(errand.now.timestamp()):x}.{self._count}"
        shown = Shown(key=key, act=errand.name, outcome=outcome, proposed=proposed, apply=apply)
        self._shown[errand.who] = shown
        return self._said(shown, self._now_saying(errand.say.language), UNASKED)

    def _now_saying(self, language: Language) -> Phrasebook:
        """The sentences of the knowledge that is in use by now."""
        return Phrasebook(kb=self.live.current.index.kb, language=language)

    def _said(self, shown: Shown, say: Phrasebook, page: int) -> Reply:
        if shown.proposed is not None:
            return proposed_reply(shown.proposed, say, page=page, keys=_keys(shown, say))
        return outcome_reply(shown.outcome, say, page=page, keys=_keys(shown, say))


def _keys(shown: Shown, say: Phrasebook) -> Keys:
    """The buttons under it. Each names the version or the file it was shown for: pressed late, it does nothing else."""
    more = acts.key(CommandName.OUTCOME, say, shown.key)
    if shown.apply:
        apply = acts.key(CommandName.APPLY, say, shown.apply)
        force = acts.key(CommandName.APPLY, say, shown.apply, say(acts.FORCE))
        return Keys(more=more, apply=apply, force=force, back=_back(shown, say))
    version = _tried(shown.outcome)
    if not version:
        return Keys(more=more, back=_back(shown, say))
    to = CommandName.ROLLBACK if shown.act is CommandName.ROLLBACK else CommandName.RELOAD
    force = acts.key(to, say, version, say(acts.FORCE))
    return Keys(more=more, force=force, reload=acts.key(to, say, version), back=_back(shown, say))


def _back(shown: Shown, say: Phrasebook) -> str:
    outcome = shown.outcome
    return acts.key(CommandName.ROLLBACK, say, outcome.before[:SHORT]) if isinstance(outcome, Applied) else ""


def _tried(outcome: Outcome) -> str:
    """The version that was looked at and not taken."""
    if not isinstance(outcome, Passed | RefusedByQuestions) or outcome.verdict.difference is None:
        return ""
    return outcome.verdict.difference.new[:SHORT]
