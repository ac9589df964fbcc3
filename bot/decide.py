"""decide(question, kb) -> outcome: whether to answer, ask back, or say what is missing. Pure; data decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from bot.known_parts import differ, never_known, with_fields
from bot.outcomes import Answer, Asks, Clarify, Missing, NotUnderstood, Outcome, PlaceNoted, SmallTalk, Unavailable
from bot.question import Question
from knowledge.model import Entry, EntryKind, Field, KnowledgeBase, Topic, TopicKind

_FEW = 2

MAX_LISTED = 6
"""More entries than this are asked about, not listed: an answer is not a dump."""

_GENERAL = {Field.LAW, Field.WHO, Field.OFTEN, Field.AMOUNT, Field.PRICE, Field.WHAT}


def decide(question: Question, kb: KnowledgeBase) -> Outcome:
    """The outcome of a completed question."""
    if not question.topics:
        return PlaceNoted(question=question) if question.only_place else NotUnderstood(question=question)
    if question.topic is None:
        return _all_of(question, kb) or _ask_topic(question, kb)
    topic = kb.topics[question.topic]
    match topic.kind:
        case TopicKind.SMALLTALK:
            options = tuple(replace(question, topics=(offered,)) for offered in topic.nearest)
            return SmallTalk(question=question, say=topic.say or "", options=options)
        case TopicKind.OUTSIDE:
            return NotUnderstood(question=question, say=topic.say)
        case TopicKind.ANSWER:
            return _part(question, kb.entries[topic.entries[0]])
        case TopicKind.ENTRY:
            return _entry(question, kb.entries[topic.entries[0]], kb)
        case _:
            return _office(question, topic, kb)


def _all_of(question: Question, kb: KnowledgeBase) -> Outcome | None:
    """The contacts of several offices that are all asked for; None where they are not, or one of them needs a word.

    Of several places each has its own: "the police in Jēkabpils and the social service in Aizkraukle".
    """
    if not question.each:
        return None
    places: list[tuple[str, ...]] = [(place,) for place in question.places] or [()]
    parted = [replace(question, topics=(t,), places=where, each=False) for where in places for t in question.topics]
    found = [decide(one, kb) for one in parted]
    answers = [one for one in found if isinstance(one, Answer) and one.instead_of is None]
    if len(answers) < len(found) or len(answers) > MAX_LISTED:
        return None
    return Answer(question=question, entries=tuple(dict.fromkeys(e for answer in answers for e in answer.entries)))


def _part(question: Question, entry: Entry) -> Outcome:
    """One fact about an entry; one that differs by municipality, or by year, is not known of others."""
    if question.year is not None:
        return Unavailable(question=question, missing=Missing.YEAR)
    if _of_elsewhere(question, entry):
        return Unavailable(question=question, missing=Missing.FACT)
    if entry.local and question.outside and not question.places:
        return Unavailable(question=question, missing=Missing.COVERAGE)
    return Answer(question=question, entries=(entry.id,))


def _ask_topic(question: Question, kb: KnowledgeBase) -> Outcome:
    """Which of a few topics is meant; what each would be answered with comes along where it is one entry.

    Of a municipality that is not covered, and where nothing is known of any of them, what is likeliest is said to be
    missing: a choice would promise more.
    """
    parted = [replace(question, topics=(topic,)) for topic in question.topics]
    decided = [(option, _what_is_known(decide(option, kb))) for option in parted]
    different = _worth_offering(_different(decided, kb))
    options, outcomes = [option for option, _ in different], [found for _, found in different]
    likeliest = outcomes[0]
    if len(outcomes) == 1:
        return likeliest
    nothing = all(isinstance(found, Unavailable) and not found.nearest for found in outcomes)
    if isinstance(likeliest, Unavailable) and (likeliest.missing is Missing.COVERAGE or nothing):
        return likeliest
    return Clarify(question=question, asks=Asks.TOPIC, options=tuple(options), shown=_answers(outcomes))


def _worth_offering(decided: list[tuple[Question, Outcome]]) -> list[tuple[Question, Outcome]]:
    """The options without offices that a municipality does not have, where two others are left to choose from."""
    there = [one for one in decided if not (isinstance(one[1], Unavailable) and one[1].missing is Missing.ENTRY)]
    return there if len(there) > 1 and there[0] is decided[0] else decided


def _answers(outcomes: Iterable[Outcome]) -> tuple[tuple[int, Answer], ...]:
    """The answers among what the options would be answered with, each with the option's position."""
    return tuple((at, found) for at, found in enumerate(outcomes) if isinstance(found, Answer))


