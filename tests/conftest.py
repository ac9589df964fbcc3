"""What all tests share: the shipped knowledge, learned once for the whole run, and a Matrix homeserver."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from knowledge.files import DATA
from knowledge.index import Index
from knowledge.model import KnowledgeBase
from knowledge.prepare import prepare
from tests.servers.synapse import Synapse


@pytest.fixture(scope="session", autouse=True)
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory of this run; commands that tests start find the learned model there."""
    directory = tmp_path_factory.mktemp("data")
    (directory / "models").symlink_to(_shared(tmp_path_factory), target_is_directory=True)
    before = {name: value for name, value in os.environ.items() if name.startswith("SELIS_")}
    for name in before:
        del os.environ[name]
    os.environ["SELIS_DATA_DIR"] = str(directory)
    yield directory
    del os.environ["SELIS_DATA_DIR"]
    os.environ.update(before)


@pytest.fixture(scope="session")
def shipped(data_dir: Path) -> Index:
    """The index of the shipped knowledge."""
    models = data_dir / "models"
    with _alone(models):
        return prepare(DATA, models).index


@pytest.fixture(scope="session")
def shipped_kb(shipped: Index) -> KnowledgeBase:
    """The shipped knowledge."""
    return shipped.kb


@pytest.fixture(scope="session")
def synapse() -> Iterator[Synapse]:
    """A Matrix homeserver; each test brings users of its own."""
    server = Synapse()
    yield server
    server.close()


def _shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all processes of a run under pytest-xdist: the model is learned once, by the first."""
    base = tmp_path_factory.getbasetemp()
    models = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "models"
    models.mkdir(exist_ok=True)
    return models


@contextmanager
def _alone(models: Path) -> Iterator[None]:
    with (models / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
