"""counts_of(turn, pressed, day) -> counts: what is counted of a message. No label names a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.feedback import Feedback
from bot.messages import Kind
from bot.statistics import CountKind
from bot.store.counters import Count
from bot.turn import Turn

_QUESTIONS = {Kind.ANSWER, Kind.CLARIFY, Kind.UNAVAILABLE, Kind.NO_ANSWER}


def counts_of(turn: Turn, pressed: Feedback | None, day: date) -> Iterator[Count]:
    """What to count: the outcome of a question with its topic, place and language, or the verdict of a press."""
    if pressed is not None:
        yield Count(day, CountKind.FEEDBACK, pressed.verdict)
        return
    reply = turn.reply
    if turn.outcome is None or reply.kind not in _QUESTIONS:
        return
    yield Count(day, CountKind.OUTCOME, reply.kind)
    yield Count(day, CountKind.LANGUAGE, reply.language)
    if reply.topic is not None:
        yield Count(day, CountKind.TOPIC, reply.topic)
    if reply.place is not None:
        yield Count(day, CountKind.PLACE, reply.place)
