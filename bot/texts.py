"""The sentences the bot cannot do without; the rest of the texts are named by topics under `say`."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.errors import Problem
from knowledge.model import KnowledgeBase, Language

NEEDED = frozenset(
    """
    about about-source admin-accuracy admin-accuracy-alone admin-applied admin-apply admin-back admin-changes
    admin-failed admin-file-empty admin-file-several admin-file-too-large admin-file-unknown admin-force
    admin-force-word admin-forced admin-in-private admin-interrupted admin-menu admin-menu-check admin-menu-file
    admin-menu-health admin-menu-reload admin-menu-reports admin-menu-rollback admin-menu-stale
    admin-menu-statistics admin-menu-unanswered admin-menu-versions admin-missed admin-missed-line admin-missed-must
    admin-more admin-moved admin-no-before admin-no-database admin-no-proposal admin-no-version admin-old admin-page
    admin-passed admin-proposed admin-refused admin-refused-questions admin-reload admin-step-asking
    admin-step-learning admin-step-reading admin-step-taking admin-step-waiting admin-unchanged admin-version
    admin-version-active admin-versions admin-versions-none admin-warnings alarm-away alarm-conflict alarm-ended
    alarm-over alarm-refused ask-entry ask-place ask-topic bot-about bot-name bot-short card-button card-none
    change-about change-added change-amount change-answers change-area change-as-of change-checked-on
    change-conflicts change-emails change-everywhere change-expect change-groups change-how change-law change-local
    change-more change-named change-names change-none change-other change-pages change-phones change-phrases
    change-plain change-removed change-same change-say change-source change-title change-topics change-value
    change-who chart-title chat-greeting choose-by-number count-contact count-conversations count-facts
    count-instrument count-media count-organisation count-place count-practice count-problem count-question
    count-questions count-replies count-reports count-text count-thresholds count-topic count-words document-000
    document-001 document-002 document-003 document-004 dropped dropped-fault dropped-refused dropped-too-old
    dropped-unreadable empty example-1 example-2 example-3 feedback-ask feedback-number feedback-other feedback-page
    feedback-person feedback-thanks feedback-thanks-other feedback-thanks-wrong feedback-useful feedback-wrong
    field-account field-address field-date field-email field-hours field-name field-page field-phone field-price
    forgotten group-added group-added-private group-home-ask group-home-now group-home-owners group-home-set
    health-adapter health-adapter-conflict health-adapter-ended health-adapter-late health-adapter-never
    health-adapter-refused health-database health-database-full health-database-gone health-database-locked
    health-database-other health-database-waits health-dropped health-faults health-figures health-ill
    health-knowledge health-limited health-retried health-sent health-undecrypted health-unreachable health-waiting
    health-waiting-none health-well help home-ask home-border home-near home-now home-nowhere home-outside home-set
    home-unknown in-private inline-hint inline-nothing instead judge-by-sign language-ask language-name language-set
    line-area line-conflict line-doubtful line-email line-emails line-how line-law line-page line-phone line-phones
    line-source line-village line-who menu-about menu-ask menu-forget menu-group-home menu-help menu-home
    menu-language menu-privacy missing-coverage-topic missing-entry missing-fact missing-field missing-field-have
    missing-nearest missing-year no-choices not-local not-understood old-choice outcome-answer outcome-clarify
    outcome-no-answer outcome-unavailable page-next page-of page-previous phrase-added phrase-refused privacy
    reports-choose reports-closed reports-done reports-gone reports-head reports-none reports-reason reports-since
    stale-head stale-line stale-none stats-days stats-feedback stats-head stats-languages stats-none stats-outcomes
    stats-places stats-rest stats-share stats-topics too-fast too-long unanswered-asked unanswered-choose
    unanswered-gone unanswered-head unanswered-no-topics unanswered-none unanswered-topics unknown-command
    unreadable was-away
    """.split()
)


def missing_texts(kb: KnowledgeBase) -> Iterator[Problem]:
    """A problem for every sentence that is not written in Latvian."""
    for key in sorted(NEEDED - set(kb.texts.get(Language.LV, {}))):
        yield Problem(file="texts/lv.yaml", line=0, key=key, message=f"the text {key} is missing: add it")
