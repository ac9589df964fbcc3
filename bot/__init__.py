"""Deciding what to say and remembering what was said; knows no network."""
