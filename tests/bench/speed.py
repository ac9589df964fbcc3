"""Time and memory of the shipped program, run by hand on a quiet machine (Linux for the memory).

    python tests/bench/speed.py                  everything
    python tests/bench/speed.py questions long   some parts: questions, long, build, memory
    python tests/bench/speed.py --profile misspelt   where the time of one kind of long message goes

Where two programs do the same work, finding the nearest of all wordings, rapidfuzz and BM25 do it in the same run, and
the last columns are our time as a multiple of theirs.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import math
import pstats
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.messages import ConversationId, IncomingMessage
from bot.talk import Talk
from knowledge.files import DATA
from knowledge.index import Index
from knowledge.prepare import prepare
from tests.bench import data
from tests.bench.baselines import BASELINES
from tests.bench.data import Knowledge, Wording

LENGTHS = (512, 1024, 2048, 4096)
REPEATS = 5
SAMPLE = 300
"""How many questions the slow baselines are asked."""
PARTS = ("questions", "long", "build", "memory")
LATIN = "aābcčdeēfgģhiījkķlļmnņoprsštuūvzž"
CYRILLIC = "абвгдежзиклмнопрстуфхцчшщыьэюя"


def dialogue(index: Index) -> Talk:
    """A dialogue over an index, at a moment that stands still."""
    return Talk(index=index, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))


def timed(work: Callable[[Any], object], items: Sequence[Any]) -> list[float]:
    """Milliseconds of the processor for each call, so that other programs do not count; garbage collected as in use."""
    spent: list[float] = []
    gc.collect()
    for item in items:
        start = time.process_time()
        work(item)
        spent.append(1000 * (time.process_time() - start))
    return spent


def _patiently(work: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """The same for long messages; one that takes a second is not repeated."""
    first = timed(work, texts[:1])
    return first if first[0] > 1000 else first + timed(work, texts[1:])


def asking(talk: Talk) -> Callable[[str], object]:
    """What asks a text, each in a conversation of its own."""
    numbers = iter(range(sys.maxsize))
    return lambda text: talk.respond(
        IncomingMessage(conversation=ConversationId.of_terminal(str(next(numbers))), text=text)
    )


def neighbours(held: Knowledge) -> list[tuple[str, Callable[[str], object]]]:
    """rapidfuzz and BM25 over all wordings, with what prepares a raw text for them."""
    wordings = [*held.phrases, *(question for question in held.questions if question)]
    topics = [wording.topic for wording in wordings]
    made: list[tuple[str, Callable[[str], object]]] = []
    for baseline in BASELINES[:2]:
        prepared = data.stems if baseline.stemmed else data.folded
        texts = [prepared(wording, held.tables, places=False) for wording in wordings]
        made.append((baseline.name, _ranking(baseline.learn(texts, topics), prepared, held)))
    return made


def _ranking(rank: Callable[[Any], object], prepared: Callable[..., Any], held: Knowledge) -> Callable[[str], object]:
    languages = {question.text: question.language for question in held.questions if question}
    fallback = next(iter(languages.values()))

    def ask(text: str) -> object:
        wording = Wording(topic="", language=languages.get(text, fallback), text=text)
        return rank(prepared(wording, held.tables, places=False))

    return ask


def question_lines(index: Index, held: Knowledge) -> Iterator[str]:
    """Talk.respond over the project's own questions, beside rapidfuzz and BM25."""
    texts = [question.text for question in held.questions if question]
    texts = random.Random(1).sample(texts, len(texts))
    ask = asking(dialogue(index))
    timed(ask, texts[:20])
    first, again = timed(ask, texts), timed(ask, texts)
    yield f"{len(texts)} questions over {len(held.phrases) + len(texts)} wordings"
    yield "| ms a question | median | 99th | worst | ours as a multiple, median |"
    yield "| --- | --- | --- | --- | --- |"
    yield _row("Talk.respond, each question once", first, first)
    yield _row("Talk.respond, asked again (words in caches)", again, first)
    for name, work in neighbours(held):
        yield _row(f"{name} of {SAMPLE}", timed(work, texts[:SAMPLE]), first)


def _row(name: str, spent: Sequence[float], ours: Sequence[float]) -> str:
    middle = data.median(spent)
    multiple = data.median(ours) / middle
    return f"| {name} | {middle:.3f} | {data.quantile(spent, 0.99):.2f} | {max(spent):.2f} | {multiple:.2f} |"


def _words(letters: str, *, capital: bool = False) -> Callable[[random.Random], str]:
    def words(chance: random.Random) -> str:
        made = ["".join(chance.choices(letters, k=chance.randint(4, 12))) for _ in range(1000)]
        return " ".join(word.capitalize() if capital else word for word in made)

    return words


def _misspelt(held: Knowledge) -> Callable[[random.Random], str]:
    known = sorted(word for word in held.tables.gazetteer.forms.listed if len(word) > 8)

    def words(chance: random.Random) -> str:
        return " ".join(word[:5] + chance.choice(LATIN) + "x" + word[6:] for word in chance.choices(known, k=800))

    return words


