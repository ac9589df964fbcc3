"""What residents can say of an answer in one press or two, and what comes of it for admins. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from bot.messages import Choice, Kind, Reply
from bot.phrasebook import Phrasebook
from bot.question import MAX_KEY_BYTES, resolve, short
from knowledge.model import KnowledgeBase

SIGN = "!"
"""What the keys of feedback begin with; a question's key has four parts between colons, a command's begins with /."""
PAUSE = timedelta(days=1)
"""A conversation is not asked again before this time is over."""


class Verdict(StrEnum):
    """What the first press says."""

    USEFUL = "useful"
    WRONG = "wrong"


class Reason(StrEnum):
    """What the second press says was wrong."""

    NUMBER = "number"
    PERSON = "person"
    PAGE = "page"
    OTHER = "other"


SIGNS = {Verdict.USEFUL: "👍", Verdict.WRONG: "👎"}
"""What says a verdict where there are no buttons: a reaction, or the sign alone."""
_TEXTS = {
    Verdict.USEFUL: "feedback-useful",
    Verdict.WRONG: "feedback-wrong",
    Reason.NUMBER: "feedback-number",
    Reason.PERSON: "feedback-person",
    Reason.PAGE: "feedback-page",
    Reason.OTHER: "feedback-other",
}


class Feedback(Struct, frozen=True, kw_only=True, gc=False):
    """One press: what is said of an entry (a full id). A reason comes with the verdict WRONG."""

    entry: str
    verdict: Verdict
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How many conversations said the same of an entry, and when an admin closed that, if one did."""

    entry: str
    reason: Reason | None
    times: int
    first: datetime
    last: datetime
    done: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that was said against an entry. `reasons` are counted, the most frequent first; None is a press without."""

    entry: str
    times: int
    reasons: tuple[tuple[Reason | None, int], ...]
    first: datetime
    last: datetime
    is_open: bool


def may_prompt(last_prompt: datetime | None, now: datetime, *, last_press: datetime | None = None) -> bool:
    """Whether feedback may be asked for: once a day in a conversation, or again when the last prompt was pressed.

    A clock that jumped back by less than a day does not bring a second prompt either.
    """
    if last_prompt is None or abs(now - last_prompt) >= PAUSE:
        return True
    return last_press is not None and last_press >= last_prompt


def to_key(feedback: Feedback) -> str:
    """The feedback as `!verdict:entry` or `!reason:entry`, at most 64 bytes."""
    said = feedback.reason or feedback.verdict
    key = f"{SIGN}{said}:{feedback.entry}"
    return key if len(key.encode()) <= MAX_KEY_BYTES else f"{SIGN}{said}:{short(feedback.entry)}"


def is_feedback(key: str) -> bool:
    """Whether a choice's key is one of feedback."""
    return key.startswith(SIGN)


def is_verdict(key: str) -> bool:
    """Whether a choice's key is a verdict: what stands under an answer. A reason stands under a question of its own."""
    return verdict_of(key) is not None


def verdict_of(key: str) -> Verdict | None:
    """The verdict that a choice's key gives; None for all others."""
    said = key.removeprefix(SIGN).partition(":")[0] if is_feedback(key) else ""
    return Verdict(said) if said in set(Verdict) else None


def from_key(key: str, kb: KnowledgeBase) -> Feedback | None:
    """The feedback of a key, or None when it names what this snapshot does not know (an old button)."""
    said, _, name = key.removeprefix(SIGN).partition(":")
    entry = resolve(name, kb.entries)
    if not is_feedback(key) or entry is None:
        return None
    if said in set(Verdict):
        return Feedback(entry=entry, verdict=Verdict(said))
    if said in set(Reason):
        return Feedback(entry=entry, verdict=Verdict.WRONG, reason=Reason(said))
    return None


def prompt(reply: Reply, say: Phrasebook) -> tuple[Choice, ...]:
    """The two choices to put under an answer, about its first entry; none where it has no entry to speak of."""
    if reply.kind is not Kind.ANSWER or not reply.entries:
        return ()
    entry = reply.entries[0]
    return tuple(
        Choice(key=to_key(Feedback(entry=entry, verdict=verdict)), label=say(_TEXTS[verdict])) for verdict in Verdict
    )


def answered(feedback: Feedback, say: Phrasebook) -> Reply:
    """The reply to a press: thanks, and after "wrong" what it may have been."""
    choices: tuple[Choice, ...] = ()
    if feedback.verdict is Verdict.USEFUL:
        text = say("feedback-thanks")
    elif feedback.reason is None:
        text, choices = say("feedback-ask", title=say.entry_title(feedback.entry)), _reasons(feedback.entry, say)
    else:
        text = say("feedback-thanks-other" if feedback.reason is Reason.OTHER else "feedback-thanks-wrong")
    return Reply(kind=Kind.COMMAND, text=text, choices=choices, language=say.language, confidence=1.0)


def _reasons(entry: str, say: Phrasebook) -> tuple[Choice, ...]:
    """The reasons that can be meant: a number that does not answer needs a number."""
    held = say.kb.entries[entry]
    possible = {Reason.NUMBER: bool(held.phones), Reason.PAGE: bool(held.pages or held.local)}
    return tuple(
        Choice(key=to_key(Feedback(entry=entry, verdict=Verdict.WRONG, reason=reason)), label=say(_TEXTS[reason]))
        for reason in Reason
        if possible.get(reason, True)
    )


def verdict_text(verdict: str, say: Phrasebook) -> str:
    """What a verdict is called on its button."""
    return say(_TEXTS[Verdict(verdict)])


def reason_text(reason: Reason | None, say: Phrasebook) -> str:
    """What a reason is called on its button; a press without one is "wrong or outdated"."""
    return say(_TEXTS[reason or Verdict.WRONG])


def reports(said: Iterable[Said], *, closed: bool = False) -> tuple[Report, ...]:
    """What was said against entries, by entry: open ones first, then those most said something of.

    Without `closed` only what is open; what was said after an admin closed an entry opens it again.
    """
    by_entry: defaultdict[str, list[Said]] = defaultdict(list)
    for one in said:
        if closed or one.done is None or one.last > one.done:
            by_entry[one.entry].append(one)
    found = [_report(entry, held) for entry, held in by_entry.items()]
    return tuple(sorted(found, key=lambda report: (not report.is_open, -report.times, report.entry)))


def _report(entry: str, held: list[Said]) -> Report:
    reasons: Counter[Reason | None] = Counter()
    for one in held:
        reasons[one.reason] += one.times
    return Report(
        entry=entry,
        times=reasons.total(),
        reasons=tuple(reasons.most_common()),
        first=min(one.first for one in held),
        last=max(one.last for one in held),
        is_open=any(one.done is None or one.last > one.done for one in held),
    )
