"""A small knowledge directory in which everything is right, and ways to make one thing wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from hypothesis import settings

from knowledge import load
from knowledge import stale as aged
from knowledge.errors import KnowledgeError, Problem

FUZZ = settings(derandomize=True, deadline=None, database=None, max_examples=300)
"""Random examples that are the same on every machine and in every run."""

SMALL = {
    "places.yaml": """\
municipalities:
- id: kraslava
  name: Krāslavas novads
  short: Krāslava
  covered: true
  forms: {nom: Krāslavas novads, gen: Krāslavas novada, loc: Krāslavas novadā}
- {id: riga, name: Rīga, short: Rīga, forms: {nom: Rīga}}
places:
- id: pilseta-dagda
  name: Dagda
  kind: pilseta
  municipality: kraslava
  lat: 56.0951
  lon: 27.5372
  forms: {nom: Dagda, loc: Dagdā}
  demonyms: [dagdietis]
aliases:
- {named_after: riga, kinds: [novads, rajons], municipality: kraslava}
""",
    "topics/all.yaml": """\
topics:
- id: policija
  kind: office
  title: {lv: pašvaldības policija, ru: муниципальная полиция}
  names: {lv: [pašvaldības policija], en: [municipal police]}
  phrases: [kaimiņi naktī trokšņo]
  handled_by: [centri]
  nearest: [centri]
- {id: centri, kind: group, title: NVO centri, phrases: [kas palīdz biedrībām]}
- {id: sveiciens, kind: smalltalk, title: sveiciens, names: [labdien], say: sveiciens}
""",
    "contacts/kraslava.yaml": """\
source: {document: "000", section: Krāslavas novads}
as_of: 2023
municipality: kraslava
contacts:
- id: policija
  topics: [policija]
  title: Pašvaldības policija
  phones: [+371 65622907, {number: 8898, title: diennakts tālrunis}]
  emails: [policija@kraslava.lv]
  pages: ["https://www.kraslava.lv/lv/policija"]
""",
    "organisations.yaml": """\
source: {document: "000"}
as_of: 2023-05-11
organisations:
- id: centrs
  groups: [centri]
  area: [kraslava]
  title: NVO centrs
  phones: [+371 26565858, +371 26565859]
  conflicts:
  - {field: phones, values: [+371 26565858, +371 26565859]}
""",
    "instruments.yaml": """\
source: {document: "000"}
as_of: 2023
instruments:
- id: budzets
  level: municipality
  title: Līdzdalības budžets
  names: [līdzdalības budžets]
  law: {title: Pašvaldību likums, section: 59. pants, page: "https://likumi.lv/ta/id/336956"}
  local: {kraslava: {pages: ["https://www.kraslava.lv/"], note: Piesakieties novadā.}}
  see: [organisation/centrs]
  answers:
  - {id: gads, names: [no kura gada], text: Līdzdalības budžets ir obligāts no 2025. gada.}
""",
    "practice/tikls.yaml": """\
source: {document: "002"}
practice:
- {id: tikls, as_of: 2022, title: Tīkls, names: [pašvaldību tīkls]}
- {id: tikls-riga, as_of: 2022, parent: tikls, title: Tikšanās Rīgā, names: [tikšanās rīgā], doubtful: true}
""",
    "words/lv.yaml": """\
language: lv
function: [un, kas]
fields: {phone: [tālrunis]}
place_kinds: [novads]
""",
    "texts/lv.yaml": """\
language: lv
texts:
  line-phone: "Tālrunis: {value}"
  sveiciens: Labdien!
""",
    "texts/ru.yaml": """\
language: ru
texts:
  line-phone: "Телефон: {value}"
  sveiciens: Здравствуйте!
""",
    "questions/all.yaml": """\
questions:
- text: pašvaldības policija krāslavā
  expect: {kind: answer, topic: policija, place: kraslava, entries: [contact/kraslava/policija]}
- turns:
  - {text: labdien, expect: {kind: smalltalk}}
""",
}


def edited(file: str, old: str, new: str) -> dict[str, str]:
    """The small directory with one piece of one file put differently."""
    assert SMALL[file].count(old) == 1, f"{old!r} stands {SMALL[file].count(old)} times in {file}"
    return {**SMALL, file: SMALL[file].replace(old, new)}


def write(directory: Path, files: Mapping[str, str | bytes]) -> Path:
    """The files on disk."""
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return directory


def problems(directory: Path) -> list[Problem]:
    """Everything wrong with a directory, warnings too; nothing where it can be used without a remark."""
    try:
        return list(load.load(directory).warnings)
    except KnowledgeError as error:
        return list(error.problems)


def encoded(files: Mapping[str, str]) -> dict[str, bytes]:
    """The files as `load_files` takes them."""
    return {name: content.encode() for name, content in files.items()}


def assert_snapshot_or_problems(files: Mapping[str, bytes]) -> None:
    """Whatever the files are, loading them gives a snapshot or says what is wrong with which line."""
    try:
        loaded, read = load.load_files(files)
    except KnowledgeError as error:
        found = list(error.problems)
    else:
        found = [*loaded.warnings, *aged.stale(loaded.kb, read, date(2026, 11, 21))]
        assert len(loaded.kb.version) == 64
    assert all(problem.file in files and problem.line >= 0 and problem.message for problem in found)
    assert all(str(problem).isprintable() for problem in found)
