"""Ids of people, chats and messages become hashes that lead nowhere without the key file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.errors import KeyFileError
from bot.store.identity import KEY_FILE, Keys, load_keys

KEYS = Keys(secret=bytes(32))
words = st.text(st.characters(codec="utf-8"), max_size=6)


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    keys = load_keys(tmp_path / "data")
    file = tmp_path / "data" / KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert load_keys(tmp_path / "data") == keys
    assert load_keys(tmp_path / "other") != keys


def test_processes_that_start_together_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(load_keys, [tmp_path] * 8))
    assert len({keys.secret for keys in made}) == 1
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("content", ["", "no hex", "abcd"])
def test_a_broken_key_file_is_not_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / KEY_FILE).write_text(content)
    with pytest.raises(KeyFileError, match="restore it from a backup"):
        load_keys(tmp_path)
    assert (tmp_path / KEY_FILE).read_text() == content


def test_a_directory_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFileError, match="mend the rights"):
        load_keys(tmp_path / "file")


def test_the_key_is_not_shown() -> None:
    assert "0000" not in repr(KEYS)
    assert "\\x00" not in repr(KEYS)


@given(st.tuples(words, words, words, words), st.tuples(words, words, words, words))
def test_different_conversations_have_different_keys(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    network, chat, person, thread = zip(one, other, strict=True)
    first, second = (KEYS.whose(network=network[i], chat=chat[i], person=person[i], thread=thread[i]) for i in range(2))
    assert (first == second) == (one == other)
    assert (first.person == second.person) == (one[0] == other[0] and one[2] == other[2])
    assert (first.chat == second.chat) == (one[:2] == other[:2])


def test_an_id_with_half_a_letter_has_a_key_of_its_own() -> None:
    assert KEYS.event("telegram", "1", "album:\ud800") != KEYS.event("telegram", "1", "album:\udfff")


@given(words, words)
def test_keys_of_one_purpose_are_none_of_another(network: str, name: str) -> None:
    assert len({KEYS.chat(network, name), KEYS.person(network, name), KEYS.event(network, name, "")}) == 3
