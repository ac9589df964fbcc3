"""Cross-signing on a real Synapse: what others see, and what can be restored."""

from __future__ import annotations

import itertools
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from adapters.matrix.chain import Break, chain
from adapters.matrix.errors import CrossSigningError, RecoveryKeyError, UnreachableError
from adapters.matrix.identity import Identity
from adapters.matrix.session import Session
from adapters.matrix.signing import SigningKey
from bot.secret import Secret
from tests.adapters.matrix.conftest import Open, Start
from tests.adapters.matrix.street import PASSWORD, POLICE
from tests.adapters.matrix.strict import StrictResident, believed, keys_of
from tests.servers.relay import Relay
from tests.servers.resident import Resident
from tests.servers.synapse import Synapse


def seen(synapse: Synapse, session: Session, anna: StrictResident) -> bool:
    """Whether her client believes the bot's device."""
    answer = keys_of(synapse, session.user_id, anna.client.access_token)
    return believed(answer, session.user_id, session.device_id)


async def lost(session: Session) -> str:
    """The operator takes the recovery key, and the data directory is lost."""
    folder = session.signer.folder
    await session.close()
    typed = folder.take_recovery_key()
    assert typed is not None
    for path in folder.path.iterdir():
        path.unlink()
    return typed


async def test_others_see_a_whole_chain(opened: Open, synapse: Synapse, anna: StrictResident) -> None:
    session = await opened()
    assert session.chain.green
    assert seen(synapse, session, anna)
    answer = keys_of(synapse, session.user_id, session.client.access_token)
    [user_signing] = answer["user_signing_keys"].values()
    assert user_signing["usage"] == ["user_signing"]


async def test_a_client_that_refuses_unsigned_devices_talks_with_it(opened: Open, anna: StrictResident) -> None:
    session = await opened()
    bot = Resident(session.client)
    room = await anna.room(session.user_id, encrypted=True, direct=True)
    await bot.join(room)
    await anna.joined_by(session.user_id, room)
    for number in range(3):
        await anna.says(f"jautājums {number}", room)
        assert (await bot.hears(f"jautājums {number}", room)).decrypted
        await bot.says(f"atbilde {number}", room)
        assert (await anna.hears(f"atbilde {number}", room)).decrypted
    assert not anna.refused


async def test_it_gets_answers_to_its_questions(start: Start, bot: str, anna: StrictResident) -> None:
    async with start():
        room = await anna.room(bot, encrypted=True, direct=True)
        await anna.joined_by(bot, room)
        await anna.says("policija aa", room)
        assert (await anna.hears(POLICE, room)).decrypted


async def test_that_client_does_refuse_a_device_that_is_not_signed(
    synapse: Synapse, anna: StrictResident, tmp_path: Path
) -> None:
    """Else the test above would show nothing."""
    unsigned = await Resident.of(synapse, tmp_path / "unsigned")
    try:
        room = await anna.room(unsigned.user_id, encrypted=True)
        await unsigned.join(room)
        await anna.joined_by(unsigned.user_id, room)
        await anna.says("vai dzirdi?", room)
        await unsigned.until(lambda: unsigned.unreadable(room))
        await unsigned.says("te esmu", room)
        await anna.until(lambda: anna.refused)
        assert not anna.messages(room)
        assert not unsigned.messages(room)
    finally:
        await unsigned.close()


# ---- the recovery key -----------------------------------------------------------------------------------------------


async def test_on_a_new_device_the_recovery_key_restores_all(
    opened: Open, synapse: Synapse, anna: StrictResident
) -> None:
    first = await opened()
    typed = await lost(first)
    second = await opened()
    assert second.device_id != first.device_id
    assert second.chain.broken is Break.NOT_SIGNED
    assert not seen(synapse, second, anna)
    assert (await second.signer.recovered(typed.replace(" ", ""))).green
    assert seen(synapse, second, anna)
    await second.close()
    # The identity is the same, so nobody is told that it changed; and the next device needs no person.
    assert second.chain.master == first.chain.master
    second.discard_keys()
    third = await opened()
    assert third.device_id != second.device_id
    assert third.chain.green


