"""Questions that got no answer, without people: the caller has normalised them and taken out what names anybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Insert, bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.identity import Whose
from bot.store.schema import unanswered, unanswered_asked
from bot.store.steps import Inserting, Step, run
from bot.store.times import from_micros, to_micros

_together = unanswered.join(unanswered_asked, unanswered.c.id == unanswered_asked.c.question)
_is_recent = unanswered_asked.c.at >= bindparam("since")
_conversations = func.count(unanswered_asked.c.conversation.distinct())
_CLUSTERS = (
    select(unanswered.c.cluster, _conversations, func.sum(unanswered_asked.c.times), func.max(unanswered_asked.c.at))
    .select_from(_together)
    .where(_is_recent)
    .group_by(unanswered.c.cluster)
    .having(_conversations >= bindparam("at_least"))
    .order_by(_conversations.desc(), unanswered.c.cluster)
)
_TEXTS = (
    select(unanswered.c.cluster, unanswered.c.text)
    .select_from(_together)
    .where(_is_recent)
    .group_by(unanswered.c.cluster, unanswered.c.text)
    .order_by(func.count().desc(), unanswered.c.text)
)
_OF_ASKER = tuple(unanswered_asked.c[name] for name in ("conversation", "at", "times"))
_EACH = (
    select(unanswered.c.cluster, unanswered.c.text, *_OF_ASKER)
    .select_from(_together)
    .where(_is_recent)
    .order_by(unanswered.c.cluster, unanswered.c.text, unanswered_asked.c.conversation)
)
_FORGET = delete(unanswered).where(unanswered.c.cluster == bindparam("of_cluster"))


def _question(insert: Inserting) -> Insert:
    new = insert(unanswered).values(cluster=bindparam("cluster"), text=bindparam("text"))
    kept = new.on_conflict_do_update(index_elements=[unanswered.c.text], set_={"cluster": new.excluded.cluster})
    return kept.returning(unanswered.c.id)


def _asked(insert: Inserting) -> Insert:
    names = ("question", "conversation", "chat", "person", "at")
    new = insert(unanswered_asked).values({name: bindparam(name) for name in names} | {"times": 1})
    return new.on_conflict_do_update(
        index_elements=[unanswered_asked.c.question, unanswered_asked.c.conversation],
        set_={"at": new.excluded.at, "times": unanswered_asked.c.times + 1},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Questions that mean the same, the most frequent text first. `times` also counts one conversation asking again."""

    name: str
    texts: tuple[str, ...]
    conversations: int
    times: int
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of one conversation, how often it asked and when last; `conversation` is its key."""

    cluster: str
    text: str
    conversation: bytes
    at: datetime
    times: int


async def note(connection: AsyncConnection, text: str, cluster: str, whose: Whose, now: datetime) -> None:
    """Count a question that got no answer."""
    (((question,),),) = await run(connection, Step(_question, {"text": text, "cluster": cluster}))
    values = {"conversation": whose.conversation, "chat": whose.chat, "person": whose.person}
    await run(connection, Step(_asked, {"question": question, "at": to_micros(now)} | values))


async def clusters(connection: AsyncConnection, since: datetime, *, at_least: int = 2) -> Sequence[Cluster]:
    """The clusters that at least so many conversations asked since a time, the most asked first."""
    moment = {"since": to_micros(since)}
    found, said = await run(connection, Step(_CLUSTERS, moment | {"at_least": at_least}), Step(_TEXTS, moment))
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for cluster, text in said:
        texts[cluster].append(text)
    return [
        # PostgreSQL adds whole numbers up to decimals.
        Cluster(name=name, texts=tuple(texts[name]), conversations=by, times=int(times), last=from_micros(last))
        for name, by, times, last in found
    ]


async def asked(connection: AsyncConnection, since: datetime) -> Sequence[Asked]:
    """Every question that was asked since a time, by each conversation."""
    (rows,) = await run(connection, Step(_EACH, {"since": to_micros(since)}))
    return [
        Asked(cluster=cluster, text=text, conversation=conversation, at=from_micros(at), times=times)
        for cluster, text, conversation, at, times in rows
    ]


async def forget(connection: AsyncConnection, cluster: str) -> None:
    """Delete a cluster that has an answer now."""
    await run(connection, Step(_FORGET, {"of_cluster": cluster}))
