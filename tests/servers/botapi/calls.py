"""A log of what the bot asked for and what it got, to be read by a person and by tests."""

from dataclasses import dataclass, field
from typing import Any

from tests.servers.botapi.parameters import Parameters


@dataclass(eq=False, slots=True, kw_only=True)
class Call:
    """code: the HTTP status that was answered; 0 where there was no answer (the connection was dropped)."""

    number: int
    method: str
    parameters: Parameters
    at: float
    code: int | None = None
    description: str = ""
    result: Any = None
    fault: str = ""

    def __getitem__(self, name: str) -> Any:
        return self.parameters.values.get(name)

    def __str__(self) -> str:
        asked = ", ".join(f"{name}={shortened(value)}" for name, value in self.parameters.values.items())
        files = "".join(
            f", {name}=<{file.name}: {len(file.data)} bytes>" for name, file in self.parameters.uploads.items()
        )
        ended = "waits" if self.code is None else f"{self.code} {self.description}".strip()
        return f"{self.number} {self.method}({asked}{files}) -> {ended}" + (f" [{self.fault}]" if self.fault else "")


def shortened(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


@dataclass(slots=True)
class CallLog:
    calls: list[Call] = field(default_factory=list)

    def begin(self, method: str, parameters: Parameters, at: float) -> Call:
        self.calls.append(Call(number=len(self.calls) + 1, method=method, parameters=parameters, at=at))
        return self.calls[-1]

    def of(self, method: str) -> list[Call]:
        """All calls of one method, in the order in which they came."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    def __str__(self) -> str:
        return "\n".join(map(str, self.calls))
