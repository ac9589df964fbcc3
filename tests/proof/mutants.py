"""Which mutants do the tests kill? Runs mutmut as [tool.mutmut] says, and tells for each module how many live on.

    python -m tests.proof.mutants                     all modules
    python -m tests.proof.mutants 'bot.decide.*'      some mutants, by name

A mutant is a module with one small change. One that no test notices is a rule that nobody promised, or no change at
all ("equivalent"). mutmut 3 changes what stands in functions: statements of a module, such as the SQL of the outbox,
are not changed.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

LEAST = 85
"""Per cent of the mutants of each module that must be killed."""
DEAD = {"killed", "timeout", "suspicious", "segfault", "caught by type check"}
MUTMUT = str(Path(sys.executable).with_name("mutmut"))


def outcomes() -> list[tuple[str, str]]:
    """Each mutant that was tried, by name, with what became of it."""
    told = subprocess.run([MUTMUT, "results", "--all", "true"], capture_output=True, text=True, check=True).stdout
    pairs = [line.strip().rpartition(": ") for line in told.splitlines() if "__mutmut_" in line]
    return [(name, outcome) for name, _, outcome in pairs if outcome != "not checked"]


def main() -> None:
    """Run, and fail where a module falls below LEAST."""
    subprocess.run([MUTMUT, "run", "--max-children", "2", *sys.argv[1:]], check=True)
    modules: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, outcome in outcomes():
        module = name.rpartition(".")[0]
        modules[module]["dead" if outcome in DEAD else "alive"] += 1
        if outcome not in DEAD:
            print(f"{outcome}: {name}")
    print("\n| module | mutants | killed |\n| --- | --- | --- |")
    shares = {}
    for module, found in sorted(modules.items()):
        shares[module] = 100 * found["dead"] / found.total()
        print(f"| `{module}` | {found.total()} | {shares[module]:.1f} % |")
    print(f"\nWhat one changes: {MUTMUT} show NAME")
    sys.exit(any(share < LEAST for share in shares.values()))


if __name__ == "__main__":
    main()
