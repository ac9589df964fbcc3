"""Knowledge as a message: a file an admin sent is tried with the rest of the directory, and written on their word."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from bot.proposal import Proposal, Proposals, placed, replaced, write_file
from bot.reload import Admit, Reload, Tell, nobody, unasked
from bot.reload_outcomes import NoProposal, NotPlaced, Outcome, Passed, Refused, RefusedByQuestions
from knowledge.errors import KnowledgeError
from knowledge.files import read_directory, version_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What a file would do, the file of the knowledge it replaces, and the key to apply it by; empty where refused."""

    name: str
    key: str
    outcome: Outcome


@dataclass(slots=True, kw_only=True)
class Propose:
    """Takes files from admins. An admin is any text that names one person, the same each time."""

    reload: Reload
    proposals: Proposals = field(default_factory=Proposals)

    async def offer(
        self, admin: str, name: str, content: bytes, now: datetime, tell: Tell = nobody
    ) -> Proposed | NotPlaced | Refused:
        """Try a file with the rest of the directory; what passes, or could be forced, waits to be applied."""
        try:
            files = await asyncio.to_thread(read_directory, self.reload.directory)
        except KnowledgeError as error:
            return Refused(problems=error.problems)
        file = await asyncio.to_thread(placed, name, content, files)
        if isinstance(file, NotPlaced):
            return file
        whole = replaced(files, file, content)
        outcome = await self.reload.try_files(lambda: whole, now, tell)
        if not isinstance(outcome, Passed | RefusedByQuestions):
            return Proposed(name=file, key="", outcome=outcome)
        key = version_of(whole)[:8]
        self.proposals.put(admin, Proposal(key=key, name=file, content=content, at=now))
        return Proposed(name=file, key=key, outcome=outcome)

    async def apply(
        self, admin: str, key: str, now: datetime, tell: Tell = nobody, *, force: bool = False, admit: Admit = unasked
    ) -> Outcome:
        """Write the proposed file and take the directory into use, tried once more: others may have changed it."""
        proposal = self.proposals.get(admin, key, now)
        if proposal is None:
            return NoProposal()
        reload = self.reload

        def read() -> dict[str, bytes]:
            return replaced(read_directory(reload.directory), proposal.name, proposal.content)

        def write() -> None:
            before = read_directory(reload.directory)
            if reload.versions.find(version_of(before)) is None:
                reload.versions.keep(before, now)
            write_file(reload.directory, proposal.name, proposal.content)

        outcome = await reload.take(read, now, tell, force=force, write=write, admit=admit)
        if not isinstance(outcome, RefusedByQuestions):
            self.proposals.forget(admin)
        return outcome
