"""A message taken apart: words with their keys, names, fields, places; and the words that say what is wanted.

Questions are taken apart in the same way to train the model and to ask it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from itertools import zip_longest

from msgspec import Struct
from msgspec.structs import replace

from knowledge.features import SMALL, KeyedWord
from knowledge.lexicon import key
from knowledge.model import Field, Language, TopicKind
from knowledge.phrases import Keys, Match, in_a_row
from knowledge.reading import Mention
from knowledge.repair import MAX_REPAIRED
from knowledge.tables import Tables
from knowledge.text import Word, in_one_clause

CONTACT_FIELDS = frozenset({Field.PHONE, Field.EMAIL, Field.PAGE})
REPAIRED = 0.8
"""The weight of a word that was repaired, against 1 for one that was not."""
OTHER_PLACE = 0.6
"""The weight of a place that is not covered: it may be what is asked about, and may only say where."""
MARK = f"**{SMALL}"
"""What the keys of marks begin with: they stand for something said, whatever the word and the language."""
_PLACE = f"{MARK}place"
_KIN = f"{MARK}kin"
_DONE_ON = {Field.PAGE, Field.PHONE}
_LOCATIVE = ("ā", "ās")
"""How "in the page" ends in Latvian; written without diacritics it looks like "the page"."""
SMALL_WORD = 0.5
"""The weight of a small word: "who", "how much", "may" tell the parts of one topic from each other."""

Repair = Callable[[Sequence[Word], Sequence[Keys]], Sequence[Keys]]
"""Every key that each of some words can be read as."""


class Message(Struct, frozen=True, kw_only=True, gc=False):
    """The words of a message, every key each can have, `every` one of those in a row, and what they were found to be.

    `small` are the positions of words that say nothing about the topic, `in_places` the offsets where the words of
    places begin. `repaired` are the positions of words read as others, `covered` those of the names of covered places.
    Other places may say what is asked about ("Liepāja"). `denied` are those of what is said not to be meant.
    """

    text: str
    language: Language
    words: tuple[Word, ...]
    keys: tuple[Keys, ...]
    every: Sequence[str]
    names: tuple[Match[str], ...]
    people: tuple[Match[str], ...]
    introductions: tuple[Match[bool], ...]
    fields: tuple[Match[Field], ...]
    homes: tuple[Match[bool], ...]
    places: tuple[Mention, ...]
    small: frozenset[int]
    in_places: frozenset[int]
    repaired: frozenset[int]
    covered: tuple[int, ...]
    denied: frozenset[int]


def take_apart(
    text: str, found: Sequence[Word], language: Language, tables: Tables, knows: Callable[[Word], bool], repair: Repair
) -> Message:
    """Take a normalised text and its words apart. `knows` tells ordinary words, which are no misspelt places."""
    keys = [tables.lexicon.keys(word, language) for word in found]
    repaired = (*repair(found[:MAX_REPAIRED], keys[:MAX_REPAIRED]), *keys[MAX_REPAIRED:])
    every = in_a_row(repaired)
    denied = frozenset(_denied(text, found, repaired, language, tables))
    names = [match for match in tables.names.find(repaired, every) if denied.isdisjoint(match.positions)]
    taken = {position for match in names for position in match.positions}
    introductions = tuple(tables.introductions.find(repaired, every))
    people = tables.people.find(found, repaired, every)
    taken |= {match.end for match in introductions}
    taken |= {position for match in people for position in match.positions}
    homes = tables.homes.find(repaired, every)
    places = tables.gazetteer.find(text, found, language, taken, knows, {match.end for match in homes})
    if homes:
        places = _at_home(places, {found[match.start].sentence for match in homes}, found)
    return Message(
        text=text,
        language=language,
        words=tuple(found),
        keys=repaired,
        every=every,
        names=tuple(match for match in names if not _is_place(match, found, places)),
        people=people,
        introductions=introductions,
        fields=tuple(_parts(text, found, repaired, every, tables.where.get(language, frozenset()), tables)),
        homes=homes,
        places=tuple(places),
        small=frozenset([position for position, read_as in enumerate(repaired) if read_as[0][2:3] == SMALL]),
        in_places=frozenset([word.start for mention in places for word in found if mention.holds(word)]),
        repaired=frozenset([at for at, read_as in enumerate(repaired) if read_as[0] not in keys[at]]),
        covered=tuple(_covered_places(found, places, tables)),
        denied=denied,
    )


def _denied(
    text: str, found: Sequence[Word], keys: Sequence[Keys], language: Language, tables: Tables
) -> Iterator[int]:
    """The positions of what is said not to be meant, with the word that says so: "ne tas pirmais", "kas nav otrais"."""
    denials = tables.denials.get(language, frozenset())
    negations = tables.gazetteer.negations.get(language, frozenset())
    for position, word in enumerate(found):
        if word.lower not in denials and word.lower not in negations:
            continue
        at = position + 1
        while at < len(found) and keys[at][0][2:3] == SMALL and found[at].lower not in denials:
            at += 1
        if at == len(found) or not in_one_clause(text, word, found[at]):
            continue
        if word.lower in denials or not tables.ordinals.keys().isdisjoint(keys[at]):
            yield from (position, at)


def _parts(
    text: str,
    found: Sequence[Word],
    keys: Sequence[Keys],
    every: Sequence[str],
    where: Container[str],
    tables: Tables,
) -> Iterator[Match[Field]]:
    """The parts that are asked for. "Put it on the website" asks for no page; "on which website" does. Nor does what is
    done on the telephone ask for its number, where anything else is said, and "what is the phone?" is no "what is it?".
    """
    asking = [word for word in found if word.lower in where]
    matches = tables.fields.find(keys, every)
    asked = {position for match in matches for position in match.positions}
    alone = all(position in asked or of[0][2:3] == SMALL for position, of in enumerate(keys))
    for match, after in zip_longest(matches, matches[1:]):
        between = range(match.end, after.start if after is not None else 0)
        if Field.WHAT in match.payloads and after is not None and all(keys[at][0][2:3] == SMALL for at in between):
            continue
        last = found[match.end - 1]
        told = not _DONE_ON.isdisjoint(match.payloads) and last.lower.endswith(_LOCATIVE)
        if not told or alone or any(in_one_clause(text, word, last) for word in asking):
            yield match


def _at_home(places: Sequence[Mention], sentences: set[int], found: Sequence[Word]) -> list[Mention]:
    """The places, those marked that stand in a sentence where somebody says where they live."""
    sentence_of = {word.start: word.sentence for word in found}
    return [replace(mention, home=sentence_of[mention.start] in sentences) for mention in places]


def _is_place(match: Match[str], found: Sequence[Word], places: Sequence[Mention]) -> bool:
    """A name all of whose words belong to places was a place ("Staburaga pagasts")."""
    return all(any(mention.holds(found[p]) for mention in places) for p in match.positions)


def telling(message: Message, tables: Tables, knows: Callable[[str], bool]) -> list[KeyedWord]:
    """The words that can say what is wanted, each with its likeliest key and weight.

    Small words, covered places, "I live in" and "phone number" do not say it; inside a whole name every word does.
    """
    named = {p for match in message.names if not _is_chat(match, tables) for p in match.positions}
    idle = {position for match in message.homes for position in match.positions}
    idle |= {p for match in message.fields if CONTACT_FIELDS.issuperset(match.payloads) for p in match.positions}
    idle |= {p for match in message.introductions for p in (*match.positions, match.end)}
    idle.update(message.small, message.covered, _unknown_places(message, knows))
    said = [position for position in range(len(message.words)) if position in named or position not in idle]
    meant = [position for position in said if position not in message.denied]
    return [_keyed(position, message, knows) for position in meant or said]


def _unknown_places(message: Message, knows: Callable[[str], bool]) -> Iterator[int]:
    """The positions of names of other places that no example has: their letters would say something by chance."""
    for position, word in enumerate(message.words if message.places else ()):
        if word.start in message.in_places and not any(map(knows, message.keys[position])):
            yield position


def _is_chat(match: Match[str], tables: Tables) -> bool:
    """A "thank you" around a question is not what it is about."""
    return all(tables.kb.topics[topic].kind is TopicKind.SMALLTALK for topic in match.payloads)


def chat_in(message: Message, tables: Tables) -> str | None:
    """The topic of the small talk that a message ends with by name."""
    return message.names[-1].payloads[0] if _closing(message, tables) else None


def in_full(
    said: Sequence[KeyedWord], message: Message, tables: Tables, *, place_known: bool = False
) -> list[KeyedWord]:
    """The telling words with the small ones between them; every word but places where none is telling.

    Where the conversation has a place, a message is read as if it named it.
    """
    if not said:
        return _all_but_places(message)
    thanks = _closing(message, tables)
    small = [
        (message.keys[position][0], word, SMALL_WORD)
        for position, word in enumerate(message.words)
        if position in message.small and position not in thanks
    ]
    starts = {word.start for _, word, _ in said}
    said = tables.people.as_offices(message.people, said, message.words, message.language)
    marks = list(_marks(message, tables))
    if place_known and all(key != _PLACE for key, _, _ in marks):
        marks.append((_PLACE, message.words[0], SMALL_WORD))
    return [*said, *(keyed for keyed in small if keyed[1].start not in starts), *marks]


def _closing(message: Message, tables: Tables) -> range:
    """The positions of a "thank you" that ends a message about something else."""
    last = message.names[-1] if message.names else None
    ends = last is not None and last.end == len(message.words) and _is_chat(last, tables)
    return last.positions if last is not None and ends else range(0)


def _marks(message: Message, tables: Tables) -> Iterator[KeyedWord]:
    """What is said in so many words: a name, what is asked for (a contact, a sum, a date), a covered place, the kin and
    the belongings of somebody in office.

    Who names a place or asks for a contact seldom means what is outside; how much a name tells is learned.
    """
    for name in message.names:
        for topic in () if _is_chat(name, tables) else name.payloads:
            yield (f"{MARK}{topic}", message.words[name.start], 1 / len(name.payloads))
    for person in message.people:
        topic = tables.kb.entries[person.payloads[0]].topics[0]
        yield (f"{MARK}{topic}", message.words[person.start], 1.0)
    for match in message.fields:
        if Field.HEAD in match.payloads:
            continue  # who is asked for, and no part of what is told about them
        asked = "contact" if CONTACT_FIELDS.issuperset(match.payloads) else match.payloads[0]
        yield (f"{MARK}{asked}", message.words[match.start], SMALL_WORD)
    for position in _kin(message, tables):
        yield (_KIN, message.words[position], 1.0)
    for position in message.covered[:1]:
        yield (_PLACE, message.words[position], SMALL_WORD)


def _kin(message: Message, tables: Tables) -> Iterator[int]:
    """The positions of the kin and belongings of those who hold an office: "mēra sieva", "Skreivera mašīna"."""
    offices = [name for name in message.names if any(_is_office(topic, tables) for topic in name.payloads)]
    for match in (*offices, *message.people):
        at = match.end
        if at == len(message.words) or tables.kin.isdisjoint(message.keys[at]):
            continue
        if in_one_clause(message.text, message.words[at - 1], message.words[at]):
            yield at


def _is_office(topic: str, tables: Tables) -> bool:
    return tables.kb.topics[topic].kind is TopicKind.OFFICE


def _all_but_places(message: Message) -> list[KeyedWord]:
    """Of a message without telling words ("labdien", "un telefons?") every word but places."""
    return [
        (key(word.lower, word.script, message.language), word, 1.0)
        for position, word in enumerate(message.words)
        if position not in message.covered
    ]


def _covered_places(found: Sequence[Word], places: Sequence[Mention], tables: Tables) -> Iterator[int]:
    """Positions of the names of covered places."""
    covered = [
        mention
        for mention in places
        if not mention.region and any(tables.kb.municipalities[m].covered for m in mention.municipalities)
    ]
    for position, word in enumerate(found if covered else ()):
        if any(mention.holds(word) for mention in covered):
            yield position


def _keyed(position: int, message: Message, knows: Callable[[str], bool]) -> KeyedWord:
    """A word with its likeliest key. A repaired word counts a little less, and its letters are those it should have."""
    word, options = message.words[position], message.keys[position]
    found = options[0] if len(options) == 1 else next(filter(knows, options), options[0])
    weight = OTHER_PLACE if word.start in message.in_places else 1.0
    if position not in message.repaired:
        return (found, word, weight)
    return (found, replace(word, folded=found[3:]), weight * REPAIRED)
