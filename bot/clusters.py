"""Unanswered questions that mean the same, put together: exactly by their stems, and nearly for showing them."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz, process

from knowledge.features import SMALL
from knowledge.index import Index, repairing
from knowledge.lexicon import key
from knowledge.message import take_apart, telling
from knowledge.model import Language
from knowledge.text import normalise, words

SHOWN_FROM = 2
"""Conversations that must have asked before an admin sees a question: what one person wrote is theirs."""
NEAR = 88.0
"""Two questions with a token_set_ratio (0 to 100) of this are shown as one."""
_LONG = 3
"""Fewer words ("kad atver") are contained in too many questions to be near them all."""
_DIGEST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A redacted question of one conversation, with its `cluster_key`; `at` is when it was last asked."""

    text: str
    cluster: str
    language: Language
    conversation: Hashable
    at: datetime
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Questions that mean the same. `representative` is the text most conversations used, the shortest of those.

    `names` are the cluster keys that were put together, the representative's first; `questions` counts every time.
    """

    names: tuple[str, ...]
    representative: str
    questions: int
    conversations: int
    languages: tuple[Language, ...]
    first: datetime
    last: datetime

    @property
    def name(self) -> str:
        """The key of the representative's cluster."""
        return self.names[0]


def cluster_key(text: str, language: Language, index: Index) -> str:
    """The same 16 hex digits for the same telling stems, in whatever order and case form, at whatever covered place."""
    normal = normalise(text)
    found = words(normal)
    repair = repairing(index.tables, index.vocabulary)
    message = take_apart(normal, found, language, index.tables, lambda word: index.knows(word, language), repair)
    stems = {name for name, _, _ in telling(message, index.tables, index.model.knows) if SMALL not in name}
    stems = stems or {word.folded for word in found}
    return hashlib.sha256("\n".join(sorted(stems)).encode()).hexdigest()[:_DIGEST]


def groups(questions: Iterable[Unanswered]) -> tuple[Cluster, ...]:
    """The clusters of questions, near ones put together, those most conversations asked first. Pure."""
    exact: defaultdict[str, list[Unanswered]] = defaultdict(list)
    for question in questions:
        exact[question.cluster].append(question)
    ordered = sorted(exact.values(), key=lambda asked: (-_conversations(asked), asked[0].cluster))
    heads: list[str] = []
    merged: list[list[Unanswered]] = []
    for asked in ordered:
        text = _stems(_representative(asked), asked[0].language)
        near = _nearest(text, heads)
        if near is None:
            heads.append(text)
            merged.append(list(asked))
        else:
            merged[near] += asked
    clusters = [_cluster(asked) for asked in merged]
    return tuple(sorted(clusters, key=lambda cluster: (-cluster.conversations, -cluster.questions, cluster.name)))


def shown(clusters: Iterable[Cluster], at_least: int = SHOWN_FROM) -> tuple[Cluster, ...]:
    """The clusters that so many conversations asked."""
    return tuple(cluster for cluster in clusters if cluster.conversations >= at_least)


def _nearest(text: str, heads: Sequence[str]) -> int | None:
    """The head that a text is nearest to, if it is near any. Few words must be the same; of more, one may say less."""
    scorer, compared = fuzz.token_sort_ratio, heads
    if _is_long(text):
        scorer, compared = fuzz.token_set_ratio, [head if _is_long(head) else "" for head in heads]
    best = process.extractOne(text, compared, scorer=scorer, score_cutoff=NEAR)
    return None if best is None else best[2]


def _is_long(text: str) -> bool:
    return text.count(" ") + 1 >= _LONG


def _stems(text: str, language: Language) -> str:
    return " ".join(key(word.lower, word.script, language) for word in words(text))


def _conversations(asked: Iterable[Unanswered]) -> int:
    return len({question.conversation for question in asked})


def _representative(asked: Iterable[Unanswered]) -> str:
    by_text: defaultdict[str, set[Hashable]] = defaultdict(set)
    for question in asked:
        by_text[question.text].add(question.conversation)
    return min(by_text, key=lambda text: (-len(by_text[text]), len(text), text))


def _cluster(asked: Sequence[Unanswered]) -> Cluster:
    representative = _representative(asked)
    first = next(question.cluster for question in asked if question.text == representative)
    return Cluster(
        names=tuple(dict.fromkeys([first, *(question.cluster for question in asked)])),
        representative=representative,
        questions=sum(question.times for question in asked),
        conversations=_conversations(asked),
        languages=tuple(language for language, _ in Counter(question.language for question in asked).most_common()),
        first=min(question.at for question in asked),
        last=max(question.at for question in asked),
    )
