"""The slowest messages of up to 4,096 characters that hypothesis finds among mixtures of all kinds of content.

    python tests/bench/worst.py            1,000 messages
    python tests/bench/worst.py 30000

Every message is asked once, its words unknown as in life, and hypothesis is steered towards what took longer (the same
search in every run, as far as times are the same). The slowest are asked three times more, each time of a snapshot
that has met no words, and the middle one counts: what was slow by chance drops out.
"""

from __future__ import annotations

import argparse
import heapq
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings, target
from hypothesis import strategies as st

from knowledge.files import DATA
from knowledge.prepare import prepare
from knowledge.text import MAX_LENGTH
from tests.bench import data
from tests.bench.data import Knowledge
from tests.bench.speed import CYRILLIC, LATIN, asking, dialogue

TARGET = 25.0
"""Milliseconds."""
SLOWEST, REPEATS = 10, 3
_WORDS = 400


def pieces(held: Knowledge) -> st.SearchStrategy[str]:
    """What messages are made of: what residents say, names, slips, other letters, numbers, addresses, nonsense."""
    texts = [question.text for question in held.questions if question]
    names = sorted({phrase.text for phrase in held.phrases})
    places = sorted(held.tables.gazetteer.forms.listed)
    slips = st.tuples(st.sampled_from(places), st.integers(0, 9), st.sampled_from(LATIN))
    return st.one_of(
        st.sampled_from(texts),
        st.sampled_from(names),
        slips.map(lambda slip: slip[0][: slip[1]] + slip[2] + slip[0][slip[1] + 1 :]),
        st.text(LATIN, min_size=3, max_size=16),
        st.text(CYRILLIC, min_size=3, max_size=16),
        st.text(max_size=12),
        st.from_regex(r"\+371 [26][0-9]{7}|[a-z]{3,12}@[a-z]{3,12}\.lv", fullmatch=True),
    )


def messages(held: Knowledge) -> st.SearchStrategy[str]:
    """Messages as long as one may be: many pieces, and over again where they are short."""
    parts = st.lists(pieces(held), min_size=_WORDS // 4, max_size=_WORDS)
    joined = st.tuples(st.sampled_from([" ", "\n", ", ", ". ", "? "]), parts).map(lambda both: both[0].join(both[1]))
    return joined.map(lambda text: (f"{text} " * (MAX_LENGTH // (len(text) + 1) + 1))[:MAX_LENGTH])


def spent(ask: Callable[[str], object], text: str) -> float:
    """Milliseconds of the processor for one message."""
    start = time.process_time()
    ask(text)
    return 1000 * (time.process_time() - start)


def searched(held: Knowledge, ask: Callable[[str], object], number: int) -> list[str]:
    """The slowest messages found."""
    slowest: list[tuple[float, str]] = []

    @settings(
        max_examples=number, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.target),
    )  # fmt: skip
    @given(messages(held))
    def every(text: str) -> None:
        took = spent(ask, text)
        target(took)
        heapq.heappush(slowest, (took, text))
        if len(slowest) > SLOWEST:
            heapq.heappop(slowest)

    every()
    return list(dict.fromkeys(text for _, text in sorted(slowest, reverse=True)))


def main(number: int) -> None:
    """Search, and print the slowest anew measured."""
    held = data.load()
    with tempfile.TemporaryDirectory() as directory:
        fresh = partial(prepare, DATA, Path(directory))
        found = searched(held, asking(dialogue(fresh().index)), number)
        asks = [asking(dialogue(fresh().index)) for _ in range(REPEATS)]
        for ask in asks:
            ask("kur celt trauksmi Krāslavā?")
        measured = sorted(((data.median([spent(ask, text) for ask in asks]), text) for text in found), reverse=True)
    for middle, text in measured[:5]:
        print(f"{middle:6.1f} ms  {len(text.split()):5} words  {text[:80]!r} …")
    print(f"worst of {number}: {measured[0][0]:.1f} ms, target {TARGET:.0f}: ", end="")
    print("met" if measured[0][0] < TARGET else "MISSED")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("messages", nargs="?", type=int, default=1000, help="how many are tried; 1,000")
    main(parser.parse_args().messages)
