"""Every sentence the code says exists, and every sentence that exists is said."""

from __future__ import annotations

import ast
from pathlib import Path

import bot
from bot.texts import NEEDED, missing_texts
from knowledge.model import KnowledgeBase, Language, TopicKind
from tests.bot import little

SAID_BY_CODE = {
    node.value
    for path in Path(bot.__file__).parent.parent.glob("[ab]*/**/*.py")
    if path.name != "texts.py"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}
BUILT = ("document-", "field-")


def test_every_text_is_said_by_the_code_or_by_a_topic(shipped_kb: KnowledgeBase) -> None:
    by_topics = {topic.say for topic in shipped_kb.topics.values() if topic.say}
    unsaid = set(shipped_kb.texts[Language.LV]) - SAID_BY_CODE - by_topics
    assert not [key for key in unsaid if not key.startswith(BUILT)]


def test_the_list_of_needed_texts_is_what_the_code_says(shipped_kb: KnowledgeBase) -> None:
    assert set(shipped_kb.texts[Language.LV]) >= NEEDED
    by_topics = {t.say for t in shipped_kb.topics.values() if t.kind in {TopicKind.SMALLTALK, TopicKind.OUTSIDE}}
    said = {key for key in shipped_kb.texts[Language.LV] if key in SAID_BY_CODE or key.startswith(BUILT)}
    assert said - by_topics <= NEEDED


def test_a_knowledge_without_them_is_told_which() -> None:
    assert list(missing_texts(little.build())) == []
    assert {problem.key for problem in missing_texts(little.build(texts=False))} == NEEDED
