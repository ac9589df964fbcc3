"""The list of packages that run with Sēlis and their licences: `python -m tests.licences` writes docs/licences.md."""

from __future__ import annotations

import re
from importlib.metadata import PackageMetadata, PackageNotFoundError, files, metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
LIST = ROOT / "docs" / "licences.md"
HEAD = """# Licences

Sēlis: the code under the [MIT licence](../LICENSE), the knowledge under [CC BY 4.0](../knowledge/data/LICENSE).
Coordinates come from GeoNames (CC BY 4.0). These packages run with it (`requirements/run.txt` and `postgres.txt`);
`python -m tests.licences` makes the list from what they say of themselves, and a test holds it to what is pinned.

| package | licence |
| --- | --- |
"""
_MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy"
_LONG = {"Apache Software License": "Apache-2.0", "MIT License": "MIT", "ISC License (ISCL)": "ISC"}


def packages() -> list[str]:
    """The names of what is pinned."""
    text = "".join((ROOT / "requirements" / name).read_text(encoding="utf-8") for name in ("run.txt", "postgres.txt"))
    return sorted(set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE)))


def licence(package: str) -> str:
    """What a package says of its licence, in a few words; nothing where it is not installed here (another Python)."""
    try:
        told = metadata(package)
    except PackageNotFoundError:
        return ""
    named = _field(told, "License-Expression")
    classified = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or () if "License ::" in line]
    short = _field(told, "License").splitlines()[:1]
    found = named or " / ".join(classified) or "".join(short) or ("MIT" if _MIT in _enclosed(package) else "")
    return _LONG.get(found, found)


def _field(told: PackageMetadata, name: str) -> str:
    return told[name] if name in told else ""  # noqa: SIM401 - the type promises no get


def _enclosed(package: str) -> str:
    """The licence texts that came with a package."""
    texts = [file for file in files(package) or () if "LICENSE" in file.name.upper()]
    return "".join(Path(str(file.locate())).read_text(encoding="utf-8") for file in texts)


def table() -> dict[str, str]:
    """Package and licence, as far as they are known here."""
    return {package: licence(package) for package in packages()}


if __name__ == "__main__":
    rows = [f"| {name} | {of or 'not installed on this system'} |" for name, of in table().items()]
    LIST.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
