"""The list of licences is that of what is pinned, and holds nothing that could not be passed on."""

from __future__ import annotations

import re

from tests.licences import LIST, table

MAY_BE_PASSED_ON = (
    "MIT",
    "BSD",
    "Apache",
    "ISC",
    "Internet Systems",
    "PSF",
    "Python Software",
    "Unlicense",
    "MPL",
    "LGPL",
)


def test_the_list_is_true() -> None:
    listed = dict(
        re.findall(r"^\| ([a-z0-9][a-z0-9-]*) \| ([^|]+) \|$", LIST.read_text(encoding="utf-8"), re.MULTILINE)
    )
    listed.pop("package", None)
    found = table()
    assert list(listed) == list(found)
    for package, licence in found.items():
        # What another system needs (Windows) is not installed here.
        assert licence in {"", listed[package]}, package
        assert not licence or any(name in licence for name in MAY_BE_PASSED_ON), (package, licence)
