"""The words that all names and phrases of a knowledge are made of, and the forms of given names: no person is found by
the former, one may be by the latter (`bot.redact`). They are gathered once, with the model, since that takes a second.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from knowledge import latvian, russian
from knowledge.lexicon import Lexicon
from knowledge.model import KnowledgeBase, Language, Topic, TopicKind
from knowledge.personal_words import PersonalWords
from knowledge.text import Script, Word, fold, normalise, words
from knowledge.word_set import WordSet, word_set

_TALK = {TopicKind.SMALLTALK, TopicKind.OUTSIDE}
_RUSSIAN_ENDINGS = {
    "а": "а ы и е у ой ою",
    "я": "я и е ю ей ею",
    "й": "й я ю ем е и",
    "ь": "ь я ю ем е и ью",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWords:
    """`given` are the case forms of given names, Latin ones folded, Cyrillic ones without ё.

    `keys` are those of the words in names and phrases that admins wrote, `plain` the folded forms of those that were
    written in small letters.
    """

    given: WordSet
    keys: WordSet
    plain: WordSet

    def is_given(self, word: Word, language: Language) -> bool:
        """Whether a word, or a part of one with a hyphen, is a given name in any case form."""
        return _is_given(word, language, self.given)


def build(kb: KnowledgeBase, lexicon: Lexicon) -> KnownWords:
    """Gather them; about a second for the shipped knowledge."""
    given = frozenset(_given(kb))
    written = _written(kb, given)
    return KnownWords(
        given=word_set(given),
        keys=word_set({key for (_, lang), word in written.items() for key in lexicon.keys(word, lang)}),
        plain=word_set({word.folded for word in written.values() if word.text.islower()}),
    )


def _is_given(word: Word, language: Language, given: Container[str]) -> bool:
    parts = word.lower.removesuffix("'s").split("-")
    if word.script is Script.CYRILLIC:
        return any(part.replace("ё", "е") in given for part in parts)
    if language is Language.RU and any(russian.to_cyrillic(part) in given for part in parts):
        return True
    return any(fold(part) in given for part in parts)


def _given(kb: KnowledgeBase) -> Iterator[str]:
    for language, held in kb.words.items():
        for name in held.personal.get(PersonalWords.NAMES, ()):
            if language is Language.RU:
                yield from _russian_forms(name.lower().replace("ё", "е"))
            else:
                forms = latvian.noun_forms(name.lower()) if language is Language.LV else {name.lower()}
                yield from map(fold, forms)


def _russian_forms(name: str) -> Iterator[str]:
    """The case forms of a given name: stems would be shared by too many words (Света, света, свет)."""
    for ending, forms in _RUSSIAN_ENDINGS.items():
        if name.endswith(ending):
            yield from (name[: len(name) - len(ending)] + form for form in forms.split())
            return
    yield from (name + form for form in ("", "а", "у", "ом", "ем", "е", "ы"))


def _written(kb: KnowledgeBase, given: Container[str]) -> dict[tuple[str, Language], Word]:
    """Each word of names and phrases once."""
    found: dict[tuple[str, Language], Word] = {}
    for topic in kb.topics.values():
        for language, text in _wordings(topic):
            for word in words(normalise(text)):
                # Small talk and what Sēlis stays out of name people by way of example.
                if topic.kind not in _TALK or not (
                    _is_given(word, language, given) or (word.capital and not word.opens)
                ):
                    found.setdefault((word.text, language), word)
    return found


def _wordings(topic: Topic) -> Iterable[tuple[Language, str]]:
    return (*topic.names.items(), *topic.phrases.items())
