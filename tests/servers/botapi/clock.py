"""The server's time, which a test may set forward instead of waiting."""

import time


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds
