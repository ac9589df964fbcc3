"""choose(candidates, kb) -> the topic a message is about, or the few between which its words do not decide."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from knowledge.model import EntryKind, KnowledgeBase, TopicKind
from knowledge.reading import Candidate

MAX_TIED = 3
NEARLY = 0.5
"""A part of a topic this likely, compared with the whole, is what is meant."""
AROUND = 0.4
"""A topic this likely, compared with small talk, is what is meant: "great!" and "thanks" stand around questions."""
BESIDE = 0.15
"""A second part of the same entry this likely, compared with the one meant, is told along: a line costs little."""


class Choice(Struct, frozen=True, kw_only=True, gc=False):
    """The topics a message can be about, the likeliest first, and how likely they are together (0 to 1).

    `also` is another part of the one topic that is worth a line beside it.
    """

    topics: tuple[str, ...] = ()
    probability: float = 0.0
    also: tuple[str, ...] = ()


class _Family(Struct, gc=False):
    """Candidates that lead to the same thing as the first: an entry, its answers, the topic above."""

    members: list[Candidate]
    probability: float
    leads: set[str]


def choose(candidates: Sequence[Candidate], kb: KnowledgeBase, *, whole: bool = False) -> Choice:
    """The topic, none, or a near tie. What is outside the domain counts together: many topics teach one silence.

    `whole` is for "list them all": a part of the likeliest topic is then not preferred to it.
    """
    outside = [c for c in candidates if kb.topics[c.topic].kind is TopicKind.OUTSIDE]
    inside = [c for c in candidates if kb.topics[c.topic].kind is not TopicKind.OUTSIDE]
    families = _asked_first(_families(inside, kb), kb)
    silence = sum(candidate.confidence for candidate in outside)
    if outside and (not families or silence > kb.thresholds.silence * families[0].probability):
        return Choice(topics=(outside[0].topic,), probability=silence)
    if not families or families[0].probability < _least(families[0], kb):
        return Choice()
    offered = _offered(families, kb)
    topics = tuple(f.members[0].topic if whole else _narrowest(f, kb) for f in offered)
    probability = sum(family.probability for family in offered)
    return Choice(topics=topics, probability=probability, also=_beside(topics, offered, kb))


def is_chat(choice: Choice, kb: KnowledgeBase) -> bool:
    """Whether the choice is small talk."""
    return bool(choice.topics) and kb.topics[choice.topics[0]].kind is TopicKind.SMALLTALK


def is_silence(choice: Choice, kb: KnowledgeBase) -> bool:
    """Whether the choice is small talk or outside the domain."""
    return is_chat(choice, kb) or (bool(choice.topics) and kb.topics[choice.topics[0]].kind is TopicKind.OUTSIDE)


def _least(family: _Family, kb: KnowledgeBase) -> float:
    """How likely a family must be to be spoken of: accounts of what was done elsewhere are seldom what is meant."""
    return kb.thresholds.account if is_account(family.members[0].topic, kb) else kb.thresholds.guessed


def is_account(topic: str, kb: KnowledgeBase) -> bool:
    """Whether a topic is an account of practice or a part of one."""
    entries = kb.topics[topic].entries
    return bool(entries) and kb.entries[entries[0]].kind is EntryKind.PRACTICE


def _offered(families: Sequence[_Family], kb: KnowledgeBase) -> list[_Family]:
    """The first alone where it is likely enough, else the few that come close."""
    first, limits = families[0], kb.thresholds
    if first.probability >= limits.sure or _is_chat(first, kb):
        return [first]
    share = limits.tie if first.probability >= limits.understood else limits.offered
    close = [f for f in families[1:] if f.probability >= share * first.probability and not _is_chat(f, kb)]
    return [first, *close][:MAX_TIED]


def _asked_first(families: list[_Family], kb: KnowledgeBase) -> list[_Family]:
    """The families without small talk that stands around something asked."""
    asked = [family for family in families if not _is_chat(family, kb)]
    return asked if asked and asked[0].probability >= AROUND * families[0].probability else families


def _is_chat(family: _Family, kb: KnowledgeBase) -> bool:
    return kb.topics[family.members[0].topic].kind is TopicKind.SMALLTALK


def _narrowest(family: _Family, kb: KnowledgeBase) -> str:
    """The likeliest topic, or a part of it that is nearly as likely: the whole is taught by more examples."""
    best = family.members[0]
    for other in family.members[1:]:
        if other.confidence >= NEARLY * best.confidence and best.topic in kb.above(other.topic):
            return other.topic
    return best.topic


def _beside(topics: Sequence[str], offered: Sequence[_Family], kb: KnowledgeBase) -> tuple[str, ...]:
    """The likeliest other answer about the one entry that is meant, where it is likely enough."""
    if len(topics) != 1 or kb.topics[topics[0]].kind not in {TopicKind.ENTRY, TopicKind.ANSWER}:
        return ()
    chosen = next(member for member in offered[0].members if member.topic == topics[0])
    for other in offered[0].members:
        found = kb.topics[other.topic]
        beside = found.kind is TopicKind.ANSWER and found.entries == kb.topics[topics[0]].entries
        if beside and other is not chosen and other.confidence >= BESIDE * chosen.confidence:
            return (other.topic,)
    return ()


def _families(candidates: Sequence[Candidate], kb: KnowledgeBase) -> list[_Family]:
    families: list[_Family] = []
    for candidate in candidates:
        leads = _leads_to(candidate.topic, kb)
        home = next((family for family in families if not leads.isdisjoint(family.leads)), None)
        if home is None:
            families.append(_Family(members=[candidate], probability=candidate.confidence, leads=leads))
        else:
            home.members.append(candidate)
            home.probability += candidate.confidence
    return sorted(families, key=lambda family: -family.probability)


def _leads_to(topic: str, kb: KnowledgeBase) -> set[str]:
    found = kb.topics[topic]
    reached = {topic, *([found.parent] if found.parent else [])}
    if found.kind in {TopicKind.ENTRY, TopicKind.ANSWER}:
        entry = kb.entries[found.entries[0]]
        reached |= {entry.id, *entry.see, *entry.groups}
    return reached
