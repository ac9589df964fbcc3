"""Whose invites are followed, who owns a group, and what becomes of a room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.matrix.incoming import read
from adapters.matrix.invites import Caps, Door, Invitation, Invites, Verdict, invitation, parse_invites
from adapters.matrix.news import Became, RoomNews
from adapters.matrix.owners import Powers, powers
from bot.errors import SettingsError
from tests.adapters.matrix.events import ANNA, GROUP, ILZE, ME, SELIS, Json, state

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OWN = Invites(servers=frozenset({"example.org"}))


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("own", {ILZE}),
        ("", {ILZE}),
        ("example.com", {ANNA}),
        ("own, Example.COM", {ILZE, ANNA}),
        ("anyone", {ILZE, ANNA, "@x:[::1]:8448", "@x:sub.example.com"}),
        ("[::1]:8448", {"@x:[::1]:8448"}),
    ],
)
def test_the_policy_says_whose_invites_are_followed(text: str, allowed: set[str]) -> None:
    people = [ILZE, ANNA, "@x:[::1]:8448", "@x:sub.example.com", "@nobody", ""]
    policy = parse_invites(text, "example.org")
    assert {person for person in people if policy.allows(person)} == allowed


@pytest.mark.parametrize("text", ["anyone,own", "@ilze:example.org", "https://example.org", "example.org/x", "a b"])
def test_a_policy_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^SELIS_MATRIX_INVITES: "):
        parse_invites(text, "example.org")


def invite(person: str = SELIS, sender: str = ILZE, **content: Any) -> Json:
    return {
        "type": "m.room.member",
        "state_key": person,
        "sender": sender,
        "content": {"membership": "invite"} | content,
    }


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([invite()], Invitation(room_id="!a", inviter=ILZE)),
        ([invite(is_direct=True)], Invitation(room_id="!a", inviter=ILZE, direct=True)),
        ([invite(is_direct="yes")], Invitation(room_id="!a", inviter=ILZE)),
        ([invite(ANNA, is_direct=True), invite()], Invitation(room_id="!a", inviter=ILZE)),
        ([invite(), {"type": "m.room.create", "content": {"type": "m.space"}}],
         Invitation(room_id="!a", inviter=ILZE, space=True)),
        ([invite(ANNA)], None),
        ([invite(membership="join")], None),
        ([invite(sender=7)], None),  # type: ignore[arg-type]
        ([None, 7, "x", {}], None),
        ([], None),
    ],
)  # fmt: skip
def test_an_invite_is_ours_alone(events: list[Any], found: Invitation | None) -> None:
    assert invitation("!a", events, ME) == found


def test_the_door_refuses_whom_the_policy_does_and_spaces() -> None:
    door = Door(invites=OWN)
    assert door.verdict(Invitation(room_id="!a", inviter=ILZE), 0, NOW) is Verdict.JOIN
    assert door.verdict(Invitation(room_id="!a", inviter=ANNA), 0, NOW) is Verdict.REFUSE
    assert door.verdict(Invitation(room_id="!a", inviter=ILZE, space=True), 0, NOW) is Verdict.REFUSE


def test_the_door_lets_no_more_in_than_the_caps_say() -> None:
    door = Door(invites=OWN, caps=Caps(rooms=9, rooms_an_hour=3, of_one_person_an_hour=2, people=5))

    def verdict(person: str, rooms: int = 0, later: timedelta = timedelta(0)) -> Verdict:
        return door.verdict(Invitation(room_id="!a", inviter=f"@{person}:example.org"), rooms, NOW + later)

    assert [verdict("a"), verdict("a"), verdict("a")] == [Verdict.JOIN, Verdict.JOIN, Verdict.REFUSE]
    assert [verdict("b"), verdict("b")] == [Verdict.JOIN, Verdict.LATER]
    assert verdict("b", later=timedelta(minutes=61)) is Verdict.JOIN
    assert verdict("c", rooms=9, later=timedelta(minutes=61)) is Verdict.REFUSE
    assert [door.caps.holds(people) for people in (5, 6)] == [True, False]


def created(version: Any = "10", by: str = ILZE, **content: Any) -> Json:
    return {"type": "m.room.create", "sender": by, "content": {"room_version": version} | content}


@pytest.mark.parametrize(
    ("levels", "create", "owners"),
    [
        ({"users": {ILZE: 100, ANNA: 50}}, created(), {ILZE, ANNA}),
        ({"users": {ILZE: 100, ANNA: 49}}, created(), {ILZE}),
        ({"users": {ILZE: "100"}}, created(), {ILZE}),
        ({"users": {ILZE: 100, ANNA: 50}, "state_default": 100}, created(), {ILZE}),
        ({"users": {ILZE: 10}, "state_default": 0}, created(), set()),
        ({"users": {ILZE: 0}, "users_default": 60}, created(), {ANNA, SELIS}),
        ({"users": {}}, created("12"), {ILZE}),
        ({"users": {}}, created("12", additional_creators=[ANNA, 7, None]), {ILZE, ANNA}),
        ({"users": {}}, created("11"), set()),
        (None, created(), {ILZE}),
        (None, created(by="", creator=ANNA), {ANNA}),
        (None, {}, set()),
        ({"users": "x", "users_default": None, "state_default": float("nan")}, created(7), set()),
    ],
)
def test_power_levels_tell_the_owners(levels: Json | None, create: Json, owners: set[str]) -> None:
    found = powers(levels, create)
    assert {person for person in (ILZE, ANNA, SELIS) if found.owns(person)} == owners


def test_where_nothing_is_known_nobody_is_an_owner() -> None:
    assert not Powers().owns(ILZE)


def membership(after: str, before: str | None = None, who: str = SELIS, by: str = ILZE) -> Json:
    unsigned = {} if before is None else {"prev_content": {"membership": before}}
    return state("m.room.member", {"membership": after}, who, by, unsigned=unsigned, event_id="$m")


@pytest.mark.parametrize(
    ("made", "became"),
    [
        (membership("join", "invite", by=SELIS), Became.ADDED),
        (membership("join", by=SELIS), Became.ADDED),
        (membership("join", "join", by=SELIS), None),
        (membership("leave", "join"), Became.REMOVED),
        (membership("ban", "join"), Became.REMOVED),
        (membership("leave", "join", by=SELIS), Became.REMOVED),
        (membership("invite"), None),
        (membership("leave", "join", who=ANNA), None),
    ],
)
def test_what_becomes_of_selis_is_news_and_of_others_is_not(made: Json, became: Became | None) -> None:
    found = read(made, GROUP, ME)
    by = made["sender"]
    assert found == (None if became is None else RoomNews(became=became, chat="!group", id="$m", by=by))


@pytest.mark.parametrize(
    ("to", "via"),
    [
        ("!new:example.com", ("example.org", "example.com")),
        ("!new", ("example.org",)),
        ("!new:example.org", ("example.org",)),
    ],
)
def test_a_room_that_is_replaced_is_followed(to: str, via: tuple[str, ...]) -> None:
    gone = state("m.room.tombstone", {"body": "Pārcēlāmies", "replacement_room": to})
    found = read(gone, GROUP, ME)
    assert found == RoomNews(became=Became.MOVED, chat="!group", id=gone["event_id"], to=to, via=via, by=ILZE)


@pytest.mark.parametrize("to", ["", "!group", 7, None])
def test_a_room_that_is_closed_is_not_followed(to: Any) -> None:
    assert read(state("m.room.tombstone", {"replacement_room": to}), GROUP, ME) is None


def test_a_tombstone_that_is_no_state_is_none() -> None:
    assert read(state("m.room.tombstone", {"replacement_room": "!new"}, "x"), GROUP, ME) is None
