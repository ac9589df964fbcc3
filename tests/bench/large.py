"""Knowledge many times as large as the shipped one: does it load, how fast are questions, how much memory is held?

    python tests/bench/large.py             100 times, all 42 municipalities and more, generated
    python tests/bench/large.py 3           3 times
    python tests/bench/large.py 3 --keep D  leave the knowledge and the model in D; what stands there is used again

The shipped directory is taken as it is, its questions too (they are not multiplied), and copied TIMES - 1 times with
other words: every municipality, place, contact, organisation, instrument, medium and account of practice. Half of the
telling words of a copy are replaced by made-up ones with the same ending, from a stock that grows slower than the
knowledge, as the words of a language do; the rest is shared by all copies. So wordings differ, and are as long and as
many as the shipped ones. Office, group and small-talk topics stay as they are. Everything is the same in every run.

Asked are the shipped questions and generated ones: a wording of a copy without one of its words. Times of a question
are those of the processor, times of a build those of the clock, in processes of their own (Linux for the memory).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot import memory
from knowledge import nodes
from knowledge.prepare import prepare
from knowledge.read import read
from knowledge.train import EPOCHS
from tests.bench import data
from tests.bench.generated import LISTS, generate
from tests.bench.speed import asking, dialogue, neighbours, timed

TARGETS = {"build": 20.0, "median": 3.0, "memory": 700.0}
"""Seconds, milliseconds, MB."""
SHIPPED, GENERATED, SLOW = 300, 300, 20
"""How many shipped and generated questions are asked, and how many of them the baselines are asked."""
_SERVE = """
import json, sys
from pathlib import Path
from knowledge import train
from tests.bench import large
train.EPOCHS = int(sys.argv[3])
print(json.dumps(large.serve(Path(sys.argv[1]), Path(sys.argv[2]))))
"""


def _resident(key: str) -> float:
    """MB of this process: VmRSS now, VmHWM at most."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith(key)).split()[1]) / 1024


def serve(knowledge: Path, kept: Path) -> dict[str, Any]:
    """Build a snapshot, with the kept model if there is one; then ask questions. In a process of its own."""
    start = time.perf_counter()
    began: list[float] = []
    index = prepare(knowledge, kept, lambda: began.append(time.perf_counter())).index
    memory.give_back()  # as every start does
    build = time.perf_counter() - start
    ask = asking(dialogue(index))
    ask("kur celt trauksmi Krāslavā?")
    resident, peak = _resident("VmRSS"), _resident("VmHWM")
    if began:
        return {"build": build, "training": build - (began[0] - start), "peak": peak}
    shipped, made = questions(knowledge)
    timed(ask, shipped[:20])
    spent = [timed(ask, shipped), timed(ask, [text for text, _ in made])]
    found = [read(text, index).candidates[:1] for text, _ in made]
    right = sum(bool(c) and c[0].topic.partition("#")[0] == e for c, (_, e) in zip(found, made, strict=True))
    return {
        "build": build, "memory": resident, "peak": peak, "topics": len(index.kb.topics), "spent": spent,
        "features": len(index.model.vectoriser.names), "votes": len(index.model.votes.votes),
        "right": right / len(made),
        "model": max(path.stat().st_size for path in kept.iterdir()) / 1e6, "entries": len(index.kb.entries),
        "places": len(index.kb.places),
    }  # fmt: skip


