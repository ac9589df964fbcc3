"""A lock has one process, and goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.lock import AlreadyRunningError, locked


def test_a_lock_has_one_process(tmp_path: Path) -> None:
    with locked(tmp_path / "a.lock", "talks"):
        with pytest.raises(AlreadyRunningError, match="talks: stop it first"), locked(tmp_path / "a.lock", "talks"):
            pass
        with locked(tmp_path / "b.lock", "talks"):
            pass
    with locked(tmp_path / "a.lock", "talks"):
        pass
