"""Settings that must never be read in a log. It imports little: commands that end soon need it, too."""

from __future__ import annotations

from bot.secret import Secret
from bot.settings import Settings
from bot.store.address import parse_url


def secrets(settings: Settings) -> tuple[str, ...]:
    """What must never be read in a log."""
    held = [getattr(settings, name) for name in Settings.__struct_fields__]
    found = [secret.get_secret_value() for secret in held if isinstance(secret, Secret)]
    password = parse_url(settings.database_url, settings.data_dir).password
    return (*found, *([str(password)] if password else []))
