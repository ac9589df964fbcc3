"""The parameters of one request, however they were sent.

https://core.telegram.org/bots/api#making-requests: "We support four ways of passing parameters in Bot API requests: URL
query string, application/x-www-form-urlencoded, application/json (except for uploading files), multipart/form-data (use
to upload files)". Lists and objects travel as JSON text in all but the third.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.servers.botapi.refusal import bad_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    name: str
    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Parameters:
    values: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            return default

    def number(self, name: str) -> float:
        try:
            return float(self.text(name))
        except ValueError:
            raise bad_request(f'parameter "{name}" is required') from None

    def boolean(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "1", "yes", "t"}

    def parsed(self, name: str) -> Any:
        """A list or an object; None where it was not given or is empty text."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def document(self, name: str) -> Upload | str:
        """An uploaded file (by its own name or as attach://NAME), or the text that stands in its place."""
        key = self.text(name).removeprefix("attach://") if name in self else name
        return self.uploads.get(key) or self.uploads.get(name) or self.text(name)


async def read_parameters(request: web.Request) -> Parameters:
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        try:
            values |= await request.json() if request.can_read_body else {}
        except ValueError:
            raise bad_request("can't parse JSON object") from None
    elif request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            name = part.name or ""
            if part.filename is None:
                values[name] = await part.text()
            else:
                mime = part.headers.get("Content-Type", "application/octet-stream")
                uploads[name] = Upload(name=part.filename, mime=mime, data=bytes(await part.read()))
    elif request.method == "POST":
        values |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return Parameters(values, uploads)
