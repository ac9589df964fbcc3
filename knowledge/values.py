"""The values of the YAML files: short texts, phones, e-mails, addresses, dates; each refused with what to do."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, StringConstraints

from knowledge.model import Law, Page, Phone, Text, Wordings


def _widen(key: str, *texts: str) -> BeforeValidator:
    """A bare text stands for the mapping that has it under `key`; so it does in the values under `texts`."""

    def widened(value: Any) -> Any:
        whole = {key: value} if isinstance(value, str | list) else value
        if not texts or not isinstance(whole, dict):
            return whole
        return {k: {"lv": v} if k in texts and isinstance(v, str) else v for k, v in whole.items()}

    return BeforeValidator(widened)


def _date(value: str) -> str:
    date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    return value


def _phone(value: Phone) -> Phone:
    number = value.number.strip()
    full = number.startswith("+")
    rule = phonenumbers.is_valid_number if full else phonenumbers.is_possible_short_number
    try:
        valid = number.isascii() and (full or number.isdigit()) and rule(phonenumbers.parse(number, "LV"))
    except phonenumbers.NumberParseException:
        valid = False
    if not valid:
        raise ValueError(f"{number} is no valid phone number: write +371 and eight digits, or a short number")
    return value


def _email(value: str) -> str:
    _latin(value)
    try:
        validate_email(value, check_deliverability=False)
    except EmailNotValidError as error:
        raise ValueError(f"{value} is no valid e-mail address: {error}") from error
    return value


def _latin(address: str) -> None:
    """Letters of other scripts look like ours and lead elsewhere: a Cyrillic a is no a."""
    for letter in address:
        if letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN "):
            raise ValueError(f"{address} holds {letter} (U+{ord(letter):04X}), which is no Latin letter: type it anew")


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise ValueError(f"{value} is no valid address: {error}") from error
    _latin(parts.netloc)
    if parts.scheme not in {"http", "https"} or "." not in host or any(c.isspace() or ord(c) < 32 for c in value):
        raise ValueError(f"{value} is no valid address: write https://…")
    return value


def _page(value: Page) -> Page:
    _url(value.url)
    return value


def _law(value: Law) -> Law:
    if value.page is not None:
        _url(value.page)
    return value


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Date = Annotated[str, StringConstraints(pattern=r"^(19|20)[0-9]{2}(-[0-9]{2}(-[0-9]{2})?)?$"), AfterValidator(_date)]
AText = Annotated[Text, _widen("lv")]
Worded = Annotated[Wordings, _widen("lv")]
APhone = Annotated[Phone, _widen("number", "title"), AfterValidator(_phone)]
APage = Annotated[Page, _widen("url", "title"), AfterValidator(_page)]
ALaw = Annotated[Law, _widen("title", "title", "section"), AfterValidator(_law)]
Case = Literal["nom", "gen", "dat", "acc", "ins", "loc"]
Email = Annotated[str, AfterValidator(_email)]
