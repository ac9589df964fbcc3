"""Settings, from environment variables or a .env file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from dotenv import dotenv_values
from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import fields, replace

from bot.admins import Admins, parse_admins
from bot.errors import SettingsError
from bot.secret import Secret
from knowledge.files import DATA

PREFIX = "SELIS_"
_FILE = ".env"
_WEBHOOK = r"^(https://[^\s/]+|http://(127\.0\.0\.1|localhost)(:\d+)?)/\S+"


class Settings(Struct, frozen=True, kw_only=True):
    """What an operator can set. Names are the fields with SELIS_ before them."""

    knowledge_dir: Path = DATA
    """Directory of the knowledge; the one that ships with Sēlis by default."""
    data_dir: Path = Path.home() / ".local" / "share" / "selis"
    """Directory of what Sēlis keeps; made when first needed."""
    database_url: str | None = None
    """The database: sqlite:///FILE or postgresql://…; SQLite in the data directory by default."""
    admins: str = ""
    """Who may change the knowledge, as telegram:1001,matrix:@admin:example.org."""
    limit_person: Annotated[int, Meta(ge=1)] = 30
    """Messages a minute that one person is answered."""
    limit_group: Annotated[int, Meta(ge=1)] = 60
    """The same for all of a group together."""
    reload_limit: Annotated[float, Meta(ge=0, le=1)] = 0.01
    """How far accuracy on the project's own questions may fall by a reload, 0 to 1."""

    telegram_token: Secret | None = None
    """What @BotFather gave; with it `selis run` talks on Telegram."""
    telegram_token_file: Path | None = None
    """A file that holds the token."""
    telegram_api_url: Annotated[str, Meta(pattern=r"^https?://[^\s/]+")] = "https://api.telegram.org"
    """Where the Bot API is; /bot<token>/METHOD is put behind it."""
    telegram_webhook_url: Annotated[str, Meta(pattern=_WEBHOOK)] | None = None
    """The address under which Telegram reaches us, with a path; without it Sēlis asks for messages by itself. Only a
    Bot API server on this machine takes one without encryption."""
    telegram_webhook_secret: Secret | None = None
    """What Telegram says with each webhook request, 1 to 256 letters, digits, - and _."""
    telegram_webhook_secret_file: Path | None = None
    """A file that holds that secret."""
    matrix_homeserver: Annotated[str, Meta(pattern=r"^(https?://)?[^\s/?#]+/?$")] | None = None
    """The homeserver's address, or the server's name; without one it is found by the user id."""
    matrix_user_id: Annotated[str, Meta(pattern=r"^@[^:\s]+:[^\s/]+$")] | None = None
    """The bot's account, @name:server; with it and a password or token `selis run` talks on Matrix."""
    matrix_password: Secret | None = None
    """The account's password."""
    matrix_password_file: Path | None = None
    """A file that holds the password."""
    matrix_access_token: Secret | None = None
    """An access token of the account, where the server lets nobody in by password."""
    matrix_access_token_file: Path | None = None
    """A file that holds the access token."""
    matrix_invites: Annotated[str, Meta(pattern=r"^[^\s,]+( *, *[^\s,]+)*$")] = "own"
    """Whose invitations are taken: own (server), anyone, or the names of servers, as own,example.org."""
    http_host: str = "127.0.0.1"
    """The address that the web server of webhook and health listens at."""
    http_port: Annotated[int, Meta(ge=1, le=65535)] | None = None
    """Its port; without one there is no web server."""

    def __repr__(self) -> str:
        """Nothing of what is set: the address of a database may hold a password."""
        return "Settings(…)"

    @property
    def on_matrix(self) -> bool:
        """Whether there is an account to talk on Matrix with."""
        return self.matrix_user_id is not None

    @property
    def parsed_admins(self) -> Admins:
        """The admins as people.

        Raises:
            SettingsError: a part cannot be read.
        """
        return parse_admins(self.admins)


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: naming the variable and what is wrong with it.
    """
    # The environment goes before the file, and an empty setting is none.
    given = {name: value for source in (dotenv_values(_FILE), os.environ) for name, value in source.items() if value}
    settings = _with_files(_read(given))
    parse_admins(settings.admins)
    if settings.telegram_webhook_url is not None and settings.http_port is None:
        raise SettingsError("SELIS_TELEGRAM_WEBHOOK_URL", "needs SELIS_HTTP_PORT: the port where Telegram is let in")
    _check_matrix(settings)
    if not settings.knowledge_dir.is_dir():
        raise SettingsError(
            "SELIS_KNOWLEDGE_DIR", f"{settings.knowledge_dir} is no directory: name one that holds the YAML files"
        )
    return settings


def _read(given: Mapping[str, str]) -> Settings:
    """The settings among variables by name."""
    read: dict[str, Any] = {}
    for field in fields(Settings):
        name = PREFIX + field.name.upper()
        if name in given:
            try:
                read[field.name] = convert(given[name], field.type, strict=False, dec_hook=_made)
            except ValidationError as error:
                raise SettingsError(name, str(error)) from None
    return Settings(**read)


def _made(kind: type, text: str) -> Any:
    """A path or a secret, which msgspec does not know."""
    return kind(text)


def _check_matrix(settings: Settings) -> None:
    secrets = (settings.matrix_password, settings.matrix_access_token)
    if settings.matrix_user_id is None and (settings.matrix_homeserver is not None or any(secrets)):
        raise SettingsError("SELIS_MATRIX_USER_ID", "is missing: name the bot's account, as @selis:example.org")
    if settings.matrix_user_id is not None and not any(secrets):
        raise SettingsError(
            "SELIS_MATRIX_PASSWORD", "is missing: set it, or SELIS_MATRIX_ACCESS_TOKEN where the server wants a token"
        )


def _with_files(settings: Settings) -> Settings:
    """The settings with the secrets that stand in files."""
    read: dict[str, Any] = {}
    for name in Settings.__struct_fields__:
        file = getattr(settings, f"{name}_file", None)
        if isinstance(file, Path) and getattr(settings, name) is None:
            read[name] = Secret(_secret(f"{PREFIX}{name.upper()}_FILE", file))
    return replace(settings, **read)


def _secret(name: str, file: Path) -> str:
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(name, f"{file} cannot be read: name a file that holds the secret alone") from error
    if not secret:
        raise SettingsError(name, f"{file} is empty: write the secret into it")
    return secret
