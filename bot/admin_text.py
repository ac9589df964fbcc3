"""What admins read of the knowledge and its changes: outcomes as replies, paged. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

from bot.difference_text import difference_lines, pages
from bot.messages import Choice, Kind, Reply
from bot.pages import UNASKED, as_file
from bot.phrasebook import Phrasebook
from bot.plural import counted
from bot.propose import Proposed
from bot.reload_outcomes import (
    Applied,
    Failed,
    NoProposal,
    NotPlaced,
    NoVersion,
    Outcome,
    Passed,
    Refused,
    RefusedByQuestions,
    Unchanged,
    Why,
)
from bot.verdict import Progress, Step, Verdict
from bot.versions import Kept

MOST = 1600
"""Characters of a page; with its number a reply stays under 1,800."""
SHORT = 8
"""Digits that a version is shown and called by."""
_STEPS = {
    Step.WAITING: "admin-step-waiting", Step.READING: "admin-step-reading", Step.LEARNING: "admin-step-learning",
    Step.ASKING: "admin-step-asking", Step.TAKING: "admin-step-taking",
}  # fmt: skip
_FILES = {
    Why.UNKNOWN: "admin-file-unknown", Why.SEVERAL: "admin-file-several", Why.TOO_LARGE: "admin-file-too-large",
    Why.EMPTY: "admin-file-empty",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What buttons send, at most 64 bytes each; one that is empty is not shown. The page comes after `more`."""

    more: str = ""
    force: str = ""
    apply: str = ""
    reload: str = ""
    back: str = ""


NO_KEYS = Keys()


def outcome_reply(outcome: Outcome, say: Phrasebook, *, page: int = 1, keys: Keys = NO_KEYS) -> Reply:
    """An outcome as a reply, one page of it (from 1, or `bot.pages.UNASKED`), with the button for what can be done."""
    choices: list[Choice] = []
    match outcome:
        case RefusedByQuestions() if keys.force:
            choices = [Choice(key=keys.force, label=say("admin-force"))]
        case Passed() if keys.reload:
            choices = [Choice(key=keys.reload, label=say("admin-reload"))]
        case Applied() if keys.back:
            choices = [Choice(key=keys.back, label=say("admin-back", version=outcome.before[:SHORT]))]
    return _paged(outcome_lines(outcome, say), say, page, keys.more, choices)


def proposed_reply(proposed: Proposed, say: Phrasebook, *, page: int = 1, keys: Keys = NO_KEYS) -> Reply:
    """What a file that was sent would do, with the button to apply it."""
    if not isinstance(proposed.outcome, Passed):
        return outcome_reply(proposed.outcome, say, page=page, keys=keys)
    apply = say("admin-apply")
    lines = [say("admin-proposed", name=proposed.name, apply=apply), *_found(proposed.outcome.verdict, say)]
    choices = [Choice(key=keys.apply, label=apply)] if keys.apply else []
    return _paged(lines, say, page, keys.more, choices)


def progress_text(progress: Progress, say: Phrasebook) -> str:
    """What is being done just now."""
    values = {"done": str(progress.done), "of": str(progress.of)} if progress.step is Step.ASKING else {}
    return say(_STEPS[progress.step], **values)


def versions_reply(kept: Sequence[Kept], say: Phrasebook, zone: tzinfo, back: str = "") -> Reply:
    """The versions kept, the newest first, with the times of `zone`; `back` is the command that goes back to one."""
    lines = [say("admin-versions") if kept else say("admin-versions-none")]
    for held in kept:
        date = format_datetime(held.at, "medium", tzinfo=zone, locale=say.language.value)
        key = "admin-version-active" if held.active else "admin-version"
        lines.append(say(key, version=held.version[:SHORT], date=date))
    choices = [
        Choice(key=f"{back} {held.version[:SHORT]}", label=say("admin-back", version=held.version[:SHORT]))
        for held in kept
        if back and not held.active
    ]
    return _paged(lines, say, 1, "", choices)


