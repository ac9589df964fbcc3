"""Admins change the knowledge by command, by a press and by a file; every act is written down, or not done."""

from __future__ import annotations

import pytest

from bot.commands import CommandName, called
from bot.compose import MAX_TEXT
from bot.question import MAX_KEY_BYTES
from knowledge.model import Language
from tests.bot import little
from tests.bot.desk.office import Office, key_of, texts

POLICE = "policija aa"
NEW = little.CONTACTS_AA.replace("65283888", "65283999")
FORCE = "Tomēr nomainīt"


def change_phone(office: Office, new: str = "65283999") -> None:
    office.house.edit("contacts/aa.yaml", "65283888", new)


def lose_a_must(office: Office) -> None:
    office.house.edit("questions/q.yaml", "place: aa, entries: [contact/aa/police]}, must", "place: bb}, must")


async def test_a_reload_tells_its_steps_and_its_difference_and_is_written_down(office: Office) -> None:
    before = office.house.version
    change_phone(office)
    *progress, done = await office.ask("/parladet")
    assert texts(progress) == ["Lasu un pārbaudu failus …", "Uzdodu pārbaudes jautājumus: 0 no 12 …", "Nomainu …"]
    assert f"tagad lietoju versiju {office.house.version[:8]}." in done.text
    assert "Aa: Policija – mainīts tālrunis: +371 65283888 → +371 65283999" in done.text
    assert "65283999" in office.house.says(POLICE)
    (version,) = await office.versions()
    assert (version.version, version.accuracy, version.note) == (office.house.version, 1, "reload")
    assert version.active
    assert version.who == office.store.keys.person("telegram", "ilze")
    applied = f"applied {office.house.version[:8]} after {before[:8]}"
    assert await office.acts() == [("reload", "begun"), ("reload", applied)]


async def test_undone_by_a_press_and_the_press_is_of_no_use_later(office: Office) -> None:
    change_phone(office)
    *_, done = await office.ask("/reload")
    (undo,) = done.choices
    assert undo.label.startswith("Go back to ")
    *_, back = await office.ask(undo.key)
    assert "65283888" in office.house.says(POLICE)
    assert [version.active for version in await office.versions()] == [True, False]
    *_, again = await office.ask(undo.key)
    assert again.text.startswith("Nothing has changed")
    *_, redone = await office.press(back, back.choices[0].label)
    assert "65283999" in office.house.says(POLICE)
    assert (await office.versions())[0].note == "rollback"
    assert redone.choices


async def test_what_is_wrong_is_told_with_file_and_line_a_page_at_a_time(office: Office) -> None:
    phones = "\n".join(f"- {{id: c{n}, topics: [desk], title: {{lv: Centrs}}, phones: ['1']}}" for n in range(60))
    office.house.write("contacts/aa.yaml", little.CONTACTS_AA + phones + "\n")
    *_, first = await office.ask("/parladet")
    assert first.text.startswith("Nekas nav nomainīts: failos ir 60 kļūdu.")
    assert "contacts/aa.yaml:" in first.text
    pages = [first]
    while pages[-1].choices:
        (page,) = await office.press(pages[-1], "Tālāk")
        pages.append(page)
    assert sum(page.text.count("contacts/aa.yaml:") for page in pages) == 60
    assert all(len(page.text) < MAX_TEXT for page in pages)
    assert texts(await office.ask("/rezultats 2")) == texts([pages[1]])
    assert await office.acts() == [("reload", "begun"), ("reload", "refused")]
    await office.ask("/parladet")
    (old,) = await office.press(first, "Tālāk")
    assert old.text == "Šī poga vairs neder. Atveriet sarakstu vēlreiz."
    (nothing,) = await office.ask("/rezultats", admin="juris")
    assert nothing.text == old.text


async def test_where_the_questions_speak_against_it_it_can_be_forced(office: Office) -> None:
    before = office.house.version
    lose_a_must(office)
    *_, refused = await office.ask("/parladet")
    assert refused.text.startswith("Nekas nav nomainīts: pēc pārbaudes jautājumiem")
    assert office.house.version == before
    assert await office.versions() == []
    *_, forced = await office.press(refused, FORCE)
    assert forced.text.startswith("Nomainīts, kaut gan pārbaudes jautājumi bija pret.")
    assert (await office.acts())[-2:] == [
        ("reload", "begun by force"),
        ("reload", f"applied {office.house.version[:8]} after {before[:8]} by force"),
    ]


