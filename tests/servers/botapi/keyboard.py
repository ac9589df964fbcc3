"""Keyboards under messages: https://core.telegram.org/bots/api#inlinekeyboardbutton"""

from typing import Any
from urllib.parse import urlsplit

from tests.servers.botapi.parameters import Parameters
from tests.servers.botapi.refusal import bad_request
from tests.servers.botapi.things import Json

# "Exactly one of the fields other than text, icon_custom_emoji_id, and style must be used to specify the type"
ACTIONS = {
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
}  # fmt: skip
OTHER_MARKUP = {"keyboard", "remove_keyboard", "force_reply"}
CANNOT = "can't parse inline keyboard button: "


def markup_of(parameters: Parameters) -> Json | None:
    """The reply markup that was asked for, if it is one that Telegram takes. None where there was none."""
    markup = parameters.parsed("reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = markup["inline_keyboard"]
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise bad_request('field "inline_keyboard" must be of type Array of Array')
        for row in rows:
            for button in row:
                check_button(button)
        return {"inline_keyboard": [row for row in rows if row]}
    if not OTHER_MARKUP & markup.keys():
        raise bad_request("can't parse reply markup: unknown type")
    return markup


def check_button(button: Any) -> None:
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request(f'{CANNOT}Field "text" must be of type String')
    actions = ACTIONS & button.keys()
    if not actions:
        raise bad_request(f"{CANNOT}Text buttons are unallowed in the inline keyboard")
    if "callback_data" in actions and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        # "callback_data: Data to be sent in a callback query to the bot when the button is pressed, 1-64 bytes"
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in actions:
        check_url(str(button["url"]))
    if "copy_text" in actions and not 1 <= len(str(button["copy_text"].get("text", ""))) <= 256:
        # CopyTextButton: "The text to be copied to the clipboard; 1-256 characters"
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def check_url(url: str) -> None:
    """ "HTTP or tg:// URL to be opened when the button is pressed" """
    parts = urlsplit(url if "://" in url or ":" in url else f"http://{url}")
    if parts.scheme not in {"http", "https", "tg", "ton"}:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if parts.scheme in {"http", "https"} and "." not in parts.netloc and not parts.netloc.startswith("localhost"):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
