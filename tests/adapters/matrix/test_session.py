"""Sessions on a real Synapse: the same device after every start, and what happens when token or keys are gone."""

from __future__ import annotations

import asyncio
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.lock import AlreadyRunningError
from adapters.matrix.answers import answered
from adapters.matrix.errors import (
    LimitExceededError,
    LoginError,
    NoHomeserverError,
    StoreError,
    UnreachableError,
)
from adapters.matrix.kept import Folder
from adapters.matrix.keys import KeysClashError, upload_keys
from adapters.matrix.session import Session, open_session
from bot.secret import Secret
from bot.settings import Settings
from tests.adapters.matrix.conftest import Open
from tests.adapters.matrix.street import PASSWORD
from tests.adapters.matrix.strict import StrictResident
from tests.servers.relay import Relay
from tests.servers.resident import Resident
from tests.servers.synapse import Synapse


def devices(synapse: Synapse, user_id: str) -> set[str]:
    found = synapse.admin("GET", f"/_synapse/admin/v2/users/{user_id}/devices")["devices"]
    return {device["device_id"] for device in found}


async def closed(session: Session) -> Session:
    await session.close()
    return session


def store_of(session: Session) -> Path:
    folder = session.signer.folder
    return folder.path / folder.store_name(session.device_id)


async def test_it_is_the_same_device_after_a_restart(opened: Open, synapse: Synapse, account: str) -> None:
    first = await closed(await opened())
    second = await opened()
    assert (second.user_id, second.device_id) == (account, first.device_id)
    assert second.client.access_token == first.client.access_token
    assert devices(synapse, account) == {first.device_id}


async def test_what_was_said_while_it_was_away_can_be_read(opened: Open, anna: StrictResident) -> None:
    session = await opened()
    bot = Resident(session.client)
    room = await anna.room(session.user_id, encrypted=True, direct=True)
    await bot.join(room)
    await anna.joined_by(session.user_id, room)
    await session.close()
    await anna.says("kur celt trauksmi?", room)
    bot = Resident((await opened()).client)
    assert (await bot.hears("trauksmi", room)).decrypted


