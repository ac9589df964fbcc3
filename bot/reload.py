"""Reload: another version of the knowledge is looked at aside, tried, and put in place of the one in use whole."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot import memory
from bot.aside import TrialError, try_out_aside
from bot.learning import learn_aside
from bot.live import LiveKnowledge, Snapshot
from bot.reload_outcomes import (
    Applied,
    Failed,
    NoVersion,
    Outcome,
    Passed,
    Refused,
    RefusedByQuestions,
    Unchanged,
)
from bot.rules import bot_rules
from bot.verdict import Progress, Request, Step, Verdict
from bot.versions import VersionError, Versions
from knowledge.errors import KnowledgeError
from knowledge.files import read_directory, version_of
from knowledge.prepare import Prepared, prepare_files

LIMIT = 0.01
"""How far accuracy may fall, 0 to 1."""
_SWITCH = 0.0005
"""Seconds after which a thread at work lets others in while a snapshot is built: a message needs several turns."""

Tell = Callable[[Progress], None]
Files = Mapping[str, bytes]


Admit = Callable[[Applied], Awaitable[None]]
"""Told of a change when all is ready, just before anything is written; where it raises, nothing is changed."""


async def unasked(_: Applied) -> None:
    """For changes that nobody has to agree to."""


Fetch = Callable[[str], Awaitable[Files | None]]


async def nowhere(_: str) -> None:
    """For those who know no other place to look for a version."""


def nobody(_: Progress) -> None:
    """For those who do not want to know how far it is."""


def begin(
    directory: Path, versions: Versions, models: Path, now: datetime, before_training: Callable[[], None]
) -> Snapshot:
    """The snapshot to start with, its files kept so that others can be compared with it.

    Raises:
        KnowledgeError: when the directory cannot be used.
    """
    snapshot = _begun(directory, versions, models, now, before_training)
    memory.give_back()
    return snapshot


def _begun(
    directory: Path, versions: Versions, models: Path, now: datetime, before_training: Callable[[], None]
) -> Snapshot:
    found = read_directory(directory)
    data = versions.to_start_with(found)
    try:
        prepared = prepare_files(data, models, before_training, rules=bot_rules, elsewhere=learn_aside)
    except KnowledgeError:
        # A version gone back to may be too old for the program: then the directory has to serve.
        if data is found:
            raise
        data = found
        prepared = prepare_files(data, models, before_training, rules=bot_rules, elsewhere=learn_aside)
    version = version_of(data)
    with suppress(OSError):  # a data directory that cannot be written to costs the way back, not answers
        if versions.active != version or versions.find(version) is None:
            versions.keep(data, now)
            versions.use(version)
    return Snapshot(index=prepared.index, taken_at=now)


@dataclass(slots=True, kw_only=True)
class Reload:
    """Changes the knowledge in use, one change at a time. `models` is where learned models are kept.

    `limit` is how far accuracy may fall, 0 to 1: a setting of the operator, since the data must not loosen its own
    judge. The steps of a change are told as they begin.
    """

    live: LiveKnowledge
    directory: Path
    versions: Versions
    models: Path
    limit: float = LIMIT
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def check(self, now: datetime, tell: Tell = nobody) -> Outcome:
        """What a reload would do, without doing it."""
        return await self.try_files(lambda: read_directory(self.directory), now, tell)

    @property
    def busy(self) -> bool:
        """Whether a change is under way, so that another has to wait."""
        return self._lock.locked()

    async def reload(
        self, now: datetime, tell: Tell = nobody, *, force: bool = False, admit: Admit = unasked
    ) -> Outcome:
        """Take the directory into use; with `force` even where the questions speak against it."""
        return await self.take(lambda: read_directory(self.directory), now, tell, force=force, admit=admit)

    async def roll_back(
        self,
        now: datetime,
        version: str | None = None,
        tell: Tell = nobody,
        *,
        force: bool = False,
        admit: Admit = unasked,
    ) -> Outcome:
        """Take a kept version into use: the one before, or the one whose name begins with `version`."""
        name = self.versions.before if version is None else self.versions.named(version)
        if name is None:
            return NoVersion(asked=version or "")
        left = await self.of_directory()
        return await self.take(lambda: self.versions.read(name), now, tell, force=force, left=left, admit=admit)

    async def follow(self, version: str, now: datetime, fetch: Fetch = nowhere) -> Outcome:
        """Take a version into use that another process has tried and taken, whatever the questions say.

        Where its files are not here, `fetch` is asked for them.
        """
        if version == self.live.current.version:
            return Unchanged(version=version)
        data = await asyncio.to_thread(self._find, version) or await fetch(version)
        if data is None or version_of(data) != version:
            return NoVersion(asked=version)
        return await self.take(lambda: data, now, nobody, force=True, left=await self.of_directory())

    async def of_directory(self) -> str:
        """The version that stands in the directory, empty where it cannot be used."""
        try:
            return version_of(await asyncio.to_thread(read_directory, self.directory))
        except KnowledgeError:
            return ""

    async def try_files(self, read: Callable[[], Files], now: datetime, tell: Tell) -> Outcome:
        """Look at files aside; `read` is called in a thread. Passed, or what speaks against them."""
        started = time.monotonic()
        async with self._alone(tell):
            try:
                tried = await self._tried(read, now, tell)
            except (OSError, TimeoutError, TrialError, VersionError) as error:
                return Failed(reason=str(error) or type(error).__name__)
        if not isinstance(tried, _Tried):
            return tried
        seconds = time.monotonic() - started
        if worse(tried.verdict, self.limit):
            return RefusedByQuestions(verdict=tried.verdict, limit=self.limit, seconds=seconds)
        return Passed(verdict=tried.verdict, seconds=seconds)

    async def take(
        self,
        read: Callable[[], Files],
        now: datetime,
        tell: Tell,
        *,
        force: bool = False,
        left: str = "",
        write: Callable[[], None] = lambda: None,
        admit: Admit = unasked,
    ) -> Outcome:
        """Look at files aside and take them into use. `read` and `write` are called in a thread.

        When all is ready, `admit` is asked, then `write` called; `left` is the version of the directory where that is
        another. What `admit` raises is raised.
        """
        started = time.monotonic()
        async with self._alone(tell):
            try:
                tried = await self._tried(read, now, tell)
                if not isinstance(tried, _Tried):
                    return tried
                speaks_against = worse(tried.verdict, self.limit)
                if speaks_against and not force:
                    seconds = time.monotonic() - started
                    return RefusedByQuestions(verdict=tried.verdict, limit=self.limit, seconds=seconds)
                tell(Progress(step=Step.TAKING))
                prepared = await self._built(tried.data)
                outcome = Applied(
                    before=self.live.current.version,
                    version=prepared.index.kb.version,
                    verdict=tried.verdict,
                    forced=speaks_against,
                    seconds=time.monotonic() - started,
                )
                await asyncio.to_thread(self.versions.keep, tried.data, now)
                await admit(outcome)
                await self._taken(prepared, now, left, write)
            except KnowledgeError as error:
                return Refused(problems=error.problems)
            except (OSError, TimeoutError, TrialError, VersionError) as error:
                return Failed(reason=str(error) or type(error).__name__)
            return outcome

    @asynccontextmanager
    async def _alone(self, tell: Tell) -> AsyncIterator[None]:
        if self._lock.locked():
            tell(Progress(step=Step.WAITING))
        async with self._lock:
            yield

    async def _tried(self, read: Callable[[], Files], now: datetime, tell: Tell) -> _Tried | Refused | Unchanged:
        try:
            data = await asyncio.to_thread(read)
        except KnowledgeError as error:
            return Refused(problems=error.problems)
        if version_of(data) == self.live.current.version:
            return Unchanged(version=self.live.current.version)
        candidate = await asyncio.to_thread(self.versions.stage, data)
        try:
            current = self.versions.find(self.live.current.version)
            request = Request(candidate=candidate, current=current, models=self.models, now=now)
            verdict = await try_out_aside(request, tell)
        finally:
            candidate.unlink(missing_ok=True)
        return Refused(problems=verdict.problems) if verdict.problems else _Tried(data=data, verdict=verdict)

    async def _taken(self, prepared: Prepared, now: datetime, left: str, write: Callable[[], None]) -> None:
        """Write, note, swap, in this order: whatever fails, the version in use stays."""
        version = prepared.index.kb.version

        def noted() -> None:
            write()
            self.versions.use(version, left="" if left == version else left)

        await asyncio.to_thread(noted)
        before = self.live.swap(Snapshot(index=prepared.index, taken_at=now))
        # Let go of in pieces; what is left of it goes with the last message that still reads it.
        await asyncio.to_thread(before.index.model.vectoriser.forget)
        del before
        await asyncio.to_thread(memory.give_back)

    async def _built(self, data: Files) -> Prepared:
        with _short_turns():
            return await asyncio.to_thread(prepare_files, data, self.models, rules=bot_rules)

    def _find(self, version: str) -> Files | None:
        with suppress(VersionError):
            return self.versions.read(version)
        with suppress(KnowledgeError):
            data = read_directory(self.directory)
            return data if version_of(data) == version else None
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """Files that can be used, and what their trial found."""

    data: Files
    verdict: Verdict


def worse(verdict: Verdict, limit: float) -> bool:
    """Whether a question that must come right did not, or accuracy fell by more than `limit`."""
    if any(missed.must for missed in verdict.missed):
        return True
    before, after = verdict.before, verdict.after
    return before is not None and after is not None and before.accuracy - after.accuracy > limit


@contextmanager
def _short_turns() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
