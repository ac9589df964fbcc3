"""The sentences the bot cannot do without; the rest of the texts are named by topics under `say`."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.errors import Problem
from knowledge.model import KnowledgeBase, Language

NEEDED = frozenset(
    """
    about about-source ask-entry ask-place ask-topic chat-greeting empty example-1 example-2 example-3 forgotten
    help home-ask home-now home-outside home-set home-unknown instead language-ask language-name language-set line-area
    line-conflict line-doubtful line-email line-emails line-how line-law line-page line-phone line-phones
    line-source line-village line-who missing-coverage-topic missing-entry missing-fact missing-field
    missing-field-have missing-nearest no-choices not-local not-understood old-choice privacy too-long
    unknown-command document-000
    document-001 document-002 document-003 document-004 field-address field-date field-email field-hours
    field-name field-page field-phone
    chart-title count-conversations count-facts count-questions count-reports feedback-ask
    feedback-number feedback-other feedback-page feedback-person feedback-thanks feedback-thanks-other
    feedback-thanks-wrong feedback-useful feedback-wrong outcome-answer outcome-clarify outcome-no-answer
    outcome-unavailable page-next page-of page-previous phrase-added phrase-refused reports-choose
    reports-closed reports-done reports-head reports-none reports-reason reports-since stale-head stale-line
    stale-none stats-days stats-feedback stats-head stats-languages stats-none stats-outcomes stats-places
    stats-rest stats-share stats-topics unanswered-asked unanswered-choose unanswered-gone unanswered-head
    unanswered-no-topics unanswered-none unanswered-topics
    """.split()
)


def missing_texts(kb: KnowledgeBase) -> Iterator[Problem]:
    """A problem for every sentence that is not written in Latvian."""
    for key in sorted(NEEDED - set(kb.texts.get(Language.LV, {}))):
        yield Problem(file="texts/lv.yaml", line=0, key=key, message=f"the text {key} is missing: add it")
