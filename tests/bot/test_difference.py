"""What an admin is shown before a knowledge replaces another."""

from __future__ import annotations

import pytest

from bot.difference import Deed, Difference, Part, compare
from bot.difference_text import difference_lines, pages
from bot.phrasebook import Phrasebook
from bot.plural import counted
from knowledge.lessons import questions
from knowledge.load import load_files
from knowledge.model import KnowledgeBase, Language
from tests.bot import little

Edit = tuple[str, str, str]
"""A file, a text in it, and what stands there instead."""


def knowledge(*edits: Edit) -> KnowledgeBase:
    return load_files(edited(*edits))[0].kb


def edited(*edits: Edit) -> dict[str, bytes]:
    files = little.files()
    for name, old, new in edits:
        assert old.encode() in files[name]
        files[name] = files[name].replace(old.encode(), new.encode())
    return files


def lines(difference: Difference, language: Language = Language.LV) -> tuple[str, ...]:
    return difference_lines(difference, Phrasebook(kb=little.build(), language=language))


PHONE = ("contacts/aa.yaml", "+371 65283888", "+371 65283999")
ADDED = (
    "contacts/bb.yaml",
    "contacts:\n",
    "contacts:\n- {id: police, topics: [police], title: {lv: Policija}, phones: [+371 65283777]}\n",
)
REMOVED = (
    "contacts/aa.yaml",
    "- {id: first, topics: [deputy], title: {lv: Vietnieks}, phones: [+371 65207054], emails: [first@aa.lv]}\n",
    "",
)


def test_nothing_changed_is_no_difference() -> None:
    assert compare(knowledge(), knowledge()).changes == ()


def test_a_changed_phone_is_told_with_both_numbers() -> None:
    difference = compare(knowledge(), knowledge(PHONE))
    assert lines(difference) == ("Aa: Policija – mainīts tālrunis: +371 65283888 → +371 65283999",)
    assert lines(difference, Language.EN) == ("Aa Municipality: Police – phone changed: +371 65283888 → +371 65283999",)
    assert (difference.old, difference.new) == (knowledge().version, knowledge(PHONE).version)


def test_of_several_phones_only_the_changed_one_is_told() -> None:
    two = ("contacts/aa.yaml", "[+371 65283888]", "[+371 65283888, +371 65283111]")
    one = ("contacts/aa.yaml", "[+371 65283888]", "[+371 65283888, +371 65283222]")
    assert lines(compare(knowledge(two), knowledge(one))) == (
        "Aa: Policija – mainīts tālrunis: +371 65283111 → +371 65283222",
    )
    assert lines(compare(knowledge(), knowledge(two))) == ("Aa: Policija – mainīts tālrunis: nav → +371 65283111",)


def test_phones_come_first_within_a_municipality_and_all_of_latvia_last() -> None:
    about = ("instruments.yaml", "Sēdes ir atklātas.", "Sēdes ir slēgtas.")
    found = lines(compare(knowledge(), knowledge(about, ADDED, REMOVED, PHONE)))
    assert found == (
        "Aa: Policija – mainīts tālrunis: +371 65283888 → +371 65283999",
        "Aa: dzēsts: 1 kontakts (Vietnieks)",
        "Bē: +1 kontakts (Policija)",
        "Visiem: Sēdes – mainīts apraksts: Sēdes ir atklātas. → Sēdes ir slēgtas.",
    )


def test_of_a_long_sentence_the_part_that_changed_is_told() -> None:
    start, end = "Šis ir ļoti garš apraksts par sēdēm un to, kad tās notiek, proti", "katra mēneša pirmajā ceturtdienā"
    before = ("instruments.yaml", "Sēdes ir atklātas.", f'"{start} plkst. 9, {end}"')
    after = ("instruments.yaml", "Sēdes ir atklātas.", f'"{start} plkst. 10, {end}"')
    (line,) = lines(compare(knowledge(before), knowledge(after)))
    assert line == (
        "Visiem: Sēdes – mainīts apraksts: … proti plkst. 9, katra mēneša … → … proti plkst. 10, katra mēneša …"
    )


def test_topics_texts_places_and_questions_are_compared_too() -> None:
    new = load_files(
        edited(
            ("topics/all.yaml", "names: {lv: [pāris]}", "names: {lv: [pāris, divi]}"),
            ("texts/lv.yaml", "arpus-jomas: >-", "arpus-jomas: >-\n    Diemžēl!"),
            ("places.yaml", "name: Dē,", "name: Dēe,"),
        )
        | {"questions/q.yaml": little.QUESTIONS.replace("place: bb", "place: aa").encode()}
    )
    old = load_files(little.files() | {"questions/q.yaml": little.QUESTIONS.encode()})
    difference = compare(old[0].kb, new[0].kb, questions(old[1]), questions(new[1]))
    assert [(change.part, change.deed) for change in difference.changes] == [
        (Part.TOPIC, Deed.CHANGED), (Part.PLACE, Deed.CHANGED),
        (Part.TEXT, Deed.CHANGED), (Part.QUESTION, Deed.CHANGED),
    ]  # fmt: skip
    assert "Visiem: klientu centrs bē – mainīta gaidītā atbilde" in lines(difference)


@pytest.mark.parametrize(
    ("number", "lv", "ru", "en"),
    [
        (1, "1 kontakts", "1 контакт", "1 contact"),
        (2, "2 kontakti", "2 контакта", "2 contacts"),
        (10, "10 kontaktu", "10 контактов", "10 contacts"),
        (11, "11 kontaktu", "11 контактов", "11 contacts"),
        (21, "21 kontakts", "21 контакт", "21 contacts"),
    ],
)
def test_numbers_come_with_the_right_form(number: int, lv: str, ru: str, en: str) -> None:
    kb = little.build()
    said = [counted(Phrasebook(kb=kb, language=lang).forms("count-contact"), number, lang) for lang in Language]
    assert said == [lv, ru, en]


def test_only_the_notation_changed_is_said_so() -> None:
    difference = compare(knowledge(), knowledge(("contacts/aa.yaml", "contacts:\n", "# nothing\ncontacts:\n")))
    assert difference.old != difference.new
    assert lines(difference) == ("Tas, ko es zinu, nav mainījies – tikai pieraksts failos.",)


def test_pages_are_never_longer_than_asked_and_lose_no_line() -> None:
    held = tuple(f"line {number} " + "x" * (number % 50) for number in range(100))
    found = pages(held, 200)
    assert all(len(page) <= 200 for page in found)
    assert "\n".join(found).split("\n") == list(held)
    assert [len(page) for page in pages(["y" * 500], 200)] == [200]