async def test_force_is_for_the_files_that_were_looked_at_and_no_others(office: Office) -> None:
    before = office.house.version
    lose_a_must(office)
    *_, refused = await office.ask("/parbaudit")
    change_phone(office)
    *_, late = await office.press(refused, FORCE)
    assert late.text == "Nekas nav nomainīts: kopš pārbaudes faili ir mainīti. Pārbaudiet vēlreiz: /parbaudit"
    assert office.house.version == before
    office.house.reload.directory = office.house.directory / "gone"
    *_, gone = await office.press(refused, FORCE)
    assert "no such directory" in gone.text


@pytest.mark.parametrize("word", ["speks", "Spēks", "force", "силой"])
async def test_force_can_be_typed_in_any_language(office: Office, word: str) -> None:
    lose_a_must(office)
    *_, forced = await office.ask(f"/parladet {word}")
    assert forced.text.startswith("Nomainīts, kaut gan")


async def test_a_dry_run_changes_nothing_and_what_passed_can_be_taken(office: Office) -> None:
    change_phone(office)
    before = office.house.version
    *_, passed = await office.ask("/parbaudit")
    assert passed.text.startswith("Viss kārtībā, pagaidām nekas nav nomainīts.")
    assert office.house.version == before
    await office.press(passed, "Pārlādēt")
    assert "65283999" in office.house.says(POLICE)
    assert [act for act, _ in await office.acts()] == ["check", "check", "reload", "reload"]


async def test_going_back_without_a_version_before(office: Office) -> None:
    assert texts(await office.ask("/atcelt"))[-1] == "Agrākas versijas, pie kuras atgriezties, man nav."
    assert texts(await office.ask("/atcelt abcdef12"))[-1] == "Versijas abcdef12 man nav."
    assert (await office.acts())[-1] == ("rollback", "no such version")


async def test_going_back_to_what_the_questions_speak_against_can_be_forced(office: Office) -> None:
    lose_a_must(office)
    await office.ask("/parladet speks")
    worse = office.house.version
    office.house.write("questions/q.yaml", little.QUESTIONS)
    await office.ask("/parladet")
    *_, refused = await office.ask(f"/atcelt {worse[:8]}")
    assert office.house.version != worse
    await office.press(refused, FORCE)
    assert office.house.version == worse


async def test_versions_can_be_gone_back_to_by_a_press(office: Office) -> None:
    first = office.house.version
    change_phone(office)
    await office.ask("/parladet")
    (listed,) = await office.ask("/versijas")
    assert f"{office.house.version[:8]} – 2026. gada 30. nov. 12:01:00 (lietoju)" in listed.text
    assert [choice.label for choice in listed.choices] == [f"Atgriezties pie {first[:8]}"]
    await office.press(listed, listed.choices[0].label)
    assert office.house.version == first


async def test_a_file_is_tried_shown_and_applied(office: Office) -> None:
    *progress, proposed = await office.send("aa.yaml", NEW)
    assert texts(progress)[0] == "Lasu un pārbaudu failus …"
    assert proposed.text.startswith("Fails contacts/aa.yaml der.")
    assert "65283888" in office.house.says(POLICE)
    (someone_else,) = (await office.press(proposed, "Lietot", admin="juris"))[-1:]
    assert someone_else.text.startswith("Nav ko lietot")
    *_, applied = await office.press(proposed, "Lietot")
    assert "tagad lietoju versiju" in applied.text
    assert (office.house.directory / "contacts/aa.yaml").read_text(encoding="utf-8") == NEW
    assert "65283999" in office.house.says(POLICE)
    assert texts(await office.press(proposed, "Lietot"))[-1].startswith("Nav ko lietot")
    assert (await office.versions())[0].note == "apply"
    assert [act for act, _ in await office.acts()] == ["file", "file", *["apply"] * 6]


async def test_a_file_that_makes_it_worse_can_be_forced(office: Office) -> None:
    worse = little.QUESTIONS.replace("place: aa, entries: [contact/aa/police]", "place: bb")
    *_, refused = await office.send("q.yaml", worse)
    *_, forced = await office.press(refused, FORCE)
    assert forced.text.startswith("Nomainīts, kaut gan")


