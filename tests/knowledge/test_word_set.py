"""A set of words that keeps their hashes alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.word_set import word_set

ANY_WORD = st.text(st.characters(), max_size=12)


@given(words=st.sets(ANY_WORD, max_size=30), others=st.sets(ANY_WORD, max_size=30))
def test_it_holds_its_words_and_no_others(words: set[str], others: set[str]) -> None:
    held = word_set(words)
    assert len(held) == len(words)
    assert all(word in held for word in words)
    assert not any(word in held for word in others - words)


def test_half_a_letter_is_a_word_like_any_other() -> None:
    assert "\ud800" in word_set(["\ud800"])
