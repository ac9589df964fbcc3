"""HTML as parse_mode reads it, with Telegram's own complaints and their byte offsets.

https://core.telegram.org/bots/api#html-style: "Only the tags mentioned above are currently supported. All <, > and &
symbols that are not a part of a tag or an HTML entity must be replaced with the corresponding HTML entities. All
numerical HTML entities are supported. The API currently supports only the following named HTML entities: &lt;, &gt;,
&amp; and &quot;." The wording of the complaints is that of Telegram's open server.
"""

import re
from typing import Any

from tests.servers.botapi.refusal import Refusal, bad_request
from tests.servers.botapi.units import units

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "tg-spoiler": "spoiler", "span": "spoiler", "a": "text_link", "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
}  # fmt: skip
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
CHARACTER = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]+));?")
WORDS = re.compile(r"[^<&]+")
TAG_NAME = re.compile(r"[^\s>]*")
ATTRIBUTE = re.compile(r"""\s*([^\s=>]*)\s*(?:=\s*("[^"]*"|'[^']*'|[\w.-]*))?""")


def complaint(text: str) -> Refusal:
    return bad_request(f"can't parse entities: {text}")


class HtmlText:
    """One pass over a text in HTML; afterwards .plain and .entities say what a person sees."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.plain = ""
        self.entities: list[dict[str, Any]] = []
        self.open: list[tuple[str, dict[str, str], int]] = []
        while self.position < len(source):
            self.step()
        if self.open:
            raise complaint(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))

    def step(self) -> None:
        if words := WORDS.match(self.source, self.position):
            self.plain += words[0]
            self.position = words.end()
        elif self.source.startswith("</", self.position):
            self.end_tag()
        elif self.source[self.position] == "<":
            self.start_tag()
        else:
            match = CHARACTER.match(self.source, self.position)
            character = decoded(match) if match else ""
            self.plain += character or self.source[self.position]
            self.position = match.end() if match and character else self.position + 1

    def offset(self, position: int) -> int:
        return len(self.source[:position].encode())

    def start_tag(self) -> None:
        begin = self.offset(self.position)
        name = self.read_name(self.position + 1)
        if self.position >= len(self.source):
            raise complaint(f"Unclosed start tag at byte offset {begin}")
        if name not in KINDS:
            raise complaint(f'Unsupported start tag "{name}" at byte offset {begin}')
        attributes = {}
        while self.source[self.position : self.position + 1] not in {">", ""}:
            match = ATTRIBUTE.match(self.source, self.position)
            assert match
            if not match[1] and self.source[match.end() : match.end() + 1] not in {">", ""}:
                raise complaint(f'Empty attribute name in the tag "{name}" at byte offset {begin}')
            self.position = match.end()
            if match[1]:
                attributes[match[1].lower()] = plain_attribute((match[2] or "").strip("\"'"))
        if self.position >= len(self.source):
            raise complaint(f"Unclosed start tag at byte offset {begin}")
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise complaint(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.position += 1
        self.open.append((name, attributes, units(self.plain)))

    def end_tag(self) -> None:
        begin = self.offset(self.position)
        if not self.open:
            raise complaint(f"Unexpected end tag at byte offset {begin}")
        found = self.read_name(self.position + 2)
        while self.source[self.position : self.position + 1].isspace():
            self.position += 1
        if self.source[self.position : self.position + 1] != ">":
            raise complaint(f"Unclosed end tag at byte offset {begin}")
        name, attributes, offset = self.open.pop()
        if found and found != name:
            raise complaint(f'Unmatched end tag at byte offset {begin}, expected "</{name}>", found "</{found}>"')
        self.position += 1
        length = units(self.plain) - offset
        if length and (entity := entity_of(name, attributes, self.plain, length)):
            self.entities.append(entity | {"offset": offset, "length": length})

    def read_name(self, start: int) -> str:
        match = TAG_NAME.match(self.source, start)
        assert match
        self.position = match.end()
        return match[0].lower()


def decoded(match: re.Match[str]) -> str:
    """The character that an HTML entity stands for; "" where it is no entity that Telegram knows."""
    decimal, hexadecimal, name = match.groups()
    if name:
        return NAMED.get(name, "")
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x110000 else ""


def plain_attribute(value: str) -> str:
    return CHARACTER.sub(lambda match: decoded(match) or match[0], value)


def entity_of(name: str, attributes: dict[str, str], plain: str, length: int) -> dict[str, Any] | None:
    """Without offset and length. A link to nothing is no link, as on the real server."""
    kind = KINDS[name]
    if kind == "text_link":
        href = attributes.get("href") or plain.encode("utf-16-le")[-2 * length :].decode("utf-16-le")
        if person := re.fullmatch(r"tg://user\?id=(\d+)", href):
            return {"type": "text_mention", "user": {"id": int(person[1]), "is_bot": False, "first_name": ""}}
        return {"type": kind, "url": href} if re.match(r"(https?://|tg://|mailto:|tel:)|[\w-]+\.\w", href) else None
    if kind == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    if kind == "custom_emoji":
        return {"type": kind, "custom_emoji_id": attributes.get("emoji-id", "")}
    return {"type": kind}
