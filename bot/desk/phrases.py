"""Unanswered questions: what was asked, which topic it may be about, and the change that makes it a phrase of one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.clusters import Cluster, Unanswered, groups, shown
from bot.commands import CommandName
from bot.desk.changes import Changes
from bot.desk.errand import Errand
from bot.desk.records import Records
from bot.live import LiveKnowledge
from bot.messages import Reply
from bot.phrases_added import Added, PhraseError, drafted, likely_topics, phrase_of
from bot.question import resolve
from bot.reload import Reload, Tell
from bot.report_text import added_reply, gone_reply, refused_reply, topics_reply, unanswered_reply
from bot.store import unanswered
from bot.store.errors import StoreUnavailableError
from bot.store.prune import Retention
from bot.store.unanswered import Asked
from knowledge.errors import KnowledgeError
from knowledge.files import read_directory
from knowledge.index import Index
from knowledge.text import normalise, words

SINCE: timedelta = Retention().unanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A phrase written into a file that is not saved yet, and the questions it answers."""

    added: Added
    cluster: Cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Serves what is done with unanswered questions."""

    live: LiveKnowledge
    reload: Reload
    records: Records
    changes: Changes

    async def listed(self, errand: Errand) -> Reply:
        """The questions that at least two conversations asked, or the topics that one of them may be about."""
        clusters = await self._clusters(errand)
        if errand.name is not CommandName.TOPICS:
            return unanswered_reply(clusters, errand.page, errand.command, errand.say)
        cluster = _named(errand.named, clusters)
        if cluster is None:
            return gone_reply(errand.say)
        return await asyncio.to_thread(self._topics, cluster, errand)

    async def drafted(self, errand: Errand) -> Draft | Reply:
        """The change for "CLUSTER TOPIC", or why there is none."""
        cluster = _named(errand.named, await self._clusters(errand))
        if cluster is None:
            return gone_reply(errand.say)
        topic = resolve(errand.words[-1], errand.say.kb.topics)
        if topic is None:
            return errand.reply("admin-old")
        language = cluster.languages[0]
        phrase = await asyncio.to_thread(phrase_of, cluster.representative, language, self.live.current.index)
        try:
            files = await asyncio.to_thread(read_directory, self.reload.directory)
            added = await asyncio.to_thread(drafted, files, topic, language, phrase)
        except (PhraseError, KnowledgeError) as error:
            return refused_reply(phrase, error, errand.say)
        return Draft(added=added, cluster=cluster)

    def added(self, draft: Draft, errand: Errand) -> Reply:
        """Where the phrase was put."""
        return added_reply(draft.added, errand.say)

    async def offer(self, draft: Draft, errand: Errand, tell: Tell) -> Reply:
        """Try the changed file; once it is applied, the questions are forgotten: they have an answer."""

        async def forget() -> None:
            # The change is in use by now and has to be told of; what is left over goes by itself after 30 days.
            with suppress(StoreUnavailableError):
                async with self.records.store.transaction() as connection:
                    for name in draft.cluster.names:
                        await unanswered.forget(connection, name)

        return await self.changes.offer_file(errand, draft.added.file, draft.added.data, tell, forget)

    async def _clusters(self, errand: Errand) -> tuple[Cluster, ...]:
        async with self.records.acting(errand, errand.named) as connection:
            asked = await unanswered.asked(connection, errand.now - SINCE)
        return await asyncio.to_thread(clusters_of, asked, self.live.current.index)

    def _topics(self, cluster: Cluster, errand: Errand) -> Reply:
        index, language = self.live.current.index, cluster.languages[0]
        phrase = phrase_of(cluster.representative, language, index)
        topics = likely_topics(phrase, language, index)
        return topics_reply(cluster, phrase, [topic for topic in topics if topic in errand.say.kb.topics], errand.say)


def clusters_of(asked: Sequence[Asked], index: Index) -> tuple[Cluster, ...]:
    """The clusters that may be shown. Pure; some milliseconds for a hundred questions."""
    languages = {text: index.detector.detect(words(normalise(text))) for text in {question.text for question in asked}}
    return shown(
        groups(
            Unanswered(
                text=question.text,
                cluster=question.cluster,
                language=languages[question.text],
                conversation=question.conversation,
                at=question.at,
                times=question.times,
            )
            for question in asked
        )
    )


def _named(name: str, clusters: Sequence[Cluster]) -> Cluster | None:
    """The cluster that holds the questions of a name; it may have grown since its button was shown."""
    return next((cluster for cluster in clusters if name in cluster.names), None)
