"""The home place by location, that of a group by its owners, and links that answer at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from bot.commands import Command, CommandName
from bot.home import home_by_location
from bot.links import read_link
from bot.messages import ConversationId, IncomingMessage, Kind, Location, Reply
from bot.obey import obey
from bot.standing import Standing
from bot.state import ConversationState
from bot.talk import Talk
from knowledge.index import Index
from knowledge.model import KnowledgeBase, Language

HERE = ConversationId(network="telegram", chat="5", person="5")
GROUP = ConversationId(network="telegram", chat="-100", person="5")
DAGDA: Location = (56.0951, 27.5372)


@pytest.fixture
def dialogue(shipped: Index) -> Talk:
    return Talk(index=shipped, clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC))


def in_group(dialogue: Talk, text: str = "", **more: object) -> Reply:
    message = IncomingMessage(conversation=GROUP, text=text, private=False, addressed=True)
    return dialogue.respond(replace(message, **more))


def shares(dialogue: Talk, location: Location) -> Reply:
    return dialogue.respond(IncomingMessage(conversation=HERE, location=location))


def test_a_location_sets_the_home_place_and_names_what_it_was_told_by(dialogue: Talk) -> None:
    reply = shares(dialogue, DAGDA)
    assert reply.kind is Kind.COMMAND
    assert reply.text.startswith("Tuvākā vieta, ko zinu: Dagda. Labi, iegaumēju: Krāslavas novads.")
    assert dialogue.respond(IncomingMessage(conversation=HERE, text="sociālais dienests")).place == "kraslava"


def test_near_a_border_the_home_place_is_asked_and_set_by_a_press(dialogue: Talk) -> None:
    reply = shares(dialogue, (56.49, 25.65))
    assert [choice.label for choice in reply.choices] == ["Jēkabpils novads", "Aizkraukles novads"]
    assert dialogue.states[HERE].home is None
    dialogue.press(HERE, reply.choices[1].key)
    assert dialogue.states[HERE].home == "aizkraukle"


def test_the_other_side_of_the_border_can_be_chosen_and_is_told_to_be_outside(dialogue: Talk) -> None:
    reply = shares(dialogue, (55.905, 26.6))
    assert [choice.label for choice in reply.choices] == ["Augšdaugavas novads", "Daugavpils"]
    chosen = dialogue.press(HERE, reply.choices[1].key)
    assert chosen.text.startswith("Daugavpils nav mans novads")
    assert dialogue.states[HERE].home is None


@pytest.mark.parametrize(
    ("location", "said"), [((56.95, 24.1), "Rīga nav mans novads"), ((54.7, 25.3), "Šī vieta nav")]
)
def test_outside_nothing_is_set_and_the_municipalities_are_offered(
    dialogue: Talk, location: Location, said: str
) -> None:
    dialogue.respond(IncomingMessage(conversation=HERE, text="/novads Dagda"))
    reply = shares(dialogue, location)
    assert reply.text.startswith(said)
    assert len(reply.choices) == 4
    assert dialogue.states[HERE].home == "kraslava"


def test_the_place_is_named_in_the_language_of_the_conversation(shipped_kb: KnowledgeBase) -> None:
    obeyed = home_by_location(DAGDA, ConversationState(language=Language.RU), shipped_kb)
    assert obeyed.reply is not None
    assert "Дагда" in obeyed.reply.text
    assert obeyed.state == ConversationState(language=Language.RU, home="kraslava")


@pytest.mark.parametrize(
    ("standing", "home"),
    [
        (Standing(private=False), None),
        (Standing(private=False, owner=True), "kraslava"),
        (Standing(private=False, admin=True), "kraslava"),
    ],
)
@pytest.mark.parametrize("how", ["name", "location", "link"])
def test_the_place_of_a_group_is_set_by_its_owners_and_by_admins_alone(
    shipped: Index, standing: Standing, home: str | None, how: str
) -> None:
    state = ConversationState(home="aizkraukle")
    if how == "location":
        obeyed = home_by_location(DAGDA, state, shipped.kb, standing)
    else:
        name = CommandName.HOME if how == "name" else CommandName.HELP
        obeyed = obey(Command(name=name, argument="kraslava"), state, shipped, standing)
    assert (obeyed.group_home, obeyed.state) == (home, state)
    assert obeyed.reply is not None
    assert ("tikai grupas īpašnieki" in obeyed.reply.text) == (home is None)


def test_everybody_in_a_group_can_ask_which_place_it_is_set_to(shipped: Index) -> None:
    standing = Standing(private=False, group_home="kraslava")
    obeyed = obey(Command(name=CommandName.HOME), ConversationState(), shipped, standing)
    assert obeyed.reply is not None
    assert obeyed.reply.text.startswith("Šīs grupas novads: Krāslavas novads.")
    assert obeyed.reply.choices == ()
    owner = obey(Command(name=CommandName.HOME), ConversationState(), shipped, replace(standing, owner=True))
    assert owner.reply is not None
    assert len(owner.reply.choices) == 4


def test_a_group_is_answered_about_its_place_and_who_is_no_owner_cannot_change_it(dialogue: Talk) -> None:
    assert in_group(dialogue, "sociālais dienests").kind is Kind.CLARIFY
    asked = in_group(dialogue, "/novads", owner=True)
    in_group(dialogue, pressed=asked.choices[3].key, owner=True)
    assert in_group(dialogue, "sociālais dienests").place == "kraslava"
    in_group(dialogue, pressed=asked.choices[0].key)
    assert in_group(dialogue, "sociālais dienests").place == "kraslava"
    private = dialogue.respond(IncomingMessage(conversation=HERE, text="sociālais dienests"))
    assert private.kind is Kind.CLARIFY


def test_what_somebody_says_of_themselves_counts_more_than_the_place_of_the_group(dialogue: Talk) -> None:
    in_group(dialogue, "/novads Dagda", owner=True)
    in_group(dialogue, "dzīvoju Neretā")
    assert in_group(dialogue, "sociālais dienests").place == "aizkraukle"
    other = replace(GROUP, person="6")
    assert in_group(dialogue, "sociālais dienests", conversation=other).place == "kraslava"


def test_a_link_with_a_place_sets_it(dialogue: Talk) -> None:
    reply = dialogue.respond(IncomingMessage(conversation=HERE, text="/start kraslava"))
    assert reply.text.startswith("Labi, iegaumēju: Krāslavas novads.")
    assert dialogue.states[HERE].home == "kraslava"


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("kraslava_trauksmes-celsana", "https://www.kraslava.lv/lv/trauksmes-celsana"),
        ("aizkraukle_lidzdalibas-budzets", "Aizkraukles novad"),
        ("augsdaugava_pasvaldibas-policija", "+371 65422238"),
        ("jekabpils_lauku-partneribas", "+371"),
    ],
)
def test_a_link_with_a_topic_is_answered_at_once(dialogue: Talk, link: str, shown: str) -> None:
    assert len(link) <= 64
    reply = dialogue.respond(IncomingMessage(conversation=HERE, text=f"/start {link}"))
    assert reply.kind in {Kind.ANSWER, Kind.UNAVAILABLE}
    assert shown in reply.text
    assert reply.place == link.partition("_")[0]
    assert dialogue.states[HERE].last is not None
    assert dialogue.states[HERE].home is None


def test_a_link_is_answered_in_the_language_of_the_conversation(dialogue: Talk) -> None:
    dialogue.respond(IncomingMessage(conversation=HERE, text="/valoda en"))
    reply = dialogue.respond(IncomingMessage(conversation=HERE, text="/start kraslava_socialais-dienests"))
    assert reply.language is Language.EN
    assert dialogue.respond(IncomingMessage(conversation=HERE, text="/start")).language is Language.EN


@pytest.mark.parametrize(
    "argument",
    [
        "",
        "riga",
        "kraslava_",
        "kraslava_nebijis",
        "_trauksmes-celsana",
        "riga_trauksmes-celsana",
        "kraslava_paldies",
        "kraslava trauksmes-celsana",
        "-" * 64,
        "kraslava_kraslava",
        "contact/kraslava/dome",
        "❤",
    ],
)
def test_any_other_link_is_answered_with_help(dialogue: Talk, argument: str) -> None:
    reply = dialogue.respond(IncomingMessage(conversation=HERE, text=f"/start {argument}"))
    assert reply.kind is Kind.HELP
    assert dialogue.states[HERE].home is None


def test_every_office_of_every_municipality_can_be_linked_to(shipped_kb: KnowledgeBase) -> None:
    for municipality in shipped_kb.covered:
        for topic in shipped_kb.topics.values():
            if topic.kind.value in {"office", "group"}:
                link = read_link(f"{municipality.id}_{topic.id}", shipped_kb)
                assert link is not None
                assert link.question is not None
                assert link.question.topics == (topic.id,)
