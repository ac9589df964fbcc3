"""counted(forms, number, language): "1 kontakts", "2 kontakti", "10 kontaktu"."""

from __future__ import annotations

from babel import Locale

from knowledge.model import Language

BAR = "|"
"""Stands between the forms of a text."""

_ORDER = {Language.LV: ("one", "other", "zero"), Language.RU: ("one", "few", "many"), Language.EN: ("one", "other")}


def counted(forms: str, number: int, language: Language) -> str:
    """The form of a text that fits a number, with the number in its place.

    `forms` is "{count} kontakts|{count} kontakti|{count} kontaktu": for 1, for 2 and for 10, in Russian for 1, 2 and 5.
    Where fewer are written, the last one serves for the rest.
    """
    written = forms.split(BAR)
    order = _ORDER[language]
    category = Locale(language.value).plural_form(number)
    place = order.index(category) if category in order else len(order) - 1
    return written[min(place, len(written) - 1)].format(count=number)
