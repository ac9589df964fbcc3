"""Signatures, recovery keys and secret storage, on the vectors of the specification and of another client."""

from __future__ import annotations

import pytest
import signedjson.key
import signedjson.sign
from hypothesis import given
from hypothesis import strategies as st

from adapters.matrix import recovery_key, secret_storage
from adapters.matrix.errors import RecoveryKeyError
from adapters.matrix.signing import SigningKey, canonical_json, decoded, encoded, is_signed

# Appendix "Cryptographic Test Vectors" of the specification.
SPEC_KEY = SigningKey.of(decoded("YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1"))
SPEC_SIGNATURES = [
    ({}, "K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ"),
    ({"one": 1, "two": "Two"},
     "KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw"),
]  # fmt: skip
# Appendix "Canonical JSON".
SPEC_JSON = [
    ({}, "{}"),
    ({"one": 1, "two": "Two"}, '{"one":1,"two":"Two"}'),
    ({"b": "2", "a": "1"}, '{"a":"1","b":"2"}'),
    ({"auth": {"success": True, "mxid": "@john.doe:example.com", "profile": {"display_name": "John Doe",
      "three_pids": [{"medium": "email", "address": "john.doe@example.org"}]}}},
     ('{"auth":{"mxid":"@john.doe:example.com","profile":{"display_name":"John Doe","three_pids":'
     '[{"address":"john.doe@example.org","medium":"email"}]},"success":true}}')),
    ({"a": "日本語"}, '{"a":"日本語"}'),
    ({"本": 2, "日": 1}, '{"日":1,"本":2}'),
    ({"a": "\u65e5"}, '{"a":"日"}'),
    ({"a": None}, '{"a":null}'),
]  # fmt: skip


@pytest.mark.parametrize(("value", "text"), SPEC_JSON)
def test_canonical_json_is_the_specifications(value: object, text: str) -> None:
    assert canonical_json(value) == text.encode()


def test_canonical_json_knows_no_fractions() -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        canonical_json({"a": [1.5]})


@pytest.mark.parametrize(("value", "signature"), SPEC_SIGNATURES)
def test_signatures_are_the_specifications(value: dict[str, object], signature: str) -> None:
    assert SPEC_KEY.sign(value) == signature
    assert is_signed(SPEC_KEY.signed(value, "@a:b"), "@a:b", SPEC_KEY.public)


_text = st.text(st.characters(exclude_categories=["Cs"]))
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _text,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(_text, below, max_size=3),
    max_leaves=8,
)
_key = st.binary(min_size=32, max_size=32)


@given(st.dictionaries(_text, _json, max_size=4), _key)
def test_synapses_library_makes_and_takes_the_same_signatures(value: dict[str, object], seed: bytes) -> None:
    value = {name: part for name, part in value.items() if name not in ("signatures", "unsigned")}
    theirs = signedjson.key.decode_signing_key_base64("ed25519", "x", encoded(seed))
    ours = SigningKey.of(seed)
    signed = signedjson.sign.sign_json(dict(value), "@a:b", theirs)
    assert signed["signatures"]["@a:b"]["ed25519:x"] == ours.sign(value)
    assert is_signed(signed, "@a:b", ours.public, "ed25519:x")


@pytest.mark.parametrize(
    "spoilt",
    [
        None, [], {}, {"signatures": 1}, {"signatures": {"@a:b": {}}}, {"signatures": {"@a:b": {SPEC_KEY.id: 7}}},
        {"signatures": {"@a:b": {SPEC_KEY.id: "AA"}}}, SPEC_KEY.signed({"a": 1}, "@a:b") | {"a": 2},
        SPEC_KEY.signed({"a": 1}, "@a:b") | {"a": 1.0}, SPEC_KEY.signed({"a": 1}, "@c:d"),
    ],
)  # fmt: skip
def test_what_is_not_signed_is_not_believed(spoilt: object) -> None:
    assert not is_signed(spoilt, "@a:b", SPEC_KEY.public)


def test_a_second_signature_keeps_the_first() -> None:
    other = SigningKey.new()
    twice = other.signed(SPEC_KEY.signed({"a": 1}, "@a:b"), "@a:b")
    assert is_signed(twice, "@a:b", SPEC_KEY.public)
    assert is_signed(twice, "@a:b", other.public)


def test_a_seed_is_nowhere_to_be_seen() -> None:
    assert repr(SPEC_KEY.seed) not in repr(SPEC_KEY)


