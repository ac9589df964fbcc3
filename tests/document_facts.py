"""Every phone, e-mail and web address of the project's documents, one a line: kind, value, document.

    python -m tests.document_facts [DIRECTORY] > tests/knowledge/document_facts.txt

The documents (NNN_….txt) lie in DIRECTORY, else in SELIS_DOCUMENTS, else in ../shared/seeds beside the checkout. Values
are as in the document, but that what a table or a scan broke over lines is put together and phones are +371 and digits.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

Fact = tuple[str, str, str]
"""Kind (phone, email, page), value, and the number of the document."""

_BESIDE = Path(__file__).parents[2] / "shared" / "seeds"

_PAGE = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"„”]+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DOMAIN = re.compile(r"(?<![\w@./-])[a-zA-Z][\w-]*(?:\.[\w-]+)*\.(?:lv|com|org|eu)\b(?![@\w])")
_PHONE = re.compile(r"\+371[ \u00a0]?\d(?:[ \u00a0]?\d){7}(?!\d)|\b[26]\d{7}\b")
_SHORT_PHONE = re.compile(r"tālrunis:\s*(\d{3,6})\b", re.IGNORECASE)
_SPACED_OUT = re.compile(r"[“„\"]([^“”„\"]{4,60})[”\"]")
_SCRAP = re.compile(r"(?=\S*\d)(?=\S*[A-Z])[\w/?#=-]{15,}")
"""The rest of an address at the beginning of a line: a long run with digits and capitals, as no word has."""


def documents() -> Path:
    """Where the documents lie, unless told otherwise."""
    return Path(os.environ.get("SELIS_DOCUMENTS") or _BESIDE)


def facts_of(directory: Path) -> list[Fact]:
    """The facts of all documents of a directory, sorted, each once."""
    found = set()
    for path in sorted(directory.glob("[0-9][0-9][0-9]_*.txt")):
        number = path.name[:3]
        text = path.read_text(encoding="utf-8").replace("\u00ad", "")
        found |= {(kind, value, number) for kind, value in facts_in(text)}
    return sorted(found)


def facts_in(text: str) -> Iterator[tuple[str, str]]:
    """Kind and value of everything one text holds."""
    whole = "\n".join(mended(text.splitlines()))
    for address in _PAGE.findall(whole):
        yield "page", trimmed(address)
    rest = _PAGE.sub(" ", whole)
    for email in _EMAIL.findall(rest):
        yield "email", trimmed(email)
    rest = _EMAIL.sub(" ", rest)
    for domain in [*_DOMAIN.findall(rest), *spaced_out(rest)]:
        yield "page", trimmed(domain)
    for phone in [*_PHONE.findall(rest), *_SHORT_PHONE.findall(rest)]:
        digits = re.sub(r"[^\d+]", "", phone)
        yield "phone", digits if digits.startswith("+") or len(digits) < 8 else f"+371{digits}"


def mended(lines: list[str]) -> Iterator[str]:
    """The lines, with addresses that go on in the next line or table row put together.

    An address at the end of a line goes on where it ends in a hyphen, or where the next line begins with a scrap.
    In a table it goes on in the same column, which is the last one.
    """
    lines = list(lines)
    for position in range(len(lines)):
        while (following := _goes_on(lines, position)) is not None:
            before, tab, cell = lines[following].rpartition("\t")
            scrap, _, after = cell.strip().partition(" ")
            lines[position] = lines[position].rstrip() + scrap
            lines[following] = before + tab + after
        yield lines[position]


def _goes_on(lines: list[str], position: int) -> int | None:
    """The line that holds the rest of the address at the end of a line, where it has one."""
    following = next((n for n in range(position + 1, len(lines)) if lines[n].strip()), None)
    if following is None or not re.search(r"https?://\S+$", lines[position].rstrip()):
        return None
    scrap = lines[following].rpartition("\t")[2].strip().partition(" ")[0]
    broken = lines[position].rstrip().endswith("-") or _SCRAP.fullmatch(scrap)
    return following if broken and "://" not in scrap else None


def spaced_out(text: str) -> Iterator[str]:
    """Domains in quotation marks that the text layer of a file has torn apart ("ies.r iga. lv")."""
    for quoted in _SPACED_OUT.findall(text):
        joined = re.sub(r"\s+", "", quoted)
        if joined != quoted and _DOMAIN.fullmatch(joined):
            yield joined


def trimmed(address: str) -> str:
    """Without the punctuation of the sentence around it."""
    return address.rstrip(".,;:!?'°*")


def main(arguments: list[str]) -> int:
    """Print the facts; 2 where there are no documents."""
    directory = Path(arguments[0]) if arguments else documents()
    facts = facts_of(directory)
    if not facts:
        print(f"no documents (NNN_….txt) in {directory}: name the directory", file=sys.stderr)
        return 2
    print("\n".join("\t".join(fact) for fact in facts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
