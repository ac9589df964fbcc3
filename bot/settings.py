"""Settings, from environment variables or a .env file."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
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
        settings = Settings()
    except ValidationError as error:
        detail = error.errors(include_url=False, include_input=False)[0]
        name = "SELIS_" + "_".join(str(part) for part in detail["loc"]).upper()
        raise SettingsError(name, detail["msg"]) from error
    parse_admins(settings.admins)
    if not settings.knowledge_dir.is_dir():
        raise SettingsError(
            "SELIS_KNOWLEDGE_DIR", f"{settings.knowledge_dir} is no directory: name one that holds the YAML files"
        )
    return settings