def _different(decided: Sequence[tuple[Question, Outcome]], kb: KnowledgeBase) -> list[tuple[Question, Outcome]]:
    """The options without those that would be answered with the same entries as one before."""
    seen: dict[object, tuple[Question, Outcome]] = {}
    for option, found in decided:
        seen.setdefault(
            found.entries if isinstance(found, Answer) and _is_whole(found, kb) else option, (option, found)
        )
    return list(seen.values())


def _is_whole(found: Answer, kb: KnowledgeBase) -> bool:
    """Whether an answer gives entries as they are, and no single fact about one."""
    return all(kb.topics[topic].kind is not TopicKind.ANSWER for topic in found.question.topics)


def _what_is_known(outcome: Outcome) -> Outcome:
    """Among several options, the contact of one that lacks the part asked for says more than that it is missing.

    An office that several people hold is shown with all of them.
    """
    if isinstance(outcome, Clarify) and outcome.asks is Asks.ENTRY:
        return Answer(question=outcome.question, entries=tuple(e for _, a in outcome.shown for e in a.entries))
    if isinstance(outcome, Unavailable) and outcome.missing is Missing.FIELD and outcome.nearest:
        return Answer(question=replace(outcome.question, fields=()), entries=outcome.nearest)
    return outcome


def _entry(question: Question, entry: Entry, kb: KnowledgeBase) -> Outcome:
    """An organisation, instrument, medium or account: where it has local parts, the place matters."""
    if entry.example_of is not None and _names_another_place(question, entry):
        entry = kb.entries[entry.example_of]
        question = replace(question, topics=(entry.id,))
    example = _example(question, entry, kb)
    if example is not None:
        return Answer(question=replace(question, topics=(example,), outside=None), entries=(example,))
    if _sister_is_meant(question, entry, kb):
        return _office(replace(question, topics=entry.groups[:1]), kb.topics[entry.groups[0]], kb)
    if _of_elsewhere(question, entry):
        return Unavailable(question=question, missing=Missing.FACT)
    if entry.local:
        if question.place in entry.local:
            return with_fields(question, (entry,))
        if len(question.places) == 1 or (question.outside and not question.places):
            return _not_local(question, entry)
        by_place = not _GENERAL & set(question.fields) or (
            Field.PAGE in question.fields and Field.LAW not in question.fields
        )
        if question.places or by_place:
            return _ask_place(question, question.places or tuple(entry.local), kb)
    elif entry.kind is EntryKind.INSTRUMENT and entry.level == "municipality" and question.place_named:
        return _not_local(question, entry)
    return with_fields(question, (entry,))


def _example(question: Question, entry: Entry, kb: KnowledgeBase) -> str | None:
    """The account of an instrument at work in a place that is not covered ("a participatory budget in Liepāja")."""
    if question.outside is None or question.places or entry.kind is not EntryKind.INSTRUMENT:
        return None
    return next((e.id for e in kb.entries.values() if e.example_of == entry.id and question.outside in e.area), None)


def _names_another_place(question: Question, entry: Entry) -> bool:
    """Whether another place is named than the one an account tells of ("and in Krāslava?")."""
    named = question.places or ((question.outside,) if question.outside else ())
    return question.place_named and not set(named) <= set(entry.area)


def _sister_is_meant(question: Question, entry: Entry, kb: KnowledgeBase) -> bool:
    """Whether a member of a group stands for its sister elsewhere: "partnerība" with another municipality's name."""
    if not (question.place_named and entry.area and entry.groups):
        return False
    if not question.places:
        return question.outside is not None and not entry.serves(question.outside)
    sisters = [kb.entries[name] for group in entry.groups for name in kb.topics[group].entries]
    elsewhere = not any(map(entry.serves, question.places))
    return elsewhere and any(all(map(sister.serves, question.places)) for sister in sisters)


def _of_elsewhere(question: Question, entry: Entry) -> bool:
    """An account of what was done elsewhere says nothing of a municipality of ours, unless elsewhere was named too."""
    asked_of_us = question.place_named and bool(question.places) and not (question.outside or question.aside)
    return entry.kind is EntryKind.PRACTICE and asked_of_us


def _not_local(question: Question, entry: Entry) -> Outcome:
    if question.outside and not question.places:
        return Unavailable(question=question, missing=Missing.COVERAGE)
    return Answer(question=question, entries=(entry.id,), not_local=True)


