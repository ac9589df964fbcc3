"""Knowledge made up from the shipped one, many times as large: copies of it with other words, always the same.

Half of the telling words of a copy are replaced by made-up ones with the same ending, from a stock that grows slower
than the knowledge, as the words of a language do; the rest is shared by all copies.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from knowledge import nodes
from knowledge.files import DATA
from knowledge.latvian import stem
from knowledge.text import fold

REPLACED = 0.5
STOCK, GROWTH = 3000, 0.6
"""Made-up words: STOCK x TIMES ^ GROWTH, as Heaps' law has it."""
LISTS = ("contacts", "organisations", "instruments", "media", "practice")
ONSETS = "b d g k l m n p r s t v z br dr gr kr pl sk sl sm st str tr dz c š ž".split()
VOWELS = "a e i o u ā ē ī ū ai ei au ie".split()
CYRILLIC = str.maketrans("abvgdežzijklmnoprstufhcčšāēīū", "абвгдежзийклмнопрстуфхцчшаеиу")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4


def syllables(chance: random.Random, most: int = 3) -> str:
    """Two or more syllables and a consonant, as a Latvian stem has them."""
    return "".join(chance.choice(ONSETS) + chance.choice(VOWELS) for _ in range(chance.randint(2, most))) + (
        chance.choice("bdgklmnprstvz")
    )


@dataclass
class Copy:
    """One copy of the shipped knowledge: its number, its words, its municipalities, the names nobody else may have."""

    number: int
    stock: Sequence[str]
    taken: set[str]
    names: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"copy {self.number}")

    def id(self, name: str) -> str:
        """The id of the copy of something."""
        return f"{name}-{self.number}"

    def text(self, text: str) -> str:
        """A text with half of its words replaced, the same ones everywhere in this copy."""
        return _WORD.sub(self._word, text)

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        if len(word) < _SHORTEST or (word.isupper() and len(word) < 6):
            return word
        root = _root(word.lower())
        if root not in self.words:
            replaced = self.chance.random() < REPLACED
            self.words[root] = self.stock[self.chance.randrange(len(self.stock))] if replaced else ""
        made = self.words[root]
        if not made:
            return word
        if not word.isascii() and ord(max(word)) > 0x400:
            made = made.translate(CYRILLIC)
        whole = made + word.lower()[len(root) :]
        return whole.capitalize() if word[0].isupper() else whole

    def name(self, text: str) -> str:
        """The same for a name: one more word where somebody else has the name already."""
        made = self.text(text)
        while made.casefold() in self.taken:
            made = f"{made} {self.stock[self.chance.randrange(len(self.stock))]}"
        self.taken.add(made.casefold())
        return made


@cache
def _root(lower: str) -> str:
    """The part of a word before its ending; Russian words lose up to two letters."""
    return lower[: len(stem(fold(lower)))] if lower < "а" else lower[: max(_SHORTEST - 1, len(lower) - 2)]


def _deep(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _deep(inner, change) for key, inner in value.items()}
    return [_deep(inner, change) for inner in value] if isinstance(value, list) else change(value)


def declined(base: str) -> dict[str, str]:
    """The case forms of a made-up name."""
    return dict(zip("nom gen dat acc ins loc".split(), [base + e for e in "a as ai u u ā".split()], strict=True))


def places(held: dict[str, Any], copy: Copy) -> dict[str, Any]:
    """The municipalities and places of a copy, under names of their own."""
    made: dict[str, Any] = {"municipalities": [], "places": []}
    for old in held["municipalities"]:
        base = copy.names[old["id"]] = _unused(copy).capitalize()
        forms = {case: f"{base}as {old['forms'][case].split()[-1]}" for case in old["forms"]}
        made["municipalities"].append(
            {**old, "id": copy.id(old["id"]), "name": f"{base}as novads", "short": f"{base}a", "forms": forms}
            | {key: f"{base}a" for key in ("ru", "en") if key in old}
        )
    for old in held["places"]:
        base = _unused(copy).capitalize()
        new = {**old, "id": copy.id(old["id"]), "municipality": copy.id(old["municipality"]), "name": f"{base}a"}
        new |= {"forms": declined(base)}
        if "demonyms" in old:
            new["demonyms"] = [f"{base.lower()}ietis", f"{base.lower()}iete"]
        if "ru" in old:
            new["ru"] = f"{base}a".lower().translate(CYRILLIC).capitalize()
        made["places"].append(new)
    return made


