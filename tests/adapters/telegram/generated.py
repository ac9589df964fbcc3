"""JSON of the library's classes, whatever their fields hold: made from the annotations of their constructors."""

from __future__ import annotations

import collections.abc
import datetime as dtm
import inspect
import types
import typing
from enum import Enum
from functools import cache
from typing import Any

import telegram
from hypothesis import strategies as st
from telegram import constants

DEPTH = 4
# Fields that the library calls optional and cannot do without.
NEEDED = {"persistent_id", "allows_revoting", "members_only", "option_persistent_ids"}
# What tells the kinds of an object apart stands in fields of these names: any of the library's words may come there.
TELLING = {"type", "status", "source"}
ENUMS = [enum for enum in vars(constants).values() if isinstance(enum, type) and issubclass(enum, Enum)]
WORDS = sorted({one.value for enum in ENUMS for one in enum if isinstance(one.value, str)})
NAMES: dict[str, Any] = (
    vars(typing) | vars(collections.abc) | vars(telegram)
    | {"dtm": dtm, "TimePeriod": int, "JSONDict": dict, "DataT": dict, "FileInput": str}
    | {"MaybeInaccessibleMessage": telegram.Message}
)  # fmt: skip
numbers = st.integers(min_value=-(2**40), max_value=2**40)
texts = st.text(max_size=8) | st.sampled_from(["/novads", "/novads@selis_bot x", "@selis_bot", "🙋🏽 @selis_bot dome"])


@cache
def fields(kind: type) -> tuple[tuple[str, Any, bool], ...]:
    """The fields of a class: JSON name, type, whether it must be there."""
    found = []
    for name, parameter in inspect.signature(kind.__init__).parameters.items():  # type: ignore[misc]
        if name in {"self", "api_kwargs"} or parameter.kind in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}:
            continue
        annotation = parameter.annotation
        if isinstance(annotation, str):
            annotation = eval(annotation, dict(NAMES))
        needed = parameter.default is parameter.empty or name in NEEDED
        found.append((name.removesuffix("_user") if name == "from_user" else name, annotation, needed))
    return tuple(found)


def values(annotation: Any, name: str, depth: int) -> st.SearchStrategy[Any]:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in {types.UnionType, typing.Union}:
        return st.one_of(*(values(one, name, depth) for one in inner if one is not type(None)))
    if origin is not None:
        return st.lists(values(inner[0], name, depth), max_size=2)
    if not isinstance(annotation, type):
        return st.sampled_from(WORDS)
    if issubclass(annotation, telegram.TelegramObject):
        return objects(annotation, depth - 1)
    simple: dict[type, st.SearchStrategy[Any]] = {
        bool: st.booleans(), int: numbers, float: st.floats(-200, 200), dict: st.just({}),
        str: st.sampled_from(WORDS) if name in TELLING else texts,
        dtm.datetime: st.integers(0, 2**31), dtm.timedelta: st.integers(0, 2**20),
    }  # fmt: skip
    return simple.get(annotation, texts)


@st.composite
def objects(draw: st.DrawFn, kind: type, depth: int = DEPTH, must: str = "") -> dict[str, Any]:
    """One object: what it must have, the field `must`, and some of the rest while there is depth left."""
    made: dict[str, Any] = {}
    optional = [name for name, _, needed in fields(kind) if not needed]
    chosen = (
        set(draw(st.lists(st.sampled_from(optional), max_size=4))) if optional and depth > 0 and not must else set()
    )
    for name, annotation, needed in fields(kind):
        if needed or name in chosen or name == must:
            if depth <= -4:
                return made
            made[name] = draw(values(annotation, name, depth))
    return made