@pytest.mark.parametrize("spoil", ["letter", "other"])
async def test_a_wrong_recovery_key_restores_nothing(
    spoil: str, opened: Open, synapse: Synapse, anna: StrictResident
) -> None:
    typed = await lost(await opened())
    other = "EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qeeJ ZJV8 Q9fu gUMN UE4d"
    session = await opened()
    with pytest.raises(RecoveryKeyError):
        await session.signer.recovered(typed[:-1] if spoil == "letter" else other)
    assert not seen(synapse, session, anna)


async def test_the_recovery_key_is_no_secret_of_the_server(opened: Open, synapse: Synapse, account: str) -> None:
    session = await opened()
    written = session.signer.folder.take_recovery_key()
    key = session.signer.folder.self_signing()
    assert written is not None
    assert key is not None
    path = f"/_synapse/admin/v1/users/{account}/accountdata"
    said = str(synapse.admin("GET", path)["account_data"]["global"])
    assert "m.cross_signing.master" in said
    assert written not in said
    assert key.secret not in said


async def test_keys_that_another_client_made_are_not_replaced(opened: Open, synapse: Synapse, account: str) -> None:
    """The operator made the account with another client, and has its recovery key."""
    theirs = await opened()
    typed = await lost(theirs)
    ours = await opened()
    assert ours.chain.broken is Break.NOT_SIGNED
    assert ours.chain.master == theirs.chain.master
    assert not ours.signer.folder.recovery_file.exists()
    assert (await ours.signer.recovered(typed)).green
    assert ours.signer.folder.take_recovery_key() is None


# ---- new keys -------------------------------------------------------------------------------------------------------


async def test_new_keys_need_the_password_which_is_said(opened: Open, synapse: Synapse, anna: StrictResident) -> None:
    session = await opened()
    before = session.signer.folder.take_recovery_key()
    after = await session.signer.replaced()
    assert after.green
    assert after.master != session.chain.master
    assert seen(synapse, session, anna)
    typed = await lost(session)
    again = await opened()
    with pytest.raises(RecoveryKeyError):
        await again.signer.recovered(str(before))
    assert (await again.signer.recovered(typed)).green


async def test_without_the_password_new_keys_cannot_be_had(opened: Open, synapse: Synapse, account: str) -> None:
    token = synapse.token(account, PASSWORD)
    session = await opened(matrix_password=None, matrix_access_token=Secret(token))
    with pytest.raises(CrossSigningError, match="set SELIS_MATRIX_PASSWORD too"):
        await session.signer.replaced()
    await session.close()
    # What was in use before still is.
    again = await opened(matrix_password=None, matrix_access_token=Secret(token))
    assert again.chain == session.chain
    assert again.signer.folder.pending_identity() is None
    assert again.signer.folder.self_signing() is not None


@pytest.mark.parametrize(
    ("flows", "says"),
    [
        (
            {
                "flows": [{"stages": ["org.matrix.cross_signing_reset"]}],
                "params": {"org.matrix.cross_signing_reset": {"url": "https://account.example.org/reset"}},
            },
            "do so at https://account.example.org/reset",
        ),
        ({"flows": [{"stages": ["m.login.recaptcha"]}]}, "needs a browser"),
        ({"flows": [{"stages": ["m.login.password"]}]}, "does not take SELIS_MATRIX_PASSWORD"),
    ],
)
async def test_where_it_cannot_be_done_that_is_said_and_the_session_goes_on(
    flows: dict[str, Any], says: str, opened: Open, relay: Relay
) -> None:
    relay.plan("GET", "/.well-known", status=404, times=9)
    relay.plan("POST", "/device_signing/upload$", status=401, body=flows | {"session": "s"}, times=9)
    session = await opened(matrix_homeserver=relay.url)
    assert session.chain.broken is Break.NO_IDENTITY
    with pytest.raises(CrossSigningError, match=says):
        await session.signer.settled()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/device_signing/upload$"), ("PUT", "/account_data/m.secret_storage.key"),
        ("PUT", "/account_data/m.cross_signing.user_signing$"), ("PUT", "default_key$"),
        ("POST", "/signatures/upload$"),
    ],
)  # fmt: skip
async def test_interrupted_anywhere_it_is_finished_by_the_next_start(
    method: str, path: str, opened: Open, relay: Relay, synapse: Synapse, anna: StrictResident
) -> None:
    relay.plan("GET", "/.well-known", status=404, times=9)
    fault = relay.plan(method, path, lost=True, times=9)
    with pytest.raises(UnreachableError):
        await opened(matrix_homeserver=relay.url)
    fault.times = 0
    session = await opened(matrix_homeserver=relay.url)
    assert session.chain.green
    assert seen(synapse, session, anna)
    assert session.signer.folder.pending_identity() is None
    typed = await lost(session)
    assert (await (await opened()).signer.recovered(typed)).green


