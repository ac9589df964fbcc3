"""Post office: letters of the outbox become messages on Matrix."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nio.crypto.attachments import encrypt_attachment

from adapters.matrix.answers import answered, checked
from adapters.matrix.api import send_clear
from adapters.matrix.askers import Askers
from adapters.matrix.client import Client
from adapters.matrix.errors import LimitExceededError, MatrixError, RefusedError, UnknownTokenError, UnreachableError
from adapters.matrix.facts import Facts
from adapters.matrix.files import file_content, media_type
from adapters.matrix.incoming import quoted, said_by
from adapters.matrix.keyring import Keyring
from adapters.matrix.me import Me
from adapters.matrix.notices import CLEAR
from adapters.matrix.outgoing import Content, Towards, render, replacing
from adapters.typing import Typing
from adapters.vcard import as_vcard, file_name
from bot.delivery import Refused, RetryLater, Unreachable
from bot.live import LiveKnowledge
from bot.messages import Attachment
from bot.store.outbox import Outgoing

_LATE = timedelta(seconds=10)
"""After so long an answer in a direct room says which question it answers; in a group it always does."""
_SOON = timedelta(seconds=2)
_TOKEN_REFUSED = timedelta(seconds=30)
_MOST_UNKNOWN = 20
"""So often a room may be unknown: one that was just joined comes with the next sync."""
_NEVER = {"M_FORBIDDEN", "M_NOT_FOUND", "M_UNRECOGNIZED", "M_USER_DEACTIVATED", "M_UNSUPPORTED_ROOM_VERSION"}


@dataclass(slots=True, kw_only=True)
class PostOffice:
    """The network of `bot.delivery` for Matrix. `clock` gives aware UTC times."""

    client: Client
    me: Me
    live: LiveKnowledge
    facts: Facts
    keyring: Keyring
    askers: Askers
    typing: Typing
    clock: Callable[[], datetime]

    async def send(self, outgoing: Outgoing) -> Sequence[str]:
        """Send a letter: see `bot.delivery.Network`."""
        address = outgoing.letter.address
        if address.chat not in self.client.rooms:
            if outgoing.tries > _MOST_UNKNOWN:
                raise Refused("no-such-room")
            raise RetryLater(_SOON)
        try:
            messages = await _Sending(self, outgoing).run()
        except MatrixError as error:
            found = meaning(error)
            if isinstance(found, Refused):
                self.typing.end(address.chat, address.thread)
            raise found from error
        self.typing.end(address.chat, address.thread)
        return messages


class _Sending:
    """One letter on its way: each of its messages has a name of its own by which the server knows it again."""

    def __init__(self, office: PostOffice, outgoing: Outgoing) -> None:
        self._office, self._outgoing = office, outgoing
        self._client, self._letter = office.client, outgoing.letter
        self._room = outgoing.letter.address.chat
        self._number = 0

    async def run(self) -> list[str]:
        targets = self._outgoing.edits
        if not self._letter.reply.text:
            # What was asked is taken back, and so is what answered it.
            await self._take_back(targets)
            return []
        contents = await self._contents()
        if self._letter.address.reply_to.startswith(CLEAR):
            return [await self._send_clear(content) for content in contents]
        done = []
        for number, content in enumerate(contents):
            if number < len(targets):
                await self._send(replacing(content, targets[number]))
                done.append(targets[number])
            else:
                done.append(await self._send(content))
        await self._take_back(targets[len(contents) :])
        reply = self._letter.reply
        cards = (Attachment(name=file_name(card), data=as_vcard(card).encode()) for card in reply.cards)
        for attachment in (*reply.attachments, *cards):
            done.append(await self._send(file_content(attachment, await self._uploaded(attachment))))
        return done

    async def _contents(self) -> tuple[Content, ...]:
        office, address = self._office, self._letter.address
        group = not office.facts.person_of(self._room)
        asked = quoted(address.reply_to)
        late = office.clock() - self._outgoing.enqueued > _LATE
        answers = asked if asked.startswith("$") and (group or late) else ""
        person = await office.askers.of(self._room, said_by(address.reply_to)) if answers and group else ""
        if person == office.me.user_id:
            # What we say of ourselves because we were let in answers nobody.
            answers = person = ""
        to = Towards(answers=answers, thread=address.thread, person=person)
        return render(self._letter.reply, office.live.current.index.kb, office.me, to)

    def _transaction(self) -> str:
        self._number += 1
        return f"{self._outgoing.transaction}.{self._number}"

    async def _send(self, content: Content) -> str:
        transaction = self._transaction()
        await self._office.keyring.share(self._room)
        sent = await answered(
            self._client.room_send(
                self._room, "m.room.message", content, tx_id=transaction, ignore_unverified_devices=True
            )
        )
        return str(sent.event_id)

    async def _send_clear(self, content: Content) -> str:
        return await send_clear(self._client, self._room, content, self._transaction())

    async def _take_back(self, messages: Sequence[str]) -> None:
        for message in messages:
            await answered(self._client.room_redact(self._room, message, tx_id=self._transaction()))

    async def _uploaded(self, attachment: Attachment) -> str | dict[str, object]:
        """The address of an uploaded file; in an encrypted room with what opens it."""
        room = self._client.rooms[self._room]
        data, keys, kind = attachment.data, {}, media_type(attachment)
        if room.encrypted:
            (data, keys), kind = encrypt_attachment(attachment.data), "application/octet-stream"
        answer, _ = await self._client.upload(io.BytesIO(data), content_type=kind, filesize=len(data))
        address = str(checked(answer).content_uri)
        return keys | {"url": address} if room.encrypted else address


def meaning(error: MatrixError) -> Exception:
    """What an error means for a letter: an exception of `bot.delivery`, or the error itself where nobody foresaw it."""
    match error:
        case LimitExceededError():
            # Servers count what an account sends to all of its rooms together.
            return RetryLater(error.after, everywhere=error.after is not None)
        case UnknownTokenError():
            return RetryLater(_TOKEN_REFUSED, everywhere=True)
        case UnreachableError():
            return Unreachable()
        case RefusedError() if error.code in _NEVER:
            return Refused(error.code.removeprefix("M_").lower().replace("_", "-"))
        case _:
            return error