def contents(held: Knowledge) -> dict[str, Callable[[random.Random], str]]:
    """Kinds of long messages: each is made anew for each measurement, so that no cache knows its words."""
    texts = [question.text for question in held.questions if question and question.language == "lv"]
    russian = [question.text for question in held.questions if question and question.language == "ru"]
    emoji = "😀🎉🇱🇻👍🏽👨‍👩‍👧"
    return {
        "questions": lambda chance: " ".join(chance.sample(texts, 200)),
        "Russian questions": lambda chance: " ".join(chance.sample(russian, 200)),
        "made-up words": _words(LATIN),
        "made-up capital words": _words(LATIN, capital=True),
        "made-up Cyrillic words": _words(CYRILLIC),
        "misspelt place names": _misspelt(held),
        "one long word": lambda chance: "".join(chance.choices(LATIN, k=5000)),
        "one word, hyphens": lambda chance: "-".join(chance.choices(LATIN, k=3000)),
        "one letter": lambda chance: chance.choice(LATIN) * 5000,
        "digits": lambda chance: "".join(chance.choices("0123456789", k=5000)),
        "digits, spaces": lambda chance: " ".join(chance.choices("0123456789", k=3000)),
        "emoji": lambda chance: "".join(chance.choices(emoji, k=5000)),
        "punctuation": lambda chance: "".join(chance.choices(".,!?;:()[]{}<>/\\|@#'\"-", k=5000)),
        "at signs": lambda chance: "".join(chance.choices("a@.", k=5000)),
        "combining marks": lambda chance: "".join(chance.choices("aā\u0304\u0301\u0327", k=5000)),
        "letters and at signs in turn": lambda chance: ("b" * 256 + "@" * 256) * 10,
        "line breaks": lambda chance: "a\n" * 2500,
    }


def long_lines(index: Index, held: Knowledge) -> Iterator[str]:
    """Long messages of several kinds, and how the time grows with the length: 1 is linear."""
    ask = asking(dialogue(index))
    timed(ask, ["kur celt trauksmi Krāslavā?"] * 20)
    others = neighbours(held)
    yield "| ms, length | " + " | ".join(map(str, LENGTHS)) + " | worst | growth | of rapidfuzz | of BM25 |"
    yield "| --- " * (len(LENGTHS) + 5) + "|"
    for name, make in contents(held).items():
        made = [make(random.Random(f"{name} {repeat}")) for repeat in range(REPEATS * len(LENGTHS))]
        spent = [_patiently(ask, [t[:length] for t in made[at :: len(LENGTHS)]]) for at, length in enumerate(LENGTHS)]
        middles = [data.median(times) for times in spent]
        growth = math.log(middles[-1] / middles[0]) / math.log(LENGTHS[-1] / LENGTHS[0])
        theirs = [timed(work, [made[-1][: LENGTHS[-1]]])[0] for _, work in others]
        multiples = " | ".join(f"{middles[-1] / other:.2f}" for other in theirs)
        cells = " | ".join(f"{middle:.2f}" for middle in middles)
        yield f"| {name} | {cells} | {max(spent[-1]):.2f} | {growth:.2f} | {multiples} |"


def profile(index: Index, held: Knowledge, kind: str) -> None:
    """Where the time of a long message goes."""
    name = next(name for name in contents(held) if kind in name)
    ask = asking(dialogue(index))
    ask("kur celt trauksmi Krāslavā?")
    text = contents(held)[name](random.Random(0))[: LENGTHS[-1]]
    profiler = cProfile.Profile()
    profiler.runcall(ask, text)
    print(name)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(14)


_BUILD = """
import sys, time; from pathlib import Path
start = time.perf_counter()
from knowledge.files import DATA; from knowledge.prepare import prepare
ready = time.perf_counter()
prepare(DATA, Path(sys.argv[1]))
print(ready - start, time.perf_counter() - ready)
"""


def build_lines() -> Iterator[str]:
    """Building a snapshot in a process of its own: the model trained, then the kept model read."""
    with tempfile.TemporaryDirectory() as kept:
        for name in ("trained", *["kept model"] * REPEATS):
            done = subprocess.run(
                [sys.executable, "-c", _BUILD, kept], capture_output=True, text=True, check=True
            ).stdout.split()
            yield f"snapshot build, {name}: {float(done[1]):.2f} s (and {float(done[0]):.2f} s to import)"


def memory_lines(kept: Path) -> Iterator[str]:
    """Resident memory of `selis chat` after one question, and the most it ever was."""
    command = [sys.executable, "-m", "adapters.cli", "chat"]
    environment = {"SELIS_DATA_DIR": str(kept), "PYTHONPATH": ":".join(sys.path[1:]), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as chat:
        assert chat.stdin is not None
        assert chat.stdout is not None
        chat.stdin.write("kur celt trauksmi Krāslavā?\n".encode())
        chat.stdin.flush()
        answer = chat.stdout.readline().decode().strip()
        status = Path(f"/proc/{chat.pid}/status").read_text(encoding="ascii")
        held = {line.partition(":")[0]: int(line.split()[1]) for line in status.splitlines() if line.endswith(" kB")}
        chat.stdin.close()
        yield f"selis chat, resident after {answer!r}: {held['VmRSS'] / 1024:.0f} MB (peak {held['VmHWM'] / 1024:.0f})"


def main() -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; none: all")
    parser.add_argument("--profile", metavar="KIND", help="the kind of long message to profile")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    parts = chosen.parts or PARTS
    with tempfile.TemporaryDirectory() as directory:
        held = data.load()
        # Prepared last: what the measurement itself holds is then not looked through for garbage.
        index = prepare(DATA, Path(directory) / "models").index
        if chosen.profile:
            profile(index, held, chosen.profile)
            return
        lines: dict[str, Callable[[], Iterator[str]]] = {
            "questions": lambda: question_lines(index, held),
            "long": lambda: long_lines(index, held),
            "build": build_lines,
            "memory": lambda: memory_lines(Path(directory)),
        }
        for part in parts:
            print(f"\n## {part}\n")
            for line in lines[part]():
                print(line, flush=True)


if __name__ == "__main__":
    main()
