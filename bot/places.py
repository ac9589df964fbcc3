"""A place given from outside a conversation (an option, a link) as a municipality."""

from __future__ import annotations

from bot.errors import UnknownPlaceError
from knowledge.index import Index
from knowledge.model import Language
from knowledge.text import normalise, words


def municipality_of(name: str, index: Index) -> str:
    """The id of the covered municipality that `name` means: an id, a municipality, a town, parish or village.

    Raises:
        UnknownPlaceError: when it means none, or more than one.
    """
    kb = index.kb
    if name in kb.municipalities and kb.municipalities[name].covered:
        return name
    text = normalise(name)
    mentions = index.tables.gazetteer.find(text, words(text.title()), Language.LV, (), lambda _: False)
    found = {m for mention in mentions for m in mention.municipalities if kb.municipalities[m].covered}
    if len(found) != 1:
        raise UnknownPlaceError(name, tuple(municipality.id for municipality in kb.covered))
    return found.pop()
