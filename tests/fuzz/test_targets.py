"""The fuzzers' targets take their seeds, so that `make fuzz` has something to begin with."""

from __future__ import annotations

import importlib

import pytest

from tests.fuzz.__main__ import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_what_a_fuzzer_begins_with_passes(name: str) -> None:
    module = importlib.import_module(f"tests.fuzz.{name}")
    seeds = list(module.seeds())
    assert len(seeds) > 40
    with module.opened() as target:
        for seed in seeds:
            target(seed)
