"""Choices in a group on Matrix, end to end: whoever takes one is answered, not whoever asked."""

from __future__ import annotations

import pytest

from tests.adapters.matrix.street import DESK, DESK_BB, Street, content

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_was_asked_of_one_can_be_chosen_by_another(street: Street) -> None:
    anna, berta = street.anna, street.berta
    room = await street.group()
    (hello,) = anna.messages(room)
    assert "m.relates_to" not in content(hello)
    await anna.sends(room, street.mention("klientu centrs"))
    question = await berta.hears("kurā novadā?", room)
    reaction = {"rel_type": "m.annotation", "event_id": question.event_id, "key": "1️⃣"}
    await berta.sends(room, {"m.relates_to": reaction}, "m.reaction")
    answer = content(await berta.hears(f"Tālrunis: {DESK}", room))
    assert answer["m.mentions"] == {"user_ids": [berta.user_id]}
    assert answer["m.relates_to"]["m.in_reply_to"]["event_id"] == question.event_id
    typed = await berta.says("2.", room, **{"m.relates_to": {"m.in_reply_to": {"event_id": question.event_id}}})
    answer = content(await berta.hears(f"Tālrunis: {DESK_BB}", room))
    assert answer["m.relates_to"]["m.in_reply_to"]["event_id"] == typed


async def test_a_thumb_judges_an_answer_and_what_was_wrong_is_asked(street: Street) -> None:
    dace = await street.moves()
    room = await street.alone(dace)
    await dace.says("klientu centrs aa", room)
    answer = await dace.hears(DESK, room)
    assert "👎" in answer.body
    reaction = {"rel_type": "m.annotation", "event_id": answer.event_id, "key": "👎"}
    await dace.sends(room, {"m.relates_to": reaction}, "m.reaction")
    await dace.hears("Kas nav kārtībā?", room)
    await dace.says("1", room)
    await dace.hears("lai pārbauda un izlabo", room)
