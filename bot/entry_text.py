"""How an entry reads: what was asked for first, then the rest that helps, the source and its date last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.phrasebook import Phrasebook
from bot.question import Question
from knowledge.model import Entry, EntryKind, Field, Page

MAX_SEE = 6
MAX_SEE_SHORT = 3
_CONTACT_ORDER = (Field.PHONE, Field.EMAIL, Field.PAGE)
_REACHED_FIRST = {EntryKind.ORGANISATION, EntryKind.MEDIA}
"""Who asks about these wants to reach them; how they work comes after."""


def describe(entry: Entry, question: Question, say: Phrasebook) -> str:
    """One entry in full."""
    body, area = list(_body(entry, question, say)), list(_area(entry, say))
    told = [*area, *body] if Field.AREA in question.fields else [*body, *area]
    lines = [say.entry_title(entry.id), *told, *_conflicts(entry, question, say)]
    if entry.doubtful:
        lines.append(say("line-doubtful"))
    lines.append(source_line(entry, say))
    return "\n".join(dict.fromkeys(line for line in lines if line))


def listed(asked: Sequence[tuple[Entry, Question]], say: Phrasebook) -> str:
    """Several entries, a short block each; one source line where they share it."""
    entries = [entry for entry, _ in asked]
    blocks = ["\n".join([say.entry_title(entry.id), *brief(entry, question, say)]) for entry, question in asked]
    sources = dict.fromkeys(source_line(entry, say) for entry in entries)
    conflicts = dict.fromkeys(line for entry, question in asked for line in _conflicts(entry, question, say))
    return "\n".join([*blocks, *conflicts, *sources])


def brief(entry: Entry, question: Question, say: Phrasebook) -> list[str]:
    """What helps most in few lines: the answer itself, how to reach them, or what it is; and whom to ask."""
    answer = _answer_text(question, say)
    local = entry.local.get(question.place or "")
    lines = [answer] if answer else [*_pages(local.pages if local else (), say), *_contacts(entry, question, say)]
    asks_contact = any(field in _CONTACT_ORDER for field in question.fields)
    related = list(_see(entry, question, say)) if asks_contact else []
    return [*(lines or ([entry.about.get(say.language)] if entry.about else [])), *related]


def values(entry: Entry, question: Question) -> list[str]:
    """What reaches an entry, in one line: the parts asked for, else phones and e-mails, else pages."""
    local = entry.local.get(question.place or "")
    law = (entry.law.page,) if entry.law and entry.law.page else ()
    found = {
        Field.PHONE: [phone.number for phone in entry.phones],
        Field.EMAIL: list(entry.emails),
        Field.PAGE: [page.url for page in (local.pages if local else ()) or entry.pages] or list(law),
    }
    asked = [value for field in dict.fromkeys(question.fields) for value in found.get(field, ())]
    return asked or [*found[Field.PHONE], *found[Field.EMAIL]] or found[Field.PAGE]


def reach(entry: Entry, told: Sequence[str], question: Question, say: Phrasebook) -> Iterator[str]:
    """How to reach an entry, or whom to ask about it, where nothing of that was told yet."""
    found = values(entry, question) if entry.kind in _REACHED_FIRST else []
    if found and not any(value in line for value in found for line in told):
        yield f"• {', '.join(found)}"
    elif not found:
        yield from (line for line in _see(entry, question, say, most=MAX_SEE_SHORT) if line not in told)


def _answer_text(question: Question, say: Phrasebook) -> str:
    topic = say.kb.topics.get(question.topic or "")
    return topic.answer.text.get(say.language) if topic is not None and topic.answer is not None else ""


def _told_along(question: Question, say: Phrasebook) -> Iterator[str]:
    for name in question.also:
        answer = say.kb.topics[name].answer
        if answer is not None:
            yield answer.text.get(say.language)


def _body(entry: Entry, question: Question, say: Phrasebook) -> Iterator[str]:
    answer = _answer_text(question, say)
    if answer:
        yield answer
        yield from _told_along(question, say)
        yield from _pages(_own_pages(entry, question, say), say)
        yield from _contacts(replace(entry, pages=()), question, say)
        yield from _see(entry, question, say, most=MAX_SEE_SHORT)
        return
    yield from _told_along(question, say)
    local = entry.local.get(question.place or "")
    if local is not None:
        if local.note is not None:
            yield local.note.get(say.language)
        yield from _pages(local.pages, say)
    contacts, texts = list(_contacts(entry, question, say)), list(_texts(entry, question, say))
    if entry.kind is EntryKind.CONTACT or any(field in _CONTACT_ORDER for field in question.fields):
        yield from [*contacts, *texts]
    elif entry.kind in _REACHED_FIRST:
        yield from [*texts[:1], *contacts, *texts[1:]]
    else:
        yield from [*texts, *contacts]
    yield from _see(entry, question, say)


def _own_pages(entry: Entry, question: Question, say: Phrasebook) -> tuple[Page, ...]:
    """Where to read on: the municipality's page, with the law where it is asked for, else the entry's own, else the law
    and those of all municipalities.
    """
    local = entry.local.get(question.place or "")
    law = (Page(url=entry.law.page),) if entry.law and entry.law.page else ()
    if local is not None and local.pages:
        return (*(law if Field.LAW in question.fields else ()), *local.pages)
    return entry.pages[:2] or (*law, *_pages_by_place(entry, question, say))


def _pages_by_place(entry: Entry, question: Question, say: Phrasebook) -> Iterator[Page]:
    """The page of each municipality, called by its name, where no place is known."""
    for municipality, local in entry.local.items() if not question.place else ():
        for page in local.pages[:1]:
            yield replace(page, title=say.kb.municipalities[municipality].title)


def _texts(entry: Entry, question: Question, say: Phrasebook) -> Iterator[str]:
    """What it is, who may, how, by which law: the part asked for first."""
    law = entry.law
    parts = {
        Field.WHAT: entry.about.get(say.language) if entry.about else "",
        Field.WHO: say("line-who", value=entry.who.get(say.language))
        if entry.who and _tells_who(entry, question)
        else "",
        Field.HOW: say("line-how", value=entry.how.get(say.language)) if entry.how else "",
        Field.LAW: "",
    }
    if law is not None:
        section = f", {law.section.get(say.language)}" if law.section else ""
        page = f" – {law.page}" if law.page else ""
        parts[Field.LAW] = say("line-law", value=f"{law.title.get(say.language)}{section}{page}")
    asked = [field for field in question.fields if field in parts]
    for field in dict.fromkeys([*asked, *parts]):
        yield parts[field]


def _tells_who(entry: Entry, question: Question) -> bool:
    """Whom an organisation helps stands in what it is; who may take part is worth a line of its own."""
    return entry.kind is EntryKind.INSTRUMENT or Field.WHO in question.fields


def _contacts(entry: Entry, question: Question, say: Phrasebook) -> Iterator[str]:
    asked = [field for field in question.fields if field in _CONTACT_ORDER]
    for field in dict.fromkeys([*asked, *_CONTACT_ORDER]):
        if field is Field.PHONE and entry.phones:
            numbers = [_phone(entry, number, say) for number in range(len(entry.phones))]
            yield say("line-phones" if len(numbers) > 1 else "line-phone", value=", ".join(numbers))
        elif field is Field.EMAIL and entry.emails:
            yield say("line-emails" if len(entry.emails) > 1 else "line-email", value=", ".join(entry.emails))
        elif field is Field.PAGE:
            yield from _pages(entry.pages, say)


def _phone(entry: Entry, position: int, say: Phrasebook) -> str:
    phone = entry.phones[position]
    return f"{phone.number} ({phone.title.get(say.language)})" if phone.title else phone.number


def _pages(pages: tuple[Page, ...], say: Phrasebook) -> Iterator[str]:
    for page in pages:
        value = f"{page.title.get(say.language)} – {page.url}" if page.title else page.url
        yield say("line-page", value=value)


def _see(entry: Entry, question: Question, say: Phrasebook, most: int = MAX_SEE) -> Iterator[str]:
    """Whom to ask: the related entries that serve the place."""
    related = [say.kb.entries[name] for name in entry.see]
    if question.place:
        related = [other for other in related if other.serves(question.place)]
    if len(related) > most:
        return
    for other in related:
        values = [*(phone.number for phone in other.phones), *other.emails, *(page.url for page in other.pages[:1])]
        yield f"• {other.title.get(say.language)}: {', '.join(values)}"


def _conflicts(entry: Entry, question: Question, say: Phrasebook) -> Iterator[str]:
    """Where the source disagrees with itself; not about a page of another municipality than the one asked about."""
    here = entry.local.get(question.place or "")
    others = [local for local in entry.local.values() if here is not None and local is not here]
    elsewhere = {page.url for local in others for page in local.pages}
    for conflict in entry.conflicts:
        if not elsewhere.isdisjoint(conflict.values):
            continue
        if conflict.note is not None:
            yield conflict.note.get(say.language)
        else:
            yield say("line-conflict", values=" / ".join(conflict.values))


def _area(entry: Entry, say: Phrasebook) -> Iterator[str]:
    """Where an organisation works, where the source says so and it is not all of Latvia."""
    if entry.area and entry.area_name is not None:
        yield say("line-area", value=entry.area_name.get(say.language))


def source_line(entry: Entry, say: Phrasebook) -> str:
    """Where an entry is from, and of when."""
    return say("line-source", source=say(f"document-{entry.source.document}"), date=entry.checked_on or entry.as_of)
