"""Which branches do the tests run? Tells what `make coverage` found, the least covered modules first.

python -m tests.proof.branches build/coverage/report.json
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

LEAST = 90
"""Per cent of all branches."""
SHOWN = 25


def main() -> None:
    """Print the tables, and fail below LEAST."""
    report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    packages: defaultdict[str, Counter[str]] = defaultdict(Counter)
    modules = []
    for name, found in report["files"].items():
        summary = found["summary"]
        wanted, run = summary["num_branches"], summary["covered_branches"]
        packages[name.partition("/")[0]].update(wanted=wanted, run=run)
        modules.append((wanted - run, summary["missing_lines"], name, found))
    print("| module | branches not run | lines not run | branches, as from->to |\n| --- | --- | --- | --- |")
    for missed, lines, name, found in sorted(modules, key=lambda one: one[:2], reverse=True)[:SHOWN]:
        print(f"| {name} | {missed} | {lines} | {' '.join(f'{a}->{b}' for a, b in found['missing_branches'])} |")
    print("\n| package | branches | run |\n| --- | --- | --- |")
    whole = sum(packages.values(), Counter())
    for name, counted in [*sorted(packages.items()), ("all", whole)]:
        print(f"| {name} | {counted['wanted']} | {100 * counted['run'] / counted['wanted']:.1f} % |")
    sys.exit(100 * whole["run"] < LEAST * whole["wanted"])


if __name__ == "__main__":
    main()
