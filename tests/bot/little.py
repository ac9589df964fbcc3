"""A small knowledge of one office, one group, one instrument and one account of practice, for tests of deciding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from knowledge.files import DATA
from knowledge.load import load_files
from knowledge.model import KnowledgeBase

PLACES = """
municipalities:
- {id: aa, name: Aa novads, short: Aa, covered: true, forms: {nom: Aa novads}, en: Aa Municipality, ru: Край Аа}
- {id: bb, name: Bē novads, short: Bē, covered: true, forms: {nom: Bē novads}}
- {id: cc, name: Cē novads, short: Cē, covered: true, forms: {nom: Cē novads}}
- {id: far, name: Tālais novads, short: Tālais, forms: {nom: Tālais novads}}
places:
- {id: ciems-dee, name: Dē, kind: ciems, municipality: aa, forms: {nom: Dē}}
"""
TOPICS = """
topics:
- {id: police, kind: office, title: {lv: policija, en: police}, names: {lv: [policija]}, nearest: [desk]}
- {id: desk, kind: office, title: {lv: klientu centrs}, names: {lv: [klientu centrs]}}
- {id: deputy, kind: office, title: {lv: vietnieks}, names: {lv: [vietnieks]}, nearest: [desk]}
- id: deputy-roads
  kind: office
  parent: deputy
  title: {lv: ceļu vietnieks}
  names: {lv: [ceļu vietnieks]}
  handled_by: [desk]
- {id: partners, kind: group, title: {lv: partnerība}, names: {lv: [partnerība]}, nearest: [desk]}
- {id: duo, kind: group, title: {lv: pāris}, names: {lv: [pāris]}}
- {id: hello, kind: smalltalk, say: sveiciens, title: {lv: sveiciens}, names: {lv: [labdien]}}
- id: vague
  kind: smalltalk
  say: vajag-kontaktu
  title: {lv: kaut ko}
  names: {lv: [kaut ko]}
  nearest: [police, desk]
- {id: weather, kind: outside, say: arpus-jomas, title: {lv: laiks}, names: {lv: [laiks]}}
"""
CONTACTS_AA = """
municipality: aa
source: {document: "000", section: Aa}
as_of: 2023
contacts:
- {id: police, topics: [police], title: {lv: Policija, en: Police}, phones: [+371 65283888]}
- {id: desk, topics: [desk], title: {lv: Klientu centrs}, phones: [+371 65207081], emails: [pasts@aa.lv]}
- {id: first, topics: [deputy], title: {lv: Vietnieks}, phones: [+371 65207054], emails: [first@aa.lv]}
- {id: roads, topics: [deputy-roads], title: {lv: Ceļu vietnieks}, phones: [+371 65221152], emails: [first@aa.lv]}
"""
CONTACTS_BB = """
municipality: bb
source: {document: "000", section: Bē}
as_of: 2023
contacts:
- {id: desk, topics: [desk], title: {lv: Klientu centrs}, phones: [+371 65133931]}
"""
ORGANISATIONS = """
source: {document: "000", section: NVO}
as_of: 2023
organisations:
- id: pa
  title: {lv: Aa partnerība}
  names: {lv: [aa partneri]}
  groups: [partners]
  area: [aa]
  phones: [+371 29487108]
- {id: pb, title: {lv: Bē partnerība}, names: {lv: [bē partneri]}, groups: [partners], area: [bb], emails: [pb@bb.lv]}
- {id: pc, title: {lv: Cē partnerība}, names: {lv: [cē partneri]}, groups: [partners], area: [cc], emails: [pc@cc.lv]}
- {id: duo-a, title: {lv: Pirmais}, names: {lv: [pirmais]}, groups: [duo], area: [aa], phones: [+371 29184640]}
- {id: duo-b, title: {lv: Otrais}, names: {lv: [otrais]}, groups: [duo], area: [bb], phones: [+371 29449622]}
- id: everywhere
  title: {lv: Visur, en: Everywhere}
  names: {lv: [visur]}
  phones: [8898]
  emails: [a@visur.lv, b@visur.lv]
  conflicts: [{field: emails, values: [a@visur.lv, b@visur.lv]}]
"""
INSTRUMENTS = """
source: {document: "000", section: Instrumenti}
as_of: 2023
instruments:
- id: meeting
  level: municipality
  title: {lv: Sēdes}
  names: {lv: [sēdes]}
  about: {lv: Sēdes ir atklātas.}
  how: {lv: Atnāciet.}
  law: {title: {lv: Likums par sēdēm}, section: {lv: 7. pants}, page: "https://example.lv/law"}
  local: {aa: {pages: ["https://example.lv/aa"]}, bb: {pages: ["https://example.lv/bb"]}}
  answers: [{id: often, phrases: {lv: [cik bieži ir sēdes]}, text: {lv: Reizi mēnesī.}}]
"""
PRACTICE = """
source: {document: "003", section: Piemērs}
as_of: 2025
practice:
- {id: figures, title: {lv: Skaitļi}, names: {lv: [skaitļi]}, about: {lv: Bija 7.}, doubtful: true}
"""


QUESTIONS = """
questions:
- {text: policija aa, expect: {kind: answer, topic: police, place: aa, entries: [contact/aa/police]}, must: true}
- {text: klientu centrs bē, expect: {kind: answer, topic: desk, place: bb}}
- {text: cik bieži ir sēdes, expect: {kind: answer, topic: "instrument/meeting#often"}}
- {text: partnerība aa, expect: {kind: answer, topic: partners, place: aa}}
- {text: klientu centrs aa, expect: {kind: answer, topic: desk, place: aa}}
- {text: labdien, expect: {kind: smalltalk, topic: hello}}
"""


def shipped(*names: str) -> dict[str, bytes]:
    """Some files of the shipped knowledge."""
    return {name: (Path(DATA) / name).read_bytes() for name in names}


def files() -> dict[str, bytes]:
    """The files of the small knowledge, with the shipped texts."""
    written = {
        "places.yaml": PLACES, "topics/all.yaml": TOPICS,
        "contacts/aa.yaml": CONTACTS_AA, "contacts/bb.yaml": CONTACTS_BB,
        "organisations.yaml": ORGANISATIONS, "instruments.yaml": INSTRUMENTS, "practice/p.yaml": PRACTICE,
    }  # fmt: skip
    return {name: text.encode() for name, text in written.items()} | shipped(
        "texts/lv.yaml", "texts/ru.yaml", "texts/en.yaml"
    )


def whole() -> dict[str, bytes]:
    """The same with words and questions: all that a reload looks at."""
    return (
        files() | shipped("words/lv.yaml", "words/ru.yaml", "words/en.yaml") | {"questions/q.yaml": QUESTIONS.encode()}
    )


def build(more: Mapping[str, str] | None = None, *, texts: bool = True) -> KnowledgeBase:
    """The small knowledge and `more` files, with the shipped texts unless `texts` is false."""
    kb = load_files(files() | {name: text.encode() for name, text in (more or {}).items()})[0].kb
    return kb if texts else replace(kb, texts={})
