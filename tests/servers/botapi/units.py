"""Text as Telegram measures it: https://core.telegram.org/bots/api#messageentity, "Offset in UTF-16 code units"."""


def units(text: str) -> int:
    """The length of a text in UTF-16 code units: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers; offset and length in UTF-16 code units."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")
