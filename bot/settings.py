"""Settings, from environment variables or a .env file."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from knowledge.load import DATA


class Settings(BaseSettings):
    """What an operator can set. Names are the fields with SELIS_ before them."""

    model_config = SettingsConfigDict(env_prefix="SELIS_", env_file=".env", env_ignore_empty=True, extra="ignore")

    knowledge_dir: Path = DATA
    """Directory of the knowledge; the one that ships with Sēlis by default."""
    data_dir: Path = Path.home() / ".local" / "share" / "selis"
    """Directory of what Sēlis keeps; made when first needed."""


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: naming the variable and what is wrong with it.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        detail = error.errors(include_url=False, include_input=False)[0]
        name = "SELIS_" + "_".join(str(part) for part in detail["loc"]).upper()
        raise SettingsError(name, detail["msg"]) from error
    if not settings.knowledge_dir.is_dir():
        raise SettingsError(
            "SELIS_KNOWLEDGE_DIR", f"{settings.knowledge_dir} is no directory: name one that holds the YAML files"
        )
    return settings
