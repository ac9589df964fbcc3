"""A Difference in people's words: short lines, by municipality, what reaches people first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bot.difference import Change, Deed, Difference, FieldChange, Part
from bot.phrasebook import Phrasebook
from bot.plural import counted
from knowledge.model import Language

_FIELDS = {
    "phones": "change-phones", "emails": "change-emails", "pages": "change-pages", "local": "change-local",
    "title": "change-title", "about": "change-about", "who": "change-who", "how": "change-how", "law": "change-law",
    "answers": "change-answers", "names": "change-names", "phrases": "change-phrases", "topics": "change-topics",
    "groups": "change-groups", "area": "change-area", "conflicts": "change-conflicts", "source": "change-source",
    "as_of": "change-as-of", "checked_on": "change-checked-on", "say": "change-say", "expect": "change-expect",
}  # fmt: skip
_COUNTS = {
    Part.CONTACT: "count-contact", Part.ORGANISATION: "count-organisation", Part.INSTRUMENT: "count-instrument",
    Part.MEDIA: "count-media", Part.PRACTICE: "count-practice", Part.TOPIC: "count-topic", Part.PLACE: "count-place",
    Part.WORDS: "count-words", Part.TEXT: "count-text", Part.THRESHOLDS: "count-thresholds",
    Part.QUESTION: "count-question",
}  # fmt: skip
_NAMED = 5
"""Names shown of the things added or removed; the rest are counted."""
_MOST_VALUES = 3
"""Where a field has more new or old values than this, they are counted."""
_LONGEST = 60
_AROUND = 2
"""Words shown before and after what changed in a sentence."""


def difference_lines(difference: Difference, say: Phrasebook) -> tuple[str, ...]:
    """A line for each thing changed, and one for those of a kind added or removed in one place."""
    order = [m.id for m in say.kb.covered]
    places = sorted(
        {change.place for change in difference.changes},
        key=lambda place: (not place, order.index(place) if place in order else len(order), place),
    )
    lines = [
        f"{_place(place, say)}: {line}"
        for place in places
        for line in _of_place([change for change in difference.changes if change.place == place], say)
    ]
    return tuple(lines) or (say("change-same"),)


def _place(place: str, say: Phrasebook) -> str:
    if not place:
        return say("change-everywhere")
    found = say.kb.municipalities.get(place)
    if found is None:
        return place
    return found.short if say.language is Language.LV else found.title.get(say.language)


def _of_place(changes: Sequence[Change], say: Phrasebook) -> Iterator[str]:
    """The changes come most important first, and stay so."""
    for part, deed in dict.fromkeys((change.part, change.deed) for change in _urgent_first(changes)):
        mine = [change for change in changes if change.part is part and change.deed is deed]
        if deed is Deed.CHANGED:
            for change in mine:
                yield from (_field_line(change, field, say) for field in change.fields)
        else:
            key = "change-removed" if deed is Deed.REMOVED else "change-added"
            yield say(key, what=_amount(part, mine, say))


def _urgent_first(changes: Sequence[Change]) -> list[Change]:
    return sorted(changes, key=lambda change: not change.reaches_people)


def _amount(part: Part, changes: Sequence[Change], say: Phrasebook) -> str:
    what = counted(say.forms(_COUNTS[part]), len(changes), say.language)
    names = ", ".join(_short(_title(change, say)) for change in changes[:_NAMED])
    if len(changes) > _NAMED:
        names = say("change-more", names=names, more=str(len(changes) - _NAMED))
    return say("change-named", what=what, names=names)


def _title(change: Change, say: Phrasebook) -> str:
    return change.title.get(say.language)


def _field_line(change: Change, field: FieldChange, say: Phrasebook) -> str:
    title = _short(_title(change, say))
    name = say(_FIELDS[field.field]) if field.field in _FIELDS else say("change-other", name=field.field)
    if field.field == "expect" or not (field.old or field.new):
        return say("change-plain", title=title, field=name)
    if max(len(field.old), len(field.new)) > _MOST_VALUES:
        return say("change-amount", title=title, field=name, new=str(len(field.new)), old=str(len(field.old)))
    old, new = _shown(field)
    none = say("change-none")
    return say("change-value", title=title, field=name, old=old or none, new=new or none)


def _shown(field: FieldChange) -> tuple[str, str]:
    """Old and new value; of a long sentence what is different in it."""
    old, new = ", ".join(field.old), ", ".join(field.new)
    if max(len(old), len(new)) <= _LONGEST:
        return old, new
    before, after = old.split(), new.split()
    start = _shared(before, after)
    end = _shared(reversed(before[start:]), reversed(after[start:]))
    return _excerpt(before, start, len(before) - end), _excerpt(after, start, len(after) - end)


def _shared(first: Iterable[str], second: Iterable[str]) -> int:
    """How many words both begin with."""
    same = groupby(a == b for a, b in zip(first, second, strict=False))
    found, run = next(same, (False, ()))
    return len(list(run)) if found else 0


def _excerpt(words: Sequence[str], start: int, end: int) -> str:
    if not words:
        return ""
    first, last = max(0, start - _AROUND), min(len(words), end + _AROUND)
    text = " ".join(words[first:last])
    return ("… " if first else "") + _short(text) + (" …" if last < len(words) else "")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def pages(lines: Iterable[str], most: int) -> tuple[str, ...]:
    """Lines put together to pages of at most `most` characters; a line longer than that is cut."""
    found: list[str] = []
    for line in lines:
        cut = line if len(line) <= most else line[: most - 1] + "…"
        if found and len(found[-1]) + 1 + len(cut) <= most:
            found[-1] += "\n" + cut
        else:
            found.append(cut)
    return tuple(found)
