"""What can come of a question: the five outcomes, as data. `bot.compose` turns them into words."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from bot.question import Question


class Asks(StrEnum):
    """What is asked back."""

    PLACE = "place"
    TOPIC = "topic"
    ENTRY = "entry"


class Missing(StrEnum):
    """Why a fact cannot be given."""

    ENTRY = "entry"
    """The documents have no such contact of this municipality."""
    FIELD = "field"
    """The entry is known, the part asked for is not."""
    FACT = "fact"
    """What is known is an account of what was done elsewhere."""
    YEAR = "year"
    """The same is known of other years."""
    COVERAGE = "coverage"
    """The municipality is not one of those Sēlis has contacts of."""


class Answer(Struct, frozen=True, kw_only=True, gc=False):
    """Entries that answer the question, the best first.

    `instead_of` is the topic asked for when another takes care of it; `not_local` marks a general account given because
    nothing is known of the municipality asked about.
    """

    question: Question
    entries: tuple[str, ...]
    instead_of: str | None = None
    not_local: bool = False


class Clarify(Struct, frozen=True, kw_only=True, gc=False):
    """A question back, with the questions each choice stands for.

    `shown` are answers to some of the options with the option's position, given along with it: a few labelled contacts
    save a turn.
    """

    question: Question
    asks: Asks
    options: tuple[Question, ...]
    shown: tuple[tuple[int, Answer], ...] = ()


class Unavailable(Struct, frozen=True, kw_only=True, gc=False):
    """In the domain, not in the knowledge: what is missing, and the nearest contacts."""

    question: Question
    missing: Missing
    nearest: tuple[str, ...] = ()


class NotUnderstood(Struct, frozen=True, kw_only=True, gc=False):
    """Outside the domain (`say` then names the text) or not understood."""

    question: Question
    say: str | None = None


class SmallTalk(Struct, frozen=True, kw_only=True, gc=False):
    """A greeting, thanks, a question about Sēlis. `say` names the text."""

    question: Question
    say: str
    options: tuple[Question, ...] = ()


class PlaceNoted(Struct, frozen=True, kw_only=True, gc=False):
    """Somebody said where they live, and nothing else yet."""

    question: Question


Outcome = Answer | Clarify | Unavailable | NotUnderstood | SmallTalk | PlaceNoted
