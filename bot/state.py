"""What is remembered of a conversation, and how an outcome changes it. Pure; the clock is handed in."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from bot.messages import Choice
from bot.outcomes import Answer, Clarify, Outcome, SmallTalk, Unavailable
from bot.question import Question
from knowledge.model import Language

REMEMBERED_FOR = timedelta(hours=12)
"""A question is a follow-up of what was said this long ago at most; the home place is kept."""


class ConversationState(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One person's conversation. `before` is what was asked before the last question, about something else.

    `options` are the questions that were offered last, in the order they were shown; `shown` are the choices of the
    last reply that had any, whatever they do.
    """

    home: str | None = None
    language: Language = Language.LV
    last: Question | None = None
    before: Question | None = None
    options: tuple[Question, ...] = ()
    shown: tuple[Choice, ...] = ()
    at: datetime | None = None

    def fresh(self, now: datetime) -> ConversationState:
        """The state without what is too old to be meant."""
        if self.at is None or now - self.at <= REMEMBERED_FOR:
            return self
        return ConversationState(home=self.home, language=self.language)


def advance(state: ConversationState, outcome: Outcome, now: datetime, *, home: str | None) -> ConversationState:
    """The state after an outcome: small talk in between forgets nothing."""
    question = outcome.question
    asked, before, options = state.last, state.before, state.options
    match outcome:
        case Clarify() | Answer() | Unavailable():
            before = asked if asked is not None and asked.topics != question.topics else before
            asked, options = question, outcome.options if isinstance(outcome, Clarify) else ()
        case SmallTalk(options=offered) if offered:
            options = offered
    return ConversationState(
        home=home or state.home,
        language=question.language,
        last=asked,
        before=before,
        options=options,
        shown=state.shown,
        at=now,
    )
