"""add_phrase(file, topic, phrase) -> file: one phrase written into YAML, with every comment and line left as it was.

The text is edited where the parser says that lists begin and end, and read again: nothing but the phrase may differ.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from bot.errors import SelisError
from bot.redact import MARK
from knowledge import nodes
from knowledge.errors import KnowledgeError
from knowledge.files import LISTS, fact_files
from knowledge.index import Index
from knowledge.model import Language
from knowledge.nodes import Path, Value
from knowledge.read import read

MOST_TOPICS = 5
_PLAIN = re.compile(r"[^\W_](?:[\w .!'’–/-]*[\w.!])?")
"""What YAML reads as a plain text, in a list of either form."""
_BEFORE_PHRASES = ("names", "title", "text", "id")
_QUESTIONS = "questions/"
_EDGES = " .,:;!?\"'()-–…"
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PhraseError(SelisError):
    """A phrase that could not be added. `topic` is an id, `problem` says why."""

    def __init__(self, topic: str, problem: str) -> None:
        self.topic, self.problem = topic, problem
        super().__init__(f"{topic}: {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A change not yet written: the new contents of a file, and the line (from 1) of the phrase in it."""

    file: str
    line: int
    topic: str
    language: Language
    phrase: str
    data: bytes


def phrase_of(text: str, language: Language, index: Index) -> str:
    """A redacted question as a phrase: without marks and without names of places, which are found separately."""
    kept = text.replace(MARK, " ")
    for mention in sorted(read(kept, index, language).places, key=lambda place: -place.start):
        if not mention.region:
            kept = kept[: mention.start] + " " + kept[mention.end :]
    return " ".join(kept.split()).strip(_EDGES)


def likely_topics(phrase: str, language: Language, index: Index) -> tuple[str, ...]:
    """The topics a phrase is likeliest about, the best first, at most five."""
    return tuple(candidate.topic for candidate in read(phrase, index, language, explain=True).candidates[:MOST_TOPICS])


def pending(files: Mapping[str, bytes], topic: str, language: Language, phrase: str) -> Added:
    """The change that makes a phrase one of a topic; the whole directory with it was read and found good.

    Raises:
        PhraseError: where the topic or a place for the phrase is not found, or it has the phrase already.
        KnowledgeError: where the knowledge with the phrase has an error; takes about a second, as loading does.
    """
    from knowledge.load import load_files

    added = drafted(files, topic, language, phrase)
    whole = {**files, added.file: added.data}
    load_files(fact_files(whole))
    return added


def drafted(files: Mapping[str, bytes], topic: str, language: Language, phrase: str) -> Added:
    """The same for what is looked at as a whole later on.

    Raises:
        PhraseError: where the topic or a place for the phrase is not found, or it has the phrase already.
        KnowledgeError: where a file looked into is not valid.
    """
    file, path = _located(files, topic)
    data = add_phrase(files[file], topic, language, phrase, path=path)
    held = _phrases(nodes.parse(file, data).value, path, language)
    line = nodes.parse(file, data).line((*path, "phrases", language.value, len(held) - 1))
    return Added(file=file, line=line, topic=topic, language=language, phrase=phrase, data=data)


def add_phrase(data: bytes, topic: str, language: Language, phrase: str, *, path: Path | None = None) -> bytes:
    """The file with the phrase as the last of its language. `topic` is a full id; `path` is where it stands, if known.

    Raises:
        PhraseError: where the topic is not in the file, has the phrase already, or the file cannot be edited safely.
        KnowledgeError: where the file is not valid.
    """
    old = nodes.parse(topic, data).value
    path = path or next(_paths(old, topic), None)
    if path is None:
        raise PhraseError(topic, "not in this file")
    phrase = " ".join(phrase.split())
    if not phrase or phrase in _phrases(old, path, language):
        raise PhraseError(topic, f"has the phrase {phrase!r} already" if phrase else "the phrase is empty")
    text = data.decode("utf-8-sig")
    lines = _Lines(text)
    lines.add(_node_at(yaml.compose(text, Loader=_Loader), path), language.value, phrase)
    written = "".join(lines.kept).encode()
    new = data[: len(data) - len(text.encode())] + written
    if not _differs_by(old, new, path, language, phrase):
        raise PhraseError(topic, "the file is laid out in a way that cannot be edited safely: write the phrase by hand")
    return new


def _differs_by(old: Value, new: bytes, path: Path, language: Language, phrase: str) -> bool:
    """Whether the new file is the old one with the phrase, and nothing else."""
    try:
        found = nodes.parse("", new).value
    except KnowledgeError:
        return False
    wanted = copy.deepcopy(old)
    held = _value_at(wanted, path)
    if not isinstance(held, dict):
        return False
    phrases = held.setdefault("phrases", {})
    if not isinstance(phrases, dict):
        return False
    listed = phrases.setdefault(language.value, [])
    if not isinstance(listed, list):
        return False
    listed.append(phrase)
    return found == wanted