def _office(question: Question, topic: Topic, kb: KnowledgeBase) -> Outcome:
    """An office or a group of organisations: which one depends on the municipality."""
    if topic.kind is TopicKind.OFFICE and Field.PRICE in question.fields:
        return Unavailable(question=question, missing=Missing.FIELD)  # a ticket, a service: no office of ours sells it
    if question.entry is not None:
        return with_fields(question, (kb.entries[question.entry],))
    entries = [kb.entries[entry] for entry in topic.entries]
    if question.places or question.outside:
        return _in_place(question, topic, entries, kb)
    national = [entry for entry in entries if not entry.area]
    if national:
        return with_fields(question, tuple(entries if len(entries) <= MAX_LISTED else national[:MAX_LISTED]))
    if (question.wants_all and len(entries) <= MAX_LISTED) or (topic.kind is TopicKind.GROUP and len(entries) <= _FEW):
        return with_fields(question, tuple(entries))
    options = [m.id for m in kb.covered if topic.handled_by or any(e.serves(m.id) for e in entries)]
    # One choice is none: who lives elsewhere gets the nearest contact there.
    places = tuple(options) if len(options) > 1 else tuple(m.id for m in kb.covered)
    return _ask_place(question, places, kb)


def _in_place(question: Question, topic: Topic, entries: list[Entry], kb: KnowledgeBase) -> Outcome:
    if len(question.places) > 1:
        serves = any if question.wants_all else all
        shared = [entry for entry in entries if serves(entry.serves(place) for place in question.places)]
        return with_fields(question, tuple(shared)) if shared else _ask_place(question, question.places, kb)
    place = question.place or (question.outside if not question.places else "") or ""
    here = [entry for entry in entries if entry.serves(place)]
    if not here:
        return _nobody(question, topic, kb)
    if len(here) > 1 and never_known(question, here[0]):
        return Unavailable(question=question, missing=Missing.FIELD, nearest=tuple(entry.id for entry in here[:_FEW]))
    if len(here) > 1 and topic.kind is TopicKind.OFFICE and not question.wants_all and differ(here, question.fields):
        options = [replace(question, entry=entry.id) for entry in _as_written(here, kb)]
        return _ask_back(question, Asks.ENTRY, options, kb)
    return with_fields(question, tuple(here[:MAX_LISTED]))


def _as_written(entries: Iterable[Entry], kb: KnowledgeBase) -> list[Entry]:
    """The entries in the order of the document: who is asked for as "the second" stands second there."""
    ids = {entry.id for entry in entries}
    return [entry for entry in kb.entries.values() if entry.id in ids]


def _nobody(question: Question, topic: Topic, kb: KnowledgeBase) -> Outcome:
    """No entry of this topic in this municipality: whoever takes care of it, or the nearest contact."""
    if not question.place:
        return Unavailable(question=question, missing=Missing.COVERAGE)
    handled = _first_entries(topic.handled_by, question.place, kb)
    if handled:
        return Answer(question=question, entries=tuple(entry.id for entry in handled), instead_of=topic.id)
    nearest = _nearest(topic, question.place, kb)
    return Unavailable(question=question, missing=Missing.ENTRY, nearest=nearest)


def _nearest(topic: Topic, place: str, kb: KnowledgeBase) -> tuple[str, ...]:
    """Entries of the nearest topics that have somebody here; their nearest ones where none has."""
    queue, seen = list(topic.nearest), {topic.id}
    while queue:
        name = queue.pop(0)
        if name in seen:
            continue
        seen.add(name)
        found = _first_entries((name,), place, kb)
        if found:
            return tuple(entry.id for entry in found[:2])
        queue.extend(kb.topics[name].nearest)
    return ()


def _first_entries(topics: tuple[str, ...], place: str, kb: KnowledgeBase) -> list[Entry]:
    for topic in topics:
        found = [kb.entries[entry] for entry in kb.topics[topic].entries if kb.entries[entry].serves(place)]
        if found:
            return found
    return []


def _ask_place(question: Question, places: tuple[str, ...], kb: KnowledgeBase) -> Outcome:
    options = [replace(question, places=(place,), outside=None, place_named=True) for place in places]
    return _ask_back(question, Asks.PLACE, options, kb)


def _ask_back(question: Question, asks: Asks, options: Sequence[Question], kb: KnowledgeBase) -> Outcome:
    """A question back; what each option would be answered with comes along."""
    shown = _answers(_what_is_known(decide(option, kb)) for option in options)
    return Clarify(question=question, asks=asks, options=tuple(options), shown=shown)
