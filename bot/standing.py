"""Where a person speaks and what they may change there."""

from __future__ import annotations

from msgspec import Struct

from bot.messages import IncomingMessage


class Standing(Struct, frozen=True, kw_only=True, gc=False):
    """In a private chat everybody speaks for themselves; in a group, `owner` and `admin` may set things for all.

    `admin` is one of Sēlis's own admins. `group_home` is the municipality id the group is set to.
    """

    private: bool = True
    owner: bool = False
    admin: bool = False
    group_home: str | None = None

    @classmethod
    def of(cls, message: IncomingMessage, *, admin: bool = False, group_home: str | None = None) -> Standing:
        """The standing of whoever sent a message."""
        return cls(private=message.private, owner=message.owner, admin=admin, group_home=group_home)

    @property
    def may_set_group(self) -> bool:
        """Whether the person may change what holds for the whole group."""
        return not self.private and (self.owner or self.admin)


IN_PRIVATE = Standing()
"""A private chat, where nobody has to be asked."""
