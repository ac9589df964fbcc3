"""compose(outcome, kb) -> Reply: the words of an outcome. Pure; the sentences are the knowledge's texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from bot.clarify_text import MAX_CHOICES, clarified, topic_choice
from bot.entry_text import describe, listed
from bot.known_parts import CAN_BE_MISSING
from bot.messages import Kind, Reply
from bot.outcomes import Answer, Clarify, Missing, NotUnderstood, Outcome, PlaceNoted, SmallTalk, Unavailable
from bot.phrasebook import Phrasebook
from bot.question import Question
from bot.wording import Wording
from bot.years import years_told
from knowledge.model import Field, KnowledgeBase

MAX_TEXT = 1800
MAX_ENTRIES = 8


def compose(outcome: Outcome, kb: KnowledgeBase, *, in_group: bool = False) -> Reply:
    """The reply in the language of the question.

    With `in_group`, what may touch a person's own case comes with an invitation to go on in private.
    """
    say = Phrasebook(kb=kb, language=outcome.question.language)
    said = _COMPOSERS[type(outcome)](outcome, say)
    question = outcome.question
    last = "\n" + say("in-private") if in_group and _is_private(question, kb) else ""
    return Reply(
        kind=said.kind,
        text=_fit(said.text, MAX_TEXT - len(last)) + last,
        choices=said.choices,
        entries=said.entries[:MAX_ENTRIES],
        topic=question.topic,
        place=question.place or question.outside,
        language=question.language,
        confidence=round(question.confidence, 3),
    )


def _is_private(question: Question, kb: KnowledgeBase) -> bool:
    """Whether one of the topics, or what it is a part of, is marked `private` in the data."""
    return any(kb.topics[topic].private for name in question.topics for topic in (name, *kb.above(name)))


def _fit(text: str, most: int) -> str:
    """Cut at a line, never inside one: half a phone number would be worse than none."""
    if len(text) < most:
        return text
    lines = text[: most - 2].split("\n")
    return "\n".join(lines[:-1]) + "\n…"


def _join(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)


def _answer(outcome: Answer, say: Phrasebook) -> Wording:
    question = outcome.question
    entries = [say.kb.entries[entry] for entry in outcome.entries]
    head = [say.village(question.village)] if question.village else []
    if outcome.instead_of is not None:
        head.append(say("instead", topic=say.topic(outcome.instead_of)))
    if outcome.not_local:
        head.append(say("not-local", place=say.place(question.place or question.outside or "")))
    if len(entries) == 1:
        body = describe(entries[0], question, say)
    else:
        body = listed([(entry, question) for entry in entries], say)
    return Wording(kind=Kind.ANSWER, text=_join([*head, body]), entries=outcome.entries)


def _unavailable(outcome: Unavailable, say: Phrasebook) -> Wording:
    question = outcome.question
    nearest = [say.kb.entries[entry] for entry in outcome.nearest]
    place = ", ".join(map(say.place, question.places)) or say.place(question.outside or "")
    topic = say.topic(question.topic or "")
    head = [say.village(question.village)] if question.village else []
    contacts = replace(question, fields=())
    if outcome.missing is Missing.COVERAGE:
        head.append(say("missing-coverage-topic", place=place, topic=topic, covered=say.covered()))
    elif outcome.missing is Missing.FACT:
        head.append(say("missing-fact", place=place, topic=topic))
    elif outcome.missing is Missing.YEAR:
        years = ", ".join(map(str, sorted(years_told(question.topics[0], say.kb))))
        head.append(say("missing-year", topic=topic, year=str(question.year), years=years))
    elif outcome.missing is Missing.ENTRY:
        head.append(say("missing-entry", place=place, topic=topic))
        if nearest:
            head.append(say("missing-nearest"))
    else:
        title = say.entry_title(outcome.nearest[0]) if nearest else say.heading(topic)
        field = say(f"field-{_missing_field(question).value}")
        head.append(say("missing-field", title=title, field=field))
        if nearest:
            head.append(say("missing-field-have"))
    body = listed([(entry, contacts) for entry in nearest], say) if nearest else ""
    return Wording(kind=Kind.UNAVAILABLE, text=_join([*head, body]), entries=outcome.nearest)


def _missing_field(question: Question) -> Field:
    """The asked field that has a name of its own: the first that can be missing."""
    return next((field for field in question.fields if field in CAN_BE_MISSING), Field.PHONE)


def _not_understood(outcome: NotUnderstood, say: Phrasebook) -> Wording:
    return Wording(kind=Kind.NO_ANSWER, text=say(outcome.say or "not-understood"))


def _smalltalk(outcome: SmallTalk, say: Phrasebook) -> Wording:
    choices = tuple(topic_choice(option, say) for option in outcome.options[:MAX_CHOICES])
    return Wording(kind=Kind.CLARIFY if choices else Kind.SMALLTALK, text=say(outcome.say), choices=choices)


def _place_noted(outcome: PlaceNoted, say: Phrasebook) -> Wording:
    question = outcome.question
    if question.outside:
        return Wording(
            kind=Kind.SMALLTALK, text=say("home-outside", place=say.place(question.outside), covered=say.covered())
        )
    head = [say.village(question.village)] if question.village else []
    places = ", ".join(say.place(place) for place in question.places)
    return Wording(kind=Kind.SMALLTALK, text=_join([*head, say("home-set", place=places)]))


_COMPOSERS: dict[type, Callable[..., Wording]] = {
    Answer: _answer,
    Clarify: clarified,
    Unavailable: _unavailable,
    NotUnderstood: _not_understood,
    SmallTalk: _smalltalk,
    PlaceNoted: _place_noted,
}
