"""Reading YAML: every text stays text, and whatever the bytes are, the answer is a document or lines to mend."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.errors import KnowledgeError, Problem, Severity
from knowledge.nodes import MAX_BYTES, MAX_DEPTH, Document, Value, parse
from tests.knowledge.samples import FUZZ, SMALL

FILE = "topics/a.yaml"


def complaints(text: str | bytes) -> list[tuple[int, str, str]]:
    """What is wrong with a file: line, key, message."""
    with pytest.raises(KnowledgeError) as caught:
        parse(FILE, text if isinstance(text, bytes) else text.encode())
    assert {problem.file for problem in caught.value.problems} == {FILE}
    return [(problem.line, problem.key, problem.message) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "text", ["8898", "+371 65622907", "no", "2023-05-11", "1_000", "0x1F", "~", "1" * 5000, "null"]
)
def test_every_value_stays_the_text_it_is(text: str) -> None:
    assert parse(FILE, f"a: {text}".encode()).value == {"a": text}


@pytest.mark.parametrize("text", ["", " \n\n", "# only a comment\n", "---\n", "\ufeff"])
def test_an_empty_file_is_an_empty_mapping(text: str) -> None:
    assert parse(FILE, text.encode()).value in ({}, "")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    document = parse(FILE, b"\xef\xbb\xbfa: b\r\nc:\r\n- d\r\n")
    assert document.value == {"a": "b", "c": ["d"]}
    assert document.line(("c", 0)) == 3


def test_the_line_of_every_value_is_known() -> None:
    document = parse(FILE, b"a: b\nlist:\n- x\n- y: >-\n    long\n    text\n  z: {k: v}\n")
    lines = {("a",): 1, ("list",): 3, ("list", 1, "y"): 4, ("list", 1, "z", "k"): 7}
    assert {path: document.line(path) for path in lines} == lines


def test_what_is_missing_stands_at_the_line_of_what_is_around_it() -> None:
    document = parse(FILE, b"a: b\nlist:\n- x: y\n")
    assert document.line(("list", 0, "title", "lv")) == 3
    assert document.line(("nothing",)) == 1


def test_places_where_nothing_was_written_are_remembered() -> None:
    assert parse(FILE, b"a:\nb: x\nc: ['', y]\n").blank == (("a",), ("c", 0))


@pytest.mark.parametrize(
    ("text", "line", "key", "message"),
    [
        ("a: b\nx:\n- y: 1\n  z: 2\n  y: 3\n", 5, "x.0.y", "the key stands twice: keep one"),
        ("a: &name b\n", 1, "", "remove the anchor (&name)"),
        ("a: b\nc:\n- *name\n", 3, "c", "write the value out: aliases (*name) are not used here"),
        ("a: !!python/object/apply:os.system [x]\n", 1, "", "remove the tag (!name)"),
        ("a: !secret b\n", 1, "", "remove the tag (!name)"),
        ("a: b\n? [c]\n: d\n", 2, "", "a key must be a plain word"),
        ("a:\n  ? {b: c}\n  : d\n", 2, "a", "a key must be a plain word"),
        ("a: b\n---\nc: d\n", 2, "", "a file holds one document: remove the second ---"),
        ("a:\n\t- b\n", 2, "", "check quotes, tabs and indentation"),
        ("a: 'b\n", 2, "", "check quotes, tabs and indentation"),
        ("a: [b\nc: d\n", 2, "", "check quotes, tabs and indentation"),
        ("a: b\nc: d: e\n", 2, "", "check quotes, tabs and indentation"),
        ("%YAML 9.9\n---\na: b\n", 1, "", "not valid YAML"),
        ('a: "\\ud800"\n', 1, "", "not valid YAML"),
        (b"a: b\nc: \0\n", 2, "", "not valid YAML"),
        (b"a: b\nc: d\ne: \xe2\n", 3, "", "save the file as UTF-8"),
        ("a: ā\n".encode("iso8859-13"), 1, "", "save the file as UTF-8"),
        ("a: b\n".encode("utf-16"), 1, "", "save the file as UTF-8"),
        (b"a: \xed\xa0\x80\n", 1, "", "save the file as UTF-8"),
        (b"a" * (MAX_BYTES + 1), 0, "", "split it"),
    ],
)
def test_what_cannot_be_used_is_named_with_line_key_and_what_to_do(
    text: str | bytes, line: int, key: str, message: str
) -> None:
    assert [(at, where, message in said) for at, where, said in complaints(text)] == [(line, key, True)]


def test_all_that_is_wrong_in_a_file_is_listed_at_once() -> None:
    assert [line for line, _, _ in complaints("a: 1\na: 2\nb: &x 3\nc: *x\nd: !t 4\n? [e]\n: 5\nf: 'g\n")] == [
        2, 3, 4, 5, 6, 9,
    ]  # fmt: skip


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert parse(FILE, b"<<: {a: b}\nc: d\n").value == {"<<": {"a": "b"}, "c": "d"}


def test_a_billion_laughs_are_refused_unread() -> None:
    lines = ["k0: &k0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"k{i}: &k{i} [{', '.join([f'*k{i - 1}'] * 9)}]" for i in range(1, 30)]
    aliases = [message for _, _, message in complaints("\n".join(lines)) if "aliases" in message]
    assert len(aliases) == 29 * 9


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000, "a: " + "[[{b: " * 9]
)
def test_deep_nesting_is_refused(text: str) -> None:
    assert complaints(text)


def test_nesting_is_allowed_as_deep_as_the_data_needs() -> None:
    inner: Value = parse(FILE, ("[" * MAX_DEPTH + "]" * MAX_DEPTH).encode()).value
    depth = 0
    while isinstance(inner, list):
        inner, depth = inner[0] if inner else "", depth + 1
    assert depth == MAX_DEPTH
    assert complaints("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\r", "\r\n"])
def test_a_problem_after_an_odd_line_separator_stands_at_a_line_of_the_file(separator: str) -> None:
    assert [line for line, _, _ in complaints(f"a: b{separator}c: d{separator}a: x")] == [3]


@pytest.mark.parametrize("hostile", ["two\nlines", "\x1b[31mred", "\u202eright to left", "\x00", "x" * 100_000])
def test_a_problem_is_shown_on_one_short_clean_line(hostile: str) -> None:
    problem = Problem(file=hostile, line=1, key=hostile, message=hostile)
    for shown in (str(problem), str(replace(problem, severity=Severity.WARNING))):
        assert shown.isprintable()
        assert len(shown) < 2000


def test_problems_are_sorted_by_file_and_line() -> None:
    listed = [Problem(file=f, line=n, key="", message="m") for f, n in (("b", 1), ("a", 10), ("a", 9))]
    assert str(KnowledgeError(listed)) == "a:9: m\na:10: m\nb:1: m"


def assert_document_or_problems(data: bytes) -> None:
    last = len(re.split(r"\r\n|[\n\r\x85\u2028\u2029]", data.decode(errors="replace")))
    found: Document | KnowledgeError
    try:
        found = parse(FILE, data)
    except KnowledgeError as error:
        found = error
    if isinstance(found, Document):
        assert only_texts(found.value)
    else:
        assert found.problems
        assert all(0 <= problem.line <= last + 1 and problem.message for problem in found.problems)


def only_texts(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and only_texts(held) for key, held in value.items())
    return all(map(only_texts, value)) if isinstance(value, list) else isinstance(value, str)


PIECES = st.sampled_from([
    "a", "b: ", "- ", "? ", ": ", "\n", "\n  ", "\n    ", "\t", "[", "]", "{", "}", ",", "&x ", "*x", "!t ", "!!str ",
    "|\n", ">-\n ", "'", '"', "# c", "---\n", "...\n", "%YAML 1.1\n", "<<: ", "~", "\ufeff", "\u2028", "\x85", "\r",
    "\\ud800", "ā", "9" * 400, "2023-99-99", "\x00", "@", "`",
])  # fmt: skip


@FUZZ
@given(st.lists(PIECES, max_size=25).map("".join))
@example('"\\')
@example("? [a]\n: &x {*x : *x}")
def test_no_text_does_anything_else(text: str) -> None:
    assert_document_or_problems(text.encode())


@FUZZ
@given(st.binary(max_size=60))
def test_no_bytes_do_anything_else(data: bytes) -> None:
    assert_document_or_problems(data)


@FUZZ
@given(st.sampled_from(sorted(SMALL)), st.integers(0, 1500), st.integers(0, 40), st.binary(max_size=4))
def test_no_slip_in_a_good_file_does_anything_else(file: str, start: int, cut: int, put: bytes) -> None:
    data = SMALL[file].encode()
    assert_document_or_problems(data[:start] + put + data[start + cut :])
