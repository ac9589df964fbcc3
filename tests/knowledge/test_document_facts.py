"""Nothing of the documents was skipped, and nothing added: phones, e-mails and addresses, one by one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.model import Entry, KnowledgeBase
from tests import document_facts
from tests.document_facts import Fact, facts_in, facts_of, mended

COMMITTED = Path(__file__).with_name("document_facts.txt")

# What the documents hold and the knowledge does not, and why.
EXCEPTIONS = {
    "https://docs.google.com/spreadsheets/d/1S9IXS3UbPFE-n1P3yMX51GSD4YdvP3KbO99-tiuvBv6qo/edit?gid=0#gid=0":
        "misread from the picture of the page; the same page carries the true link, which is known",
    "https://www.facebook.com/liepajalv/posts/pfbid02fCanK2yj973ztnk4U30syE":
        "broken by the scan: the rest of it cannot be read",
    "https://www.facebook.com/liepajalv/posts/"
    "pfbid02gjkrLQVzscX8D2MnxgvKGakEcu16RNhKpyncEXyA1WhW79CN6RRZHYKD6zf49SwKI":
        "read from a picture over two lines: 72 letters and digits, of which no single one can be trusted (l, I, 1)",
    "https://www.facebook.comlliepajalv/posts/pfbid02CxaYwycixe9BU4":
        "broken by the scan: there is no such host, and the rest of it cannot be read",
    "zemgalei.lv": "the same page stands as https://zemgalei.lv, which is known",
    "ManaBalss.lv": "the name of the platform; its page stands as https://manabalss.lv/, which is known",
    "iesaisties.riga.lv": "the name of Rīga's platform without https://; it is named in a text",
}  # fmt: skip


def committed() -> list[Fact]:
    rows = (line.split("\t") for line in COMMITTED.read_text(encoding="utf-8").splitlines())
    return [(kind, value, document) for kind, value, document in rows]


def facts_about(entry: Entry) -> Iterator[tuple[str, str]]:
    for phone in entry.phones:
        yield "phone", re.sub(r"[^\d+]", "", phone.number)
    for email in entry.emails:
        yield "email", email
    for page in (*entry.pages, *(page for local in entry.local.values() for page in local.pages)):
        yield "page", page.url
    if entry.law is not None and entry.law.page is not None:
        yield "page", entry.law.page


@pytest.fixture(scope="module")
def known(kb: KnowledgeBase) -> dict[tuple[str, str], set[str]]:
    """Every contact of the knowledge, and the documents it is cited from."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in kb.entries.values():
        for fact in facts_about(entry):
            found[fact].add(entry.source.document)
    return found


def test_every_phone_email_and_address_of_the_documents_is_known(known: dict[tuple[str, str], set[str]]) -> None:
    missing = [fact for fact in committed() if fact[:2] not in known and fact[1] not in EXCEPTIONS]
    assert missing == []


def test_every_fact_is_cited_from_the_document_that_holds_it(known: dict[tuple[str, str], set[str]]) -> None:
    wrong = [fact for fact in committed() if fact[:2] in known and fact[2] not in known[fact[:2]]]
    assert wrong == []


def test_no_phone_email_or_address_is_known_that_no_document_holds(known: dict[tuple[str, str], set[str]]) -> None:
    assert set(known) - {fact[:2] for fact in committed()} == set()


def test_the_exceptions_are_few_and_each_is_needed(known: dict[tuple[str, str], set[str]]) -> None:
    held = {value for _, value, _ in committed()}
    assert set(EXCEPTIONS) <= held
    assert not {value for _, value in known} & set(EXCEPTIONS)


def test_what_the_exceptions_call_known_is_known(kb: KnowledgeBase, known: dict[tuple[str, str], set[str]]) -> None:
    for page in (
        "https://docs.google.com/spreadsheets/d/1S9XS3UbPF-n1P3yMX5lGSD4YdvP3KbO99-tiUvBv6qo/edit?gid=0#gid=0",
        "https://zemgalei.lv",
        "https://manabalss.lv/",
    ):
        assert ("page", page) in known
    assert any("iesaisties.riga.lv" in repr(entry) for entry in kb.entries.values())


needs_documents = pytest.mark.skipif(
    not facts_of(document_facts.documents()), reason="the documents are not part of the repository"
)


