"""choose(candidates, kb) -> the topic a message is about, or the few between which its words do not decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.model import KnowledgeBase, TopicKind
from knowledge.reading import Candidate

UNDERSTOOD = 0.22
"""Probability below this is no understanding."""
TIE = 0.6
"""A second thing at least this likely, compared with the first, is asked about."""
SURE = 0.55
"""Above this nothing is asked back, however likely the second is."""
MAX_TIED = 3

_QUIET = {TopicKind.OUTSIDE, TopicKind.SMALLTALK}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The topics a message can be about, the likeliest first, and how likely they are together (0 to 1)."""

    topics: tuple[str, ...] = ()
    probability: float = 0.0


@dataclass(slots=True)
class _Family:
    """Candidates that lead to the same thing: an entry, its answers, the topic above."""

    members: list[Candidate]
    probability: float


def choose(candidates: Sequence[Candidate], kb: KnowledgeBase) -> Choice:
    """The topic, none, or a near tie. What is outside the domain counts together: many topics teach one silence."""
    outside = [c for c in candidates if kb.topics[c.topic].kind is TopicKind.OUTSIDE]
    inside = [c for c in candidates if kb.topics[c.topic].kind is not TopicKind.OUTSIDE]
    families = _families(inside, kb)
    silence = sum(candidate.confidence for candidate in outside)
    if outside and (not families or silence > families[0].probability):
        return Choice(topics=(outside[0].topic,), probability=silence)
    if not families or families[0].probability < UNDERSTOOD:
        return Choice()
    first = families[0]
    tied = [first]
    if first.probability < SURE:
        tied += [f for f in families[1:] if f.probability >= TIE * first.probability]
    tied = [f for f in tied if kb.topics[f.members[0].topic].kind not in _QUIET or f is first]
    if kb.topics[first.members[0].topic].kind in _QUIET:
        tied = [first]
    topics = tuple(family.members[0].topic for family in tied[:MAX_TIED])
    return Choice(topics=topics, probability=sum(family.probability for family in tied[:MAX_TIED]))


def _families(candidates: Sequence[Candidate], kb: KnowledgeBase) -> list[_Family]:
    families: list[_Family] = []
    for candidate in candidates:
        home = next((f for f in families if related(candidate.topic, f.members[0].topic, kb)), None)
        if home is None:
            families.append(_Family(members=[candidate], probability=candidate.confidence))
        else:
            home.members.append(candidate)
            home.probability += candidate.confidence
    return sorted(families, key=lambda family: -family.probability)


def related(one: str, other: str, kb: KnowledgeBase) -> bool:
    """Whether two topics lead to the same thing, so that asking back would not help."""
    return bool(_leads_to(one, kb) & _leads_to(other, kb))


def _leads_to(topic: str, kb: KnowledgeBase) -> set[str]:
    found = kb.topics[topic]
    reached = {topic, *([found.parent] if found.parent else [])}
    if found.kind in {TopicKind.ENTRY, TopicKind.ANSWER}:
        entry = kb.entries[found.entries[0]]
        reached |= {entry.id, *entry.see, *entry.groups}
    return reached
