"""A choice's key carries its whole question in 64 bytes, and old keys are told from good ones."""

from __future__ import annotations

from bot.question import MAX_KEY_BYTES, Question, from_key, to_key
from knowledge.model import Field, KnowledgeBase


def test_every_question_fits_into_a_key_and_comes_back(shipped_kb: KnowledgeBase) -> None:
    for topic in shipped_kb.topics.values():
        for place in (m.id for m in shipped_kb.covered):
            for entry in (None, *topic.entries[:1]):
                question = Question(topics=(topic.id,), places=(place,), entry=entry, fields=(Field.PHONE, Field.EMAIL))
                key = to_key(question)
                assert len(key.encode()) <= MAX_KEY_BYTES
                back = from_key(key, shipped_kb)
                assert back is not None
                assert (back.topics, back.places, back.entry) == (question.topics, question.places, question.entry)
                assert back.fields == question.fields


def test_a_key_of_something_unknown_is_refused(shipped_kb: KnowledgeBase) -> None:
    for key in ("", "nonsense", "gone:kraslava::", "~123456789012:kraslava::", "domes-sedes:mars::", "a:b:c:d:e"):
        assert from_key(key, shipped_kb) is None


def test_a_field_of_another_version_is_ignored(shipped_kb: KnowledgeBase) -> None:
    question = from_key("izpilddirektors:kraslava::phone,colour", shipped_kb)
    assert question is not None
    assert question.fields == (Field.PHONE,)