@needs_documents
def test_the_committed_list_is_what_the_documents_hold() -> None:
    assert facts_of(document_facts.documents()) == committed()


@needs_documents
def test_nothing_that_looks_like_a_contact_is_left_when_the_facts_are_taken_out() -> None:
    for path in document_facts.documents().glob("[0-9][0-9][0-9]_*.txt"):
        rest = "\n".join(mended(path.read_text(encoding="utf-8").splitlines()))
        for value in sorted((value for _, value in facts_in(rest)), key=len, reverse=True):
            spaced = r"[ \u00a0]?".join(map(re.escape, value)) if value.startswith("+") else re.escape(value)
            rest = re.sub(spaced, "", rest)
        assert re.findall(r".{,30}(?:\w@|://|www\.|\+371).{,30}", rest) == []


def test_the_list_is_sorted_and_holds_no_sentence() -> None:
    assert committed() == sorted(set(committed()))
    assert not any(" " in value for _, value, _ in committed())
    assert {kind for kind, _, _ in committed()} == {"phone", "email", "page"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mērs\t+371 20288055; +371 65232335 a.b@jekabpils.lv", {"+37120288055", "+37165232335", "a.b@jekabpils.lv"}),
        ("+37120288053 x, +371 6 703 9252 y, +371 29 449 622 (z)", {"+37120288053", "+37167039252", "+37129449622"}),
        ("+371 29802373. +371 26044412", {"+37129802373", "+37126044412"}),
        ("Kultūra\t65221152, 65283783 jkp@x.lv", {"+37165221152", "+37165283783", "jkp@x.lv"}),
        ("Diennakts tālrunis: 8898 s@samariesi.lv", {"8898", "s@samariesi.lv"}),
        ("pasts@augšdaugavasnovads.lv.", {"pasts@augšdaugavasnovads.lv"}),
        ("[lrv@lrv.lv](mailto:lrt@lrv.lv)", {"lrv@lrv.lv", "lrt@lrv.lv"}),
        ("[lapa](https://a.lv/b), https://c.lv/d.", {"https://a.lv/b", "https://c.lv/d"}),
        ("<p>https://lnkba.lv/</p> <p>https://lnkba.lv/societies/</p>", {"https://lnkba.lv/", "https://lnkba.lv/societies/"}),
        ("https://a.lv/x?f1=178&f4=180 https://b.lv/?y", {"https://a.lv/x?f1=178&f4=180", "https://b.lv/?y"}),
        ("Centrs: zemgalei.lv", {"zemgalei.lv"}),
        ("platforma “iesaist ies.r iga. lv”", {"iesaisties.riga.lv"}),
        ("https://a.lv/par-\nnovadu/ lapa", {"https://a.lv/par-novadu/"}),
        ("x\t\thttps://a.lv/par-\t\n\n\tlapās publicē.\tnovadu/?f1=176 Sk. https://b.lv", {"https://a.lv/par-novadu/?f1=176",
                                                                                         "https://b.lv"}),
        ("https://a.lv/d/1S9-\nn1P3-\ntiu/edit#gid=0\n", {"https://a.lv/d/1S9-n1P3-tiu/edit#gid=0"}),
        ("https://a.lv/p/Xy1W\nhW79CN6RRZHYKD6zf49SwKI\n", {"https://a.lv/p/Xy1WhW79CN6RRZHYKD6zf49SwKI"}),
        ("https://a.lv\nhttps://b.lv\n+371 29449622\nVidusdaugavas", {"https://a.lv", "https://b.lv", "+37129449622"}),
        ("1 740 000 EUR, 2 318 960 EUR, 2014.-2021. gads, 22.08.2022, Nr.970, 59.pants, id/336956", set()),
    ],
)  # fmt: skip
def test_facts_are_taken_out_of_a_text(text: str, found: set[str]) -> None:
    assert {value for _, value in facts_in(text)} == found


def test_the_script_prints_kind_value_and_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "007_x.txt").write_text("Dome +371 65624383 dome@kraslava.lv\n", encoding="utf-8")
    assert document_facts.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "email\tdome@kraslava.lv\t007\nphone\t+37165624383\t007\n"


def test_the_script_says_where_it_looked_for_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert document_facts.main([str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err
