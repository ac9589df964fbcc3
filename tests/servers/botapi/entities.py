"""What Telegram finds in plain text by itself: mentions, hashtags, commands, links, e-mails and phone numbers.

https://core.telegram.org/bots/api#messageentity: "mention (@username), hashtag (#hashtag or
#hashtag@chatusername), [...] bot_command (/start@jobs_bot), url (https://telegram.org), email
(do-not-reply@telegram.org), phone_number".
"""

import re
from typing import Any

from tests.servers.botapi.units import units

Entity = dict[str, Any]

# A mention has at least four letters (five for people; Telegram's own are shorter), and none stands inside a word.
PATTERNS = [
    ("url", r"(?<![\w@./])(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]»”]"),
    ("email", r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.\w{2,}"),
    ("url", r"(?<![\w@./-])(?:[\w-]+\.)+(?:lv|com|org|net|eu|ru)(?:/[^\s<>\"]*[^\s<>\".,;:!?)])?(?![\w@])"),
    ("bot_command", r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    ("mention", r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)"),
    ("phone_number", r"(?<![\w+])\+\d(?:[ -]?\d){7,14}(?!\w)"),
    ("hashtag", r"(?<!\w)#\w*[^\W\d]\w*"),
]
FINDERS = [(kind, re.compile(pattern)) for kind, pattern in PATTERNS]


def found(text: str, taken: list[Entity]) -> list[Entity]:
    """The given entities and those that are found beside them, in the order of the text; none overlaps a found one."""
    entities = list(taken)
    covered = [(entity["offset"], entity["offset"] + entity["length"]) for entity in taken if entity["type"] in SOLID]
    for kind, pattern in FINDERS:
        for match in pattern.finditer(text):
            start = units(text[: match.start()])
            end = start + units(match.group())
            if all(end <= first or last <= start for first, last in covered):
                covered.append((start, end))
                entities.append({"type": kind, "offset": start, "length": end - start})
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


# Nothing is looked for inside these.
SOLID = {"code", "pre", "text_link", "text_mention", "custom_emoji"}
