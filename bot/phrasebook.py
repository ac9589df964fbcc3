"""The bot's sentences and the names of things, in one language."""

from __future__ import annotations

from msgspec import Struct

from knowledge.model import EntryKind, KnowledgeBase, Language


class Phrasebook(Struct, frozen=True, kw_only=True, gc=False):
    """Looks texts and titles up in one language, falling back to Latvian."""

    kb: KnowledgeBase
    language: Language

    def __call__(self, key: str, /, **values: str) -> str:
        """The text `key` with its {placeholders} filled in."""
        return self.forms(key).format(**values)

    def forms(self, key: str) -> str:
        """The text `key` as it is written, for what fills it in by number."""
        texts = self.kb.texts.get(self.language) or {}
        return texts.get(key) or self.kb.texts[Language.LV][key]

    def heading(self, title: str) -> str:
        """A title as the beginning of a line."""
        return title[:1].upper() + title[1:]

    def topic(self, topic: str) -> str:
        """What a topic is called."""
        return self.kb.topics[topic].title.get(self.language) if topic else ""

    def place(self, municipality: str) -> str:
        """What a municipality is called."""
        return self.kb.municipalities[municipality].title.get(self.language) if municipality else ""

    def covered(self) -> str:
        """The municipalities Sēlis has contacts of, as a list."""
        return ", ".join(m.title.get(self.language) for m in self.kb.covered)

    def village(self, place: str) -> str:
        """Which municipality was understood from a smaller place's name."""
        municipality = self.place(self.kb.places[place].municipality)
        return self("line-village", village=self.place_name(place), municipality=municipality)

    def place_name(self, place: str) -> str:
        """What a town, parish or village is called."""
        found = self.kb.places[place]
        return (found.ru if self.language is Language.RU else None) or found.name

    def entry_title(self, entry: str) -> str:
        """An entry's title; a contact's with its municipality."""
        found = self.kb.entries[entry]
        title = found.title.get(self.language)
        return f"{title}, {self.place(found.area[0])}" if found.kind is EntryKind.CONTACT else title

    def entry_label(self, entry: str) -> str:
        """An entry on a button: its title, told apart by e-mail where the document has no more."""
        found = self.kb.entries[entry]
        title = found.title.get(self.language)
        twins = [e for e in self.kb.entries.values() if e.area == found.area and e.title == found.title]
        if len(twins) > 1 and found.emails:
            return f"{title} ({found.emails[0].partition('@')[0]})"
        return title
