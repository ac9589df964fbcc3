"""The text of a message or a caption: its entities, its length, and when it is refused."""

from tests.servers.botapi.entities import found
from tests.servers.botapi.markup import HtmlText
from tests.servers.botapi.parameters import Parameters
from tests.servers.botapi.refusal import bad_request
from tests.servers.botapi.things import Json
from tests.servers.botapi.units import cut, units

# "Text of the message to be sent, 1-4096 characters after entities parsing"; measured like entities, in UTF-16 units.
LONGEST_TEXT = 4096
# "caption: [...] 0-1024 characters after entities parsing"
LONGEST_CAPTION = 1024


def formatted(parameters: Parameters, field: str, entities_field: str) -> Json:
    """The field as it stands in the sent message, with all entities: given, parsed and found; {} where it is empty."""
    text = parameters.text(field)
    mode = parameters.text("parse_mode").lower()
    entities = parameters.parsed(entities_field) or []
    if mode == "html":
        parsed = HtmlText(text)
        text, entities = parsed.plain, parsed.entities
    elif mode in {"markdown", "markdownv2"}:
        raise NotImplementedError("this server knows HTML alone: ask for it, or teach it Markdown")
    elif mode:
        raise bad_request("unsupported parse_mode")
    text, entities = trimmed(text, entities)
    if not text:
        return {}
    entities = found(text, entities)
    return {field: text} | ({entities_field: entities} if entities else {})


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """White space around a text is taken away, and entities move along."""
    ahead = units(text) - units(text.lstrip())
    text = text.strip()
    length = units(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - ahead)
        end = min(length, entity["offset"] + entity["length"] - ahead)
        if cut(text, start, end - start).strip():
            kept.append(entity | {"offset": start, "length": end - start})
    return text, kept


def message_text(parameters: Parameters, too_long: str) -> Json:
    if not parameters.text("text"):
        raise bad_request("message text is empty")
    content = formatted(parameters, "text", "entities")
    if not content:
        raise bad_request("text must be non-empty")
    if units(content["text"]) > LONGEST_TEXT:
        raise bad_request(too_long)
    return content | options(parameters)


def caption(parameters: Parameters) -> Json:
    content = formatted(parameters, "caption", "caption_entities")
    if content and units(content["caption"]) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return content


def options(parameters: Parameters) -> Json:
    link_preview = parameters.parsed("link_preview_options")
    return {"link_preview_options": link_preview} if link_preview else {}
