"""The recovery key as people write it (specification, "Key representation"): base58 of 8B 01, 32 bytes and a parity."""

from __future__ import annotations

from functools import reduce
from operator import xor

from adapters.matrix.errors import RecoveryKeyError

_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_HEAD = b"\x8b\x01"
KEY_BYTES = 32


def written(key: bytes) -> str:
    """The key in groups of four letters."""
    raw = _HEAD + key
    letters = _base58(raw + bytes([reduce(xor, raw)]))
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def read(text: str) -> bytes:
    """The key that somebody typed; spaces do not matter.

    Raises:
        RecoveryKeyError: a letter is missing, wrong or too many.
    """
    letters = "".join(text.split())
    strange = sorted(set(letters) - set(_LETTERS))
    if strange:
        raise RecoveryKeyError(f"no recovery key has the letter {strange[0]!r}: type it as it was shown")
    number = reduce(lambda so_far, letter: so_far * len(_LETTERS) + _LETTERS.index(letter), letters, 0)
    raw = number.to_bytes((number.bit_length() + 7) // 8)
    if len(raw) != len(_HEAD) + KEY_BYTES + 1 or not raw.startswith(_HEAD) or reduce(xor, raw) != 0:
        raise RecoveryKeyError("the recovery key is mistyped: twelve groups of four letters, as it was shown")
    return raw[len(_HEAD) : -1]


def _base58(raw: bytes) -> str:
    # Nothing that starts with 8B has leading zeros, which base58 would write as ones.
    number, letters = int.from_bytes(raw), ""
    while number:
        number, rest = divmod(number, len(_LETTERS))
        letters = _LETTERS[rest] + letters
    return letters