def _located(files: Mapping[str, bytes], topic: str) -> tuple[str, Path]:
    slug = re.split(r"[/#]", topic)[-1].encode()
    for name in sorted(files):
        if not name.startswith((_QUESTIONS, "texts/", "words/")) and slug in files[name]:
            path = next(_paths(nodes.parse(name, files[name]).value, topic), None)
            if path is not None:
                return name, path
    raise PhraseError(topic, "no file has it")


def _paths(value: Value, topic: str) -> Iterator[Path]:
    """Where a topic, an entry (`kind/id`) or an answer of one (`kind/id#answer`) stands in a file."""
    entry, _, answer = topic.partition("#")
    kind, slash, slug = entry.partition("/")
    lists = [key for key, held in LISTS.items() if held == kind] if slash else ["topics"]
    for key in lists if isinstance(value, dict) else ():
        for number in _with_id(value, (key,), slug if slash else entry):
            path: Path = (key, number)
            if answer:
                yield from ((*path, "answers", at) for at in _with_id(value, (*path, "answers"), answer))
            else:
                yield path


def _with_id(value: Value, path: Path, name: str) -> Iterator[int]:
    held = _value_at(value, path)
    for number, item in enumerate(held if isinstance(held, list) else ()):
        if isinstance(item, dict) and item.get("id") == name:
            yield number


def _value_at(value: Value | None, path: Path) -> Value | None:
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
        else:
            return None
    return value


def _phrases(value: Value, path: Path, language: Language) -> list[Value]:
    held = _value_at(value, (*path, "phrases", language.value))
    return held if isinstance(held, list) else []


def _node_at(node: yaml.Node | None, path: Path) -> yaml.MappingNode:
    for step in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            node = _of(node, str(step))
    assert isinstance(node, yaml.MappingNode)  # noqa: S101 - the path was found in the same text
    return node


def _of(node: yaml.MappingNode, name: str) -> yaml.Node | None:
    return next((value for key, value in node.value if key.value == name), None)


class _Lines:
    """A text by lines, into which one more thing is written."""

    def __init__(self, text: str) -> None:
        self.kept = re.findall(r"[^\n]*\n|[^\n]+", text)
        self._end = "\r\n" if text.count("\r\n") > text.count("\n") / 2 else "\n"

    def add(self, topic: yaml.MappingNode, language: str, phrase: str) -> None:
        """Write the phrase into the mapping of a topic, making what is missing on the way."""
        phrases = _of(topic, "phrases")
        if not isinstance(phrases, yaml.MappingNode):
            after = next((node for name in _BEFORE_PHRASES if (node := _of(topic, name)) is not None), None)
            self._key(topic, "phrases", f"{{{language}: [{_quoted(phrase)}]}}", after)
            return
        listed = _of(phrases, language)
        if not isinstance(listed, yaml.SequenceNode):
            self._key(phrases, language, f"[{_quoted(phrase)}]", None)
        elif listed.flow_style:
            self._into_brackets(listed, _quoted(phrase))
        else:
            indent = " " * listed.start_mark.column
            self._below(listed, f"{indent}- {_quoted(phrase)}")

    def _key(self, mapping: yaml.MappingNode, name: str, value: str, after: yaml.Node | None) -> None:
        """A key with its value: after a given one or as the last."""
        if mapping.flow_style:
            self._into_brackets(mapping, f"{name}: {value}")
        else:
            indent = " " * mapping.value[0][0].start_mark.column
            self._below(after or mapping, f"{indent}{name}: {value}")

    def _into_brackets(self, node: yaml.CollectionNode, written: str) -> None:
        """Before the closing bracket, after the last thing in it."""
        line, column = node.end_mark.line, node.end_mark.column - 1
        if node.value:
            last = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
            line, column = last.end_mark.line, last.end_mark.column
            written = f", {written}"
        before = self.kept[line]
        self.kept[line] = before[:column] + written + before[column:]

    def _below(self, node: yaml.Node, written: str) -> None:
        """On a line of its own, below the last line of a node."""
        line = _last_line(node)
        if not self.kept[line].endswith("\n"):
            self.kept[line] += self._end
        self.kept.insert(line + 1, written + self._end)


def _last_line(node: yaml.Node) -> int:
    """The line a node ends on; the parser says of blocks only where the next thing begins."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    mark = node.end_mark
    return int(mark.line - 1 if mark.column == 0 and mark.line > node.start_mark.line else mark.line)


def _quoted(phrase: str) -> str:
    """The phrase as YAML: plain where it may be, in double quotes where it may not."""
    return phrase if _PLAIN.fullmatch(phrase) else json.dumps(phrase, ensure_ascii=False)