def _unused(copy: Copy) -> str:
    while (base := syllables(copy.chance)) in copy.taken:
        pass
    copy.taken.add(base)
    return base


CHANGED = ("title", "about", "who", "how", "area_name", "phrases", "text")


def entry(old: dict[str, Any], copy: Copy) -> dict[str, Any]:
    """An entry of a copy: other words, other addresses; conflicts are left out."""
    new = {key: value for key, value in old.items() if key not in {"conflicts", "local"}}
    new["id"] = copy.id(old["id"])
    new |= {key: _deep(old[key], copy.text) for key in CHANGED if key in old}
    if "names" in old:
        new["names"] = _deep(old["names"], copy.name)
    if "answers" in old:
        new["answers"] = [{**entry(answer, copy), "id": answer["id"]} for answer in old["answers"]]
    new |= {key: copy.id(old[key]) for key in ("parent",) if key in old}
    new |= {key: [copy.id(value) for value in old[key]] for key in ("see", "area") if key in old}
    if "local" in old:
        new["local"] = {copy.id(place): _local(local, copy) for place, local in old["local"].items()}
    for key, make in (("phones", _phone), ("emails", _email), ("pages", _page)):
        if key in old:
            new[key] = [make(copy) for _ in old[key]]
    return new


def _local(old: dict[str, Any], copy: Copy) -> dict[str, Any]:
    return {key: [_page(copy)] if key == "pages" else _deep(value, copy.text) for key, value in old.items()}


def _phone(copy: Copy) -> str:
    return f"+371 29{copy.chance.randrange(10**6):06}"


def _email(copy: Copy) -> str:
    return f"{fold(syllables(copy.chance))}.{fold(syllables(copy.chance))}@{fold(syllables(copy.chance))}.lv"


def _page(copy: Copy) -> str:
    return f"https://{fold(syllables(copy.chance))}.lv/{copy.number}"


def generate(directory: Path, times: int) -> None:
    """Write knowledge `times` as large as the shipped one."""
    shutil.copytree(DATA, directory)
    held = {path.relative_to(DATA): nodes.parse(path.name, path.read_bytes()).value for path in DATA.rglob("*.yaml")}
    chance = random.Random("stock")
    stock = [syllables(chance) for _ in range(round(STOCK * times**GROWTH))]
    taken = set(_names(list(held.values())))
    for number in range(2, times + 1):
        copy = Copy(number=number, stock=stock, taken=taken)
        for name, document in sorted(held.items()):
            if isinstance(document, dict) and (made := _copied(document, copy)):
                target = (
                    directory / name.with_suffix("") / f"{number}.yaml"
                    if len(name.parts) == 1
                    else (directory / name.with_name(f"{name.stem}-{number}.yaml"))
                )
                target.parent.mkdir(exist_ok=True)
                target.write_text("\n".join(lines(made)) + "\n", encoding="utf-8")


def _names(value: Any) -> Iterator[str]:
    """Every name that stands in the shipped files, in lower case."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "names":
                yield from (name.casefold() for name in _leaves(inner))
            yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)


def _copied(held: dict[str, Any], copy: Copy) -> dict[str, Any] | None:
    """The copy of a file of places or entries; None for any other."""
    if "municipalities" in held:
        return places(held, copy)
    if not any(key in held for key in LISTS):
        return None
    new = {key: [entry(old, copy) for old in value] if key in LISTS else value for key, value in held.items()}
    if "municipality" in held:
        new["municipality"] = copy.id(held["municipality"])
    return new


def lines(value: Any, depth: str = "") -> Iterator[str]:
    """A value as YAML in block style, texts in quotes."""
    for key, inner in value.items() if isinstance(value, dict) else (("-", inner) for inner in value):
        head = f"{depth}{key}" if key == "-" else f"{depth}{key}:"
        if isinstance(inner, str):
            yield f"{head} {json.dumps(inner, ensure_ascii=False)}"
        elif not inner:
            yield f"{head} {json.dumps(inner)}"
        else:
            yield head
            yield from lines(inner, depth + "  ")
