"""The stages of each kind of review case, and of a learning point, as tables (domain A.2 to A.7, T-9).

A case stands at one stage; `then` names the stages that may follow. Events beside the ladder (`ASIDES`) may be
recorded while a case is open and do not move it.
"""

from dataclasses import dataclass

from django.db import models


class Kind(models.TextChoices):
    RAPID_REVIEW = "rapid_review", "Rapid review"
    CSPR = "cspr", "Child safeguarding practice review"
    LOCAL_REVIEW = "local_review", "Local review"
    AUDIT = "audit", "Multi-agency audit"
    NATIONAL_REVIEW = "national_review", "National review"


@dataclass(frozen=True)
class StageRule:
    """One stage. `decisions` are the outcomes of which one must be chosen, as (code, words).

    who        who takes this step, as a rule
    waives     no clock of the case goes on from here
    reached    the code that stops clocks, where it is not the stage's own
    asks       fields of the case that are asked for on the way here
    """

    code: str
    label: str
    then: tuple = ()
    who: str = ""
    decisions: tuple = ()
    needs_note: bool = False
    asks_partners: bool = False
    publishes: bool = False
    waives: bool = False
    reached: str = ""
    asks: tuple = ()

    @property
    def in_sentence(self):
        """The label as it goes on within a sentence."""
        return f"{self.label[0].lower()}{self.label[1:]}"

    @property
    def ends(self):
        return not self.then

    @property
    def reaches(self):
        return self.reached or self.code


def ladder(*rules):
    return {rule.code: rule for rule in rules}


AFTER_RAPID_REVIEW = (
    ("lcspr", "A child safeguarding practice review"),
    ("no_lcspr_learning_identified", "No practice review: the learning is identified already"),
    ("other_local_learning", "No practice review: learning in another local way"),
    ("criteria_not_met", "The criteria are not met"),
)
PANEL_RESPONSES = (
    ("agrees", "The Panel agrees"),
    ("disagrees", "The Panel disagrees"),
    ("queries", "The Panel asks further questions"),
    ("national_review_considered", "The Panel considers a national review"),
)
PUBLICATION = (
    ("full_report", "The full report"),
    ("improvements_only", "The improvements only"),
    ("nothing_published", "Nothing, with the justification sent to the Panel"),
)
WITHDRAWN = "withdrawn"

