"""Who may change the knowledge: the people of SELIS_ADMINS."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import SettingsError
from bot.messages import ConversationId

SETTING = "SELIS_ADMINS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admins:
    """People by network and the network's id of them."""

    people: frozenset[tuple[str, str]] = frozenset()

    def hold(self, conversation: ConversationId) -> bool:
        """Whether the person of a conversation is an admin."""
        return (conversation.network, conversation.person) in self.people

    def of(self, network: str) -> list[str]:
        """The network's ids of its admins, in order."""
        return sorted(person for where, person in self.people if where == network)


def parse_admins(text: str) -> Admins:
    """The admins of "telegram:1001,matrix:@admin:example.org".

    Raises:
        SettingsError: a part is not a network, a colon and an id.
    """
    people = set[tuple[str, str]]()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        network, colon, person = part.partition(":")
        if not (network.isalpha() and colon and person.strip()):
            raise SettingsError(SETTING, f"{part!r} is no network:id: write telegram:1001,matrix:@admin:example.org")
        people.add((network.lower(), person.strip()))
    return Admins(people=frozenset(people))
