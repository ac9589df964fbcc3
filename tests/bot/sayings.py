"""Messages as they are read, and conversations they belong to: for tests of what is left out of a message."""

from __future__ import annotations

from bot.question import Question
from bot.state import ConversationState
from knowledge.model import Field, KnowledgeBase, Language
from knowledge.reading import Candidate, Meaning, Mention, Reading
from tests.bot import little

ACCOUNTS = """
source: {document: "003", section: Pilsētas}
as_of: 2025
practice:
- {id: towns, title: {lv: Pilsētas}, names: {lv: [pilsētas]}, about: {lv: Trīs pilsētas.}}
- id: north
  parent: towns
  title: {lv: Ziemeļi}
  names: {lv: [ziemeļi]}
  about: {lv: Bija 3.}
  answers:
  - {id: led, phrases: {lv: [kas vadīja ziemeļus]}, text: {lv: Vadīja biedrība.}}
  - {id: cost, phrases: {lv: [cik maksāja ziemeļi]}, text: {lv: Maksāja 7.}}
- id: south
  parent: towns
  title: {lv: Dienvidi}
  names: {lv: [dienvidi]}
  about: {lv: Bija 4.}
  answers: [{id: led, phrases: {lv: [kas vadīja dienvidus]}, text: {lv: Vadīja pilsēta.}}]
- {id: alone, title: {lv: Viens}, names: {lv: [viens]}, about: {lv: Bija 1.},
   answers: [{id: led, phrases: {lv: [kas vadīja vienu]}, text: {lv: Nevadīja neviens.}}]}
- {id: apart, title: {lv: Savrup}, names: {lv: [savrup]}, about: {lv: Bija 2.},
   answers: [{id: led, phrases: {lv: [kas vadīja savrup]}, text: {lv: Vadīja divi.}}]}
"""
NORTH, SOUTH = "practice/north", "practice/south"
AA, BB = Meaning(municipality="aa"), Meaning(municipality="bb")
FAR = Meaning(municipality="far")
DESK = Question(topics=("desk",), places=("aa",), place_named=True, fields=(Field.PHONE,), language=Language.LV)
AFTER_DESK = ConversationState(last=DESK)
ASKED_WHERE = ConversationState(
    last=Question(topics=("desk",)),
    options=tuple(
        Question(topics=("desk",), places=(place,), place_named=True, fields=(Field.EMAIL,)) for place in ("aa", "bb")
    ),
)
ASKED_WHAT = ConversationState(
    last=Question(topics=("police", "desk"), places=("aa",)),
    options=tuple(Question(topics=(topic,), places=("aa",)) for topic in ("police", "desk")),
)
ASKED_WHO = ConversationState(
    last=Question(topics=("deputy",), places=("aa",)),
    options=tuple(
        Question(topics=("deputy",), places=("aa",), entry=f"contact/aa/{entry}") for entry in ("first", "roads")
    ),
)


def build() -> KnowledgeBase:
    """The small knowledge with accounts that have parts and sisters."""
    return little.build({"practice/towns.yaml": ACCOUNTS})


def said(*topics: tuple[str, float], content: int = 1, **more: object) -> Reading:
    """A message with so many telling words, which speak for these topics."""
    candidates = tuple(Candidate(topic=topic, confidence=confidence) for topic, confidence in topics)
    values = {"text": "", "language": Language.LV, "candidates": candidates, "content": content}
    return Reading(**(values | more))  # type: ignore[arg-type]


def at(*meanings: Meaning, **more: bool) -> Mention:
    return Mention(text="", start=0, end=0, meanings=meanings, **more)


def likely(*topics: tuple[str, float]) -> tuple[Candidate, ...]:
    return tuple(Candidate(topic=topic, confidence=confidence) for topic, confidence in topics)


def after(topic: str, *places: str, **more: object) -> ConversationState:
    return ConversationState(last=Question(topics=(topic,), places=places, **more))  # type: ignore[arg-type]
