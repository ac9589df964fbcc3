"""The tables. Times are whole microseconds in UTC; keys of people, chats and messages are keyed hashes of 16 bytes."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA = "0003"
"""The newest migration; a test holds it to the files in migrations/versions."""

metadata = MetaData()

# SQLite numbers rows by itself only in a column that is called exactly INTEGER.
_Number = BigInteger().with_variant(Integer, "sqlite")


def _key(name: str, *, primary: bool = False, null: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary(16), primary_key=primary, nullable=null)


conversations = Table(
    "conversations",
    metadata,
    _key("conversation", primary=True),
    _key("chat"),
    _key("person"),
    Column("state", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("prompted", BigInteger),
    Index("conversations_by_chat", "chat"),
    Index("conversations_by_person", "person"),
    sqlite_with_rowid=False,
)
"""`state` is JSON; `prompted` is when feedback was last asked for."""

groups = Table(
    "groups",
    metadata,
    _key("chat", primary=True),
    Column("network", Text, nullable=False),
    Column("home", Text),
    Column("language", Text),
    Column("since", BigInteger, nullable=False),
)

seen = Table(
    "seen",
    metadata,
    _key("event", primary=True),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Messages that were handled; they name no person and no conversation."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("network", Text, nullable=False),
    _key("conversation"),
    _key("chat"),
    _key("person"),
    _key("event"),
    Column("part", Integer, nullable=False),
    _key("edits", null=True),
    Column("keep", Boolean, nullable=False),
    Column("address", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("enqueued", BigInteger, nullable=False),
    Column("due", BigInteger),
    Column("tries", Integer, nullable=False),
    Column("holder", Text),
    Index("outbox_by_conversation", "conversation", "id"),
    Index("outbox_by_due", "network", "due"),
    # A row's number is never given out again: a sender that woke up late must not take another row for its own.
    sqlite_autoincrement=True,
)
"""Replies to send. `address` alone holds the network's own ids; of a conversation only the oldest row is `due`.

`holder` names the process that has claimed a row (`bot.store.holder`)."""

sent = Table(
    "sent",
    metadata,
    _key("event", primary=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    _key("chat"),
    _key("person"),
    Column("messages", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""The network's ids of the messages that answered an event, for as long as the question may be edited."""

feedback = Table(
    "feedback",
    metadata,
    Column("id", _Number, primary_key=True),
    _key("conversation"),
    _key("chat"),
    _key("person"),
    Column("entry", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reason", Text),
    Column("version", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("done", BigInteger),
    UniqueConstraint("conversation", "entry", name="feedback_once"),
    Index("feedback_by_entry", "entry"),
)
"""`version` is that of the knowledge which answered; `done` is when an admin closed the report."""

counters = Table(
    "counters",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""`day` is the proleptic Gregorian ordinal of a date."""

unanswered = Table(
    "unanswered",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("cluster", Text, nullable=False),
    Column("text", Text, nullable=False, unique=True),
    Index("unanswered_by_cluster", "cluster"),
)
"""Questions without an answer, as normalised and stripped of people by the caller."""

unanswered_asked = Table(
    "unanswered_asked",
    metadata,
    Column("question", _Number, ForeignKey("unanswered.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    _key("conversation", primary=True),
    _key("chat"),
    _key("person"),
    Column("at", BigInteger, nullable=False),
    Column("times", Integer, nullable=False),
    Index("unanswered_asked_by_at", "at"),
    sqlite_with_rowid=False,
)

history = Table(
    "history",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("version", Text, nullable=False, unique=True),
    Column("at", BigInteger, nullable=False),
    _key("who", null=True),
    Column("accuracy", Float),
    Column("note", Text, nullable=False),
    Column("active", Boolean, nullable=False),
)
"""Versions of the knowledge; `who` is None where no admin did it."""

archives = Table(
    "archives",
    metadata,
    Column("version", Text, primary_key=True),
    Column("archive", LargeBinary, nullable=False),
)
"""The files of the latest versions, compressed, for replicas on other machines. Only PostgreSQL's has rows."""

paces = Table(
    "paces",
    metadata,
    _key("whose", primary=True),
    Column("times", Text, nullable=False),
    Column("warned", BigInteger),
    Column("at", BigInteger, nullable=False),
    Index("paces_by_at", "at"),
    sqlite_with_rowid=False,
)
"""When messages of a person or in a group were allowed, within a minute (`times` is JSON). Only PostgreSQL's has rows:
several processes share it there. `whose` is a hash of its own, and leads to no other row."""

audit = Table(
    "audit",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("at", BigInteger, nullable=False),
    _key("who"),
    Column("act", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("audit_by_at", "at"),
)

bookmarks = Table(
    "bookmarks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""How far each adapter has read, when admins were last told of drops, and the fingerprint of the key file."""