def outcome_lines(outcome: Outcome, say: Phrasebook) -> list[str]:
    """An outcome in lines, the most important first."""
    match outcome:
        case Refused(problems=problems):
            what = counted(say.forms("count-problem"), len(problems), say.language)
            return [say("admin-refused", what=what), *map(str, problems)]
        case RefusedByQuestions(verdict=verdict):
            return [say("admin-refused-questions"), *_found(verdict, say)]
        case Passed(verdict=verdict):
            return [say("admin-passed"), *_found(verdict, say)]
        case Applied(verdict=verdict):
            return [*_applied(outcome, say), *_found(verdict, say)]
        case _:
            return [_sentence(outcome, say)]


def _sentence(outcome: Unchanged | Failed | NoVersion | NotPlaced | NoProposal, say: Phrasebook) -> str:
    """An outcome that one sentence says."""
    match outcome:
        case Unchanged(version=version):
            return say("admin-unchanged", version=version[:SHORT])
        case Failed(reason=reason):
            return say("admin-failed", reason=reason)
        case NoVersion(asked=asked):
            return say("admin-no-version", asked=asked) if asked else say("admin-no-before")
        case NotPlaced():
            return _not_placed(outcome, say)
        case NoProposal():
            return say("admin-no-proposal")


def _applied(outcome: Applied, say: Phrasebook) -> list[str]:
    seconds = format_decimal(round(outcome.seconds, 1), locale=say.language.value)
    done = say("admin-applied", seconds=seconds, version=outcome.version[:SHORT])
    return [say("admin-forced"), done] if outcome.forced else [done]


def _not_placed(outcome: NotPlaced, say: Phrasebook) -> str:
    if outcome.why in {Why.TOO_LARGE, Why.EMPTY}:
        return say(_FILES[outcome.why], name=outcome.name)
    names = ", ".join(outcome.names)
    if outcome.why is Why.SEVERAL:
        return say(_FILES[outcome.why], names=names)
    return say(_FILES[outcome.why], name=outcome.name, names=names)


def _found(verdict: Verdict, say: Phrasebook) -> list[str]:
    """How the questions came out, what must not have gone wrong, what changes, what to look at."""
    changes = difference_lines(verdict.difference, say) if verdict.difference is not None else ()
    return [
        *_accuracy(verdict, say),
        *_headed("admin-missed-must", _missed(verdict, say, must=True), say),
        *_headed("admin-changes", changes, say),
        *_headed("admin-missed", _missed(verdict, say, must=False), say),
        *_headed("admin-warnings", tuple(map(str, verdict.warnings)), say),
    ]


def _headed(key: str, lines: tuple[str, ...], say: Phrasebook) -> tuple[str, ...]:
    return (say(key), *lines) if lines else ()


def _missed(verdict: Verdict, say: Phrasebook, *, must: bool) -> tuple[str, ...]:
    held = [missed for missed in verdict.missed if missed.must is must]
    return tuple(say("admin-missed-line", text=m.text, expected=m.expected, found=m.found) for m in held)


def _accuracy(verdict: Verdict, say: Phrasebook) -> list[str]:
    after, before = verdict.after, verdict.before
    if after is None:
        return []
    values = {"after": str(after.right), "of": str(after.of), "share": _percent(after.accuracy, say)}
    if before is None:
        return [say("admin-accuracy-alone", **values)]
    return [say("admin-accuracy", before=str(before.right), was=_percent(before.accuracy, say), **values)]


def _percent(share: float, say: Phrasebook) -> str:
    return format_decimal(round(100 * share, 1), locale=say.language.value)


def _paged(lines: Iterable[str], say: Phrasebook, page: int, more: str, choices: Sequence[Choice]) -> Reply:
    lines = tuple(lines)
    held = pages(lines, MOST)
    number = min(max(page, 1), len(held))
    text = held[number - 1]
    shown = list(choices)
    if len(held) > 1:
        text += "\n" + say("admin-page", page=str(number), of=str(len(held)))
        if more and number < len(held):
            shown.append(Choice(key=f"{more} {number + 1}", label=say("admin-more")))
    files = (as_file(more, "\n".join(lines)),) if page == UNASKED and more and len(held) > 1 else ()
    return Reply(
        kind=Kind.COMMAND,
        text=text,
        choices=tuple(shown),
        language=say.language,
        confidence=1.0,
        attachments=files,
    )