async def test_everything_is_for_its_owner_alone(opened: Open, matrix_settings: Settings) -> None:
    await opened()
    for path in [matrix_settings.data_dir, *matrix_settings.data_dir.rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    assert len(list(matrix_settings.data_dir.rglob("*.db"))) == 1


async def test_two_processes_do_not_share_it(opened: Open, matrix_settings: Settings) -> None:
    session = await opened()
    with pytest.raises(AlreadyRunningError, match="stop it first"):
        await open_session(matrix_settings)
    await session.close()
    await (await open_session(matrix_settings)).close()


async def test_killed_before_the_login_was_answered_it_is_the_same_device(
    opened: Open, relay: Relay, synapse: Synapse, account: str
) -> None:
    relay.plan("GET", "/.well-known", status=404)
    relay.plan("POST", "/v3/login$", lost=True)
    with pytest.raises(UnreachableError):
        await opened(matrix_homeserver=relay.url)
    [made] = devices(synapse, account)
    assert (await opened()).device_id == made


# ---- tokens ---------------------------------------------------------------------------------------------------------


def only_token(token: str) -> dict[str, Secret | None]:
    return {"matrix_password": None, "matrix_access_token": Secret(token)}


async def test_a_token_is_enough(opened: Open, synapse: Synapse, account: str) -> None:
    token = synapse.token(account, PASSWORD, "BYTOKEN")
    first = await closed(await opened(**only_token(token)))
    assert (first.device_id, first.chain.green) == ("BYTOKEN", True)
    assert (await opened(**only_token(token))).chain.green
    assert devices(synapse, account) == {"BYTOKEN"}


async def test_a_token_of_somebody_else_is_told(opened: Open, synapse: Synapse) -> None:
    other = synapse.register()
    with pytest.raises(LoginError, match=f"belongs to {other}"):
        await opened(**only_token(synapse.token(other)))


async def test_a_token_that_is_not_valid_any_more_is_told(opened: Open, synapse: Synapse, account: str) -> None:
    token = synapse.token(account, PASSWORD)
    await closed(await opened(**only_token(token)))
    synapse.call("POST", "/_matrix/client/v3/logout", {}, token=token)
    with pytest.raises(LoginError, match=r"SELIS_MATRIX_ACCESS_TOKEN is not valid .*docs/matrix-keys.md"):
        await opened(**only_token(token))


async def test_a_token_whose_keys_are_lost_is_told(opened: Open, synapse: Synapse, account: str) -> None:
    token = synapse.token(account, PASSWORD)
    store_of(await closed(await opened(**only_token(token)))).unlink()
    with pytest.raises(LoginError, match=r"\(the crypto store is gone\): make a new token"):
        await opened(**only_token(token))
    assert (await opened(**only_token(synapse.token(account, PASSWORD)))).chain.green


async def test_a_token_of_another_client_is_told(opened: Open, anna: StrictResident) -> None:
    """It belongs to a device that has keys already, and not ours."""
    with pytest.raises(LoginError, match=r"\(the server has other keys of this device\): make a new token"):
        await opened(matrix_user_id=anna.user_id, **only_token(anna.client.access_token))
    await anna.sync()


async def test_a_wrong_password_is_told(opened: Open, account: str) -> None:
    with pytest.raises(
        LoginError, match=f"does not let {account} in .*: mend SELIS_MATRIX_USER_ID or SELIS_MATRIX_PASS"
    ):
        await opened(matrix_password=Secret("wrong"))


async def test_another_account_needs_another_directory(opened: Open, synapse: Synapse) -> None:
    await closed(await opened())
    with pytest.raises(LoginError, match="SELIS_DATA_DIR"):
        await opened(matrix_user_id=synapse.register(password=PASSWORD))


async def test_a_server_without_passwords_wants_a_token(opened: Open, relay: Relay) -> None:
    relay.plan("GET", "/.well-known", status=404)
    relay.plan("GET", "/v3/login$", status=200, body={"flows": [{"type": "m.login.sso"}]})
    with pytest.raises(LoginError, match="set SELIS_MATRIX_ACCESS_TOKEN"):
        await opened(matrix_homeserver=relay.url)


# ---- logged out -----------------------------------------------------------------------------------------------------


async def test_logged_out_by_the_server_it_comes_back_as_a_new_signed_device(
    opened: Open, synapse: Synapse, account: str
) -> None:
    first = await closed(await opened())
    synapse.call("POST", "/_matrix/client/v3/logout", {}, token=first.client.access_token)
    second = await opened()
    assert second.device_id != first.device_id
    assert second.chain.green
    assert devices(synapse, account) == {second.device_id}


async def test_after_a_soft_logout_it_is_the_same_device(opened: Open, relay: Relay, anna: StrictResident) -> None:
    relay.plan("GET", "/.well-known", status=404, times=9)
    first = await opened(matrix_homeserver=relay.url)
    bot = Resident(first.client)
    room = await anna.room(first.user_id, encrypted=True)
    await bot.join(room)
    await anna.joined_by(first.user_id, room)
    await first.close()
    await anna.says("sveiki", room)
    said = {"errcode": "M_UNKNOWN_TOKEN", "error": "expired", "soft_logout": True}
    relay.plan("GET", "/whoami$", status=401, body=said)
    second = await opened(matrix_homeserver=relay.url)
    assert second.device_id == first.device_id
    assert second.client.access_token != first.client.access_token
    assert (await Resident(second.client).hears("sveiki", room)).decrypted


async def test_what_may_go_well_later_is_not_taken_for_a_fault(opened: Open, relay: Relay) -> None:
    relay.plan("GET", "/.well-known", status=404, times=9)
    first = await closed(await opened(matrix_homeserver=relay.url))
    limited = {"errcode": "M_LIMIT_EXCEEDED", "error": "slow", "retry_after_ms": 20}
    relay.plan("GET", "/whoami$", status=429, body=limited)
    with pytest.raises(LimitExceededError):
        await opened(matrix_homeserver=relay.url)
    relay.plan("GET", "/whoami$", status=502)
    with pytest.raises(UnreachableError):
        await opened(matrix_homeserver=relay.url)
    assert (await opened(matrix_homeserver=relay.url)).device_id == first.device_id


# ---- keys -----------------------------------------------------------------------------------------------------------


async def talks(session: Session, anna: StrictResident) -> None:
    """Encrypted messages go both ways."""
    bot = Resident(session.client)
    room = await anna.room(session.user_id, encrypted=True)
    await bot.join(room)
    await anna.joined_by(session.user_id, room)
    await anna.says("labdien", room)
    assert (await bot.hears("labdien", room)).decrypted
    await bot.says("sveiki", room)
    assert (await anna.hears("sveiki", room)).decrypted


async def test_the_self_signing_key_alone_signs_a_new_device(opened: Open) -> None:
    first = await closed(await opened())
    for path in first.signer.folder.path.iterdir():
        if path.name != "self-signing.json":
            path.unlink()
    second = await opened()
    assert second.device_id != first.device_id
    assert second.chain.green


@pytest.mark.parametrize("loss", ["gone", "damaged", "another key"])
async def test_with_its_keys_lost_it_becomes_a_new_signed_device(
    loss: str, opened: Open, synapse: Synapse, account: str, anna: StrictResident
) -> None:
    first = await closed(await opened())
    if loss == "gone":
        store_of(first).unlink()
    elif loss == "damaged":
        store_of(first).write_bytes(b"no database " * 1000)
    else:
        (first.signer.folder.path / "pickle.key").unlink()
    second = await opened()
    assert second.device_id != first.device_id
    assert second.chain.green
    assert devices(synapse, account) == {second.device_id}
    if loss == "gone":
        await talks(second, anna)


async def test_a_backup_of_the_folder_is_the_same_device(
    opened: Open, matrix_settings: Settings, tmp_path: Path, anna: StrictResident
) -> None:
    first = await closed(await opened())
    folder = matrix_settings.data_dir / "matrix"
    shutil.copytree(folder, tmp_path / "backup")
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    second = await opened()
    assert (second.device_id, second.chain.green) == (first.device_id, True)
    await talks(second, anna)


async def test_a_backup_that_is_too_old_is_noticed(
    opened: Open, tmp_path: Path, synapse: Synapse, account: str, anna: StrictResident
) -> None:
    """Its next one-time keys have the names of others that were made after it."""
    first = await closed(await opened())
    shutil.copy2(store_of(first), tmp_path / "backup")
    meanwhile = await opened()
    meanwhile.client.olm.uploaded_key_count = 0
    await upload_keys(meanwhile.client)
    await meanwhile.close()
    shutil.copy2(tmp_path / "backup", store_of(first))
    restored = await opened()
    restored.client.olm.uploaded_key_count = 0
    with pytest.raises(KeysClashError):
        await upload_keys(restored.client)
    restored.discard_keys()
    await restored.close()
    anew = await opened()
    assert anew.device_id != first.device_id
    assert devices(synapse, account) == {anew.device_id}
    await talks(anew, anna)


async def test_another_devices_keys_are_not_used(opened: Open, synapse: Synapse, account: str) -> None:
    first = await closed(await opened())
    store_of(first).unlink()
    kept = first.signer.folder.session()
    assert kept is not None
    first.signer.folder.keep_session(replace(kept, fingerprint=""))
    second = await opened()
    assert devices(synapse, account) == {second.device_id} != {first.device_id}
    assert second.chain.green


async def test_keys_whose_upload_was_not_answered_do_no_harm(
    opened: Open, relay: Relay, synapse: Synapse, account: str, anna: StrictResident
) -> None:
    relay.plan("GET", "/.well-known", status=404, times=99)
    relay.plan("POST", "/keys/upload$", lost=True)
    with pytest.raises(UnreachableError):
        await opened(matrix_homeserver=relay.url)
    first = await opened(matrix_homeserver=relay.url)
    assert devices(synapse, account) == {first.device_id}
    first.client.olm.uploaded_key_count = 0
    relay.plan("POST", "/keys/upload$", lost=True)
    with pytest.raises(UnreachableError):
        await upload_keys(first.client)
    await first.close()
    second = await opened(matrix_homeserver=relay.url)
    second.client.olm.uploaded_key_count = 0
    await upload_keys(second.client)
    assert second.device_id == first.device_id
    await talks(second, anna)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    folder = Folder.of(tmp_path)
    for name, read in {
        "session.json": folder.session, "pickle.key": folder.pickle_key, "self-signing.json": folder.self_signing,
        "pending-identity.json": folder.pending_identity,
    }.items():  # fmt: skip
        for content in ("", "[]", "{}", "{"):
            (folder.path / name).write_text(content)
            with pytest.raises(StoreError, match=f"{name}: is damaged"):
                read()


# ---- finding the homeserver -----------------------------------------------------------------------------------------


async def test_a_servers_name_leads_to_the_homeserver(opened: Open, relay: Relay, synapse: Synapse) -> None:
    session = await opened(matrix_homeserver=relay.url + "/")
    # Synapse says so itself.
    assert session.client.homeserver == synapse.url
    assert {path for _, path in relay.calls} == {"/.well-known/matrix/client"}


async def test_the_homeserver_is_found_while_the_page_that_tells_of_it_is_away(
    opened: Open, relay: Relay, synapse: Synapse
) -> None:
    first = await closed(await opened(matrix_homeserver=relay.url))
    relay.plan("GET", "", status=503, times=99)
    second = await opened(matrix_homeserver=relay.url)
    assert (second.client.homeserver, second.device_id) == (synapse.url, first.device_id)


@pytest.mark.parametrize("base", [7, "", "example.org", "ftp://example.org", None])
async def test_a_page_that_leads_nowhere_is_told(base: object, opened: Open, relay: Relay) -> None:
    relay.plan("GET", "/.well-known", status=200, body={"m.homeserver": {"base_url": base}})
    with pytest.raises(NoHomeserverError, match="SELIS_MATRIX_HOMESERVER"):
        await opened(matrix_homeserver=relay.url)


async def test_what_speaks_no_matrix_is_told(opened: Open, relay: Relay) -> None:
    relay.plan("GET", "", status=404, body={}, times=9)
    with pytest.raises(NoHomeserverError, match="does not speak Matrix"):
        await opened(matrix_homeserver=relay.url)


async def test_nobody_there_may_come_back(opened: Open) -> None:
    with pytest.raises(UnreachableError, match="SELIS_MATRIX_HOMESERVER"):
        await opened(matrix_homeserver="http://127.0.0.1:9")


async def test_calls_of_nio_fail_as_exceptions_and_at_once(opened: Open, relay: Relay) -> None:
    relay.plan("GET", "/.well-known", status=404, times=9)
    session = await opened(matrix_homeserver=relay.url)
    fault = relay.plan("GET", "/joined_rooms", status=429, times=99, headers={"Retry-After": "30"})
    async with asyncio.timeout(10):
        with pytest.raises(LimitExceededError) as error:
            await answered(session.client.joined_rooms())
    assert error.value.after is not None
    assert error.value.after.total_seconds() == 30
    assert fault.times == 98
