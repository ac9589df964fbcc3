"""Inline mode and guest mode: https://core.telegram.org/bots/api#inline-mode"""

from typing import Any

from tests.servers.botapi.answers import open_query
from tests.servers.botapi.keyboard import markup_of
from tests.servers.botapi.parameters import Parameters
from tests.servers.botapi.refusal import bad_request
from tests.servers.botapi.texts import caption, message_text
from tests.servers.botapi.things import Json, Message
from tests.servers.botapi.world import Query, World

# "No more than 50 results per query are allowed."
MOST_RESULTS = 50
# cache_time: "Defaults to 300."
CACHED = 300
KINDS = {
    "article", "photo", "gif", "mpeg4_gif", "video", "audio", "voice", "document", "location", "venue", "contact",
    "game", "sticker",
}  # fmt: skip


def answer_inline_query(world: World, parameters: Parameters) -> bool:
    query = open_query(world, parameters.text("inline_query_id"))
    results = parameters.parsed("results") or []
    if len(results) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    names = [check_result(result) for result in results]
    if len(set(names)) < len(names):
        raise bad_request("RESULT_ID_DUPLICATE")
    query.answer = {"results": results, "is_personal": parameters.boolean("is_personal")}
    for name in ("button", "next_offset"):
        query.answer |= {name: parameters.parsed(name) if name == "button" else parameters.text(name)}
    seconds = parameters.integer("cache_time", CACHED)
    # "is_personal: results may be cached on the server side only for the user that sent the query"
    person = query.user.id if query.answer["is_personal"] else 0
    world.cached[query.data, person] = (world.clock.now() + seconds, query.answer)
    world.changed()
    return True


def check_result(result: Json) -> str:
    """Its id: "Unique identifier for this result, 1-64 Bytes"."""
    name = str(result.get("id", ""))
    if not 1 <= len(name.encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    kind = str(result.get("type", ""))
    if kind not in KINDS:
        raise bad_request(f'can\'t parse inline query result: type "{kind}" is unsupported for the inline query result')
    if kind == "article" and not result.get("title"):
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    if kind == "article" and not result.get("input_message_content"):
        raise bad_request("can't parse inline query result: Message text is empty")
    content_of(result)
    return name


def content_of(result: Json) -> Json:
    """What stands in the message that is sent when somebody chooses the result."""
    content: Json = result.get("input_message_content") or {}
    given = Parameters(dict(result))
    markup_of(given)
    if "message_text" in content:
        renamed = content | {"text": content["message_text"]}
        return message_text(Parameters(renamed), "MESSAGE_TOO_LONG")
    if "phone_number" in content or "latitude" in content:
        return {"contact" if "phone_number" in content else "location": content}
    kept = {"id", "type", "reply_markup", "caption", "parse_mode", "caption_entities"}
    return caption(given) | {str(result["type"]): {name: value for name, value in result.items() if name not in kept}}


def cached(world: World, query: Query) -> Json | None:
    """An answer that the server still has: for everybody, or for this person alone."""
    for person in (query.user.id, 0):
        until, answer = world.cached.get((query.data, person), (0.0, None))
        if answer is not None and until > world.clock.now():
            return answer
    return None


def answer_guest_query(world: World, parameters: Parameters) -> Json:
    """ "Use this method to reply to a received guest message. On success, a SentGuestMessage object is returned." """
    query = open_query(world, parameters.text("guest_query_id"))
    result: Any = parameters.parsed("result") or {}
    check_result(result)
    query.answer = {"result": result}
    assert query.message
    sent = world.post(query.message.chat, world.bot, content_of(result), reply_to=query.message.id)
    sent.markup = result.get("reply_markup")
    return {"inline_message_id": inline_id(world, sent)}


def inline_id(world: World, message: Message) -> str:
    """What the bot calls a message that it may edit in a chat where it is not."""
    name = f"BAAAA{next(world.numbers):08d}"
    world.inline_messages[name] = message
    return name