LADDERS = {
    Kind.RAPID_REVIEW: ladder(
        StageRule("referred", "Referred by an agency", then=("aware",)),
        StageRule("aware", "Local authority became aware", then=("notified", "not_notified")),
        StageRule(
            "notified",
            "Notified to the national Panel",
            then=("gathering", WITHDRAWN),
            who="Local authority",
            asks_partners=True,
        ),
        StageRule(
            "not_notified",
            "Decided not to notify",
            then=("closed",),
            who="Local authority",
            needs_note=True,
            asks_partners=True,
            waives=True,
        ),
        StageRule("gathering", "Agencies’ summaries asked for", then=("panel_meeting", WITHDRAWN)),
        StageRule("panel_meeting", "Multi-agency meeting held", then=("partner_decision", WITHDRAWN)),
        StageRule(
            "partner_decision",
            "Partners decided what follows",
            then=("sent_to_panel", WITHDRAWN),
            who="Safeguarding partners",
            decisions=AFTER_RAPID_REVIEW,
            asks_partners=True,
        ),
        StageRule(
            "sent_to_panel",
            "Rapid review sent to the Panel",
            then=("panel_responded", WITHDRAWN),
            who="Partnership business unit",
        ),
        StageRule(
            "panel_responded",
            "The Panel responded",
            then=("decision_reviewed", "closed"),
            who="Child Safeguarding Practice Review Panel",
            decisions=PANEL_RESPONSES,
        ),
        StageRule(
            "decision_reviewed",
            "Partners looked at their decision again",
            then=("closed",),
            who="Safeguarding partners",
            decisions=AFTER_RAPID_REVIEW,
            needs_note=True,
            asks_partners=True,
        ),
        StageRule(WITHDRAWN, "Withdrawn: the notification does not meet the criteria", needs_note=True),
        StageRule("closed", "Closed"),
    ),
    Kind.CSPR: ladder(
        StageRule(
            "decided",
            "Review decided on",
            then=("scoping", "discontinued"),
            who="Safeguarding partners",
            asks_partners=True,
        ),
        StageRule("scoping", "Terms of reference agreed", then=("reviewer_appointed", "discontinued")),
        StageRule(
            "reviewer_appointed",
            "Reviewer appointed",
            then=("in_progress", "discontinued"),
            asks=("reviewer", "independence"),
        ),
        StageRule(
            "in_progress",
            "Review under way",
            then=("draft_report", "paused", "reviewer_replaced", "discontinued"),
        ),
        StageRule("paused", "Paused", then=("in_progress", "discontinued"), needs_note=True),
        StageRule(
            "reviewer_replaced",
            "Reviewer replaced",
            then=("in_progress", "discontinued"),
            needs_note=True,
            asks=("reviewer", "independence"),
        ),
        StageRule("draft_report", "Draft report received", then=("agreed", "in_progress", "discontinued")),
        StageRule(
            "agreed",
            "Report agreed",
            then=("sent_to_panel_sos", "discontinued"),
            who="Safeguarding partners",
            decisions=PUBLICATION,
            asks_partners=True,
            asks=("planned_publication",),
        ),
        StageRule(
            "sent_to_panel_sos",
            "Copies sent to the Secretary of State and the Panel",
            then=("published", "improvements_published", "not_published"),
            who="Partnership business unit",
            asks=("planned_publication",),
        ),
        StageRule(
            "published",
            "Report published",
            then=("archived",),
            publishes=True,
            asks=("title", "link"),
        ),
        StageRule(
            "improvements_published",
            "Improvements published",
            then=("archived",),
            publishes=True,
            reached="published",
            asks=("title", "link"),
        ),
        StageRule("not_published", "Not published", needs_note=True, reached="published"),
        StageRule("archived", "Archived"),
        StageRule("discontinued", "Discontinued", needs_note=True),
    ),
    Kind.LOCAL_REVIEW: ladder(
        StageRule("proposed", "Proposed", then=("agreed", "not_agreed", "converted_to_notification")),
        StageRule("not_agreed", "Not agreed", needs_note=True),
        StageRule("agreed", "Agreed", then=("scoped", "converted_to_notification"), asks=("agreed_due",)),
        StageRule("scoped", "Scoped", then=("in_progress", "converted_to_notification")),
        StageRule("in_progress", "Under way", then=("findings_agreed", "converted_to_notification")),
        StageRule(
            "findings_agreed", "Findings agreed", then=("learning_disseminated", "converted_to_notification")
        ),
        StageRule("learning_disseminated", "Learning disseminated", then=("actions_monitored", "closed")),
        StageRule("actions_monitored", "Actions monitored", then=("closed",)),
        StageRule("converted_to_notification", "Turned into a notification", needs_note=True),
        StageRule("closed", "Closed"),
    ),
    Kind.AUDIT: ladder(
        StageRule("planned", "Planned", then=("tool_agreed", "discontinued")),
        StageRule("tool_agreed", "Tool agreed", then=("fieldwork", "discontinued"), asks=("sample_size",)),
        StageRule("fieldwork", "Fieldwork", then=("moderated", "discontinued")),
        StageRule("moderated", "Moderated", then=("findings_reported", "discontinued")),
        StageRule("findings_reported", "Findings reported", then=("actions_open",)),
        StageRule("actions_open", "Actions open", then=("re_audit_due", "closed"), asks=("re_audit_on",)),
        StageRule("re_audit_due", "Re-audit due", then=("closed",)),
        StageRule("closed", "Closed", asks=("practice_change",)),
        StageRule("discontinued", "Discontinued", needs_note=True),
    ),
    Kind.NATIONAL_REVIEW: ladder(
        StageRule("announced", "Announced by the Panel", then=("in_progress", "published")),
        StageRule("in_progress", "Under way", then=("published",)),
        StageRule(
            "published",
            "Published",
            then=("local_response_agreed",),
            publishes=True,
            asks=("title", "link"),
        ),
        StageRule(
            "local_response_agreed", "Local response agreed", then=("monitored", "closed"), needs_note=True
        ),
        StageRule("monitored", "Local response monitored", then=("closed",)),
        StageRule("closed", "Closed"),
    ),
}

