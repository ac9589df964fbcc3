"""The shape of the YAML files, as pydantic models: which keys there are and what they hold.

The leaves are the dataclasses of `knowledge.model`; what a file says in short form is widened by `knowledge.values`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Key

from knowledge.geography import Alias, Region
from knowledge.model import Answer, Conflict, Local, Source, TopicKind, Wordings
from knowledge.personal_words import PersonalWords
from knowledge.values import ALaw, APage, APhone, AText, Case, Date, Email, Line, Slug, Worded
from knowledge.years import FIRST_YEAR, LAST_YEAR


class Model(BaseModel):
    """Unknown keys are errors; nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceIn(Model):
    """Document and section."""

    document: Literal["000", "001", "002", "003", "004"]
    section: str = ""

    def build(self) -> Source:
        """The model's source."""
        return Source(document=self.document, section=self.section)


class AnswerIn(Model):
    """One fact that people ask for by itself."""

    id: Slug
    text: AText
    names: Worded = Wordings()
    phrases: Worded = Wordings()
    year: int | None = Key(default=None, ge=FIRST_YEAR, le=LAST_YEAR)

    def build(self) -> Answer:
        """The model's answer."""
        return Answer(id=self.id, text=self.text, names=self.names, phrases=self.phrases, year=self.year)


class LocalIn(Model):
    """What is different about an instrument in one municipality."""

    pages: tuple[APage, ...] = ()
    note: AText | None = None

    def build(self) -> Local:
        """The model's local part."""
        return Local(pages=self.pages, note=self.note)


class ConflictIn(Model):
    """Values of the source that disagree."""

    field: Literal["phones", "emails", "pages", "about", "title", "answers"]
    values: tuple[Line, ...] = Key(min_length=2)
    note: AText | None = None

    def build(self) -> Conflict:
        """The model's conflict."""
        return Conflict(field=self.field, values=self.values, note=self.note)


class EntryIn(Model):
    """An entry of any kind; which keys a kind may use is checked after."""

    id: Slug
    title: AText
    source: SourceIn | None = None
    as_of: Date | None = None
    checked_on: Date | None = None
    topics: tuple[Slug, ...] = ()
    groups: tuple[Slug, ...] = ()
    area: tuple[Slug, ...] = ()
    area_name: AText | None = None
    names: Worded = Wordings()
    phrases: Worded = Wordings()
    about: AText | None = None
    who: AText | None = None
    how: AText | None = None
    law: ALaw | None = None
    phones: tuple[APhone, ...] = ()
    emails: tuple[Email, ...] = ()
    pages: tuple[APage, ...] = ()
    level: Literal["municipality", "region", "state", "general", "rights"] | None = None
    local: dict[Slug, LocalIn] = {}
    see: tuple[str, ...] = ()
    answers: tuple[AnswerIn, ...] = ()
    parent: Slug | None = None
    example_of: str | None = None
    conflicts: tuple[ConflictIn, ...] = ()
    doubtful: bool = False
    private: bool = False


class EntriesFile(Model):
    """A file of entries: one of the five lists, with the source for all that do not name their own."""

    municipality: Slug | None = None
    source: SourceIn | None = None
    as_of: Date | None = None
    contacts: tuple[EntryIn, ...] = ()
    organisations: tuple[EntryIn, ...] = ()
    instruments: tuple[EntryIn, ...] = ()
    media: tuple[EntryIn, ...] = ()
    practice: tuple[EntryIn, ...] = ()


class TopicIn(Model):
    """A topic that is not one entry."""

    id: Slug
    kind: Literal[TopicKind.OFFICE, TopicKind.GROUP, TopicKind.SMALLTALK, TopicKind.OUTSIDE]
    title: AText
    names: Worded = Wordings()
    phrases: Worded = Wordings()
    parent: Slug | None = None
    handled_by: tuple[Slug, ...] = ()
    nearest: tuple[Slug, ...] = ()
    say: Slug | None = None
    private: bool = False


class TopicsFile(Model):
    """A file of topics."""

    topics: tuple[TopicIn, ...]


class MunicipalityIn(Model):
    """A local government."""

    id: Slug
    name: Line
    short: Line
    covered: bool = False
    forms: dict[Case, Line]
    ru: Line | None = None
    en: Line | None = None
    region: Line | None = None