# From the tests of matrix-js-sdk and matrix-rust-sdk: real recovery keys, and what real clients kept under them.
OTHERS_KEYS = [
    ("EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qeeJ ZJV8 Q9fu gUMN UE4d",
     "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"),
    ("EsTp RvZT njck 8Yrh RAtw XLS8 4Nr2 r9S9 LGAW DaEx VAPB vLRK",
     "9fbd46bb345171c6f6022c9a25d5681ba54eec6a6c4953f3adc0b96e9d91ada3"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key"), OTHERS_KEYS)
def test_recovery_keys_are_those_of_other_clients(text: str, key: str) -> None:
    assert recovery_key.written(bytes.fromhex(key)) == text
    assert recovery_key.read(f"  {text.replace(' ', '', 3)}\n").hex() == key


@given(_key)
def test_a_recovery_key_comes_back(key: bytes) -> None:
    assert recovery_key.read(recovery_key.written(key)) == key


@pytest.mark.parametrize(
    "typed",
    [
        "", "1", "EsTc LW2K", OTHERS_KEYS[0][0].replace("4d", "4e"), OTHERS_KEYS[0][0] + "1", "0" + OTHERS_KEYS[0][0],
        OTHERS_KEYS[0][0].replace("LW2K PGiF", "PGiF LW2K"), "Es Ī",
    ],
)  # fmt: skip
def test_a_mistyped_recovery_key_is_told(typed: str) -> None:
    with pytest.raises(RecoveryKeyError):
        recovery_key.read(typed)


DESCRIBED = {"algorithm": secret_storage.ALGORITHM, "iv": "xv5b6/p3ExEw++wTyfSHEg==",
             "mac": "ujBBbXahnTAMkmPUX2/0+VTfUh63pGyVRuBcDMgmJC8="}  # fmt: skip
WITH_PASSPHRASE = {
    "algorithm": secret_storage.ALGORITHM, "iv": "gH2iNpiETFhApvW6/FFEJQ",
    "mac": "9Lw12m5SKDipNghdQXKjgpfdj1/K7HFI2brO+UWAGoM",
    "passphrase": {"algorithm": "m.pbkdf2", "salt": "IuLnH7S85YtZmkkBJKwNUKxWF42g9O1H", "iterations": 10},
}  # fmt: skip


def test_the_key_of_another_client_is_known_again() -> None:
    assert secret_storage.key_of("EsTj 3yST y93F SLpB jJsz eAXc 2XzA ygD3 w69H fGaN TKBj jXEd", DESCRIBED)
    assert secret_storage.key_of("It's a secret to everybody", WITH_PASSPHRASE)


@pytest.mark.parametrize(
    ("typed", "description"),
    [
        (OTHERS_KEYS[0][0], DESCRIBED),
        (OTHERS_KEYS[0][0], WITH_PASSPHRASE),
        ("It's a secret to nobody", WITH_PASSPHRASE),
        ("It's a secret to everybody", DESCRIBED),
        ("It's a secret to everybody", WITH_PASSPHRASE | {"passphrase": {"algorithm": "m.md5"}}),
        (OTHERS_KEYS[0][0], DESCRIBED | {"algorithm": "org.example"}),
        (OTHERS_KEYS[0][0], DESCRIBED | {"iv": "AA"}),
        (OTHERS_KEYS[0][0], {}),
    ],
)
def test_another_key_is_told(typed: str, description: dict[str, object]) -> None:
    with pytest.raises(RecoveryKeyError):
        secret_storage.key_of(typed, description)


@given(_key, _text)
def test_a_secret_comes_back_and_only_with_its_key_and_name(key: bytes, secret: str) -> None:
    kept = secret_storage.encrypted(key, "id", "a.name", secret)["encrypted"]["id"]
    assert secret_storage.decrypted(key, "a.name", kept) == secret
    assert secret_storage.key_of(recovery_key.written(key), secret_storage.described(key, "ours")) == key
    for other_key, name in ((key[::-1] + b"\1", "a.name"), (key, "another.name")):
        with pytest.raises(RecoveryKeyError):
            secret_storage.decrypted(other_key, name, kept)


@pytest.mark.parametrize(
    "kept", [None, {}, {"iv": "A", "ciphertext": "", "mac": ""}, {"iv": 1, "ciphertext": 2, "mac": 3}]
)
def test_damaged_secrets_are_told(kept: object) -> None:
    with pytest.raises(RecoveryKeyError):
        secret_storage.decrypted(b"\0" * 32, "a.name", kept)
