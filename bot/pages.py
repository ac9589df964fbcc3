"""Long lists for a chat, a page at a time. Pure; the page asked for is an argument of the command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands import SIGN
from bot.compose import MAX_TEXT
from bot.messages import Attachment, Choice
from bot.phrasebook import Phrasebook

MOST_BLOCKS = 6
"""Blocks of a page that come with a button each."""
UNASKED = 0
"""The page of somebody who asked for the list and for no page of it."""
_BETWEEN = "\n\n"
_FOOT = 60
"""Characters kept free for "page 2 of 5"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: its text, the numbers (from 0) of the blocks on it, the choices that lead to its neighbours, and all
    pages as a file where that was asked for.
    """

    text: str
    blocks: range
    choices: tuple[Choice, ...] = ()
    files: tuple[Attachment, ...] = ()


def page_of(
    head: str, blocks: Sequence[str], number: int, command: str, say: Phrasebook, *, most: int = MOST_BLOCKS
) -> Page:
    """The page `number` (from 1; the nearest there is) of blocks under a heading, shorter than `MAX_TEXT`.

    `UNASKED` is the first, with all blocks as a file where they fill several pages.
    `command` is what an admin types to see the list, with its slash: "/neatbildetie 2" is its second page.
    """
    spans = _spans(blocks, MAX_TEXT - len(head) - len(_BETWEEN) - _FOOT, most)
    at = min(max(number, 1), len(spans))
    shown = spans[at - 1]
    foot = say("page-of", page=str(at), pages=str(len(spans))) if len(spans) > 1 else ""
    room = MAX_TEXT - len(head) - _FOOT
    parts = [head, *(_cut(blocks[block], room) for block in shown), foot]
    choices = []
    if at > 1:
        choices.append(Choice(key=f"{command} {at - 1}", label=say("page-previous")))
    if at < len(spans):
        choices.append(Choice(key=f"{command} {at + 1}", label=say("page-next")))
    files = (as_file(command, _BETWEEN.join([head, *blocks])),) if number == UNASKED and len(spans) > 1 else ()
    return Page(text=_BETWEEN.join(filter(None, parts)), blocks=shown, choices=tuple(choices), files=files)


def as_file(command: str, text: str) -> Attachment:
    """A long text as a file that is called after the command which shows it."""
    name = command.split(maxsplit=1)[0].removeprefix(SIGN)
    return Attachment(name=f"{name}.txt", data=f"{text}\n".encode())


def _spans(blocks: Sequence[str], room: int, most: int) -> list[range]:
    """Which blocks stand on which page: as many as fit, at least one."""
    spans: list[range] = []
    start = taken = 0
    for at, block in enumerate(blocks):
        length = min(len(block), room) + len(_BETWEEN)
        if at > start and (taken + length > room or at - start == most):
            spans.append(range(start, at))
            start, taken = at, 0
        taken += length
    return [*spans, range(start, len(blocks))]


def _cut(block: str, room: int) -> str:
    return block if len(block) <= room else block[: room - 1] + "…"


def page_number(argument: str) -> int:
    """The page that a command's argument asks for; the first where it asks for none."""
    return int(argument) if argument.isascii() and argument.isdecimal() and len(argument) < 5 else 1
