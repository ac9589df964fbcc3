"""What goes wrong on purpose: by method and count, so that a run can be repeated exactly.

api.faults.add("sendMessage", DROP_AFTER)               the next sendMessage is done, and its answer lost
api.faults.add("getUpdates", answer(502), times=3)      three in a row
api.faults.add("*", delay(0.2), skip=5, times=10)       any method, after five calls that go well
api.flood.close(chat.id, seconds=3)                     429 in this chat alone (see flood.py)
"""

from dataclasses import dataclass, field

ANY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """drop_before: nothing is done and nothing answered; drop_after: done, nothing answered; cut: half an answer."""

    name: str
    delay: float = 0
    late: float = 0
    drop_before: bool = False
    drop_after: bool = False
    cut: bool = False
    code: int = 0
    retry_after: int = 0


DROP_BEFORE = Fault(name="dropped before acting", drop_before=True)
DROP_AFTER = Fault(name="dropped after acting", drop_after=True)
CUT = Fault(name="cut in the middle of the answer", cut=True)


def delay(seconds: float) -> Fault:
    return Fault(name=f"delayed by {seconds} s", delay=seconds)


def late(seconds: float) -> Fault:
    """Done at once, and answered so much later: the bot may have given up waiting."""
    return Fault(name=f"answered {seconds} s late", late=seconds)


def answer(code: int) -> Fault:
    """A 5xx as the front servers give it: nothing is done, and the body is a page of HTML, not JSON."""
    return Fault(name=f"answered {code}", code=code)


def flood(seconds: int) -> Fault:
    return Fault(name=f"too many requests for {seconds} s", code=429, retry_after=seconds)


@dataclass(slots=True, kw_only=True)
class Planned:
    method: str
    fault: Fault
    skip: int
    times: int


@dataclass(slots=True)
class FaultSchedule:
    plan: list[Planned] = field(default_factory=list)

    def add(self, method: str, fault: Fault, *, times: int = 1, skip: int = 0) -> None:
        """The fault meets `times` calls of the method, after `skip` of them went unharmed."""
        self.plan.append(Planned(method=method.lower(), fault=fault, skip=skip, times=times))

    def next(self, method: str) -> Fault | None:
        """The first planned fault that this call has earned; every plan for the method counts the call."""
        for planned in self.plan:
            if planned.times and planned.method in {ANY, method.lower()}:
                if planned.skip:
                    planned.skip -= 1
                    continue
                planned.times -= 1
                return planned.fault
        return None

    def clear(self) -> None:
        self.plan.clear()

    @property
    def left(self) -> int:
        """How many planned faults have not happened yet."""
        return sum(planned.times for planned in self.plan)
