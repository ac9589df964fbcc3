"""What admins read of a change: short, in their language, never more than a message holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.admin_text import Keys, outcome_reply, progress_text, proposed_reply, versions_reply
from bot.difference import Change, Deed, Difference, FieldChange, Part
from bot.messages import Reply
from bot.phrasebook import Phrasebook
from bot.propose import Proposed
from bot.reload_outcomes import (
    Applied,
    Failed,
    NoProposal,
    NotPlaced,
    NoVersion,
    Outcome,
    Passed,
    Refused,
    RefusedByQuestions,
    Unchanged,
    Why,
)
from bot.verdict import Missed, Progress, Score, Step, Verdict
from bot.versions import Kept
from knowledge.errors import Problem, Severity
from knowledge.model import KnowledgeBase, Language, Text
from knowledge.stale import stale_entries
from tests.bot import little

KEYS = Keys(more="/check lapa", force="/reload force", apply="/apply 12345678")
PHONE = Change(
    part=Part.CONTACT, deed=Deed.CHANGED, id="contact/aa/police", title=Text(lv="Policija"), place="aa",
    fields=(FieldChange(field="phones", old=("+371 65283888",), new=("+371 65283999",)),),
)  # fmt: skip
VERDICT = Verdict(
    difference=Difference(old="a" * 64, new="b" * 64, changes=(PHONE,)),
    before=Score(right=296, of=300),
    after=Score(right=290, of=300),
    missed=(
        Missed(text="policija aa", expected="police", found="no_answer", must=True),
        Missed(text="klientu centrs", expected="desk", found="clarify", must=False),
    ),
    warnings=(Problem(file="media.yaml", line=7, key="", message="look at it", severity=Severity.WARNING),),
)
OUTCOMES: list[Outcome] = [
    Refused(problems=(Problem(file="media.yaml", line=7, key="x", message="mend it"),)),
    RefusedByQuestions(verdict=VERDICT, limit=0.01, seconds=4.2),
    Passed(verdict=VERDICT, seconds=4.2),
    Applied(before="a" * 64, version="b" * 64, verdict=VERDICT, forced=True, seconds=4.2),
    Unchanged(version="a" * 64),
    Failed(reason="No space left on device"),
    NoVersion(asked="12345678"),
    NoVersion(asked=""),
    NoProposal(),
    *(NotPlaced(name="x.yaml", why=why, names=("a.yaml", "b.yaml")) for why in Why),
]


def book(language: Language = Language.LV) -> Phrasebook:
    return Phrasebook(kb=little.build(), language=language)


def lines(reply: Reply) -> list[str]:
    return reply.text.split("\n")


def test_a_refused_directory_is_told_with_file_and_line() -> None:
    assert lines(outcome_reply(OUTCOMES[0], book(), keys=KEYS)) == [
        "Nekas nav nomainīts: failos ir 1 kļūda. Izlabojiet un mēģiniet vēlreiz.",
        "media.yaml:7: x: mend it",
    ]


def test_worse_answers_are_told_with_what_failed_and_a_button_to_force() -> None:
    reply = outcome_reply(OUTCOMES[1], book(), keys=KEYS)
    assert lines(reply) == [
        "Nekas nav nomainīts: pēc pārbaudes jautājumiem atbildes kļūtu sliktākas.",
        "Pareizi 290 no 300 (96,7 %), pirms tam 296 (98,7 %).",
        "Obligātie jautājumi, uz kuriem atbilde nav pareiza:",
        "„policija aa” – jābūt: police, ir: no_answer",
        "Izmaiņas:",
        "Aa: Policija – mainīts tālrunis: +371 65283888 → +371 65283999",
        "Iepriekš pareizi, tagad ne:",
        "„klientu centrs” – jābūt: desk, ir: clarify",
        "Jauni brīdinājumi:",
        "media.yaml:7: warning: look at it",
    ]
    assert [(choice.key, choice.label) for choice in reply.choices] == [("/reload force", "Tomēr nomainīt")]


def test_only_what_can_be_forced_has_that_button() -> None:
    forced = [outcome for outcome in OUTCOMES if outcome_reply(outcome, book(), keys=KEYS).choices]
    assert forced == [OUTCOMES[1]]
    assert outcome_reply(OUTCOMES[1], book()).choices == ()


def test_what_was_applied_is_told_with_its_version() -> None:
    assert lines(outcome_reply(OUTCOMES[3], book()))[:2] == [
        "Nomainīts, kaut gan pārbaudes jautājumi bija pret.",
        "Gatavs 4,2 s: tagad lietoju versiju bbbbbbbb.",
    ]


def test_a_proposal_comes_with_the_button_to_apply_it() -> None:
    reply = proposed_reply(Proposed(name="contacts/aa.yaml", key="1", outcome=OUTCOMES[2]), book(), keys=KEYS)
    assert lines(reply)[0] == (
        "Fails contacts/aa.yaml der. Kad nospiedīsiet „Lietot” (stundas laikā), tas aizstās esošo."
    )
    assert [(choice.key, choice.label) for choice in reply.choices] == [("/apply 12345678", "Lietot")]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: type(outcome).__name__)
def test_every_outcome_can_be_said_in_every_language(outcome: Outcome, language: Language) -> None:
    reply = outcome_reply(outcome, book(language), keys=KEYS)
    assert reply.text
    assert reply.language is language
    assert "{" not in reply.text


@pytest.mark.parametrize("language", Language)
def test_every_step_can_be_said_in_every_language(language: Language) -> None:
    said = [progress_text(Progress(step=step, done=120, of=300), book(language)) for step in Step]
    assert len(set(said)) == len(Step)
    assert any("120" in text and "300" in text for text in said)


def test_many_problems_come_in_pages_that_miss_none() -> None:
    problems = tuple(Problem(file="media.yaml", line=n, key="", message="mend it " * 9) for n in range(1, 200))
    seen: list[str] = []
    page = 1
    while True:
        reply = outcome_reply(Refused(problems=problems), book(), page=page, keys=KEYS)
        assert len(reply.text) < 1800
        assert lines(reply)[-1].startswith(f"({page}. lapa no ")
        seen += [line for line in lines(reply) if line.startswith("media.yaml")]
        if not reply.choices:
            break
        (more,) = reply.choices
        page += 1
        assert more.key == f"/check lapa {page}"
        assert len(more.key.encode()) <= 64
    assert seen == list(map(str, problems))
    assert outcome_reply(Refused(problems=problems), book(), page=999).text == reply.text


def test_versions_are_told_with_their_local_time_and_the_one_in_use() -> None:
    at = datetime(2026, 11, 30, 12, 5, tzinfo=UTC)
    kept = [Kept(version="b" * 64, at=at, active=True), Kept(version="a" * 64, at=at - timedelta(1), active=False)]
    assert lines(versions_reply(kept, book(), timezone(timedelta(hours=2)))) == [
        "Versijas, pie kurām var atgriezties:",
        "bbbbbbbb – 2026. gada 30. nov. 14:05:00 (lietoju)",
        "aaaaaaaa – 2026. gada 29. nov. 14:05:00",
    ]
    assert lines(versions_reply([], book(), UTC)) == ["Nevienas versijas vēl neglabāju."]


def test_the_oldest_facts_come_first(shipped_kb: KnowledgeBase) -> None:
    found = [entry.checked_on or entry.as_of for entry in stale_entries(shipped_kb, date(2040, 1, 1))]
    assert found == sorted(found)
    assert len(found) == len(shipped_kb.entries)
