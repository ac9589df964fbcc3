"""Arrays kept in a file and used where they lie in it: what no message asks for takes no memory of the process.

The file is an ordinary .npz, not compressed, in which every array begins at a multiple of 64 bytes.
"""

from __future__ import annotations

import io
import mmap
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]

_SUFFIX = ".npy"
_ALIGNED = 64
_LOCAL = 30
"""Bytes of a zip member's header before its name."""
_PADDING = 0xD935
"""The kind of extra field that is there to align what follows."""
_LONGEST = 4096
"""More bytes than the header of an array has."""


def write(file: IO[bytes], arrays: Arrays) -> None:
    """Write arrays by name."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(name + _SUFFIX)
            free = -(file.tell() + _LOCAL + len(member.filename.encode()) + 4) % _ALIGNED
            member.extra = struct.pack("<HH", _PADDING, free) + bytes(free)
            with archive.open(member, "w") as target:
                np.lib.format.write_array(target, np.asarray(array, order="C"), allow_pickle=False)


def read(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a file by name, read-only; the file may be deleted meanwhile, but not changed.

    Raises:
        OSError, ValueError, zipfile.BadZipFile: where there is none, or it is not what was written.
    """
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        damaged = archive.testzip()
        if damaged is not None:
            raise zipfile.BadZipFile(damaged)
        held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return {m.filename.removesuffix(_SUFFIX): _array(held, m.header_offset) for m in archive.infolist()}


def _array(held: mmap.mmap, at: int) -> npt.NDArray[Any]:
    name, extra = struct.unpack_from("<HH", held, at + _LOCAL - 4)
    start = at + _LOCAL + name + extra
    header = io.BytesIO(held[start : start + _LONGEST])
    if np.lib.format.read_magic(header) != (1, 0):
        message = "arrays of another kind"
        raise ValueError(message)
    shape, _, dtype = np.lib.format.read_array_header_1_0(header)
    count = int(np.prod(shape))
    if not count:
        return np.empty(shape, dtype=dtype)
    return np.frombuffer(held, dtype=dtype, count=count, offset=start + header.tell()).reshape(shape)
