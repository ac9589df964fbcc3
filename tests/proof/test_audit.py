"""What is known against a package fails the check; what is not known is told."""

from __future__ import annotations

from pathlib import Path

from tests.proof.audit import Audit, failed, read, shown

FILE = Path("requirements/run.txt")
WELL = {"name": "well", "version": "1", "vulns": []}
ILL = {
    "name": "ill",
    "version": "2",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}, {"id": "X", "fix_versions": []}],
}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found on PyPI"}


def audit(*packages: object) -> Audit:
    return read({"dependencies": packages, "fixes": []})


def test_an_advisory_fails_and_says_what_mends_it() -> None:
    found = audit(WELL, ILL)
    assert failed([found], required=False)
    assert shown(FILE, found) == [
        "requirements/run.txt: 2 of 2 packages audited, 2 advisories",
        "ill 2: PYSEC-1, mended in 2.1",
        "ill 2: X, mended in no version yet",
    ]


def test_what_nothing_is_known_of_fails_only_where_that_is_required() -> None:
    found = audit(WELL, UNKNOWN)
    assert not failed([found], required=False)
    assert failed([found], required=True)
    assert shown(FILE, found)[1] == "NOT AUDITED, unknown to the index that was asked: unknown"


def test_no_answer_is_told() -> None:
    assert not failed([None], required=False)
    assert failed([None, audit(WELL)], required=True)
    assert shown(FILE, None) == ["requirements/run.txt: NOT AUDITED, the package index did not answer"]


def test_nothing_known_against_all_of_them_passes() -> None:
    assert not failed([audit(WELL), audit(WELL)], required=True)
