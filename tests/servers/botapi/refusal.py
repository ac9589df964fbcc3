"""What the Bot API says when it does not do what was asked.

https://core.telegram.org/bots/api#making-requests: "In case of an unsuccessful request, 'ok' equals false and the error
is explained in the 'description'. An Integer 'error_code' field is also returned [...] Some errors may also have an
optional field 'parameters' of the type ResponseParameters, which can help to automatically handle the error."
"""

from typing import Any


class Refusal(Exception):  # noqa: N818 - what the API does is refuse
    """An answer with "ok": false; parameters are those of ResponseParameters (migrate_to_chat_id, retry_after)."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def json(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(description: str, **parameters: int) -> Refusal:
    return Refusal(400, f"Bad Request: {description}", **parameters)


def forbidden(description: str) -> Refusal:
    return Refusal(403, f"Forbidden: {description}")


def conflict(description: str) -> Refusal:
    return Refusal(409, f"Conflict: {description}")


def too_many_requests(seconds: int) -> Refusal:
    """ResponseParameters.retry_after: "In case of exceeding flood control, the number of seconds left to wait before
    the request can be repeated"."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
