"""Logging: one line for each thing that happened, to standard error, without texts, ids of people and secrets.

The lines are JSON for programs to read; on a terminal they are for people.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable
from pathlib import PurePath
from typing import IO, Any

import structlog

_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}|\b(?:syt|mat|mct|mar|mcr)_[A-Za-z0-9_]{10,}")
"""A token of a bot, in whatever it stands: libraries log the addresses they call, and Telegram's hold the token. Those
of Matrix are ours to get, so no setting tells them."""
_HIDDEN = "[secret]"
_OURS = "selis"
_SILENT = ("nio",)
"""Whose warnings name people, rooms and devices; what matters of them comes as errors."""


def set_up(secrets: Iterable[str] = (), *, stream: IO[str] | None = None, level: int = logging.INFO) -> None:
    """Send all logs, ours and those of libraries, to one place, with the secrets taken out."""
    shared: list[Any] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    output = logging.StreamHandler(stream or sys.stderr)
    rendered: list[Any] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    if output.stream.isatty():
        # The pretty tracebacks show what variables hold: texts of people, and secrets.
        rendered = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    # As they are, and as JSON writes them.
    hidden = tuple({form for secret in secrets if secret for form in (secret, json.dumps(secret)[1:-1])})
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *rendered,
            lambda _logger, _name, line: redacted(str(line), hidden),
        ],
    )
    output.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [output]
    # Libraries tell of each request and each table.
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger(_OURS).setLevel(level)
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def redacted(line: str, secrets: Iterable[str] = ()) -> str:
    """A line without the secrets, and without anything that looks like a token."""
    for secret in secrets:
        line = line.replace(secret, _HIDDEN)
    return _TOKEN.sub(_HIDDEN, line)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a part of Sēlis, such as "telegram"."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(f"{_OURS}.{name}")
    return found


def where(fault: BaseException) -> str:
    """Where in the code something happened. The words of an exception may hold what people wrote; this does not."""
    frames = traceback.extract_tb(fault.__traceback__)
    return " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames[:-4:-1])
