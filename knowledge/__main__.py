"""`python -m knowledge ask "…"`: what is read in a message, and which words carried it."""

from __future__ import annotations

import sys

from knowledge.errors import KnowledgeError
from knowledge.prepare import prepare
from knowledge.read import read
from knowledge.reading import Candidate, Mention, Reading

_USAGE = 'usage: python -m knowledge ask "QUESTION"'


def explain(reading: Reading) -> list[str]:
    """A reading as lines."""
    lines = [f"language   {reading.language.value}"]
    lines += [f"word       {word.text!r} [{word.start}:{word.end}] read as {word.key}" for word in reading.words]
    lines += [f"place      {_place(mention)}" for mention in reading.places]
    if reading.fields:
        lines.append(f"fields     {', '.join(reading.fields)}")
    lines.append(f"content    {reading.content} words; unknown: {', '.join(reading.unknown) or '-'}")
    lines += [f"topic      {_topic(candidate)}" for candidate in reading.candidates]
    return lines


def _place(mention: Mention) -> str:
    meanings = " or ".join(
        f"{meaning.municipality}{' (' + meaning.place + ')' if meaning.place else ''}" for meaning in mention.meanings
    )
    marks = [name for name, is_so in (("not", mention.negated), ("home", mention.home)) if is_so]
    return f"{mention.text!r} [{mention.start}:{mention.end}] = {meanings} {' '.join(marks)}".rstrip()


def _topic(candidate: Candidate) -> str:
    words = ", ".join(f"{evidence.word} {evidence.weight:+.1f}" for evidence in candidate.evidence)
    return f"{candidate.confidence:.3f} {candidate.topic}: {words}"


def main(arguments: list[str]) -> int:
    """Run the command; 2 for wrong usage."""
    if len(arguments) != 2 or arguments[0] != "ask":
        print(_USAGE, file=sys.stderr)
        return 2
    try:
        print("\n".join(explain(read(arguments[1], prepare().index, explain=True))))
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
