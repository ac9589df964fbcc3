"""What admins read: figures, unanswered questions, reports of mistakes, facts grown old. Pure; one page at a time."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bot import acts
from bot.clusters import Cluster
from bot.commands import CommandName
from bot.feedback import Report, reason_text
from bot.messages import Choice, Kind, Reply
from bot.pages import Page, page_of
from bot.phrasebook import Phrasebook
from bot.phrases_added import Added, PhraseError
from bot.plural import counted
from bot.statistics import Figures, day_text, text_of
from knowledge.errors import KnowledgeError
from knowledge.model import Entry, TopicKind

MOST_STALE = 30
"""Facts grown old have no buttons, so that a page of them is only as long as its text."""


def statistics_reply(shown: Figures, say: Phrasebook) -> Reply:
    """The figures in words."""
    return _reply(text_of(shown, say), say)


def unanswered_reply(clusters: Sequence[Cluster], page: int, command: str, say: Phrasebook) -> Reply:
    """Questions without an answer, each with a choice that shows topics for it. Hand in `clusters.shown` ones alone."""
    if not clusters:
        return _reply(say("unanswered-none"), say)
    blocks = [f"{number}. {_cluster(cluster, say)}" for number, cluster in enumerate(clusters, 1)]
    head = say("unanswered-head", questions=_count("count-questions", len(clusters), say))
    shown = page_of(head, blocks, page, command, say)
    choices = [
        Choice(
            key=acts.key(CommandName.TOPICS, say, clusters[at].name),
            label=say("unanswered-choose", number=str(at + 1)),
        )
        for at in shown.blocks
    ]
    return _paged(shown, choices, say)


def _cluster(cluster: Cluster, say: Phrasebook) -> str:
    asked = say(
        "unanswered-asked",
        questions=_count("count-questions", cluster.questions, say),
        conversations=_count("count-conversations", cluster.conversations, say),
        last=day_text(cluster.last.date(), say.language),
    )
    return f"{cluster.representative}\n{asked}"


def topics_reply(cluster: Cluster, phrase: str, topics: Sequence[str], say: Phrasebook) -> Reply:
    """The topics that an unanswered question may be made a phrase of, each as a choice."""
    if not topics or not phrase:
        return _reply(say("unanswered-no-topics", phrase=phrase or cluster.representative), say)
    choices = [
        Choice(key=acts.key(CommandName.ADD_PHRASE, say, cluster.name, topic), label=topic_label(topic, say))
        for topic in topics
    ]
    return _reply(say("unanswered-topics", phrase=phrase), say, choices)


def gone_reply(say: Phrasebook) -> Reply:
    """That the pressed question was deleted or answered since."""
    return _reply(say("unanswered-gone"), say)


def added_reply(added: Added, say: Phrasebook) -> Reply:
    """Where a phrase was put, in a file that is not written yet."""
    topic, line = topic_label(added.topic, say), str(added.line)
    return _reply(say("phrase-added", phrase=added.phrase, topic=topic, file=added.file, line=line), say)


def refused_reply(phrase: str, error: PhraseError | KnowledgeError, say: Phrasebook) -> Reply:
    """Why a phrase could not be added: the first problem is enough, the others follow from it."""
    problem = error.problem if isinstance(error, PhraseError) else str(error.problems[0])
    return _reply(say("phrase-refused", phrase=phrase, problem=problem), say)


def topic_label(topic: str, say: Phrasebook) -> str:
    """What a topic is called on a button; a single answer by its entry and its first wording."""
    title = say.heading(say.topic(topic))
    found = say.kb.topics[topic]
    if found.kind is TopicKind.ANSWER:
        wordings = (*found.names.items(), *found.phrases.items())
        return f"{title}: {wordings[0][1]}" if wordings else title
    return title


def reports_reply(reports: Sequence[Report], page: int, command: str, say: Phrasebook) -> Reply:
    """What residents said against entries, each open one with a choice that closes it."""
    if not reports:
        return _reply(say("reports-none"), say)
    blocks = [f"{number}. {_report(report, say)}" for number, report in enumerate(reports, 1)]
    head = say("reports-head", reports=_count("count-reports", sum(report.times for report in reports), say))
    shown = page_of(head, blocks, page, command, say)
    choices = [
        Choice(
            # A late press must not close what was said after this list was shown.
            key=acts.key(CommandName.DONE, say, reports[at].entry, acts.stamp(reports[at].last)),
            label=say("reports-choose", number=str(at + 1)),
        )
        for at in shown.blocks
        if reports[at].is_open
    ]
    return _paged(shown, choices, say)


def _report(report: Report, say: Phrasebook) -> str:
    reasons = [
        say("reports-reason", reason=reason_text(reason, say), times=str(times)) for reason, times in report.reasons
    ]
    since = say(
        "reports-since",
        first=day_text(report.first.date(), say.language),
        last=day_text(report.last.date(), say.language),
    )
    closed = "" if report.is_open else f" – {say('reports-closed')}"
    return f"{entry_name(report.entry, say)}{closed}\n{'; '.join(reasons)}\n{report.entry}, {since}"


def closed_reply(entry: str, times: int, say: Phrasebook) -> Reply:
    """That the reports of an entry are closed; `times` is how many there were."""
    return _reply(say("reports-done", title=entry_name(entry, say), reports=_count("count-reports", times, say)), say)


def stale_reply(old: Sequence[Entry], page: int, command: str, say: Phrasebook) -> Reply:
    """The facts past their age, as `knowledge.stale` finds them."""
    if not old:
        return _reply(say("stale-none"), say)
    lines = [
        say(
            "stale-line",
            title=entry_name(entry.id, say),
            date=entry.checked_on or entry.as_of,
            where=entry.id,
        )
        for entry in old
    ]
    head = say("stale-head", facts=_count("count-facts", len(old), say))
    return _paged(page_of(head, lines, page, command, say, most=MOST_STALE), (), say)


def entry_name(entry: str, say: Phrasebook) -> str:
    """An entry's title; one that is gone from the knowledge keeps its id."""
    return say.entry_title(entry) if entry in say.kb.entries else entry


def _count(key: str, number: int, say: Phrasebook) -> str:
    return counted(say.forms(key), number, say.language)


def _paged(page: Page, choices: Sequence[Choice], say: Phrasebook) -> Reply:
    return replace(_reply(page.text, say, (*choices, *page.choices)), attachments=page.files)


def _reply(text: str, say: Phrasebook, choices: Sequence[Choice] = ()) -> Reply:
    return Reply(kind=Kind.COMMAND, text=text, choices=tuple(choices), language=say.language, confidence=1.0)