BRIEF = StageRule(
    "brief_published", "Anonymised learning brief published", publishes=True, asks=("title", "link")
)
ASIDES = {
    Kind.RAPID_REVIEW: ladder(StageRule("partners_told", "Safeguarding partners told")),
    Kind.CSPR: ladder(
        StageRule("monitored", "Time and quality looked at (reg. 14)"),
        StageRule("delay_told", "Delay told to the Panel and the Secretary of State", needs_note=True),
    ),
    Kind.LOCAL_REVIEW: ladder(BRIEF),
    Kind.AUDIT: ladder(BRIEF),
    Kind.NATIONAL_REVIEW: {},
}
STARTS = [  # where a case may begin
    (Kind.RAPID_REVIEW, "referred"),
    (Kind.RAPID_REVIEW, "aware"),
    (Kind.CSPR, "decided"),
    (Kind.LOCAL_REVIEW, "proposed"),
    (Kind.AUDIT, "planned"),
    (Kind.NATIONAL_REVIEW, "announced"),
]


@dataclass(frozen=True)
class Follow:
    """A case that may begin where another one stands; `at_once` if that step itself opens it."""

    kind: str
    stage: str
    decision: str
    start: tuple
    at_once: bool = False


FOLLOWS = [
    Follow(Kind.RAPID_REVIEW, "partner_decision", "lcspr", (Kind.CSPR, "decided")),
    Follow(Kind.RAPID_REVIEW, "decision_reviewed", "lcspr", (Kind.CSPR, "decided")),
    Follow(Kind.RAPID_REVIEW, "partner_decision", "other_local_learning", (Kind.LOCAL_REVIEW, "proposed")),
    Follow(Kind.RAPID_REVIEW, "not_notified", "", (Kind.LOCAL_REVIEW, "proposed")),
    Follow(Kind.LOCAL_REVIEW, "converted_to_notification", "", (Kind.RAPID_REVIEW, "aware"), at_once=True),
]

LEARNING = ladder(
    StageRule("identified", "Identified", then=("accepted", "not_accepted")),
    StageRule("accepted", "Accepted", then=("assigned",)),
    StageRule("not_accepted", "Not accepted", needs_note=True),
    StageRule("assigned", "Assigned to an owner", then=("in_progress",)),
    StageRule("in_progress", "In progress", then=("reported_complete",)),
    StageRule("reported_complete", "Complete, says the owner", then=("assured", "in_progress")),
    StageRule("assured", "Assured", then=("embedded_check_due",)),
    StageRule(
        "embedded_check_due",
        "To be looked at again: is it embedded?",
        then=("embedded", "not_embedded"),
        asks=("recheck_on",),
    ),
    StageRule("embedded", "Embedded in practice", then=("closed",)),
    StageRule("not_embedded", "Not embedded", then=("in_progress", "closed"), needs_note=True),
    StageRule("closed", "Closed"),
)
FOR_ASSURERS = {"assured", "embedded_check_due", "embedded", "not_embedded", "closed"}


def rules_of(kind):
    """Every stage a case of this kind may have, {code: StageRule}."""
    return LADDERS[kind] | ASIDES[kind]


# One label for each code: where kinds share a code, their labels mean the same.
STAGE_CHOICES = list({code: rule.label for kind in Kind for code, rule in rules_of(kind).items()}.items())
DECISIONS = [*AFTER_RAPID_REVIEW, *PANEL_RESPONSES, *PUBLICATION]
