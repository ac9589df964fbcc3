"""Everything `read` looks things up in: the tables of a snapshot and the model trained on its wordings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from knowledge import known_words
from knowledge.features import SMALL
from knowledge.known_words import KnownWords
from knowledge.language import Detector
from knowledge.learned import Learned
from knowledge.lexicon import key
from knowledge.match import Model
from knowledge.message import Repair, in_full, take_apart, telling
from knowledge.model import KnowledgeBase, Language
from knowledge.phrases import Keys
from knowledge.repair import Vocabulary
from knowledge.tables import Tables
from knowledge.text import Word, normalise, words
from knowledge.train import Example, train


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question known to be about a topic. A careless one has slips of the keyboard; `follows` is one that follows."""

    topic: str
    language: Language
    text: str
    careless: bool = False
    follows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Tables and model of one snapshot, and the words of its names and phrases."""

    tables: Tables
    model: Model
    words: KnownWords
    detector: Detector
    vocabulary: Vocabulary

    @property
    def kb(self) -> KnowledgeBase:
        """The snapshot."""
        return self.tables.kb

    def knows(self, word: Word, language: Language) -> bool:
        """Whether a word is a small word or one that examples use."""
        likeliest, *_ = self.tables.lexicon.keys(word, language)
        return likeliest[2:3] == SMALL or self.model.knows(likeliest)


def learn(tables: Tables, asked: Iterable[Asked] = ()) -> Learned:
    """Learn from names, phrases and questions; most of a minute for the shipped knowledge."""
    return Learned(
        model=train(examples(tables, asked)),
        words=known_words.build(tables.kb, tables.lexicon),
    )


def build(tables: Tables, learned: Learned) -> Index:
    """Put tables and what was learned together."""
    model = learned.model
    return Index(
        tables=tables,
        model=replace(model, scale=tables.kb.thresholds.scale),
        words=learned.words,
        detector=Detector(small=tables.lexicon.stop, knows=model.knows, places=tables.gazetteer.forms),
        vocabulary=Vocabulary(model.vectoriser.names.words, tables.phrase_keys, model.vectoriser.commonness),
    )


def examples(tables: Tables, asked: Iterable[Asked] = ()) -> list[Example]:
    """What the model is trained on: names, phrases, and questions without the covered places they name.

    Careless questions are repaired by the words of all others, so that a slip does not become a word.
    """
    every = list(asked)
    held = [
        _example(topic.id, language, text, tables, _as_written)
        for topic in tables.kb.topics.values()
        for wordings in (topic.names, topic.phrases)
        for language, text in wordings.items()
    ]
    held += [_asked(q, tables, _as_written) for q in every if not q.careless]
    met = Counter(name for example in held for name in {key for key, _, _ in example.words})
    vocabulary = Vocabulary(met, tables.phrase_keys, met.__getitem__)
    repair = repairing(tables, vocabulary)
    held += [_asked(q, tables, repair, vocabulary) for q in every if q.careless]
    return held


def _asked(question: Asked, tables: Tables, repair: Repair, known: Vocabulary | None = None) -> Example:
    example = _example(question.topic, question.language, question.text, tables, repair, known)
    return replace(example, follows=question.follows)


def repairing(tables: Tables, vocabulary: Vocabulary) -> Repair:
    """How the keys of words are repaired; small words and places are none that need it."""

    def repair(found: Sequence[Word], keys: Sequence[Keys]) -> list[Keys]:
        read, forms = list(keys), tables.gazetteer.forms
        unknown = [at for at, of in enumerate(keys) if vocabulary.is_unknown(of) and found[at].folded not in forms]
        puzzling = []
        for at in unknown:
            near = vocabulary.nearest(keys[at])
            if near is None:
                puzzling.append(at)
            else:
                read[at] = (near,)
        for at in puzzling:
            near = vocabulary.nearest_in_name(keys[at], _beside(at, read, tables))
            if near is not None:
                read[at] = (near,)
        return read

    return repair


def _beside(position: int, keys: Sequence[Keys], tables: Tables) -> set[str]:
    """The keys that stand in names where a word stands: after the word before it, or before the word after it."""
    around = (*keys[max(position - 1, 0) : position], *keys[position + 1 : position + 2])
    return {key for options in around for option in options for key in tables.beside_in_names.get(option, ())}


def _example(
    topic: str, language: Language, text: str, tables: Tables, repair: Repair, known: Vocabulary | None = None
) -> Example:
    """A wording as an example. With `known` words, others may be misspelt places; without, every word is meant."""

    def knows(word: Word) -> bool:
        return known is None or key(word.lower, word.script, language) in known

    normal = normalise(text)
    message = take_apart(normal, words(normal), language, tables, knows, repair)
    said = telling(message, tables, lambda _: True)
    return Example(topic=topic, whole=tables.kb.whole(topic), words=tuple(in_full(said, message, tables)))


def _as_written(_: Sequence[Word], keys: Sequence[Keys]) -> list[Keys]:
    return [options[:1] for options in keys]
