"""What is known against the packages that are pinned? pip-audit asks the package index.

    python -m tests.proof.audit requirements/run.txt            fails where a package has a known vulnerability
    python -m tests.proof.audit --required requirements/run.txt fails as well where the index has not told of all

Where there is no way to an index that knows advisories, a check of the code need not fail: it says what it did not see.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """`vulnerable` has a line for each advisory, `unknown` the packages that nothing was told of."""

    vulnerable: tuple[str, ...]
    unknown: tuple[str, ...]
    asked: int


def read(report: Mapping[str, Any]) -> Audit:
    """What pip-audit's JSON says."""
    packages = report["dependencies"]
    return Audit(
        vulnerable=tuple(_line(package, found) for package in packages for found in package.get("vulns", ())),
        unknown=tuple(package["name"] for package in packages if "skip_reason" in package),
        asked=len(packages),
    )


def _line(package: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    mended = ", ".join(found["fix_versions"]) or "no version yet"
    return f"{package['name']} {package['version']}: {found['id']}, mended in {mended}"


def audited(file: Path) -> Audit | None:
    """Ask about the packages of a requirements file; None where no answer came."""
    command = ["-m", "pip_audit", "--format", "json", "--disable-pip", "--require-hashes", "-r", str(file)]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    try:
        return read(json.loads(done.stdout))
    except ValueError:
        return None


def shown(file: Path, audit: Audit | None) -> list[str]:
    """What to tell of a file."""
    if audit is None:
        return [f"{file}: NOT AUDITED, the package index did not answer"]
    told = f"{file}: {audit.asked - len(audit.unknown)} of {audit.asked} packages audited"
    unknown = [f"NOT AUDITED, unknown to the index that was asked: {', '.join(audit.unknown)}"] if audit.unknown else []
    return [f"{told}, {len(audit.vulnerable)} advisories", *unknown, *audit.vulnerable]


def failed(audits: Sequence[Audit | None], *, required: bool) -> bool:
    """Whether something is known against a package, or is `required` to be known and is not."""
    missing = any(audit is None or audit.unknown for audit in audits)
    return any(audit is not None and audit.vulnerable for audit in audits) or (required and missing)


def main() -> None:
    """Audit the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--required", action="store_true")
    parser.add_argument("files", nargs="+", type=Path)
    chosen = parser.parse_args()
    audits = [audited(file) for file in chosen.files]
    for file, audit in zip(chosen.files, audits, strict=True):
        print("\n".join(shown(file, audit)))
    sys.exit(failed(audits, required=chosen.required))


if __name__ == "__main__":
    main()
