"""A phrase added by a press: one line more in the file, every comment where it was, and nothing else changed."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.phrases_added import PhraseError, add_phrase, likely_topics, pending, phrase_of
from knowledge import nodes
from knowledge.errors import KnowledgeError
from knowledge.files import DATA, read_directory
from knowledge.index import Index
from knowledge.model import Language, TopicKind

LV, RU, EN = Language
FILE = """\
# The offices.
topics:
- id: police   # who is called at night
  kind: office
  title: {lv: policija}
  names:
    lv: [policija]
  phrases:
    lv:
    - kaimiņi trokšņo   # often

    # Russian comes next
    ru: [соседи шумят, "ночью: шум"]
  nearest: [desk]

# --- The desk ---
- id: desk
  kind: office
  title: {lv: klientu centrs}
  names: {lv: [klientu centrs]}
  phrases: {lv: [kam zvanīt], ru: []}
- {id: deputy, kind: office, title: {lv: vietnieks}}
- id: last
  kind: office
  title:
    lv: pēdējais"""


def changed(old: str, new: bytes) -> list[str]:
    lines = difflib.ndiff(old.splitlines(), new.decode().splitlines())
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize(
    ("topic", "language", "lines"),
    [
        ("police", LV, ["+     - kur malka"]),
        ("police", EN, ["+     en: [kur malka]"]),
        (
            "police",
            RU,
            ['-     ru: [соседи шумят, "ночью: шум"]', '+     ru: [соседи шумят, "ночью: шум", kur malka]'],
        ),
        (
            "desk",
            LV,
            ["-   phrases: {lv: [kam zvanīt], ru: []}", "+   phrases: {lv: [kam zvanīt, kur malka], ru: []}"],
        ),
        (
            "desk",
            RU,
            ["-   phrases: {lv: [kam zvanīt], ru: []}", "+   phrases: {lv: [kam zvanīt], ru: [kur malka]}"],
        ),
        (
            "desk",
            EN,
            [
                "-   phrases: {lv: [kam zvanīt], ru: []}",
                "+   phrases: {lv: [kam zvanīt], ru: [], en: [kur malka]}",
            ],
        ),
        (
            "deputy",
            LV,
            [
                "- - {id: deputy, kind: office, title: {lv: vietnieks}}",
                "+ - {id: deputy, kind: office, title: {lv: vietnieks}, phrases: {lv: [kur malka]}}",
            ],
        ),
        ("last", LV, ["+   phrases: {lv: [kur malka]}"]),
    ],
)
def test_one_line_changes_whatever_the_layout(topic: str, language: Language, lines: list[str]) -> None:
    assert changed(FILE, add_phrase(FILE.encode(), topic, language, "kur malka")) == lines


def test_a_phrase_without_a_list_yet_comes_after_the_names() -> None:
    file = "topics:\n- id: police\n  kind: office\n  title: {lv: p}\n  names:\n    lv:\n    - p\n  nearest: [desk]\n"
    assert add_phrase(file.encode(), "police", LV, "kur malka").decode() == file.replace(
        "    - p\n", "    - p\n  phrases: {lv: [kur malka]}\n"
    )


def test_entries_and_their_answers_have_phrases_too() -> None:
    file = "instruments:\n- id: meeting\n  title: {lv: Sēdes}\n  answers:\n  - {id: often, text: {lv: Reizi.}}\n"
    assert changed(file, add_phrase(file.encode(), "instrument/meeting", LV, "nāk")) == ["+   phrases: {lv: [nāk]}"]
    new = add_phrase(file.encode(), "instrument/meeting#often", LV, "cik bieži nāk")
    assert "{id: often, text: {lv: Reizi.}, phrases: {lv: [cik bieži nāk]}}" in new.decode()


def test_line_ends_and_a_mark_at_the_beginning_stay() -> None:
    old = b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode()
    new = add_phrase(old, "police", LV, "kur malka")
    assert new == old.replace(b"# often\r\n", b"# often\r\n    - kur malka\r\n")


@pytest.mark.parametrize("phrase", ["kaimiņi trokšņo", " kaimiņi  trokšņo ", "", "  "])
def test_a_phrase_that_is_there_or_empty_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        add_phrase(FILE.encode(), "police", LV, phrase)


def test_a_topic_that_is_not_there_is_refused() -> None:
    with pytest.raises(PhraseError, match="gone"):
        add_phrase(FILE.encode(), "gone", LV, "kur malka")
    with pytest.raises(PhraseError):
        pending({"topics/all.yaml": FILE.encode()}, "contact/aa/police", LV, "kur malka")


def test_a_broken_file_is_told_of() -> None:
    with pytest.raises(KnowledgeError):
        add_phrase(b"topics: [", "police", LV, "kur malka")


PRINTABLE = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=60)


@settings(max_examples=300, deadline=None)
@given(
    phrase=PRINTABLE, topic=st.sampled_from(["police", "desk", "deputy", "last"]), language=st.sampled_from(Language)
)
def test_any_phrase_is_written_so_that_it_reads_the_same(phrase: str, topic: str, language: Language) -> None:
    wanted = " ".join(phrase.split())
    if not wanted:
        return
    new = nodes.parse("new", add_phrase(FILE.encode(), topic, language, phrase)).value
    assert isinstance(new, dict)
    held = {one["id"]: one for one in new["topics"] if isinstance(one, dict)}
    assert held[topic]["phrases"][language.value][-1] == wanted  # type: ignore[index, call-overload]


def test_every_shipped_topic_with_phrases_can_take_one_more(shipped: Index) -> None:
    files = read_directory(DATA)
    topics = [topic for topic in shipped.kb.topics.values() if topic.kind in {TopicKind.OFFICE, TopicKind.GROUP}]
    some = [*topics, *list(shipped.kb.topics.values())[-40:]]
    held = {name: nodes.parse(name, data) for name, data in files.items() if not name.startswith("questions/")}
    assert held
    for topic in some:
        (name,) = [name for name in held if _takes(files[name], topic.id)]
        assert len(add_phrase(files[name], topic.id, LV, "kur var nopirkt malku")) > len(files[name])


def _takes(data: bytes, topic: str) -> bool:
    if topic.rpartition("/")[2].rpartition("#")[2].encode() not in data:
        return False
    try:
        add_phrase(data, topic, LV, "kur var nopirkt malku")
    except PhraseError:
        return False
    return True


def test_the_change_names_its_file_and_line_and_loads(shipped: Index) -> None:
    files = read_directory(DATA)
    topic = next(topic.id for topic in shipped.kb.topics.values() if topic.kind is TopicKind.OFFICE)
    added = pending(files, topic, LV, "kur malka ziemai")
    assert added.data.decode().splitlines()[added.line - 1].strip() == "- kur malka ziemai"
    assert files[added.file] != added.data


@pytest.mark.parametrize(
    ("language", "text", "phrase"),
    [
        (LV, "kur nopirkt malku krāslavā?", "kur nopirkt malku"),
        (LV, "⟨…⟩ nozadzis malku, ko darīt", "nozadzis malku, ko darīt"),
        (RU, "где в дагде купить дрова", "где в купить дрова"),
        (LV, "⟨…⟩", ""),
    ],
)
def test_a_phrase_has_no_marks_and_no_places(shipped: Index, language: Language, text: str, phrase: str) -> None:
    assert phrase_of(text, language, shipped) == phrase


def test_likely_topics_are_few_and_known(shipped: Index) -> None:
    topics = likely_topics("kaimiņi naktī trokšņo", LV, shipped)
    assert len(topics) == 5
    assert set(topics) <= set(shipped.kb.topics)
