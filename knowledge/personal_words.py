"""Kinds of words by which a question can tell who asks: what `bot.redact` takes out goes by them."""

from __future__ import annotations

from enum import StrEnum


class PersonalWords(StrEnum):
    """Words beside which a message names a person or where they can be found; `perhaps` are introductions at times."""

    NAMES = "names"
    INTRODUCTIONS = "introductions"
    PERHAPS = "perhaps"
    TITLES = "titles"
    STREETS = "streets"
    DWELLINGS = "dwellings"
    BIRTHS = "births"
    DIGITS = "digits"
    AT = "at"
    DOTS = "dots"
    ACCOUNTS = "accounts"