class PlaceIn(Model):
    """A town, parish, village, neighbour town or region."""

    id: Slug
    name: Line
    kind: Literal["pilseta", "pagasts", "ciems"]
    municipality: Slug
    lat: float | None = Key(default=None, ge=55.0, le=59.0)
    lon: float | None = Key(default=None, ge=20.0, le=29.0)
    forms: dict[Case, Line]
    demonyms: tuple[Line, ...] = ()
    ru: Line | None = None
    common_word: Literal["low", "medium", "high"] | None = None
    common_forms: tuple[Case, ...] = ()
    common_ru: bool = False


class LandmarkIn(Model):
    """A point outside coverage: see `knowledge.geography.Landmark`."""

    name: Line
    lat: float = Key(ge=53.0, le=59.0)
    lon: float = Key(ge=20.0, le=30.0)
    municipality: Slug | None = None


class PlacesFile(Model):
    """The gazetteer."""

    municipalities: tuple[MunicipalityIn, ...]
    places: tuple[PlaceIn, ...]
    landmarks: tuple[LandmarkIn, ...] = ()
    aliases: tuple[Alias, ...] = ()
    regions: tuple[Region, ...] = ()


class WordsFile(Model):
    """Words of one language."""

    language: Literal["lv", "ru", "en"]
    function: tuple[Line, ...] = ()
    fillers: tuple[Line, ...] = ()
    negations: tuple[Line, ...] = ()
    denials: tuple[Line, ...] = ()
    refusals: tuple[Line, ...] = ()
    institutions: tuple[Line, ...] = ()
    continuations: tuple[Line, ...] = ()
    abbreviations: dict[Line, Line] = {}
    introductions: tuple[Line, ...] = ()
    references: tuple[Line, ...] = ()
    ordinals: tuple[tuple[Line, ...], ...] = ()
    last: tuple[Line, ...] = ()
    where: tuple[Line, ...] = ()
    fields: dict[str, tuple[Line, ...]] = {}
    place_kinds: tuple[Line, ...] = ()
    region_kinds: tuple[Line, ...] = ()
    place_prepositions: tuple[Line, ...] = ()
    all: tuple[Line, ...] = ()
    same: tuple[Line, ...] = ()
    others: tuple[Line, ...] = ()
    year_before: tuple[Line, ...] = ()
    year_after: tuple[Line, ...] = ()
    kin: tuple[Line, ...] = ()
    home: tuple[Line, ...] = ()
    commands: dict[str, tuple[Line, ...]] = {}
    personal: dict[PersonalWords, tuple[Line, ...]] = {}


class TextsFile(Model):
    """All that the bot itself says in one language."""

    language: Literal["lv", "ru", "en"]
    texts: dict[Slug, Annotated[str, StringConstraints(min_length=1, max_length=2000)]]


Probability = Annotated[float, Key(ge=0, le=1)]


class ThresholdsIn(Model):
    """When to answer, ask back or be silent: see `knowledge.Thresholds`."""

    scale: Annotated[float, Key(gt=0, le=100)]
    silence: Annotated[float, Key(gt=0, le=10)]
    guessed: Probability
    account: Probability
    understood: Probability
    sure: Probability
    tie: Probability
    offered: Probability


class ThresholdsFile(Model):
    """The thresholds, as `selis eval --calibrate` writes them."""

    thresholds: ThresholdsIn


class ExpectIn(Model):
    """What the reply to a question must be. `all`, `any` and `none` are facts in its text."""

    kind: Literal["answer", "clarify", "unavailable", "no_answer", "smalltalk"]
    topic: str | None = None
    place: Slug | None = None
    entries: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


class TurnIn(Model):
    """One message of a conversation and what must come back."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=4096)]
    expect: ExpectIn


class QuestionIn(Model):
    """A question, or a conversation of several turns."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=4096)] | None = None
    expect: ExpectIn | None = None
    turns: tuple[TurnIn, ...] = ()
    language: Literal["lv", "ru", "en"] = "lv"
    style: tuple[Slug, ...] = ()
    must: bool = False


class QuestionsFile(Model):
    """Questions Sēlis has to get right."""

    questions: tuple[QuestionIn, ...]
