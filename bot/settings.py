"""Settings, from environment variables or a .env file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.admins import Admins, parse_admins
from bot.errors import SettingsError
from knowledge.load import DATA


class Settings(BaseSettings):
    """What an operator can set. Names are the fields with SELIS_ before them."""

    model_config = SettingsConfigDict(env_prefix="SELIS_", env_file=".env", env_ignore_empty=True, extra="ignore")

    knowledge_dir: Path = DATA
    """Directory of the knowledge; the one that ships with Sēlis by default."""
    data_dir: Path = Path.home() / ".local" / "share" / "selis"
    """Directory of what Sēlis keeps; made when first needed."""
    database_url: str | None = Field(default=None, repr=False)
    """The database: sqlite:///FILE or postgresql://…; SQLite in the data directory by default."""
    admins: str = ""
    """Who may change the knowledge, as telegram:1001,matrix:@admin:example.org."""
    limit_person: int = Field(default=30, ge=1)
    """Messages a minute that one person is answered."""
    limit_group: int = Field(default=60, ge=1)
    """The same for all of a group together."""
    reload_limit: float = Field(default=0.01, ge=0, le=1)
    """How far accuracy on the project's own questions may fall by a reload, 0 to 1."""

    telegram_token: SecretStr | None = None
    """What @BotFather gave; with it `selis run` talks on Telegram."""
    telegram_token_file: Path | None = None
    """A file that holds the token."""
    telegram_api_url: str = Field(default="https://api.telegram.org", pattern=r"^https?://[^\s/]+")
    """Where the Bot API is; /bot<token>/METHOD is put behind it."""
    telegram_webhook_url: str | None = Field(
        default=None, pattern=r"^(https://[^\s/]+|http://(127\.0\.0\.1|localhost)(:\d+)?)/\S+"
    )
    """The address under which Telegram reaches us, with a path; without it Sēlis asks for messages by itself. Only a
    Bot API server on this machine takes one without encryption."""
    telegram_webhook_secret: SecretStr | None = None
    """What Telegram says with each webhook request, 1 to 256 letters, digits, - and _."""
    telegram_webhook_secret_file: Path | None = None
    """A file that holds that secret."""
    matrix_homeserver: str | None = Field(default=None, pattern=r"^(https?://)?[^\s/?#]+/?$")
    """The homeserver's address, or the server's name; without one it is found by the user id."""
    matrix_user_id: str | None = Field(default=None, pattern=r"^@[^:\s]+:[^\s/]+$")
    """The bot's account, @name:server; with it and a password or token `selis run` talks on Matrix."""
    matrix_password: SecretStr | None = None
    """The account's password."""
    matrix_password_file: Path | None = None
    """A file that holds the password."""
    matrix_access_token: SecretStr | None = None
    """An access token of the account, where the server lets nobody in by password."""
    matrix_access_token_file: Path | None = None
    """A file that holds the access token."""
    matrix_invites: str = Field(default="own", pattern=r"^[^\s,]+( *, *[^\s,]+)*$")
    """Whose invitations are taken: own (server), anyone, or the names of servers, as own,example.org."""
    http_host: str = "127.0.0.1"
    """The address that the web server of webhook and health listens at."""
    http_port: int | None = Field(default=None, ge=1, le=65535)
    """Its port; without one there is no web server."""

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
    try:
        settings = _with_files(Settings())
    except ValidationError as error:
        detail = error.errors(include_url=False, include_input=False)[0]
        name = "SELIS_" + "_".join(str(part) for part in detail["loc"]).upper()
        raise SettingsError(name, detail["msg"]) from error
    parse_admins(settings.admins)
    if settings.telegram_webhook_url is not None and settings.http_port is None:
        raise SettingsError("SELIS_TELEGRAM_WEBHOOK_URL", "needs SELIS_HTTP_PORT: the port where Telegram is let in")
    _check_matrix(settings)
    if not settings.knowledge_dir.is_dir():
        raise SettingsError(
            "SELIS_KNOWLEDGE_DIR", f"{settings.knowledge_dir} is no directory: name one that holds the YAML files"
        )
    return settings


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
    for name in Settings.model_fields:
        file = getattr(settings, f"{name}_file", None)
        if isinstance(file, Path) and getattr(settings, name) is None:
            read[name] = SecretStr(_secret(f"SELIS_{name.upper()}_FILE", file))
    return settings.model_copy(update=read)


def _secret(name: str, file: Path) -> str:
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(name, f"{file} cannot be read: name a file that holds the secret alone") from error
    if not secret:
        raise SettingsError(name, f"{file} is empty: write the secret into it")
    return secret
