"""What the Bot API server of the tests holds of a chat, as a page that looks like Telegram on a telephone."""

from __future__ import annotations

import base64
from html import escape

from tests.servers.botapi.things import Json, Message
from tests.servers.botapi.units import units
from tests.servers.botapi.world import World

WIDTH = 390
_TAGS = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre"}
_STYLE = """
body { margin: 0; background: #7f99b5; font: 15px/1.32 'Liberation Sans', 'Noto Color Emoji', sans-serif; }
.all { display: flex; align-items: flex-start; gap: 18px; padding: 12px; }
.phone { width: WIDTHpx; background: #d5e0ea; border-radius: 10px; overflow: hidden; }
.head { background: #517da2; color: #fff; padding: 10px 14px; font-weight: bold; }
.chat { padding: 10px 8px; display: flex; flex-direction: column; gap: 6px; }
.said { max-width: 86%; }
.own { align-self: flex-end; }
.bubble { background: #fff; border-radius: 12px; padding: 7px 11px 8px; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.own .bubble { background: #effdde; }
.who { color: #3a8ccf; font-weight: bold; font-size: 14px; }
.quote { border-left: 3px solid #3a8ccf; padding-left: 7px; margin: 2px 0 4px; font-size: 13px; color: #555;
  white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.row { display: flex; gap: 4px; margin-top: 4px; }
.row span { flex: 1; background: #8aa5bf; color: #fff; border-radius: 8px; padding: 8px 6px; text-align: center;
  font-size: 14px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; min-width: 0; }
a { color: #168acd; text-decoration: none; } code { color: #b04a1a; } img { width: 100%; border-radius: 8px; }
""".replace("WIDTH", str(WIDTH))


def page(chats: list[tuple[str, list[Message]]], world: World) -> str:
    """Chats beside each other, each with its title and what is to be seen in it."""
    phones = "".join(
        f"<div class=phone><div class=head>{escape(title)}</div><div class=chat>"
        f"{''.join(_said(message, world) for message in messages)}</div></div>"
        for title, messages in chats
    )
    return f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style><div class=all>{phones}</div>"


def _said(message: Message, world: World) -> str:
    own = message.sender is not world.bot
    who = f"<div class=who>{escape(message.author)}</div>" if message.chat.kind != "private" else ""
    replied = message.chat.messages.get(message.reply_to or 0)
    quote = f"<div class=quote>{escape(replied.text)}</div>" if replied else ""
    inside = who + quote + _picture(message, world) + marked(message.text, message.entities)
    rows = "".join(f"<div class=row>{''.join(map(_button, row))}</div>" for row in message.rows)
    return f"<div class='said{' own' if own else ''}'><div class=bubble>{inside}</div>{rows}</div>"


def _button(button: Json) -> str:
    sign = " ↗" if "url" in button else ""
    return f"<span>{escape(button['text'])}{sign}</span>"


def _picture(message: Message, world: World) -> str:
    if "photo" in message.content:
        _, data = world.files[message.content["photo"][-1]["file_id"]]
        return f"<img src='data:image/png;base64,{base64.b64encode(data).decode()}'>"
    if "document" in message.content:
        return f"📎 {escape(message.content['document'].get('file_name', ''))}\n"
    return ""


def marked(text: str, entities: list[Json]) -> str:
    """The text with its entities as HTML; they nest, as Telegram has them."""
    ends: list[int] = []
    tags: list[str] = []
    shown, at = [], 0
    waiting = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
    for sign in text:
        while ends and ends[-1] <= at:
            ends.pop()
            shown.append(f"</{tags.pop()}>")
        while waiting and waiting[0]["offset"] <= at:
            entity = waiting.pop(0)
            tag = _TAGS.get(entity["type"], "a")
            ends.append(entity["offset"] + entity["length"])
            tags.append(tag)
            shown.append(f"<{tag}>")
        shown.append(escape(sign))
        at += units(sign)
    return "".join(shown) + "".join(f"</{tag}>" for tag in reversed(tags))
