"""What residents said was wrong, and facts that nobody looked at for long."""

from __future__ import annotations

from dataclasses import dataclass

from bot import acts
from bot.commands import CommandName
from bot.desk.errand import Errand
from bot.desk.records import Records
from bot.feedback import Reason, Said, Verdict, reports
from bot.messages import Reply
from bot.question import resolve
from bot.report_text import closed_reply, reports_reply, stale_reply
from bot.store import feedback
from bot.store.feedback import Report
from knowledge.stale import stale_entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Serves reports: the list, closing those of an entry, and the list of old facts."""

    records: Records

    async def serve(self, errand: Errand) -> Reply:
        """What the command asks for."""
        match errand.name:
            case CommandName.DONE:
                return await self._done(errand)
            case CommandName.STALE:
                await self.records.note(errand)
                old = stale_entries(errand.say.kb, errand.now.date())
                return stale_reply(old, errand.page, errand.command, errand.say)
            case _:
                async with self.records.acting(errand) as connection:
                    found = await feedback.open_reports(connection, Verdict.WRONG)
                return reports_reply(reports(map(_said, found)), errand.page, errand.command, errand.say)

    async def _done(self, errand: Errand) -> Reply:
        """Close the reports of an entry: those its button was shown for, or with the entry alone all there are."""
        until = acts.moment(errand.words[1]) if len(errand.words) > 1 else errand.now
        async with self.records.acting(errand, errand.named) as connection:
            # An entry that is gone from the knowledge can still have reports.
            known = {report.entry for report in await feedback.open_reports(connection, Verdict.WRONG)}
            entry = resolve(errand.named, known)
            if entry is None or until is None:
                return errand.reply("reports-gone")
            closed = await feedback.close(connection, Verdict.WRONG, entry, errand.now, until=until)
        return closed_reply(entry, closed, errand.say) if closed else errand.reply("reports-gone")


def _said(report: Report) -> Said:
    reason = Reason(report.reason) if report.reason in set(Reason) else None
    return Said(entry=report.entry, reason=reason, times=report.times, first=report.first, last=report.last)
