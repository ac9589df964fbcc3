"""Telegram: updates in, letters out."""

import os

# Must stand before the library is imported: without it every retry_after is an int, with a warning that it will change.
os.environ.setdefault("PTB_TIMEDELTA", "true")
