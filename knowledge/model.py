"""What Sēlis knows, as frozen data. Loading builds it, reading and deciding look things up in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.geography import Alias, Landmark, Place, Region
from knowledge.hierarchy import ancestors
from knowledge.language_words import LanguageWords
from knowledge.thresholds import Thresholds


class Language(StrEnum):
    """The languages residents write in; facts stay as the source has them."""

    LV = "lv"
    RU = "ru"
    EN = "en"


class Field(StrEnum):
    """Which part of an entry a message asks for."""

    PHONE = "phone"
    EMAIL = "email"
    PAGE = "page"
    NAME = "name"
    HEAD = "head"
    ADDRESS = "address"
    ACCOUNT = "account"
    AREA = "area"
    HOURS = "hours"
    DATE = "date"
    LAW = "law"
    WHO = "who"
    HOW = "how"
    OFTEN = "often"
    AMOUNT = "amount"
    PRICE = "price"
    WHAT = "what"


class EntryKind(StrEnum):
    """The files of entries; the first part of every entry id."""

    CONTACT = "contact"
    ORGANISATION = "organisation"
    INSTRUMENT = "instrument"
    MEDIA = "media"
    PRACTICE = "practice"


class TopicKind(StrEnum):
    """How a topic leads to a reply."""

    OFFICE = "office"
    GROUP = "group"
    ENTRY = "entry"
    ANSWER = "answer"
    SMALLTALK = "smalltalk"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text in Latvian and, where written, in Russian and English."""

    lv: str
    ru: str | None = None
    en: str | None = None

    def get(self, language: Language) -> str:
        """The text in `language`, or the Latvian one where it was not written."""
        return getattr(self, language.value, None) or self.lv


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """Names or phrases, by language."""

    lv: tuple[str, ...] = ()
    ru: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def items(self) -> tuple[tuple[Language, str], ...]:
        """Every wording with its language."""
        return tuple((language, text) for language in Language for text in getattr(self, language.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A phone number as the source shows it, with what it is for where the source says so."""

    number: str
    title: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An address on the web, with what stands there where that is not plain."""

    url: str
    title: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The legal basis of an instrument."""

    title: Text
    section: Text | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact comes from: a document of the project's five, and a part of it."""

    document: str
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two values of the source that cannot both be right, or two spellings of one."""

    field: str
    values: tuple[str, ...]
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """What is different about an instrument in one municipality."""

    pages: tuple[Page, ...] = ()
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One fact that people ask for by itself; the text stands alone. `year` is the one it is about, where it is one."""

    id: str
    text: Text
    names: Wordings = Wordings()
    phrases: Wordings = Wordings()
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing known: a contact, an organisation, an instrument, a medium or an account of practice.

    `id` is the full id (`contact/kraslava/trauksmes-celsana`); `area` holds municipality ids and is empty for all of
    Latvia; `as_of` is a year or an ISO date, as precise as the source; `example_of` is the instrument that an account
    shows at work in its area.
    """

    id: str
    kind: EntryKind
    title: Text
    source: Source
    as_of: str
    checked_on: str | None = None
    topics: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    area_name: Text | None = None
    names: Wordings = Wordings()
    phrases: Wordings = Wordings()
    about: Text | None = None
    who: Text | None = None
    how: Text | None = None
    law: Law | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    level: str | None = None
    local: Mapping[str, Local] = field(default_factory=dict)
    see: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    parent: str | None = None
    example_of: str | None = None
    conflicts: tuple[Conflict, ...] = ()
    doubtful: bool = False
    private: bool = False

    def serves(self, municipality: str) -> bool:
        """Whether the entry is for people of `municipality`."""
        return not self.area or municipality in self.area


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a message can be about. `entries` are full entry ids; `say` names a text of the bot.

    `private` topics may touch a person's own case: in a group Sēlis asks to go on in private.
    """

    id: str
    kind: TopicKind
    title: Text
    names: Wordings = Wordings()
    phrases: Wordings = Wordings()
    parent: str | None = None
    handled_by: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    say: str | None = None
    entries: tuple[str, ...] = ()
    answer: Answer | None = None
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """A local government of Latvia. Only the covered ones have contacts. `forms` are case forms of the full name."""

    id: str
    name: str
    short: str
    covered: bool
    forms: Mapping[str, str]
    ru: str | None = None
    en: str | None = None
    region: str | None = None

    @property
    def title(self) -> Text:
        """The name as a heading or a label, in each language that has one."""
        return Text(lv=self.name, ru=self.ru, en=self.en)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeBase:
    """One snapshot of everything known. `version` is the SHA-256 of the files it was built from, in hex."""

    version: str
    municipalities: Mapping[str, Municipality]
    places: Mapping[str, Place]
    aliases: tuple[Alias, ...]
    regions: tuple[Region, ...]
    topics: Mapping[str, Topic]
    entries: Mapping[str, Entry]
    words: Mapping[Language, LanguageWords]
    texts: Mapping[Language, Mapping[str, str]]
    thresholds: Thresholds = field(default_factory=Thresholds)
    landmarks: tuple[Landmark, ...] = ()

    def above(self, topic: str) -> tuple[str, ...]:
        """The ids of the topics that a topic is a part of, the nearest first."""
        return ancestors(topic, self._parent_of)

    def whole(self, topic: str) -> str:
        """The topic of the entry that a single answer belongs to; any other topic itself."""
        found = self.topics[topic]
        return found.entries[0] if found.kind is TopicKind.ANSWER else topic

    def _parent_of(self, topic: str) -> str | None:
        return self.topics[topic].parent if topic in self.topics else None

    @property
    def covered(self) -> tuple[Municipality, ...]:
        """The municipalities Sēlis has contacts of, in the order of the file."""
        return tuple(m for m in self.municipalities.values() if m.covered)
