"""Whose letters are whose: a successor has the name of the dead, and of nobody that lives."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

from bot.store.holder import take_name

CHILD = """
import sys, time
from pathlib import Path
from bot.store.holder import take_name
print(take_name(Path(sys.argv[1])).name, flush=True)
time.sleep(60)
"""


def test_a_successor_has_the_name_of_a_process_that_was_killed(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        name = child.stdout.readline().strip()
        beside = take_name(tmp_path)
        assert beside.name != name, "it lives"
        beside.close()
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    after = take_name(tmp_path)
    assert after.name == name
    after.close()


def test_two_beside_each_other_and_a_copy_have_names_of_their_own(tmp_path: Path) -> None:
    one, copy = tmp_path / "one", tmp_path / "copy"
    one.mkdir()
    first = take_name(one)
    shutil.copytree(one, copy)
    others = [take_name(one), take_name(one), take_name(copy)]
    assert len({holder.name for holder in (first, *others)}) == 4
    for holder in (first, *others):
        holder.close()


def test_after_another_start_of_the_machine_nothing_is_taken_over(tmp_path: Path) -> None:
    start, names = tmp_path / "boot_id", []
    for told in ("first", "second"):
        start.write_text(told)
        holder = take_name(tmp_path, start)
        names.append(holder.name)
        holder.close()
    assert names[0] != names[1]


def test_where_starts_cannot_be_told_apart_every_name_is_new(tmp_path: Path) -> None:
    names = {take_name(tmp_path, tmp_path / "missing").name for _ in range(2)}
    assert len(names) == 2
