"""Words of one language by what they do in a message: a file of `data/words/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.personal_words import PersonalWords
from knowledge.text import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageWords:
    """Words that say nothing about the topic, or say which field is asked for.

    - `function` words and `fillers` say little; `abbreviations` are read as the words they stand for.
    - `negations` take back what stands behind them, `denials` say that it is not meant ("not the first"), `refusals`
      that what stands before them is not ("Jēkabpils nevajag").
    - `continuations` begin a message that goes on; `references` point at what was spoken of ("it", "there"), `same` at
      what was asked ("about the same"), `others` at the rest of it, `year_before` and `year_after` at the years next to
      it; `ordinals` are the words for "the first", "the second" …, `last` those for "the last".
    - `fields` ask for a part; `where` makes a question of "on the website"; `all` asks for a list.
    - `home` says where somebody lives, "…" in it stands for a word or two; `place_kinds` and `region_kinds` ("parish",
      "region") and `institutions` ("council") stand after the name of a place, `place_prepositions` before it.
    - `kin` is what somebody in office has privately; `introductions` come before the name of a person, `personal` words
      beside what names people.
    - `commands` are the names of each, the one to show first; `command_of` has the command of each name, folded.
    """

    function: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    negations: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    continuations: tuple[str, ...] = ()
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    introductions: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    ordinals: tuple[tuple[str, ...], ...] = ()
    last: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place_kinds: tuple[str, ...] = ()
    region_kinds: tuple[str, ...] = ()
    place_prepositions: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    year_before: tuple[str, ...] = ()
    year_after: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    personal: Mapping[PersonalWords, tuple[str, ...]] = field(default_factory=dict)
    command_of: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "command_of", {fold(f.lower()): n for n, fs in self.commands.items() for f in fs})
