"""What can go wrong between us and a homeserver. Every error carries its parts; none carries a token or a key."""

from __future__ import annotations

from datetime import timedelta

from bot.errors import SelisError


class MatrixError(SelisError):
    """Base of the errors of this package."""


class UnreachableError(MatrixError):
    """The homeserver did not answer, or something before it did. `detail` names no address; `status` is HTTP's."""

    def __init__(self, detail: str, status: int | None = None) -> None:
        self.detail = detail
        self.status = status
        super().__init__(f"the homeserver cannot be reached: {detail}")


class LimitExceededError(MatrixError):
    """We ask too much. `after` is how long the server wants to be left alone, where it says so."""

    def __init__(self, after: timedelta | None) -> None:
        self.after = after
        super().__init__("the homeserver wants to be asked later" + (f", after {after}" if after else ""))


class UnknownTokenError(MatrixError):
    """The access token is not valid (any more). With `soft` the device and its keys live on: log in to it again."""

    def __init__(self, *, soft: bool) -> None:
        self.soft = soft
        wants = "wants the device to log in again" if soft else "does not know the access token"
        super().__init__(f"the homeserver {wants}")


class RefusedError(MatrixError):
    """The homeserver said no. `code` is Matrix's (M_FORBIDDEN, or ""), `status` HTTP's, `detail` the server's words."""

    def __init__(self, code: str, detail: str, status: int | None) -> None:
        self.code = code
        self.detail = detail
        self.status = status
        super().__init__(f"the homeserver refused: {code or status} {detail}".rstrip())


class NoHomeserverError(MatrixError):
    """There is no homeserver under a name. `name` is what was looked for."""

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        super().__init__(f"no Matrix homeserver at {name} ({problem}): set SELIS_MATRIX_HOMESERVER to its address")


class LoginError(MatrixError):
    """We cannot log in; the message says what to do."""


class StoreError(MatrixError):
    """A file of the data directory cannot be used. `path` is its name."""

    def __init__(self, path: str, problem: str) -> None:
        self.path = path
        super().__init__(f"{path}: {problem}")


class CrossSigningError(MatrixError):
    """Our device cannot be vouched for; the message says what to do."""


class RecoveryKeyError(MatrixError):
    """A recovery key that is mistyped, or not the one of this account."""