# ---- the chain, pure ------------------------------------------------------------------------------------------------

BOT, DEVICE = "@bot:example.org", "DEVICE"
IDENTITY = Identity.new()
DEVICE_KEY = SigningKey.new()


def answer_of(identity: Identity = IDENTITY) -> dict[str, Any]:
    published = identity.published(BOT)
    device = {"user_id": BOT, "device_id": DEVICE, "algorithms": [], "keys": {f"ed25519:{DEVICE}": DEVICE_KEY.public}}
    signatures = {
        f"ed25519:{DEVICE}": DEVICE_KEY.sign(device),
        identity.self_signing.id: identity.self_signing.sign(device),
    }
    return {
        "master_keys": {BOT: published["master_key"]},
        "self_signing_keys": {BOT: published["self_signing_key"]},
        "device_keys": {BOT: {DEVICE: device | {"signatures": {BOT: signatures}}}},
    }  # fmt: skip


def test_a_whole_chain_is_green() -> None:
    assert chain(answer_of(), BOT, DEVICE, DEVICE_KEY.public).green
    assert believed(answer_of(), BOT, DEVICE)


OTHER = answer_of(Identity.new())


@pytest.mark.parametrize(
    ("path", "value", "broken"),
    [
        (["device_keys"], {}, Break.NO_DEVICE),
        (["device_keys", BOT], [], Break.NO_DEVICE),
        (["device_keys", BOT, DEVICE, "keys", f"ed25519:{DEVICE}"], IDENTITY.master.public, Break.OTHER_KEYS),
        (["device_keys", BOT, DEVICE, "keys"], None, Break.OTHER_KEYS),
        (["device_keys", BOT, DEVICE, "device_id"], "OTHER", Break.OTHER_KEYS),
        (["device_keys", BOT, DEVICE, "algorithms"], ["more"], Break.OTHER_KEYS),
        (["device_keys", BOT, DEVICE, "signatures", BOT, IDENTITY.self_signing.id], "AAAA", Break.NOT_SIGNED),
        (["device_keys", BOT, DEVICE, "signatures", BOT, IDENTITY.self_signing.id], 7, Break.NOT_SIGNED),
        (["master_keys"], {}, Break.NO_IDENTITY),
        (["master_keys", BOT, "usage"], ["self_signing"], Break.NO_IDENTITY),
        (["master_keys", BOT, "user_id"], "@else:example.org", Break.NO_IDENTITY),
        (["master_keys"], OTHER["master_keys"], Break.BROKEN_IDENTITY),
        (["self_signing_keys"], None, Break.BROKEN_IDENTITY),
        (["self_signing_keys"], OTHER["self_signing_keys"], Break.BROKEN_IDENTITY),
        (["self_signing_keys", BOT, "usage"], "self_signing", Break.BROKEN_IDENTITY),
    ],
    # Keys are made anew each time, and both processes of a run have to know the tests by the same names.
    ids=itertools.count(),
)
def test_each_break_is_told(path: list[str], value: object, broken: Break) -> None:
    answer = deepcopy(answer_of())
    found = answer
    for name in path[:-1]:
        found = found[name]
    found[path[-1]] = value
    assert chain(answer, BOT, DEVICE, DEVICE_KEY.public).broken is broken
    assert not believed(answer, BOT, DEVICE)


def test_another_fingerprint_than_ours_is_told() -> None:
    assert chain(answer_of(), BOT, DEVICE, SigningKey.new().public).broken is Break.OTHER_KEYS


@pytest.mark.parametrize(
    "nonsense", [{}, {"device_keys": 7}, {"device_keys": {BOT: {DEVICE: "x"}}}, {"master_keys": []}]
)
def test_nonsense_is_no_chain(nonsense: dict[str, Any]) -> None:
    assert not chain(nonsense, BOT, DEVICE).green
