"""The shipped knowledge, read once for all tests."""

from __future__ import annotations

import pytest

from knowledge.build import Files
from knowledge.index import Index
from knowledge.load import load_with_files
from knowledge.loaded import Loaded
from knowledge.model import KnowledgeBase


@pytest.fixture(scope="session")
def read() -> tuple[Loaded, Files]:
    return load_with_files()


@pytest.fixture(scope="session")
def kb(read: tuple[Loaded, Files]) -> KnowledgeBase:
    return read[0].kb


@pytest.fixture(scope="session")
def index(shipped: Index) -> Index:
    return shipped
