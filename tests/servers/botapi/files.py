"""Files that were sent, and how the bot gets them: https://core.telegram.org/bots/api#getfile"""

from typing import Any

from tests.servers.botapi.parameters import Parameters, Upload
from tests.servers.botapi.refusal import bad_request
from tests.servers.botapi.things import Json
from tests.servers.botapi.world import World

# "For the moment, bots can download files of up to 20MB in size."
LARGEST_DOWNLOAD = 20 * 1024 * 1024
# vCard: "Additional data about the contact in the form of a vCard, 0-2048 bytes"
LARGEST_VCARD = 2048


def kept(world: World, name: str, data: bytes) -> Json:
    """The file is kept; what is returned are the fields that every kind of file has."""
    number = next(world.numbers)
    file_id = f"BQACAgQAAxkBAAI{number:08d}"
    world.files[file_id] = (f"documents/file_{number}.{name.rpartition('.')[2] or 'bin'}", data)
    return {"file_id": file_id, "file_unique_id": f"AgAD{number:08d}", "file_size": len(data)}


def get_file(world: World, parameters: Parameters) -> Json:
    file_id = parameters.text("file_id")
    if file_id not in world.files:
        raise bad_request("invalid file_id" if file_id else "file_id not specified")
    path, data = world.files[file_id]
    if len(data) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {"file_id": file_id, "file_unique_id": file_id[-12:], "file_size": len(data), "file_path": path}


def sent_file(world: World, parameters: Parameters, field: str) -> tuple[Json, Upload | None]:
    """ "Pass a file_id as String to send a file that exists on the Telegram servers (recommended), [...] or upload a
    new one using multipart/form-data." The third way, by URL, is not served. None for a file that was there before."""
    given = parameters.document(field)
    if isinstance(given, Upload):
        if not given.data:
            raise bad_request("file must be non-empty")
        return kept(world, given.name, given.data), given
    if not given:
        raise bad_request(f"there is no {field} in the request")
    if given not in world.files:
        raise bad_request("wrong remote file identifier specified: Wrong string length")
    return {"file_id": given, "file_unique_id": given[-12:], "file_size": len(world.files[given][1])}, None


def document(world: World, parameters: Parameters) -> Json:
    shown, upload = sent_file(world, parameters, "document")
    named: Json = {"file_name": upload.name, "mime_type": upload.mime} if upload else {}
    return {"document": shown | named}


def photo(world: World, parameters: Parameters) -> Json:
    """ "The photo must be at most 10 MB in size. The photo's width and height must not exceed 10000 in total. Width and
    height ratio must be at most 20." """
    shown, _ = sent_file(world, parameters, "photo")
    width, height = size_of(world.files[shown["file_id"]][1])
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return {"photo": [shown | {"width": width, "height": height}]}


def size_of(data: bytes) -> tuple[int, int]:
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) > 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data.startswith(b"\xff\xd8"):
        return 800, 600
    raise bad_request("IMAGE_PROCESS_FAILED")


def contact(world: World, parameters: Parameters) -> Json:
    shown: Json = {name: required(parameters, name) for name in ("phone_number", "first_name")}
    for name in ("last_name", "vcard"):
        shown |= {name: parameters.text(name)} if parameters.text(name) else {}
    if len(parameters.text("vcard").encode()) > LARGEST_VCARD:
        raise bad_request("vCard is too long")
    return {"contact": shown}


def location(world: World, parameters: Parameters) -> Json:
    return {
        "location": {
            "latitude": degrees(parameters, "latitude", 90),
            "longitude": degrees(parameters, "longitude", 180),
        }
    }


def venue(world: World, parameters: Parameters) -> Json:
    place: Json = location(world, parameters)
    named: Json = {name: required(parameters, name) for name in ("title", "address")}
    return place | {"venue": place | named}


def degrees(parameters: Parameters, name: str, most: float) -> float:
    value = parameters.number(name)
    if abs(value) > most:
        raise bad_request("wrong latitude/longitude specified")
    return value


def required(parameters: Parameters, name: str) -> Any:
    if not parameters.text(name):
        raise bad_request(f'parameter "{name}" is required')
    return parameters.text(name)
