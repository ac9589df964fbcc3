"""The small knowledge with more of everything, and outcomes to compare whole: for tests of deciding."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from bot.outcomes import Answer, Asks, Clarify, Missing, Unavailable
from bot.question import Question
from knowledge.model import KnowledgeBase
from tests.bot import little

MORE_TOPICS = """
topics:
- {id: fire, kind: office, title: {lv: ugunsdzēsēji}, names: {lv: [ugunsdzēsēji]}, nearest: [smoke, smoke, police]}
- {id: smoke, kind: office, title: {lv: dūmi}, names: {lv: [dūmi]}, nearest: [fire]}
- {id: ring, kind: office, title: {lv: aplis}, names: {lv: [aplis]}, nearest: [smoke]}
- {id: many, kind: office, title: {lv: daudzi}, names: {lv: [daudzi]}}
- {id: passed-on, kind: office, title: {lv: nodots}, names: {lv: [nodots]}, nearest: [desk], handled_by: [smoke, desk]}
- {id: near-many, kind: office, title: {lv: tuvu}, names: {lv: [tuvu]}, nearest: [many]}
- {id: big, kind: group, title: {lv: lielie}, names: {lv: [lielie]}}
- {id: mixed, kind: group, title: {lv: dažādie}, names: {lv: [dažādie]}}
- {id: joint, kind: group, title: {lv: kopīgie}, names: {lv: [kopīgie]}}
"""
MORE_CONTACTS = """
municipality: aa
source: {document: "000", section: Aa}
as_of: 2023
contacts:
""" + "".join(
    f"- {{id: m{n}, topics: [many], title: {{lv: Viens}}, phones: [+371 6520708{n}], emails: [m@aa.lv]}}\n"
    for n in range(8)
)
MORE_ORGANISATIONS = """
source: {document: "000", section: NVO}
as_of: 2023
organisations:
- {id: here, title: {lv: Šeit}, names: {lv: [šeit]}, groups: [big, mixed], area: [aa], phones: [+371 29184641]}
- {id: there, title: {lv: Tur}, names: {lv: [tur]}, groups: [mixed], area: [bb], phones: [+371 29184642]}
- {id: both, title: {lv: Abi}, names: {lv: [abi]}, groups: [joint, mixed], area: [aa, bb], emails: [abi@ab.lv]}
- {id: third, title: {lv: Trešais}, names: {lv: [trešais]}, groups: [joint], area: [cc], emails: [c@cc.lv]}
- {id: pointing, title: {lv: Rāda}, names: {lv: [rāda]}, pages: ["https://example.lv"], see: [organisation/here]}
- {id: state, title: {lv: Valsts}, names: {lv: [valsts]}, groups: [mixed], emails: [v@valsts.lv]}
- {id: afar, title: {lv: Tālumā}, names: {lv: [tālumā]}, groups: [mixed], area: [far], phones: [+371 29184643]}
- {id: last, title: {lv: Pēdējais}, names: {lv: [pēdējais]}, groups: [mixed], area: [cc], phones: [+371 29184644]}
""" + "".join(
    f"- {{id: b{n}, title: {{lv: Lielais {n}}}, names: {{lv: [lielais {n}]}}, groups: [big], phones: [8898]}}\n"
    for n in range(7)
)
MORE_INSTRUMENTS = """
source: {document: "000", section: Instrumenti}
as_of: 2023
instruments:
- {id: budget, level: municipality, title: {lv: Budžets}, names: {lv: [budžets]}, about: {lv: Ir.}}
- {id: petition, level: state, title: {lv: Iniciatīva}, names: {lv: [iniciatīva]}, about: {lv: Ir.},
   law: {title: {lv: Likums}}}
- {id: rules, level: municipality, title: {lv: Noteikumi}, names: {lv: [noteikumi]}, about: {lv: Ir.},
   local: {aa: {pages: ["https://example.lv/n"]}, bb: {note: {lv: Nav.}}}}
"""
MORE_MEDIA = """
source: {document: "000", section: Mediji}
as_of: 2023
media:
- {id: paper, title: {lv: Avīze}, names: {lv: [avīze]}, area: [aa], emails: [a@avize.lv]}
"""
MORE_PRACTICE = """
source: {document: "003", section: Piemērs}
as_of: 2025
practice:
- {id: shown, example_of: instrument/meeting, area: [far], title: {lv: Tāls}, names: {lv: [tāls]}, about: {lv: Bija.},
   answers: [{id: when, phrases: {lv: [kad bija]}, text: {lv: Toreiz.}}]}
"""
MEETING, SHOWN = "instrument/meeting", "practice/shown"


def build() -> KnowledgeBase:
    """The small knowledge with all this."""
    files = {
        "topics/more.yaml": MORE_TOPICS,
        "contacts/aa-more.yaml": MORE_CONTACTS,
        "organisations/more.yaml": MORE_ORGANISATIONS,
        "instruments/more.yaml": MORE_INSTRUMENTS,
        "media.yaml": MORE_MEDIA,
        "practice/more.yaml": MORE_PRACTICE,
    }
    return little.build(files)


def about(*topics: str, at: tuple[str, ...] = (), **more: object) -> Question:
    values: dict[str, object] = {"place_named": bool(at or more.get("outside"))} | more
    return Question(topics=topics, places=at, **values)  # type: ignore[arg-type]


def in_each(question: Question, *places: str, known: Mapping[str, str] | None = None, **more: object) -> Clarify:
    """The question back in which municipality; `known` are the entries that are shown along with it, by place."""
    options = tuple(replace(question, places=(place,), outside=None, place_named=True) for place in places)
    held = {place: entries.split() for place, entries in (known or {}).items()}
    shown = tuple((at, answered(options[at], *held[place], **more)) for at, place in enumerate(places) if place in held)
    return Clarify(question=question, asks=Asks.PLACE, options=options, shown=shown)


def answered(question: Question, *entries: str, **more: object) -> Answer:
    return Answer(question=question, entries=entries, **more)  # type: ignore[arg-type]


def lacking(question: Question, missing: Missing, *nearest: str) -> Unavailable:
    return Unavailable(question=question, missing=missing, nearest=nearest)
