"""The homeserver of the tests and its residents: what the tests of the adapter stand on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers.resident import Resident
from tests.servers.synapse import Refusal, Synapse


async def test_residents_read_each_other_in_an_encrypted_room(synapse: Synapse, tmp_path: Path) -> None:
    anna = await Resident.of(synapse, tmp_path / "anna")
    janis = await Resident.of(synapse, tmp_path / "janis")
    try:
        room = await anna.room(janis.user_id, encrypted=True)
        await janis.join(room)
        await anna.joined_by(janis.user_id, room)
        await anna.says("labdien", room)
        assert (await janis.hears("labdien", room)).decrypted
        await janis.says("sveiki", room)
        assert (await anna.hears("sveiki", room)).sender == janis.user_id
    finally:
        await anna.close()
        await janis.close()


def test_a_registered_user_has_no_device(synapse: Synapse) -> None:
    user = synapse.register()
    assert synapse.admin("GET", f"/_synapse/admin/v2/users/{user}/devices")["devices"] == []


def test_a_refusal_says_why(synapse: Synapse) -> None:
    with pytest.raises(Refusal) as refused:
        synapse.call("GET", "/_matrix/client/v3/account/whoami", token="nobody's")
    assert (refused.value.status, refused.value.code) == (401, "M_UNKNOWN_TOKEN")
