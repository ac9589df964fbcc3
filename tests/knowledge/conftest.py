"""The shipped knowledge, loaded once for all tests."""

from __future__ import annotations

import pytest

from knowledge.build import Files
from knowledge.index import Index
from knowledge.load import Loaded, load_with_files
from knowledge.model import KnowledgeBase
from knowledge.prepare import prepare


@pytest.fixture(scope="session")
def shipped() -> tuple[Loaded, Files]:
    return load_with_files()


@pytest.fixture(scope="session")
def kb(shipped: tuple[Loaded, Files]) -> KnowledgeBase:
    return shipped[0].kb


@pytest.fixture(scope="session")
def index() -> Index:
    return prepare().index
