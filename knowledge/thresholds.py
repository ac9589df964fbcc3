"""When to answer, when to ask back, when to be silent: numbers found by `selis eval --calibrate`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Probabilities and ratios of probabilities.

    - `scale`: how much a vote tells; with it a probability is about how often the topic is right.
    - `silence`: what is outside the domain wins when it is this many times as likely as anything inside.
    - `guessed`: below this nothing was understood; `account`: the same for accounts of practice, whose words are
      everybody's.
    - `understood`: below this nothing is answered, the likeliest few are offered.
    - `sure`: above this nothing is asked back, however likely the second is.
    - `tie`: a second thing at least this likely, compared with the first, is asked about.
    - `offered`: where only a guess can be offered, so is everything at least this likely, compared with the first.
    """

    scale: float = 6.0
    silence: float = 1.0
    guessed: float = 0.1
    account: float = 0.35
    understood: float = 0.3
    sure: float = 0.55
    tie: float = 0.6
    offered: float = 0.25
