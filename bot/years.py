"""Which year is asked about, where what is known of each stands apart: never that of another year. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from bot.follows import names_nothing
from bot.question import Question
from bot.state import ConversationState
from knowledge.model import KnowledgeBase
from knowledge.reading import Reading


def of_the_year(question: Question, reading: Reading, state: ConversationState, kb: KnowledgeBase) -> Question:
    """The question about what is known of the year that the message names, or marked with the year nothing is known of.

    "2024?" and "the year before?" belong to what was told of another year.
    """
    last = state.last
    if question.year is not None:
        question = replace(question, year=None)
    spoken_of = year_of(last, kb) if last is not None else None
    if last is not None and spoken_of is not None and names_nothing(reading, kb):
        asked = _asked_next(reading, spoken_of)
        return question if asked is None else _told(replace(last, language=question.language), asked, kb)
    told = year_of(question, kb)
    named = _named_with_year(question, reading, kb) if told is None else None
    if named is not None:
        return replace(question, topics=(named,), also=())
    if told is None or not reading.years or told in reading.years:
        return question
    return _told(question, reading.years[0], kb)


def year_of(question: Question, kb: KnowledgeBase) -> int | None:
    """The year that a question is about; None where it is about none in particular."""
    topic = kb.topics.get(question.topic or "")
    own = topic.answer.year if topic is not None and topic.answer is not None else None
    return own if own is None or question.year is None else question.year


def years_told(topic: str, kb: KnowledgeBase) -> dict[int, str]:
    """The parts of the same entry that are about one year each, by year."""
    whole = kb.whole(topic)
    answers = kb.entries[whole].answers if whole in kb.entries else ()
    return {answer.year: f"{whole}#{answer.id}" for answer in answers if answer.year is not None}


def _named_with_year(question: Question, reading: Reading, kb: KnowledgeBase) -> str | None:
    """What is told of the year that is named, where its account is called by its name and another was likelier."""
    for topic in reading.named:
        years = years_told(topic, kb)
        found = next((years[year] for year in reading.years if year in years), None)
        if found is not None and all(kb.whole(other) != kb.whole(topic) for other in question.topics):
            return found
    return None


def _asked_next(reading: Reading, spoken_of: int) -> int | None:
    if reading.years:
        return reading.years[0]
    return None if reading.next_year is None else spoken_of + reading.next_year


def _told(question: Question, year: int, kb: KnowledgeBase) -> Question:
    part = years_told(question.topics[0], kb).get(year)
    if part is None:
        return replace(question, also=(), year=year)
    return replace(question, topics=(part,), also=(), year=None)
