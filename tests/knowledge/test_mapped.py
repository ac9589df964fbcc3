"""Arrays come back from a file as they were, and not at all from a damaged one."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from knowledge import mapped

HELD: dict[str, npt.NDArray[Any]] = {
    "one": np.arange(7, dtype=np.int32),
    "a longer name": np.linspace(0, 1, 12, dtype=np.float16).reshape(3, 4),
    "none": np.empty((0, 5), dtype=np.int8),
    "text": np.array("Krāslava\nLudza"),
    "bytes": np.frombuffer(b"abc", dtype=np.uint8),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with (tmp_path / "held.npz").open("wb") as file:
        mapped.write(file, HELD)
    return tmp_path / "held.npz"


def test_arrays_come_back_where_a_processor_reads_them_best(path: Path) -> None:
    found = mapped.read(path)
    assert list(found) == list(HELD)
    for name, array in HELD.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert np.array_equal(found[name], array)
        assert found[name].flags.aligned


def test_numpy_reads_them_too(path: Path) -> None:
    with np.load(path, allow_pickle=False) as held:
        assert all(np.array_equal(held[name], array) for name, array in HELD.items())


def test_they_outlive_their_file(path: Path) -> None:
    found = mapped.read(path)
    path.unlink()
    assert np.array_equal(found["one"], HELD["one"])


def test_a_damaged_file_is_told(path: Path) -> None:
    whole = path.read_bytes()
    at = whole.index(HELD["one"].tobytes())
    for damage in (b"", whole[: len(whole) // 2], whole[:at] + b"\xff" + whole[at + 1 :]):
        path.write_bytes(damage)
        with pytest.raises((ValueError, zipfile.BadZipFile)):
            mapped.read(path)