def questions(knowledge: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """Some shipped questions, and some made of wordings of the copies, each with the entry it is about."""
    chance = random.Random("questions")
    files = sorted(knowledge.glob("questions/*.yaml"))
    texts = [text for file in files for text in re.findall(r'^- text: "(.+)"$', file.read_text("utf-8"), re.M)]
    copies = sorted(path for path in knowledge.glob("*/*.yaml") if re.search(r"[0-9]$", path.stem))
    copies = [path for path in copies if path.parent.name in {"practice", "organisations", "instruments", "media"}]
    made: list[tuple[str, str]] = []
    for path in chance.choices(copies, k=40) if copies else ():
        document: Any = nodes.parse(path.name, path.read_bytes()).value
        made += [made_of for key in LISTS for made_of in _asked(key, document.get(key, ()), chance)]
    return chance.sample(texts, SHIPPED), chance.sample(made, min(GENERATED, len(made)))


def _asked(key: str, entries: Any, chance: random.Random) -> Iterator[tuple[str, str]]:
    kind = key.removesuffix("s") if key != "media" else key
    for found in entries:
        for part in (found, *found.get("answers", ())):
            for text in part.get("phrases", {}).get("lv", ()):
                words = text.split()
                del words[chance.randrange(len(words))]
                if len(words) > 1:
                    yield " ".join(words), f"{kind}/{found['id']}"


def run(knowledge: Path, kept: Path, epochs: int) -> dict[str, Any]:
    """Serve in a new process."""
    command = [sys.executable, "-c", _SERVE, str(knowledge), str(kept), str(epochs)]
    result: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return result


def baseline_lines(knowledge: Path, ours: float) -> Iterator[str]:
    """rapidfuzz and BM25 over all wordings, asked some of the same questions; our median as a multiple of theirs."""
    held = data.load(knowledge)
    shipped, made = questions(knowledge)
    texts = [*shipped[: SLOW // 2], *(text for text, _ in made[: SLOW // 2])]
    yield f"wordings: {len(held.phrases)} names and phrases, {sum(map(bool, held.questions))} questions"
    for name, work in neighbours(held):
        middle = data.median(timed(work, texts))
        yield f"{name}: median {middle:.2f} ms; ours is {ours / middle:.3f} of it"


def measure(directory: Path, times: int, *, epochs: int, baselines: bool) -> Iterator[str]:
    """Generate unless done, train unless kept, and measure."""
    knowledge, kept = directory / "knowledge", directory / "models"
    if not knowledge.exists():
        start = time.perf_counter()
        generate(knowledge, times)
        yield f"generated in {time.perf_counter() - start:.0f} s"
    size = sum(path.stat().st_size for path in knowledge.rglob("*.yaml")) / 1e6
    asked = sum(path.stat().st_size for path in knowledge.glob("questions/*.yaml")) / 1e6
    yield f"{times} times: {size:.1f} MB of YAML, {asked:.1f} of it questions"
    held = run(knowledge, kept, epochs)
    if "training" in held:
        yield f"first start {held['build']:.0f} s, {epochs} epochs of training {held['training']:.0f} s"
        yield f"  at most {held['peak']:.0f} MB"
        held = run(knowledge, kept, epochs)
    every = [spent for part in held["spent"] for spent in part]
    middle = data.median(every)
    yield (
        f"{held['entries']} entries, {held['places']} places, {held['topics']} topics, {held['features']} features, "
        f"{held['votes']} votes, model {held['model']:.0f} MB"
    )
    yield _line("build", "snapshot build with a kept model, s", held["build"])
    yield _line("median", "one question, median, ms", middle)
    parts = " / ".join(f"{data.median(part):.2f}" for part in held["spent"])
    yield f"  99th {data.quantile(every, 0.99):.2f} ms, worst {max(every):.2f}; shipped / generated medians {parts}"
    yield _line("memory", "resident after one question, MB", held["memory"]) + f" (at most {held['peak']:.0f})"
    yield f"generated questions whose entry is found first: {100 * held['right']:.1f} %"
    if baselines:
        yield from baseline_lines(knowledge, middle)


def _line(target: str, name: str, value: float) -> str:
    return f"{name}: {value:.2f}, target {TARGETS[target]:.0f}: {'met' if value <= TARGETS[target] else 'MISSED'}"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("times", nargs="?", type=int, default=100, help="how many times as large; 100")
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where knowledge and model stay")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="fewer train faster and less accurately")
    parser.add_argument("--no-baselines", action="store_true", help="leave rapidfuzz and BM25 out")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        directory = chosen.keep or Path(temporary)
        for line in measure(directory, chosen.times, epochs=chosen.epochs, baselines=not chosen.no_baselines):
            print(line, flush=True)


if __name__ == "__main__":
    main()
