"""What was read in one message: the result type of `knowledge.read`."""

from __future__ import annotations

from msgspec import Struct

from knowledge.model import Field, Language
from knowledge.text import Word


class Evidence(Struct, frozen=True, kw_only=True, gc=False):
    """A word of the message and how much it spoke for a topic; negative weights spoke against."""

    word: str
    weight: float


class ReadWord(Struct, frozen=True, kw_only=True, gc=False):
    """A word as it was read: offsets in the normalised text, and the key it was looked up by."""

    text: str
    start: int
    end: int
    key: str


class Candidate(Struct, frozen=True, kw_only=True, gc=False):
    """A topic the message may be about, with its probability, 0 to 1."""

    topic: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()


class Meaning(Struct, frozen=True, kw_only=True, gc=False):
    """One thing a place name can mean. `place` is None where the municipality itself was named."""

    municipality: str
    place: str | None = None


class Mention(Struct, frozen=True, kw_only=True, gc=False):
    """A place name in the message, with offsets in the normalised text and everything it can mean.

    A region means all its municipalities at once, any other name one of its meanings.
    """

    text: str
    start: int
    end: int
    meanings: tuple[Meaning, ...]
    negated: bool = False
    home: bool = False
    region: bool = False

    @property
    def municipalities(self) -> tuple[str, ...]:
        """The municipalities it can mean, each once."""
        return tuple(dict.fromkeys(meaning.municipality for meaning in self.meanings))

    def holds(self, word: Word) -> bool:
        """Whether a word of the message is a part of the name."""
        return self.start <= word.start < self.end


class Reading(Struct, frozen=True, kw_only=True, gc=False):
    """What a message says: candidates and fields best first, places in order of the text.

    - `content` counts the words that could say what is wanted, `unknown` holds those no topic knows.
    - `wants_all` marks "list them all", `same` "about the same", `others` "the others" or "all of them", `continues` a
      message that begins with "un", "bet", "a", `refers` one that says "it" or "there", `ordinal` one that says nothing
      but "the second".
    - `only_fields` marks one whose telling words all ask for a part of something ("iedod saiti uz likumu").
    - `years` are those it names, `next_year` is 1 or -1 where it says "the year after" or "the year before".
    - `people` are the entries of persons it names, `full_name` tells that first name and surname stand together.
    - `in_names` holds, for each word that could say what is wanted, the entries in whose names it stands; `whole_name`
      tells that the message is a name and nothing else.
    - `expected` are the topics that the conversation makes likely, with how likely each is if it is one of them;
      `expected_share` is how likely it is, by the words alone, that it is one of them.
    - `offered` is the one of the entries offered before whose title its words point at.
    - `named` are the topics it names; `beside_names` counts the words that say something and are in no name.
    - `chat` is the small talk that it ends with by name ("thanks").
    - `aside` are the municipalities not covered that are named on the way, which `places` leaves out.
    - `contacts` are the entries whose phone or e-mail it holds.
    - `words` is filled where an explanation was asked for.
    """

    text: str
    language: Language
    candidates: tuple[Candidate, ...] = ()
    places: tuple[Mention, ...] = ()
    fields: tuple[Field, ...] = ()
    content: int = 0
    only_fields: bool = False
    unknown: tuple[str, ...] = ()
    wants_all: bool = False
    same: bool = False
    others: bool = False
    continues: bool = False
    refers: bool = False
    ordinal: int | None = None
    years: tuple[int, ...] = ()
    next_year: int | None = None
    people: tuple[str, ...] = ()
    full_name: bool = False
    in_names: tuple[frozenset[str], ...] = ()
    whole_name: bool = False
    expected: tuple[Candidate, ...] = ()
    expected_share: float = 0.0
    offered: str | None = None
    named: tuple[str, ...] = ()
    beside_names: int = 0
    chat: str | None = None
    aside: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    words: tuple[ReadWord, ...] = ()
