"""A model is learned in a process of its own, and in this one where that fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.learning import learn_aside
from knowledge.prepare import prepare_files
from tests.bot import little

FILES = little.whole()


def test_a_model_learned_in_another_process_is_the_same(tmp_path: Path) -> None:
    told: list[str] = []
    here = prepare_files(FILES, tmp_path / "here").index.model
    aside = prepare_files(FILES, tmp_path / "aside", lambda: told.append("learning"), elsewhere=learn_aside).index.model
    assert told == ["learning"]
    assert aside.vectoriser.names == here.vectoriser.names
    assert all((aside.votes.arrays()[name] == array).all() for name, array in here.votes.arrays().items())


def test_where_the_other_process_fails_the_model_is_learned_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert prepare_files(FILES, tmp_path, elsewhere=learn_aside).index.model.wholes
