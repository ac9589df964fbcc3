"""Fuzzers of all that reads what strangers write, guided by the branches they reach (atheris, which is libFuzzer).

    python -m tests.fuzz --seconds 600                        all targets, one after the other
    python -m tests.fuzz telegram matrix --seconds 60         some of them
    python -m tests.fuzz knowledge --again FILE               what was found, once more

What is found stands in build/fuzz/TARGET, with the corpus that grew; the seeds are made anew each time.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import subprocess
import sys
from pathlib import Path

TARGETS = ("knowledge", "http", "telegram", "matrix")
OURS = ["adapters", "bot", "knowledge"]
HOME = Path("build/fuzz")
LONGEST_SECONDS = 30
"""One input may take so long on a busy machine."""
MOST_BYTES = 16_384


def again(name: str, file: Path) -> None:
    """Do with one input what the fuzzer did."""
    with importlib.import_module(f"tests.fuzz.{name}").opened() as target:
        target(file.read_bytes())


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=OURS):
        module = importlib.import_module(f"tests.fuzz.{name}")
    # What is wrong with strangers' messages is logged, and would be all that is seen.
    logging.disable(logging.WARNING)
    corpus = HOME / name / "corpus"
    seeds = HOME / name / "seeds"
    for folder in (corpus, seeds):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(module.seeds()):
        (seeds / str(number)).write_bytes(seed)
    with module.opened() as target:
        atheris.Setup(
            [
                sys.argv[0], f"-max_total_time={seconds}", f"-timeout={LONGEST_SECONDS}", f"-max_len={MOST_BYTES}",
                "-len_control=0", f"-artifact_prefix={HOME / name}/found-", "-print_final_stats=1",
                "-rss_limit_mb=3000", str(corpus), str(seeds),
            ],
            target,
        )  # fmt: skip
        atheris.Fuzz()


def main() -> None:
    """Fuzz each target in a process of its own; fail where something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}; none: all")
    parser.add_argument("--seconds", type=int, default=600, help="how long each is fuzzed")
    parser.add_argument("--again", type=Path, help="a file with what was found")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    targets = chosen.targets or list(TARGETS)
    if unknown := set(targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    if chosen.again is not None:
        again(targets[0], chosen.again)
    elif chosen.here:
        fuzz(targets[0], chosen.seconds)
    else:
        command = [sys.executable, "-m", "tests.fuzz", "--here", "--seconds", str(chosen.seconds)]
        found = [name for name in targets if subprocess.run([*command, name], check=False).returncode]
        sys.exit(f"something was found: {', '.join(found)} (see {HOME})" if found else 0)


if __name__ == "__main__":
    main()
