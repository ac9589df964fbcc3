"""Thresholds follow the questions: guesses that are wrong are no longer answered, guesses that are right are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from bot.calibrate import Read, as_yaml, calibrate
from bot.choose import choose
from knowledge.files import DATA, read_directory
from knowledge.load import load_files
from knowledge.model import KnowledgeBase
from knowledge.reading import Candidate
from knowledge.thresholds import Thresholds
from tests.bot import little


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return little.build()


def read(topic: str, **candidates: float) -> Read:
    found = [Candidate(topic=name, confidence=confidence) for name, confidence in candidates.items()]
    return Read(topic=topic, candidates=tuple(sorted(found, key=lambda candidate: -candidate.confidence)))


def test_guesses_that_are_wrong_are_no_longer_answered(kb: KnowledgeBase) -> None:
    wrong = read("weather", police=0.6, weather=0.3, desk=0.1)
    right = read("police", police=0.97, desk=0.02, weather=0.01)
    generous = replace(kb, thresholds=Thresholds(understood=0.3, sure=0.5))
    assert choose(wrong.candidates, generous).topics == ("police",)
    found = calibrate([wrong] * 10 + [right] * 10, generous)
    limited = replace(kb, thresholds=found.thresholds)
    assert found.after > found.before
    sharpened = found.thresholds.scale / generous.thresholds.scale
    candidates = [c.confidence**sharpened for c in wrong.candidates]
    again = [
        structs.replace(c, confidence=p / sum(candidates)) for c, p in zip(wrong.candidates, candidates, strict=True)
    ]
    assert choose(again, limited).topics != ("police",)


def test_guesses_that_are_right_are_answered(kb: KnowledgeBase) -> None:
    right = read("police", police=0.6, desk=0.4)
    cautious = replace(kb, thresholds=Thresholds(understood=0.9, sure=0.95, tie=0.2))
    assert len(choose(right.candidates, cautious).topics) == 2
    found = calibrate([right] * 10, cautious)
    assert found.after == 1.0


def test_the_scale_makes_the_right_topic_likeliest(kb: KnowledgeBase) -> None:
    timid = [read("police", police=0.4, desk=0.3, partners=0.3)] * 10
    assert calibrate(timid, kb).thresholds.scale > kb.thresholds.scale
    bold = [read("police", police=0.9, desk=0.1), read("desk", police=0.9, desk=0.1)] * 10
    assert calibrate(bold, kb).thresholds.scale < kb.thresholds.scale


def test_what_is_written_is_what_is_read() -> None:
    thresholds = Thresholds(scale=5.25, understood=0.9, silence=0.7)
    files = read_directory(DATA) | {"thresholds.yaml": as_yaml(thresholds).encode()}
    files = {name: content for name, content in files.items() if not name.startswith("questions/")}
    assert load_files(files)[0].kb.thresholds == thresholds
