"""What an admin can ask for."""

from __future__ import annotations

from bot.commands import CommandName, called
from bot.desk.errand import Errand
from bot.messages import Choice, Reply

_TOLD = {
    CommandName.RELOAD: "admin-menu-reload",
    CommandName.CHECK: "admin-menu-check",
    CommandName.ROLLBACK: "admin-menu-rollback",
    CommandName.VERSIONS: "admin-menu-versions",
    CommandName.HEALTH: "admin-menu-health",
    CommandName.STATISTICS: "admin-menu-statistics",
    CommandName.UNANSWERED: "admin-menu-unanswered",
    CommandName.REPORTS: "admin-menu-reports",
    CommandName.STALE: "admin-menu-stale",
}
_WITHOUT_BUTTON = {CommandName.RELOAD, CommandName.ROLLBACK}
"""What changes something is not to be pressed by mistake."""


def menu_reply(errand: Errand) -> Reply:
    """The commands, each with what it does; those that only look are choices."""
    say = errand.say
    lines = [f"{called(name, say.kb, say.language)} – {say(text)}" for name, text in _TOLD.items()]
    choices = tuple(
        Choice(key=errand.key(name), label=say.heading(say(text)))
        for name, text in _TOLD.items()
        if name not in _WITHOUT_BUTTON
    )
    return errand.plain("\n".join([say("admin-menu"), *lines, say("admin-menu-file")]), choices)
