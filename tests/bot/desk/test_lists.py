"""Admins see what nobody could answer, what was said to be wrong, what has grown old, and make something of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.compose import MAX_TEXT
from bot.desk.figures import days_of
from bot.messages import Reply
from bot.store import counters, feedback, unanswered
from bot.store.counters import Count
from knowledge.model import Language
from tests.bot.desk.office import Office, key_of, texts

PATROL = "kur ir patruļa aa novadā"
WONDERED = (
    "cik maksā malka", "kad brauc vilciens", "vai rīt līs", "kur nopirkt sienu", "kas spēlē teātrī",
    "vai ezerā ir vēži", "kā cept maizi", "cik kalorijas ābolā", "kurš uzvarēja hokejā",
)  # fmt: skip


async def complain(
    office: Office, person: str, entry: str = "contact/aa/police", reason: str | None = "number"
) -> None:
    async with office.store.transaction() as connection:
        await feedback.give(
            connection, office.whose(person), entry, office.house.now(), verdict="wrong", version="v", reason=reason
        )


async def clusters(office: Office) -> list[str]:
    async with office.store.reading() as connection:
        since = office.house.clock - timedelta(days=30)
        return [cluster.name for cluster in await unanswered.clusters(connection, since)]


async def listed(office: Office) -> Reply:
    (reply,) = await office.ask("/neatbildetie")
    return reply


async def test_what_one_person_asked_is_not_shown(office: Office) -> None:
    await office.wonder(PATROL, "anna")
    assert (await listed(office)).text == "Nav tādu jautājumu bez atbildes, ko būtu uzdevuši vismaz divi."
    await office.wonder(PATROL, "berta")
    assert "1. kur ir patruļa aa novadā\n2 jautājumi, 2 sarunas" in (await listed(office)).text
    assert await office.acts() == [("unanswered", ""), ("unanswered", "")]


async def test_a_question_becomes_a_phrase_in_three_presses(office: Office) -> None:
    await office.wonder("vai policija patrulē pie skolas aa novadā", "anna", "berta")
    await office.wonder("vai policija patrulē pie skolas", "dace", cluster="c2")
    await office.wonder("cik maksā malka", "anna", "berta", cluster="c3")
    (topics,) = await office.press(await listed(office), "1. Pievienot tēmai")
    assert "Kurai tēmai pievienot „vai policija patrulē pie skolas”?" in topics.text
    drafted, *progress, proposed = await office.press(topics, "Policija")
    assert "Sagatavots: „vai policija patrulē pie skolas” – Policija (topics/all.yaml, 3. rinda)" in drafted.text
    assert len(progress) <= 2
    assert proposed.text.startswith("Fails topics/all.yaml der.")
    assert "Policija – mainīti jautājumu paraugi" in proposed.text.replace("policija", "Policija")
    assert await clusters(office) == ["c1", "c3"]
    *_, applied = await office.press(proposed, "Lietot")
    assert "tagad lietoju versiju" in applied.text
    assert "vai policija patrulē pie skolas" in (office.house.directory / "topics/all.yaml").read_text(encoding="utf-8")
    assert await clusters(office) == ["c3"]
    assert ("add-phrase", "c1") in await office.acts()
    assert ("apply", "begun") in await office.acts()
    (gone,) = await office.press(topics, "Policija")
    assert gone.text == "Šī jautājuma vairs nav. Paskatiet sarakstu vēlreiz."
    assert texts(await office.ask("/temas c1")) == texts([gone])


async def test_a_phrase_that_was_not_applied_leaves_its_questions(office: Office) -> None:
    await office.wonder("vai policija patrulē pie skolas", "anna", "berta")
    (topics,) = await office.press(await listed(office), "1. Pievienot tēmai")
    *_, proposed = await office.press(topics, "Policija")
    *_, other = await office.send("aa.yaml", (office.house.directory / "contacts/aa.yaml").read_bytes() + b"\n")
    assert texts(await office.press(proposed, "Lietot"))[-1].startswith("Nav ko lietot")
    assert "lietoju" in (await office.press(other, "Lietot"))[-1].text
    assert await clusters(office) == ["c1"]


async def test_a_topic_or_a_file_that_is_gone_is_told_of(office: Office) -> None:
    await office.wonder("vai policija patrulē pie skolas", "anna", "berta")
    (topics,) = await office.press(await listed(office), "1. Pievienot tēmai")
    assert texts(await office.ask("/pievienot c1 gone")) == ["Šī poga vairs neder. Atveriet sarakstu vēlreiz."]
    office.house.edit("topics/all.yaml", "id: police,", "id: policemen,")
    (refused,) = await office.press(topics, "Policija")
    assert refused.text.startswith("Frāzi „vai policija patrulē pie skolas” pievienot neizdevās: no file has it")


async def test_reports_are_closed_by_a_press(office: Office) -> None:
    await complain(office, "anna")
    await complain(office, "berta", reason=None)
    (reports,) = await office.ask("/zinojumi")
    assert "1. Policija, Aa novads\n" in reports.text
    (done,) = await office.press(reports, "1. Izlabots")
    assert done.text == "Atzīmēts kā izlabots: Policija, Aa novads (2 ziņojumi)."
    assert texts(await office.ask("/zinojumi")) == ["Neviens nav ziņojis par kļūdām."]
    assert texts(await office.press(reports, "1. Izlabots"))[0].startswith("Šie ziņojumi jau ir atzīmēti")
    acts = [act for act, _ in await office.acts()]
    assert acts == ["reports", "done", "reports", "done"]
    assert (await office.acts())[1] == ("done", "contact/aa/police")


async def test_a_late_press_does_not_close_what_came_after_it_was_shown(office: Office) -> None:
    await complain(office, "anna")
    (reports,) = await office.ask("/zinojumi")
    await complain(office, "berta", reason="page")
    assert "1 ziņojums" in (await office.press(reports, "1. Izlabots"))[0].text
    (left,) = await office.ask("/zinojumi")
    assert "Lapa neveras vaļā: 1" in left.text
    assert texts(await office.press(reports, "1. Izlabots"))[0].startswith("Šie ziņojumi jau ir atzīmēti")
    assert "1 ziņojums" in (await office.ask("/izlabots contact/aa/police"))[0].text


async def test_reports_of_an_entry_that_is_gone_can_be_closed(office: Office) -> None:
    name = "organisation/" + "with-a-name-that-does-not-fit-into-a-button-of-telegram-at-all"
    await complain(office, "anna", entry=name)
    (reports,) = await office.ask("/zinojumi")
    assert len(key_of(reports, "1. Izlabots")) <= 64
    assert name in (await office.press(reports, "1. Izlabots"))[0].text
    assert texts(await office.ask("/izlabots"))[0].startswith("Šie ziņojumi jau")
    assert texts(await office.ask("/izlabots contact/aa/police zzz"))[0].startswith("Šie ziņojumi jau")


async def test_old_facts_are_listed(office: Office) -> None:
    (none,) = await office.ask("/novecojusi")
    assert none.text == "Novecojušu datu nav."
    office.house.clock = office.house.clock.replace(year=2027)
    (old,) = await office.ask("/novecojusi")
    assert "Policija, Aa novads – dati: 2023 (contact/aa/police)" in old.text
    assert [act for act, _ in await office.acts()] == ["stale", "stale"]


async def test_statistics_come_with_a_picture(office: Office) -> None:
    today = office.house.clock.date()
    async with office.store.transaction() as connection:
        rows = [Count(today, "outcome", "answer", 7), Count(today, "topic", "police", 7)]
        await counters.add(connection, [*rows, Count(today - timedelta(days=20), "outcome", "answer", 2)])
    (reply,) = await office.ask("/statistika")
    assert "9 jautājumi" in reply.text
    (picture,) = reply.attachments
    assert picture.name == "selis-2026-11-01-2026-11-30.png"
    assert picture.data.startswith(b"\x89PNG")
    (week,) = await office.ask("/statistika 7")
    assert "7 jautājumi" in week.text
    (none,) = await office.ask("/stats 1", language=Language.EN)
    assert none.language is Language.EN
    assert (await office.acts())[:2] == [("statistics", ""), ("statistics", "7")]


async def test_where_nothing_was_asked_there_is_no_picture(office: Office) -> None:
    (reply,) = await office.ask("/statistika")
    assert "neviens neko nejautāja" in reply.text
    assert reply.attachments == ()


@pytest.mark.parametrize(("written", "days"), [("", 30), ("7", 7), ("0", 30), ("-3", 30), ("x", 30), ("9" * 9, 366)])
def test_a_number_of_days_is_asked_for(written: str, days: int) -> None:
    assert days_of(written) == days


async def test_health_is_told_with_and_without_a_database(office: Office) -> None:
    (well,) = await office.ask("/veseliba")
    assert well.text.startswith("Viss kārtībā.\nZināšanas: versija ")
    assert await office.acts() == [("health", "")]
    office.lose_database()
    (ill,) = await office.ask("/health")
    assert "Database: NOT THERE" in ill.text
    office.find_database()


async def test_a_hundred_of_anything_is_shown_a_page_at_a_time(office: Office) -> None:
    for number in range(20):
        await complain(office, f"p{number}", entry=f"organisation/gone-{number}")
    (first,) = await office.ask("/zinojumi")
    (second,) = await office.press(first, "Tālāk")
    assert "2. lapa no" in second.text
    assert len(second.text) < MAX_TEXT


async def test_a_list_of_several_pages_comes_with_all_of_it_as_a_file_once(office: Office) -> None:
    for number, text in enumerate(WONDERED):
        await office.wonder(text, "anna", "berta", cluster=f"c{number}")
    first = await listed(office)
    (file,) = first.attachments
    assert file.name == "neatbildetie.txt"
    assert all(text in file.data.decode() for text in WONDERED)
    (second,) = await office.press(first, "Tālāk")
    (again,) = await office.press(second, "Atpakaļ")
    assert second.attachments == again.attachments == ()
    assert again.text == first.text
