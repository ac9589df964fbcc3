"""What residents can tell Sēlis with a slash: help, home place, language, sources, privacy, forgetting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.commands import ADMIN, CommandName, called, command_problems, parse
from bot.messages import ConversationId, IncomingMessage, Kind, Reply
from bot.obey import obey
from bot.phrasebook import Phrasebook
from bot.state import ConversationState
from bot.talk import Talk
from knowledge.index import Index
from knowledge.model import KnowledgeBase, Language

HERE = ConversationId.of_terminal("c")


@pytest.fixture
def dialogue(shipped: Index) -> Talk:
    return Talk(index=shipped, clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC))


def say(dialogue: Talk, text: str) -> Reply:
    return dialogue.respond(IncomingMessage(conversation=HERE, text=text))


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/start", CommandName.HELP, ""),
        ("/palidziba", CommandName.HELP, ""),
        ("/PALĪDZĪBA", CommandName.HELP, ""),
        ("/помощь", CommandName.HELP, ""),
        ("/novads Dagda", CommandName.HOME, "Dagda"),
        ("/novads@selis_bot  Dagda ", CommandName.HOME, "Dagda"),
        ("/dzest", CommandName.FORGET, ""),
        ("/delete", CommandName.FORGET, ""),
        ("/nebijusi", None, ""),
    ],
)
def test_a_command_is_known_by_any_of_its_names(
    shipped_kb: KnowledgeBase, text: str, name: CommandName | None, argument: str
) -> None:
    command = parse(text, shipped_kb)
    assert command is not None
    assert (command.name, command.argument) == (name, argument)


@pytest.mark.parametrize("text", ["policija", "1/2 no budžeta", "/", "/ novads", "//", "/1", "pasts/policija"])
def test_an_ordinary_message_is_no_command(shipped_kb: KnowledgeBase, text: str) -> None:
    assert parse(text, shipped_kb) is None


def test_no_two_commands_have_one_name(shipped_kb: KnowledgeBase) -> None:
    for held in shipped_kb.words.values():
        for name, forms in held.commands.items():
            for form in forms:
                command = parse(f"/{form}", shipped_kb)
                assert command is not None
                assert command.name == name


@pytest.mark.parametrize("language", Language)
def test_every_command_has_a_name_in_every_language(shipped_kb: KnowledgeBase, language: Language) -> None:
    assert list(command_problems(shipped_kb)) == []
    for name in CommandName:
        command = parse(called(name, shipped_kb, language), shipped_kb)
        assert command is not None
        assert (command.name, command.language) == (name, language)


def test_a_wrong_name_in_the_data_is_a_problem(shipped_kb: KnowledgeBase) -> None:
    latvian = replace(shipped_kb.words[Language.LV], commands={"fly": ("lidot",)})
    problems = list(command_problems(replace(shipped_kb, words={Language.LV: latvian})))
    assert [problem.key for problem in problems] == ["commands.fly", *sorted(f"commands.{n}" for n in CommandName)]


@pytest.mark.parametrize("text", ["/start", "/помощь", "/commands"])
def test_help_comes_with_examples_that_answer_when_pressed(dialogue: Talk, text: str) -> None:
    reply = say(dialogue, text)
    assert (reply.kind, len(reply.choices)) == (Kind.HELP, 3)
    for choice in reply.choices:
        assert len(choice.key.encode()) <= 64
        pressed = dialogue.press(HERE, choice.key)
        assert (pressed.kind, pressed.language) == (Kind.ANSWER, reply.language)


def test_a_command_nobody_knows_gets_help(dialogue: Talk) -> None:
    reply = say(dialogue, "/nebijusi")
    assert reply.kind is Kind.HELP
    assert reply.text.startswith("Tādas komandas man nav.")


@pytest.mark.parametrize("text", ["/novads Dagda", "/home Krāslava", "/край Дагда", "/novads kraslava"])
def test_the_home_place_is_remembered(dialogue: Talk, text: str) -> None:
    assert say(dialogue, text).kind is Kind.COMMAND
    reply = say(dialogue, "sociālais dienests")
    assert (reply.kind, reply.place) == (Kind.ANSWER, "kraslava")


def test_the_home_place_is_chosen_by_button(dialogue: Talk) -> None:
    reply = say(dialogue, "/novads")
    assert [choice.label for choice in reply.choices][:1] == ["Jēkabpils novads"]
    dialogue.press(HERE, reply.choices[0].key)
    assert say(dialogue, "sociālais dienests").place == "jekabpils"
    assert "Jēkabpils novads" in say(dialogue, "/novads").text


@pytest.mark.parametrize("place", ["Ventspils", "asdf", "Rīga", "Pilskalne"])
def test_a_place_that_does_not_decide_is_asked_for(dialogue: Talk, place: str) -> None:
    reply = say(dialogue, f"/novads {place}")
    assert (reply.kind, len(reply.choices)) == (Kind.COMMAND, 4)
    assert dialogue.states[HERE].home is None


@pytest.mark.parametrize(("text", "language"), [("/valoda ru", "ru"), ("/language English", "en"), ("/язык lv", "lv")])
def test_the_language_is_changed(dialogue: Talk, text: str, language: str) -> None:
    assert say(dialogue, text).language == language
    assert dialogue.states[HERE].language == language


def test_the_language_is_chosen_by_button(dialogue: Talk) -> None:
    reply = say(dialogue, "/valoda")
    assert [choice.label for choice in reply.choices] == ["Latviešu", "Русский", "English"]
    assert dialogue.press(HERE, reply.choices[1].key).text.startswith("Хорошо")


def test_the_sources_are_named_with_their_years(dialogue: Talk) -> None:
    text = say(dialogue, "/par").text
    assert text.count("\n– ") == 5
    assert "2023" in text


def test_forgetting_forgets(dialogue: Talk) -> None:
    say(dialogue, "/novads Dagda")
    assert "/dzest" in say(dialogue, "/privatums").text
    say(dialogue, "/dzest")
    assert HERE not in dialogue.states
    assert say(dialogue, "sociālais dienests").kind is Kind.CLARIFY


@pytest.mark.parametrize("language", Language)
def test_what_admins_can_do_is_unknown_to_others(shipped: Index, language: Language) -> None:
    say = Phrasebook(kb=shipped.kb, language=language)
    for name in ADMIN:
        command = parse(called(name, shipped.kb, language), shipped.kb)
        assert command is not None
        reply = obey(command, ConversationState(language=language), shipped).reply
        assert reply is not None
        assert reply.text.startswith(say("unknown-command"))
        assert called(name, shipped.kb, language) not in reply.text.split()
