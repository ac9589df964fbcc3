"""Thresholds from questions with known topics: what a right answer is worth, what a wrong one costs, decides.

Every question has to be read by a model that has not learned from it. The scale is the one that makes the right topic
likeliest; the other thresholds are climbed one at a time to the highest mean worth.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

from bot.choose import Choice, choose
from knowledge.model import KnowledgeBase, TopicKind
from knowledge.reading import Candidate
from knowledge.thresholds import Thresholds

RIGHT, OFFERED, ASKED_IN_VAIN, DISTURBED, LOST, WRONG = 1.0, 0.7, -0.3, -0.5, -0.5, -3.0
"""What comes of it: the right answer or silence; a choice that holds it; one that does not; a question back where
silence was right; silence where there is an answer; a wrong answer."""
ROUNDS = 3
STEPS = {
    "silence": (0.5, 0.7, 0.85, 1.0, 1.2, 1.5),
    "guessed": (0.02, 0.04, 0.06, 0.1, 0.15, 0.2, 0.25, 0.3),
    "account": (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5),
    "understood": (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    "sure": (0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95),
    "tie": (0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0),
    "offered": (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1.0),
}
_SCALES = tuple(step / 4 for step in range(8, 49))
_IMPOSSIBLE = 1e-4
"""A topic that is not among the candidates is taken to be this likely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A question as it was read, and the topic it is about."""

    topic: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The best thresholds found, and the mean worth of a question with those before and with these."""

    thresholds: Thresholds
    before: float
    after: float


def calibrate(asked: Sequence[Read], kb: KnowledgeBase) -> Calibration:
    """Find thresholds for questions read at the scale of the thresholds of `kb`."""
    scale = _best(_SCALES, lambda scale: sum(_likelihood(read, scale / kb.thresholds.scale, kb) for read in asked))
    sharpened = [_rescaled(read, scale / kb.thresholds.scale) for read in asked]
    found = replace(kb.thresholds, scale=scale)
    for _ in range(ROUNDS):
        for name, steps in STEPS.items():
            values = {step: replace(found, **{name: step}) for step in steps}
            found = values[_best(steps, lambda step, values=values: _worth(sharpened, kb, values[step]))]  # type: ignore[misc]
    return Calibration(
        thresholds=found,
        before=_worth(asked, kb, kb.thresholds) / len(asked),
        after=_worth(sharpened, kb, found) / len(asked),
    )


def as_yaml(thresholds: Thresholds) -> str:
    """The thresholds as the line that belongs into thresholds.yaml."""
    return "thresholds: {" + ", ".join(f"{name}: {value:g}" for name, value in asdict(thresholds).items()) + "}"


def _best(steps: Sequence[float], worth: Callable[[float], float]) -> float:
    return max(steps, key=worth)


def _rescaled(read: Read, power: float) -> Read:
    """The candidates as they would be at another scale: probabilities to a power, normalised."""
    raised = [candidate.confidence**power for candidate in read.candidates]
    total = sum(raised) or 1.0
    pairs = zip(read.candidates, raised, strict=True)
    return replace(read, candidates=tuple(Candidate(topic=c.topic, confidence=value / total) for c, value in pairs))


def _likelihood(read: Read, power: float, kb: KnowledgeBase) -> float:
    right = sum(c.confidence for c in _rescaled(read, power).candidates if _same(c.topic, read.topic, kb))
    return math.log(max(right, _IMPOSSIBLE))


def _worth(asked: Sequence[Read], kb: KnowledgeBase, thresholds: Thresholds) -> float:
    limited = replace(kb, thresholds=thresholds)
    return sum(_value(choose(read.candidates, limited), read.topic, kb) for read in asked)


def _value(choice: Choice, topic: str, kb: KnowledgeBase) -> float:
    silent = not choice.topics or _is_outside(choice.topics[0], kb)
    if _is_outside(topic, kb):
        return RIGHT if silent else WRONG if len(choice.topics) == 1 else DISTURBED
    right = any(_same(found, topic, kb) for found in choice.topics)
    if len(choice.topics) > 1:
        return OFFERED if right else ASKED_IN_VAIN
    if silent:
        return LOST
    return RIGHT if right else WRONG


def _is_outside(topic: str, kb: KnowledgeBase) -> bool:
    return kb.topics[topic].kind is TopicKind.OUTSIDE


def _same(found: str, wanted: str, kb: KnowledgeBase) -> bool:
    """Whether the reply is about the same entry, or silence."""
    if _is_outside(wanted, kb):
        return _is_outside(found, kb)
    return kb.whole(found) == kb.whole(wanted)
