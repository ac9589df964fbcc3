"""Whatever anybody writes into an event, reading it passes: no kind of event, and no field of one, makes it fail."""

from __future__ import annotations

import re
from pathlib import Path
from time import process_time
from typing import Any

import nio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.matrix.incoming import Asked, read
from adapters.matrix.invites import invitation
from adapters.matrix.owners import powers
from tests.adapters.matrix.events import (
    ANNA,
    DIRECT,
    GROUP,
    ME,
    SELIS,
    answering,
    edit,
    event,
    in_thread,
    message,
    notice,
    reaction,
    state,
    understood,
)
from tests.trees import paths, with_other

SOURCE = "".join(
    path.read_text(encoding="utf-8") for path in sorted((Path(nio.__file__).parent / "events").glob("*.py"))
)
SCHEMAS = (Path(nio.__file__).parent / "schemas.py").read_text(encoding="utf-8")
TYPES = sorted(
    {*re.findall(r'"((?:m|org\.matrix|io\.element)\.[\w.]+)"', SOURCE), "m.poll.start", "org.example.junk", ""}
)
"""Every name that the library knows, be it of an event, of a message or of a relation."""
KEYS = sorted({*re.findall(r'"([a-z_]\w+)"', SCHEMAS), *TYPES, "m.new_content", "m.in_reply_to", "is_falling_back"})
"""Every name of a field."""

OURS = notice("Kuru?", "t:a::", "!useful:e")
HERS = message("Sēlis: dome", '<a href="https://matrix.to/#/@selis:example.org">Sēlis</a>: dome', mentions=[SELIS])
PICTURE = {
    "msgtype": "m.image", "body": "Sēlis: kas tas?", "filename": "a.jpg", "info": {"size": 5},
    "file": {"url": "mxc://a/b", "key": {"k": "a"}, "iv": "b", "hashes": {"sha256": "c"}},
}  # fmt: skip
WHOLE = [
    OURS, HERS, edit(HERS, "Sēlis: duma"), reaction(OURS, "1️⃣"), message("> <@a:b> x\n\nJā", **answering(OURS)),
    message("Sēlis, jā", **in_thread("$root")), event("m.room.message", PICTURE),
    event("m.room.message", {"msgtype": "m.location", "body": "Ilze: šeit", "geo_uri": "geo:55.9,27.1;u=3"}),
    event("m.sticker", {"body": "x", "url": "mxc://a/b"}), event("m.room.redaction", {"redacts": "$a"}, redacts="$a"),
    state("m.room.member", {"membership": "join"}, SELIS), state("m.room.tombstone", {"replacement_room": "!new:a"}),
]  # fmt: skip
"""One of each kind that means anything."""
QUICKLY = settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
names = st.sampled_from(
    [*TYPES, SELIS, ANNA, OURS["event_id"], HERS["event_id"], "m.replace", "m.thread", "join", "leave"]
)
numbers = st.integers() | st.floats()
simple = st.none() | st.booleans() | numbers | st.text(st.characters(), max_size=12) | names
junk = st.recursive(
    simple,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=5,
)
rooms = st.sampled_from([DIRECT, GROUP])


def passes(made: Any, room: Any) -> None:
    for known in ((), WHOLE):
        found = understood(made, room, *known)
        if isinstance(found, Asked):
            # Ids end up in hashes and in the database: they must be writable.
            of = found.message.conversation
            "".join((of.chat, of.person, of.thread, found.message.id, found.message.text)).encode()


@pytest.mark.parametrize("kind", TYPES)
def test_every_kind_of_event_passes(kind: str) -> None:
    @QUICKLY
    @given(st.dictionaries(st.sampled_from(KEYS), junk, max_size=6), junk, st.booleans(), rooms)
    def goes(content: dict[str, Any], other: Any, is_state: bool, room: Any) -> None:
        made = event(kind, content) | ({"state_key": other} if is_state else {"unsigned": other, "redacts": other})
        passes(made, room)

    goes()


@pytest.mark.parametrize("whole", WHOLE, ids=lambda one: f"{one['type']}-{one['event_id']}")
def test_every_field_may_hold_anything(whole: dict[str, Any]) -> None:
    ways = sorted(paths(whole), key=repr)

    @settings(QUICKLY, max_examples=4 * len(ways))
    @given(st.sampled_from(ways), junk, rooms)
    def goes(path: tuple[Any, ...], value: Any, room: Any) -> None:
        made = with_other(whole, path, value)
        passes(made, room)
        # What others say of the event that is needed may be as broken.
        for one in (OURS, HERS):
            read(reaction(one, "1️⃣"), room, ME, {one["event_id"]: made})
            read(edit(one, "Sēlis: x"), room, ME, {one["event_id"]: made})

    goes()


@settings(QUICKLY, max_examples=100)
@given(junk, rooms)
def test_what_is_no_event_means_nothing(made: Any, room: Any) -> None:
    assert understood(made, room) is None


@settings(QUICKLY, max_examples=100)
@given(st.lists(junk, max_size=3), junk, junk)
def test_the_state_of_a_room_may_be_anything(events: list[Any], levels: Any, create: Any) -> None:
    assert invitation("!a", events, ME) is None
    powers(levels, create).owns(ANNA)


SLOW = [
    "<a href='https://matrix.to/#/" * 2000, "<a " * 20_000, "<mx-reply>" * 6000, "[" * 60_000, "> \n" * 20_000,
    "[Sēlis](https://matrix.to/#/" * 2000, "@selis:example.org" * 3000, "Sēlis " * 10_000, " " * 60_000, "!" * 60_000,
    "https://matrix.to/#/@selis:example.org?" + "a" * 60_000, ("a" * 79 + ":") * 800,
]  # fmt: skip


@pytest.mark.parametrize("long", SLOW, ids=range(len(SLOW)))
def test_nothing_takes_long_to_read(long: str) -> None:
    begun = process_time()
    for made in (message(long, long), message(long, long, mentions=[SELIS], **answering(OURS))):
        understood(made, GROUP, OURS)
    # An event has at most 64 KiB; what grows with their square would take many seconds.
    assert process_time() - begun < 1
