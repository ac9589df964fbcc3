"""A direct room with Sēlis on Matrix, end to end; encrypted, but for one."""

from __future__ import annotations

import io

import nio
import pytest
from nio.crypto.attachments import decrypt_attachment, encrypt_attachment

from tests.adapters.matrix.conftest import until
from tests.adapters.matrix.street import DESK, DESK_BB, PASSWORD, POLICE, Street, content, read_by, replaced

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_plain_room(street: Street) -> None:
    anna = street.anna
    room = await street.alone(anna, encrypted=False)
    await anna.says("policija aa", room)
    answer = await anna.hears(POLICE, room)
    assert content(answer)["msgtype"] == "m.notice"
    assert content(answer)["m.mentions"] == {}
    assert "m.relates_to" not in content(answer)


async def test_an_encrypted_room(street: Street) -> None:
    anna = street.anna
    room = await street.alone(anna)
    await anna.says("policija aa", room)
    answer = await anna.hears(POLICE, room)
    assert answer.decrypted
    assert len(anna.messages(room)) == 1


async def test_a_room_is_known_to_be_direct(street: Street) -> None:
    anna = street.anna
    room = await street.alone(anna)
    token = street.synapse.token(street.bot, PASSWORD)
    path = f"/_matrix/client/v3/user/{street.bot}/account_data/m.direct"
    assert room in street.synapse.call("GET", path, token=token)[anna.user_id]


async def test_an_edited_question_edits_its_answer(street: Street) -> None:
    anna = street.anna
    room = await street.alone(anna)
    question = await anna.says("policija aa", room)
    answer = await anna.hears(POLICE, room)
    new = {"msgtype": "m.text", "body": "klientu centrs aa"}
    relation = {"rel_type": "m.replace", "event_id": question}
    await anna.sends(
        room, {"msgtype": "m.text", "body": "* klientu centrs aa", "m.new_content": new, "m.relates_to": relation}
    )
    (edit,) = await anna.until(lambda: replaced(anna, room, answer.event_id))
    assert DESK in content(edit)["m.new_content"]["body"]
    assert len(anna.messages(room)) == 2


async def test_an_answer_goes_with_its_question(street: Street) -> None:
    anna = street.anna
    room = await street.alone(anna)
    question = await anna.says("policija aa", room)
    answer = await anna.hears(POLICE, room)
    await anna.redacts(question, room)
    await anna.until(lambda: any(
        isinstance(event, nio.RedactionEvent) and event.redacts == answer.event_id for _, event in anna.heard
    ))  # fmt: skip


@pytest.mark.parametrize("encrypted", [True, False])
async def test_a_contact_comes_as_a_card(encrypted: bool, street: Street) -> None:
    anna = street.anna
    room = await street.alone(anna, encrypted=encrypted)
    await anna.says("klientu centrs aa", room)
    await anna.hears(DESK, room)
    await anna.says("vizītkarte", room)
    kind = nio.RoomEncryptedFile if encrypted else nio.RoomMessageFile
    (card,) = await anna.until(
        lambda: [event for where, event in anna.heard if where == room and isinstance(event, kind)]
    )
    assert card.body.endswith(".vcf")
    data = (await anna.client.download(card.url)).body
    if encrypted:
        assert b"VCARD" not in data
        data = decrypt_attachment(data, card.key["k"], card.hashes["sha256"], card.iv)
    assert data.startswith(b"BEGIN:VCARD")
    assert DESK.replace(" ", "").encode() in data


@pytest.mark.parametrize("way", ["number", "words", "reaction"])
async def test_a_choice_is_taken(way: str, street: Street) -> None:
    anna = street.anna
    room = await street.alone(anna)
    await anna.says("klientu centrs", room)
    question = await anna.hears("kurā novadā?", room)
    assert "2. Bē novads" in question.body
    if way == "reaction":
        relation = {"rel_type": "m.annotation", "event_id": question.event_id, "key": "2️⃣"}
        await anna.sends(room, {"m.relates_to": relation}, "m.reaction")
    else:
        await anna.says("2" if way == "number" else "Bē", room)
    await anna.hears(f"Tālrunis: {DESK_BB}", room)


async def test_a_reaction_after_an_edit_means_what_is_shown_now(street: Street) -> None:
    anna = street.anna
    room = await street.alone(anna)
    first = await anna.says("policija", room)
    question = await anna.hears("Policija", room)
    new = {"msgtype": "m.text", "body": "klientu centrs"}
    relation = {"rel_type": "m.replace", "event_id": first}
    await anna.sends(
        room, {"msgtype": "m.text", "body": "* klientu centrs", "m.new_content": new, "m.relates_to": relation}
    )
    await anna.until(lambda: replaced(anna, room, question.event_id))
    reaction = {"rel_type": "m.annotation", "event_id": question.event_id, "key": "1️⃣"}
    await anna.sends(room, {"m.relates_to": reaction}, "m.reaction")
    await anna.hears(f"Tālrunis: {DESK}", room)


