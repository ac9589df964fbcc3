"""What a message relates to: the one it replaces, the thread it stands in, the one it answers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.matrix.fields import mapping, name, text

REPLACES, THREAD, ANNOTATES = "m.replace", "m.thread", "m.annotation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Ids of events, empty where there is none of the kind.

    `answers` is the message that is answered; in a thread `falls_back` tells that it stands there only for clients that
    know no threads. `key` is the sign of a reaction to `reacts_to`.
    """

    replaces: str = ""
    thread: str = ""
    answers: str = ""
    falls_back: bool = False
    reacts_to: str = ""
    key: str = ""

    @property
    def really_answers(self) -> str:
        """The message that a person chose to answer."""
        return "" if self.falls_back else self.answers


def relation_of(content: Mapping[str, Any]) -> Relation:
    """The relation in the content of an event."""
    found = mapping(content.get("m.relates_to"))
    kind, to = found.get("rel_type"), name(found.get("event_id"))
    thread = to if kind == THREAD else ""
    reacts_to = to if kind == ANNOTATES else ""
    return Relation(
        replaces=to if kind == REPLACES else "",
        thread=thread,
        answers=name(mapping(found.get("m.in_reply_to")).get("event_id")),
        falls_back=bool(thread) and found.get("is_falling_back") is True,
        reacts_to=reacts_to,
        key=text(found.get("key")) if reacts_to else "",
    )


def relating(*, answers: str = "", thread: str = "", falls_back: bool = False) -> dict[str, Any]:
    """What to write under `m.relates_to`; empty where nothing is answered and it stands in no thread."""
    relation: dict[str, Any] = {}
    if thread:
        # Clients that know no threads show an answer to the last message that they can find: at least the root.
        relation = {"rel_type": THREAD, "event_id": thread, "is_falling_back": falls_back or not answers}
    if answers or thread:
        relation["m.in_reply_to"] = {"event_id": answers or thread}
    return relation
