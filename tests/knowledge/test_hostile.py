"""Knowledge is data: whatever stands in it, nothing of it is carried out, and nothing of it deceives."""

from __future__ import annotations

import pytest

from knowledge.errors import KnowledgeError
from knowledge.load import load_files
from tests.bot import little

TITLE = "title: {lv: Klientu centrs}, phones: [+371 65207081], emails: [pasts@aa.lv]"


def problems(old: str, new: str) -> list[str]:
    files = little.files()
    before = files["contacts/aa.yaml"].decode()
    assert old in before
    with pytest.raises(KnowledgeError) as caught:
        load_files(files | {"contacts/aa.yaml": before.replace(old, new).encode()})
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ('"Klientu \\u202Ecentrs"', "U+202E"),
        ('"Klientu \\u2066centrs\\u2069"', "U+2066"),
        ('"Klientu\\u200Bcentrs"', "U+200B"),
        ('"Klientu \\u00ADcentrs"', "U+00AD"),
        ('"\\uFEFFKlientu centrs"', "U+FEFF"),
        ('"Klientu \\x1B[2Jcentrs"', "U+001B"),
        ('"Klientu centrs\\x07"', "U+0007"),
        ("Klientu \u202ecentrs", "U+202E"),
    ],
)
def test_what_is_not_seen_is_refused_and_named(written: str, named: str) -> None:
    (problem,) = problems("{lv: Klientu centrs}", f"{{lv: {written}}}")
    assert problem.startswith("contacts/aa.yaml:")
    assert problem.endswith(f"type the text anew: it holds the unseen character {named}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pasts@aa.lv", "pаsts@aa.lv"),  # a Cyrillic а
        ("pasts@aa.lv", "pasts@аа.lv"),
        ("pasts@aa.lv", "pasts@aa.lν"),  # a Greek ν
    ],
)
def test_an_address_that_only_looks_like_it_is_refused(old: str, new: str) -> None:
    (problem,) = problems(old, new)
    assert "is no Latin letter: type it anew" in problem


def test_a_page_elsewhere_that_looks_like_ours_is_refused() -> None:
    (problem,) = problems(TITLE, f"{TITLE}, pages: ['https://www.krаslava.lv/']")
    assert "is no Latin letter" in problem


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//aa.lv", "tg://resolve?domain=x"]
)
def test_an_address_that_does_something_is_refused(url: str) -> None:
    assert any("write https://" in problem for problem in problems(TITLE, f"{TITLE}, pages: ['{url}']"))


@pytest.mark.parametrize(
    "title",
    [
        "!!python/object/apply:os.system ['touch hacked']",
        "!!python/name:os.system",
        "!include /etc/passwd",
        "&a [*a, *a]",
    ],
)
def test_nothing_is_made_of_a_tag_or_an_alias(title: str) -> None:
    assert problems("title: {lv: Klientu centrs}", f"title: {title}")


def test_letters_of_our_languages_stay_allowed() -> None:
    files = little.files()
    new = files["contacts/aa.yaml"].decode().replace("pasts@aa.lv", "pasts@augšzeme.lv")
    kb = load_files(files | {"contacts/aa.yaml": new.encode()})[0].kb
    assert any("pasts@augšzeme.lv" in getattr(entry, "emails", ()) for entry in kb.entries.values())
