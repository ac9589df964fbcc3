"""A card as a vCard 3.0 (RFC 2426), which telephones read whatever their age. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.messages import Card

_LINE = 75
"""Bytes of a line, without its end; longer ones are folded."""
_ESCAPED = str.maketrans({"\\": r"\\", ",": r"\,", ";": r"\;", "\n": r"\n", "\r": None})


def as_vcard(card: Card, most: int | None = None) -> str:
    """The card, within so many bytes: what it can do without is left out then, the note first, then the pages."""
    needed = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{_escaped(card.name)};;;;",
        f"FN:{_escaped(card.name)}",
        *(f"TEL;TYPE=WORK,VOICE:{_dialled(phone)}" for phone in card.phones),
        *(f"EMAIL;TYPE=INTERNET,WORK:{_escaped(email)}" for email in card.emails),
    ]
    pages, note = [f"URL:{page}" for page in card.pages], [f"NOTE:{_escaped(card.note)}"] if card.note else []
    written = ""
    for optional in ([*pages, *note], pages, []):
        written = "".join(f"{line}\r\n" for line in _folded([*needed, *optional, "END:VCARD"]))
        if most is None or len(written.encode()) <= most:
            break
    return written


def file_name(card: Card) -> str:
    """A name for the card as a file."""
    return "".join(sign if sign.isalnum() else "-" for sign in card.name).strip("-") + ".vcf"


def _dialled(phone: str) -> str:
    return phone.replace(" ", "")


def _escaped(value: str) -> str:
    return value.translate(_ESCAPED)


def _folded(lines: list[str]) -> Iterator[str]:
    """Lines of at most 75 bytes, cut between letters; what is cut off goes on after a space."""
    for line in lines:
        part = ""
        for letter in line:
            if len((part + letter).encode()) > _LINE:
                yield part
                part = " "
            part += letter
        yield part
