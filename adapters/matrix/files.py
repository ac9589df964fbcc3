"""Files in messages: where one is to be fetched, and what a message that brings one says. Pure."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.matrix.fields import mapping, text, whole
from adapters.parts import is_picture
from bot.messages import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Cipher:
    """How a file is encrypted (AES-CTR): key, counter block and SHA-256 of what is on the server, in base64 as sent."""

    key: str = field(repr=False)
    iv: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file on a server. `url` is an mxc:// address, `size` what the sender says of it in bytes (0: nothing)."""

    url: str
    name: str = ""
    size: int = 0
    cipher: Cipher | None = None


def file_of(content: Mapping[str, Any]) -> SentFile | None:
    """The file that a message brings; None where it cannot be fetched, or not be decrypted."""
    named = text(content.get("filename")) or text(content.get("body"))
    size = max(whole(mapping(content.get("info")).get("size")) or 0, 0)
    encrypted = mapping(content.get("file"))
    if not encrypted:
        url = text(content.get("url"))
        return SentFile(url=url, name=named, size=size) if url.startswith("mxc://") else None
    url = text(encrypted.get("url"))
    cipher = Cipher(
        key=text(mapping(encrypted.get("key")).get("k")),
        iv=text(encrypted.get("iv")),
        sha256=text(mapping(encrypted.get("hashes")).get("sha256")),
    )
    whole_cipher = cipher.key and cipher.iv and cipher.sha256
    return (
        SentFile(url=url, name=named, size=size, cipher=cipher) if whole_cipher and url.startswith("mxc://") else None
    )


def media_type(attachment: Attachment) -> str:
    """The media type of a file, by its name."""
    return mimetypes.guess_type(attachment.name)[0] or "application/octet-stream"


def file_content(attachment: Attachment, uploaded: str | Mapping[str, Any]) -> dict[str, Any]:
    """The content that shows an uploaded file: `uploaded` is its mxc:// address or, encrypted, what
    `nio.crypto.attachments.encrypt_attachment` gave, with the address under "url".
    """
    where = {"url": uploaded} if isinstance(uploaded, str) else {"file": dict(uploaded)}
    return {
        "msgtype": "m.image" if is_picture(attachment) else "m.file",
        "body": attachment.name,
        "filename": attachment.name,
        "info": {"mimetype": media_type(attachment), "size": len(attachment.data)},
        "m.mentions": {},
        **where,
    }
