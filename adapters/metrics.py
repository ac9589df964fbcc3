"""What Prometheus reads: counted as it happens (`Meter`), and read off the health when it asks.

Labels are names of networks, outcomes, topics and languages; none names a person, and none can grow without bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import version as package_version
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.health import Health
from bot.messages import Kind, Reply
from bot.meter import Meter

__all__ = ["CONTENT_TYPE", "MOST_TOPICS", "Metrics"]

Values = Mapping[Any, float]
"""Figures by the values of their labels, in order."""
MOST_TOPICS = 500
"""So many topics have figures of their own: each reload may bring others, and what was told once stays."""
OTHER = "other"

_REPLY = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_DELIVERY = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
_FIGURES = {
    "sent": ("selis_sends", "Replies that a network took."),
    "retried": ("selis_send_retries", "Replies put off to be sent later."),
    "limited": ("selis_send_limited", "Replies that a network wanted later (429)."),
    "unreachable": ("selis_send_unreachable", "Replies at which a network did not answer."),
    "faults": ("selis_send_faults", "Replies at which something unforeseen happened."),
    "dropped": ("selis_send_dropped", "Replies that nobody will get."),
    "database": ("selis_send_database_waits", "Times that sending waited for the database."),
}
"""What `bot.delivery.Delivery.figures` counts."""


class Metrics(Meter):
    """Counts into a registry that is handed in, and writes the page that Prometheus reads."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._topics: set[str] = set()
        self._state = _State()
        self._questions = Counter(
            "selis_questions", "Questions by what came of them.", ["outcome", "topic", "language"], registry=registry
        )
        self._seconds = Histogram(
            "selis_reply_seconds",
            "From a message's coming to its reply's being kept.",
            ["network", "kind"],
            buckets=_REPLY,
            registry=registry,
        )
        self._delivery = Histogram(
            "selis_delivery_seconds",
            "From a reply's being kept to its network's taking it.",
            ["network"],
            buckets=_DELIVERY,
            registry=registry,
        )
        self._again = Counter(
            "selis_redeliveries_dropped",
            "Messages that a network brought again and that were not answered again.",
            ["network"],
            registry=registry,
        )
        self._too_many = Counter(
            "selis_messages_limited", "Messages above the limits of a person or group.", ["network"], registry=registry
        )
        self._changes = Counter(
            "selis_knowledge_changes", "Changes of the knowledge by what came of them.", ["outcome"], registry=registry
        )
        registry.register(self._state)
        ProcessCollector(registry=registry)

    def asked(self, reply: Reply) -> None:
        """Count a question."""
        topic = reply.topic or ""
        if topic not in self._topics:
            if len(self._topics) >= MOST_TOPICS:
                topic = OTHER
            self._topics.add(topic)
        self._questions.labels(reply.kind.value, topic, reply.language.value).inc()

    def replied(self, network: str, kind: Kind, seconds: float) -> None:
        """Count a reply and its time."""
        self._seconds.labels(network, kind.value).observe(seconds)

    def came_again(self, network: str) -> None:
        """Count a redelivery."""
        self._again.labels(network).inc()

    def left_unanswered(self, network: str) -> None:
        """Count a message too many."""
        self._too_many.labels(network).inc()

    def sent(self, network: str, seconds: float) -> None:
        """Count the time of a letter; a clock that went back makes it none."""
        self._delivery.labels(network).observe(max(seconds, 0.0))

    def changed(self, outcome: str) -> None:
        """Count a change of the knowledge."""
        self._changes.labels(outcome).inc()

    def page(self, health: Health | None) -> bytes:
        """All figures as text; with None those that are read off the health are left out."""
        self._state.health = health
        return generate_latest(self._registry)


class _State(Collector):
    """What is read off the health."""

    def __init__(self) -> None:
        self.health: Health | None = None

    def collect(self) -> Iterator[Metric]:
        """The figures of the health set last."""
        yield _gauge("selis_build_info", "The version of Sēlis.", {(package_version("selis"),): 1}, ["version"])
        health = self.health
        if health is None:
            return
        yield _gauge("selis_database_up", "Whether the database takes messages.", {(): health.database.trouble is None})
        yield _gauge("selis_database_bytes", "Size of the database.", {(): health.database.bytes})
        yield _gauge("selis_knowledge_info", "The version in use.", {(health.version[:8],): 1}, ["version"])
        yield _gauge("selis_knowledge_entries", "Entries of the knowledge.", {(): health.entries})
        age = (health.at - health.taken_at).total_seconds()
        yield _gauge("selis_knowledge_age_seconds", "Since the version in use was taken.", {(): age})
        if health.database.trouble is None:
            yield from _outbox(health)
        yield from _networks(health)

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: registering must not need a health."""
        return iter(())


def _outbox(health: Health) -> Iterator[Metric]:
    names = {adapter.name for adapter in health.adapters} | set(health.waiting)
    letters, oldest = {}, {}
    for name in sorted(names):
        depth = health.waiting.get(name)
        letters[(name,)] = depth.letters if depth is not None else 0
        oldest[(name,)] = (health.at - depth.oldest).total_seconds() if depth is not None else 0.0
    yield _gauge("selis_outbox_letters", "Replies that wait to be sent.", letters, ["network"])
    yield _gauge("selis_outbox_oldest_seconds", "How long the oldest of them has waited.", oldest, ["network"])


def _networks(health: Health) -> Iterator[Metric]:
    adapters = health.adapters
    heard = {(one.name,): (health.at - one.last).total_seconds() for one in adapters if one.last is not None}
    late = {(one.name,): one.is_late(health.at) for one in adapters}
    yield _gauge("selis_network_heard_seconds", "Since a network was heard of last.", heard, ["network"])
    yield _gauge("selis_network_late", "Whether a network was not heard of for too long.", late, ["network"])
    for figure, (name, what) in _FIGURES.items():
        yield _counter(name, what, {(one.name,): one.figures.get(figure, 0) for one in adapters}, ["network"])
    undecrypted = {(one.name,): one.undecrypted for one in adapters}
    yield _counter("selis_decrypt_failures", "Messages that could not be decrypted.", undecrypted, ["network"])
    stepped = {(one.name, why): number for one in adapters for why, number in one.stepped_over.items()}
    yield _counter("selis_incoming_stepped_over", "What came in and made no sense.", stepped, ["network", "why"])


def _gauge(name: str, what: str, values: Values, labels: list[str] | None = None) -> Metric:
    family = GaugeMetricFamily(name, what, labels=labels or [])
    for label, value in values.items():
        family.add_metric(label, value)
    return family


def _counter(name: str, what: str, values: Values, labels: list[str]) -> Metric:
    family = CounterMetricFamily(name, what, labels=labels)
    for label, value in values.items():
        family.add_metric(label, value)
    return family