async def test_bots_are_not_answered(street: Street) -> None:
    anna = street.anna
    room = await street.alone(anna)
    await anna.sends(room, {"msgtype": "m.notice", "body": "policija aa"})
    await anna.says("klientu centrs aa", room)
    await anna.hears(DESK, room)
    assert len(anna.messages(room)) == 1


async def test_what_was_read_is_shown(street: Street) -> None:
    anna = street.anna
    room = await street.alone(anna)
    question = await anna.says("policija aa", room)
    await anna.until(lambda: question in read_by(anna, room, street.bot))


async def test_keys_change_as_often_as_a_room_wants(street: Street) -> None:
    anna = street.anna
    rotation = {"algorithm": "m.megolm.v1.aes-sha2", "rotation_period_msgs": 1}
    room = await street.alone(anna, encrypted=False)
    await anna.client.room_put_state(room, "m.room.encryption", rotation)
    await anna.until(lambda: anna.client.rooms[room].encrypted)
    await anna.says("policija aa", room)
    first = await anna.hears(POLICE, room)
    await anna.says("klientu centrs aa", room)
    second = await anna.hears(DESK, room)
    assert first.decrypted
    assert second.decrypted
    assert first.session_id != second.session_id


async def test_all_devices_of_a_person_can_read_even_new_ones(street: Street) -> None:
    anna = street.anna
    room = await street.alone(anna)
    await anna.says("policija aa", room)
    await anna.hears(POLICE, room)
    tablet = await street.moves(anna.user_id)
    await tablet.says("klientu centrs bē", room)
    assert (await tablet.hears(DESK_BB, room)).decrypted
    assert (await anna.hears(DESK_BB, room)).decrypted


async def test_an_admin_sends_a_file_and_others_do_not(street: Street) -> None:
    text = (street.house.directory / "contacts/aa.yaml").read_bytes()
    for one, words in ((street.admin, "contacts/aa.yaml"), (street.berta, "kur celt trauksmi")):
        room = await street.alone(one)
        data, keys = encrypt_attachment(text.replace(b"65283888", b"65283889"))
        uploaded, _ = await one.client.upload(io.BytesIO(data), filesize=len(data))
        assert isinstance(uploaded, nio.UploadResponse)
        file = keys | {"url": uploaded.content_uri}
        await one.sends(room, {"msgtype": "m.file", "body": "aa.yaml", "filename": "aa.yaml", "file": file})
        await one.hears(words, room, within=60)


async def test_an_admin_sees_figures_as_a_picture(street: Street) -> None:
    admin = street.admin
    room = await street.alone(admin)
    await admin.says("policija aa", room)
    await admin.hears(POLICE, room)
    await admin.says("!statistika", room)
    (picture,) = await admin.until(
        lambda: [one for where, one in admin.heard if where == room and isinstance(one, nio.RoomEncryptedImage)]
    )
    data = (await admin.client.download(picture.url)).body
    assert decrypt_attachment(data, picture.key["k"], picture.hashes["sha256"], picture.iv).startswith(b"\x89PNG")


@pytest.mark.parametrize("plaintext", ["[]", "null", '{"type": 1}', '{"type": "m.room.message", "content": []}'])
async def test_what_nobody_can_make_sense_of_does_not_stop_it(plaintext: str, street: Street) -> None:
    # nio falls over it: whoever sent it hears nothing more.
    anna = await street.moves()
    room = await street.alone(anna)
    await anna.says("policija aa", room)
    await anna.hears(POLICE, room)
    olm = anna.client.olm
    session = olm.outbound_group_sessions[room]
    junk = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "sender_key": olm.account.identity_keys["curve25519"],
        "ciphertext": session.encrypt(plaintext),
        "session_id": session.id,
        "device_id": anna.client.device_id,
    }
    path = f"/_matrix/client/v3/rooms/{room}/send/m.room.encrypted/junk"
    street.synapse.call("PUT", path, junk, token=anna.client.access_token)
    other = await street.alone(street.berta)
    await street.berta.says("klientu centrs aa", other)
    await street.berta.hears(DESK, other)


async def test_health_tells_of_matrix(street: Street) -> None:
    anna = street.anna
    room = await street.alone(anna)
    before = street.matrix.health().figures.get("sent", 0)
    await anna.says("policija aa", room)
    await anna.hears(POLICE, room)
    await until(lambda: street.matrix.health().figures.get("sent", 0) > before)
    assert street.matrix.health().last is not None
