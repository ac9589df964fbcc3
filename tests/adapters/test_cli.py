"""The `selis` command as its users meet it: a real process, its output and its exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from knowledge.index import Index

SELIS = (sys.executable, "-m", "adapters.cli")
KEYS = {"id", "kind", "text", "choices", "entries", "topic", "place", "language", "confidence"}

pytestmark = pytest.mark.usefixtures("shipped")


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*SELIS, *arguments], input=given, capture_output=True, check=False, timeout=60)


def lines_of(given: list[object]) -> list[dict[str, Any]]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in given)
    done = run("ask", "--jsonl", given=text.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_ask_prints_the_reply() -> None:
    done = run("ask", "kur celt trauksmi Krāslavā?")
    assert done.returncode == 0
    assert "https://www.kraslava.lv/lv/trauksmes-celsana" in done.stdout.decode()


def test_ask_json_prints_one_object_of_the_contract() -> None:
    reply = json.loads(run("ask", "--json", "kur celt trauksmi Krāslavā?").stdout)
    assert set(reply) == KEYS
    assert reply["entries"] == ["contact/kraslava/trauksmes-celsana"]
    assert (reply["kind"], reply["place"], reply["language"]) == ("answer", "kraslava", "lv")
    assert 0 <= reply["confidence"] <= 1


def test_ask_uses_the_place_given() -> None:
    assert "socdienests@kraslava.lv" in run("ask", "--place", "Dagda", "sociālais dienests").stdout.decode()


def test_jsonl_answers_every_line_in_order_and_keeps_conversations_apart() -> None:
    replies = lines_of(
        [
            {"id": "1", "conversation": "a", "text": "sociālais dienests"},
            {"id": "2", "conversation": "b", "text": "Krāslavā"},
            {"id": "3", "conversation": "a", "text": "Krāslavā"},
            {"id": 4, "text": "sociālais dienests", "place": "jekabpils"},
        ]
    )
    assert [reply["id"] for reply in replies] == ["1", "2", "3", 4]
    assert [reply["kind"] for reply in replies] == ["clarify", "smalltalk", "answer", "answer"]
    assert replies[2]["entries"] == ["contact/kraslava/socialais-dienests"]
    assert replies[3]["place"] == "jekabpils"


def test_jsonl_goes_on_after_bad_lines() -> None:
    given = b"\n".join(
        [
            b"not json",
            b"[1, 2]",
            b'"text"',
            b'{"id": "x"}',
            b'{"id": "y", "text": 7}',
            b'{"id": "z", "text": "policija", "place": "Nekurzeme"}',
            b'{"id": "w", "text": "\xff\xfe"}',
            b"[" * 100_000,
            json.dumps({"id": "long", "text": "a" * 100_000}).encode(),
            json.dumps({"id": "marks", "text": "\u202e\u0000\U0001f355"}).encode(),
            json.dumps({"id": "good", "text": "tiesībsarga tālrunis"}).encode(),
        ]
    )
    done = run("ask", "--jsonl", given=given)
    replies = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert done.returncode == 0
    assert len(replies) == 11
    assert [reply["kind"] for reply in replies[:10]] == ["no_answer"] * 10
    assert [bool(reply.get("error")) for reply in replies] == [True] * 8 + [False] * 3
    assert "+371 67686768" in replies[-1]["text"]


def test_chat_reads_piped_lines_and_takes_a_number() -> None:
    done = run("chat", given=b"izpilddirektors\n4\nun e-pasts?\n")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "1. Jēkabpils novads" in text
    assert "+371 65681764" in text
    assert "viktors.aispurs@kraslava.lv" in text


def test_chat_survives_bytes_that_are_no_text() -> None:
    done = run("chat", given=b"\xff\xfe\xfd\n\x00\n" + "tiesībsargs".encode() + b"\n")
    assert done.returncode == 0
    assert "+371 67686768" in done.stdout.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "x", "--jsonl"],
        ["ask", "x", "--colour"],
        ["ask", "x", "--place", "Nekurzeme"],
        ["dance"],
        ["eval", "--x"],
    ],
)
def test_wrong_usage_is_one_clear_line_and_exit_2(arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith("selis: ")
    assert done.stderr.count(b"\n") == 1


def test_a_wrong_setting_is_one_clear_line_and_exit_2(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SELIS_KNOWLEDGE_DIR", str(tmp_path / "gone"))
    done = run("ask", "labdien")
    assert done.returncode == 2
    assert done.stderr.decode().startswith("selis: SELIS_KNOWLEDGE_DIR: ")


def test_check_of_the_shipped_knowledge_succeeds_and_lists_the_known_conflicts() -> None:
    done = run("check")
    text = done.stdout.decode()
    assert done.returncode == 0
    for known in ("+371 22335439 / +371 22335429", "lrv@lrv.lv / lrt@lrv.lv", "augšdaugavasnovads.lv"):
        assert known in text
    problems = json.loads(run("check", "--json").stdout)
    assert {problem["severity"] for problem in problems} == {"warning"}


def test_check_of_a_bad_directory_lists_file_line_and_key(tmp_path: Path) -> None:
    (tmp_path / "organisations.yaml").write_text("organisations:\n- id: x\n  colour: red\n", encoding="utf-8")
    done = run("check", str(tmp_path))
    assert done.returncode == 1
    assert "organisations.yaml:3: organisations.0.colour: unknown key" in done.stdout.decode()


def test_eval_counts_what_came_right(tmp_path: Path) -> None:
    questions = tmp_path / "few.yaml"
    questions.write_text(
        'questions:\n- {text: "kur celt trauksmi Krāslavā?", must: true,'
        " expect: {kind: answer, topic: trauksmes-celsana, place: kraslava}}\n",
        encoding="utf-8",
    )
    done = run("eval", str(questions), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["accuracy"] == 1.0


def test_eval_fails_when_a_question_that_must_be_right_is_wrong(tmp_path: Path) -> None:
    questions = tmp_path / "few.yaml"
    questions.write_text('questions:\n- {text: "labdien", must: true, expect: {kind: answer}}\n', encoding="utf-8")
    done = run("eval", str(questions), "--failures")
    assert done.returncode == 1
    assert "WRONG [answer -> smalltalk] 'labdien'" in done.stdout.decode()


def test_version_and_help(shipped: Index) -> None:
    assert run("--version").stdout.decode().startswith("selis 0.")
    for arguments in ([], ["--help"]):
        done = run(*arguments)
        assert done.returncode == 0
        assert b"ask" in done.stdout
