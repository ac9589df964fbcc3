"""The one place where errors become exceptions: nio returns them, and passes aiohttp's on."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import aiohttp
import nio

from adapters.matrix.errors import (
    LimitExceededError,
    MatrixError,
    RefusedError,
    UnknownTokenError,
    UnreachableError,
)

_T = TypeVar("_T")
_LONGEST = timedelta(hours=1)
"""What a server may ask of us; a mistake of its clock must not silence us for a year."""


async def answered(call: Awaitable[_T]) -> _T:
    """Wait for a call of nio, and give its answer.

    Raises:
        MatrixError: what `checked` raises, or UnreachableError where there was no answer.
    """
    try:
        return checked(await call)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        # The text of aiohttp's errors holds addresses.
        raise UnreachableError(type(error).__name__) from error


def checked(answer: _T) -> _T:
    """An answer of nio that is no error.

    Raises:
        UnknownTokenError: the token is not valid.
        LimitExceededError: later.
        UnreachableError: it was not the homeserver that spoke, or it is ill.
        RefusedError: no.
    """
    if isinstance(answer, nio.ErrorResponse):
        said = getattr(answer, "transport_response", None)
        raise meaning(
            status=said.status if said is not None else None,
            code=str(answer.status_code or ""),
            detail=answer.message or "",
            after_ms=answer.retry_after_ms,
            soft=bool(answer.soft_logout),
            headers=said.headers if said is not None else {},
        )
    return answer


def meaning(
    *, status: int | None, code: str, detail: str, after_ms: Any, soft: bool, headers: Mapping[str, str]
) -> MatrixError:
    """The exception that an error stands for."""
    if status == 429 or code == "M_LIMIT_EXCEEDED":
        return LimitExceededError(retry_after(after_ms, headers, datetime.now(UTC)))
    if code in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"):
        return UnknownTokenError(soft=soft)
    # What stands before a homeserver knows no codes of Matrix; and nio makes an error of a garbled success.
    if (status is not None and status >= 500) or (not code and (status is None or status < 400)):
        return UnreachableError(f"it answered {status or 'something unreadable'}", status)
    return RefusedError(code, detail, status)


def retry_after(after_ms: Any, headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long to wait by an answer's body and its header; the longer where both say so, None where neither does."""
    said = []
    if isinstance(after_ms, int | float) and not isinstance(after_ms, bool) and 0 <= after_ms < 1e12:
        said.append(timedelta(milliseconds=after_ms))
    header = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", header):
        said.append(timedelta(seconds=int(header)))
    elif header:
        said += _until(header, now)
    return min(max(said), _LONGEST) if said else None


def _until(header: str, now: datetime) -> list[timedelta]:
    """A header may also name the time of day."""
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return []
    return [max(at.replace(tzinfo=at.tzinfo or UTC) - now, timedelta(0))]
