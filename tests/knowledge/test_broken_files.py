"""However broken the files are, loading gives a snapshot or a list of problems, and nothing else."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.knowledge.samples import FUZZ, SMALL, assert_snapshot_or_problems, encoded
from tests.trees import paths, with_other, without


@FUZZ
@given(st.sampled_from(sorted(SMALL)), st.text(max_size=40))
def test_no_text_in_any_file_gives_anything_but_a_snapshot_or_problems(file: str, text: str) -> None:
    assert_snapshot_or_problems({**encoded(SMALL), file: text.encode(errors="surrogatepass")})


@FUZZ
@given(st.sampled_from(sorted(SMALL)), st.binary(max_size=40))
def test_no_bytes_in_any_file_give_anything_but_a_snapshot_or_problems(file: str, data: bytes) -> None:
    assert_snapshot_or_problems({**encoded(SMALL), file: data})


TREES = {file: yaml.load(text, Loader=yaml.BaseLoader) for file, text in SMALL.items()}
SPOTS = [(file, path) for file, tree in TREES.items() for path in paths(tree)]
VALUES: list[Any] = [
    None, "", " ", "x", "kraslava", "policija", "contact/kraslava/policija", "lv", "8898", "²", "2023-13-99", "{",
    "{x}", "true", "-1", "1e999", "\x1b", "ā" * 5000, [], {}, [[]], [{}], {"lv": []}, {"lv": "x"}, {"x": "y"},
    ["x", ["y"]], {"": ""},
]  # fmt: skip


def mutated(spot: tuple[str, tuple[Any, ...]], value: Any) -> tuple[str, Any]:
    """A file with something left out (None) or put differently at a spot."""
    file, path = spot
    tree = TREES[file]
    return file, without(tree, path) if value is None else with_other(tree, path, value)


@FUZZ
@given(st.lists(st.tuples(st.sampled_from(SPOTS), st.sampled_from(VALUES)), min_size=1, max_size=3))
def test_nothing_left_out_or_replaced_gives_anything_but_a_snapshot_or_problems(
    changes: list[tuple[tuple[str, tuple[Any, ...]], Any]],
) -> None:
    trees = dict(mutated(spot, value) for spot, value in changes)
    written = {file: yaml.safe_dump(tree, allow_unicode=True).encode() for file, tree in trees.items()}
    assert_snapshot_or_problems({**encoded(SMALL), **written})