async def test_a_caption_says_which_file_is_meant(office: Office) -> None:
    *_, proposed = await office.send("new.yaml", NEW, caption="contacts/aa.yaml")
    assert proposed.text.startswith("Fails contacts/aa.yaml der.")
    *_, chat = await office.send("new.yaml", NEW, caption="jauns numurs no aa.yaml")
    assert chat.text.startswith("Fails new.yaml neaizstāj nevienu no manējiem.")
    assert (await office.acts())[-1] == ("file", "not placed")


async def test_an_hour_later_there_is_nothing_to_apply(office: Office) -> None:
    *_, proposed = await office.send("aa.yaml", NEW)
    office.house.clock = office.house.clock.replace(hour=14)
    assert texts(await office.press(proposed, "Lietot"))[-1].startswith("Nav ko lietot")


async def test_two_admins_at_once_come_one_after_the_other(office: Office) -> None:
    change_phone(office)
    first = office.serve("/parladet")
    await anext(first)
    await anext(first)
    second = await office.ask("/parladet", admin="juris")
    assert "tagad lietoju versiju" in [reply async for reply in first][-1].text
    assert texts(second) == [
        "Gaidu, kamēr beigsies cita pārlāde …",
        f"Nekas nav mainījies: šo versiju ({office.house.version[:8]}) jau lietoju.",
    ]


async def test_without_a_database_nothing_is_done(office: Office) -> None:
    change_phone(office)
    before = office.house.version
    *_, proposed = await office.send("aa.yaml", NEW)
    office.lose_database()
    for text in ("/parladet", "/atcelt", "/parbaudit", key_of(proposed, "Lietot"), "/zinojumi", "/versijas"):
        assert texts(await office.ask(text))[-1].startswith("Datubāze pašlaik neatbild, tāpēc nekas nav izdarīts.")
    assert office.house.version == before
    office.find_database()
    assert "tagad lietoju versiju" in (await office.ask("/parladet"))[-1].text


async def test_a_database_that_goes_in_the_middle_stops_the_change(office: Office) -> None:
    before = office.house.version
    *_, proposed = await office.send("aa.yaml", NEW)
    replies = []
    async for reply in office.serve(key_of(proposed, "Lietot")):
        replies.append(reply)
        if len(replies) == 2:
            office.lose_database()
    assert texts(replies)[1].startswith("Uzdodu pārbaudes jautājumus")
    assert texts(replies)[-1].startswith("Datubāze pašlaik neatbild")
    assert office.house.version == before
    assert (office.house.directory / "contacts/aa.yaml").read_text(encoding="utf-8") == little.CONTACTS_AA
    office.find_database()
    assert await office.versions() == []
    assert office.house.reload.versions.active == before


async def test_a_change_that_fails_after_all_is_taken_back_from_the_history(office: Office) -> None:
    change_phone(office)
    await office.ask("/parladet")
    (held,) = await office.versions()
    *_, proposed = await office.send("aa.yaml", NEW.replace("65283999", "65283777"))
    path = office.house.directory / "contacts/aa.yaml"
    outside = office.house.data / "outside.yaml"
    path.rename(outside)
    path.symlink_to(outside)
    *_, failed = await office.press(proposed, "Lietot")
    assert failed.text.startswith("Neizdevās, nekas nav mainīts")
    assert await office.versions() == [held]
    assert office.house.version == held.version
    assert (await office.acts())[-1] == ("apply", "failed")


async def test_a_reload_goes_on_where_nobody_waits_for_its_end(office: Office) -> None:
    change_phone(office)
    replies = office.serve("/parladet")
    assert (await anext(replies)).text == "Lasu un pārbaudu failus …"
    await replies.aclose()
    assert await office.versions() == []
    await office.desk.idle()
    assert len(await office.versions()) == 1
    assert "65283999" in office.house.says(POLICE)


@pytest.mark.parametrize("language", Language)
async def test_the_menu_names_commands_that_are_known(office: Office, language: Language) -> None:
    kb = office.house.reload.live.current.index.kb
    (menu,) = await office.ask("/admin", language=language)
    assert menu.language is language
    assert called(CommandName.RELOAD, kb, language) in menu.text
    assert len(menu.choices) == 7
    assert all(len(choice.key.encode()) <= MAX_KEY_BYTES for choice in menu.choices)
    (statistics,) = await office.press(menu, menu.choices[3].label)
    assert statistics.language is language
