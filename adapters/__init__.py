"""Carrying messages between the networks, the terminal and the bot."""
