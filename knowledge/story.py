"""What of a long message is asked, and what is told on the way.

A story of several sentences names offices' pages, opening hours and towns that it does not ask about. What counts there
is what stands in its last sentence or in a question.
"""

from __future__ import annotations

from collections.abc import Container

from knowledge.message import Message
from knowledge.model import Field
from knowledge.reading import Mention

_STORY = 2
"""From so many sentence ends on a message is a story."""
_TOLD = {Field.PAGE, Field.ADDRESS, Field.HOURS, Field.DATE, Field.NAME, Field.PRICE}
"""Parts that a story may speak of without asking for them."""


def fields(message: Message) -> tuple[Field, ...]:
    """The parts asked for. In a story only what is asked at its end or in a question counts for what may be missing."""
    asked = _asking_sentences(message, 1)
    return tuple(
        dict.fromkeys(
            field
            for match in message.fields
            for field in match.payloads
            if field not in _TOLD or message.words[match.start].sentence in asked
        )
    )


def _asking_sentences(message: Message, told_in: int = _STORY) -> Container[int]:
    """The sentences in which something is asked: all of a short message, else the last and the questions.

    Of two sentences the first is told where the second is a question (`told_in` 1); "… opening hours. Thanks." asks.
    """
    last = message.words[-1].sentence if message.words else 0
    if last < told_in:
        return range(last + 1)
    closing: dict[int, int] = {word.sentence: word.end for word in message.words}
    opening = {word.sentence: word.start for word in reversed(message.words)}
    asking = {s for s, end in closing.items() if "?" in message.text[end : opening.get(s + 1, len(message.text))]}
    return {*asking, last} if asking or last >= _STORY else range(last + 1)


def places(message: Message) -> tuple[Mention, ...]:
    """The places that matter. In a story those named where something is asked go before those named on the way.

    A town that is not covered and was named on the way is none ("redaktors Rīgā teica").
    """
    asked = _asking_sentences(message)
    sentence_of = {word.start: word.sentence for word in message.words}
    covered = {message.words[position].start for position in message.covered}
    here = [mention for mention in message.places if sentence_of[mention.start] in asked]
    decided = any(mention.start in covered for mention in here)
    return tuple(
        mention
        for mention in message.places
        if mention in here or mention.home or (mention.start in covered and not decided)
    )
