"""Which records have a history page, and what belongs on it besides the record's own rows."""

from actions import trail
from actions.models import (
    Action,
    Answer,
    CarryOver,
    Chase,
    Element,
    ElementLearning,
    ElementTheme,
    Evidence,
    Judgement,
    ProgrammeItem,
    ProgressUpdate,
    Reply,
    ReplyEvidence,
    Suggestion,
    Undertaking,
    UpdateRequest,
    UpdateRound,
)
from actions.rounds import trail as rounds
from reviews.models import (
    AgencyAssurance,
    Appendix,
    CasePresentation,
    CaseTheme,
    Dissemination,
    Erratum,
    LateReason,
    LearningEvidence,
    LearningPoint,
    LearningStep,
    LearningTheme,
    PartnerView,
    PointTheme,
    Report,
    ReportPresentation,
    ReportTheme,
    ReviewCase,
    Stage,
    SupportingDocument,
    Theme,
)
from scrutiny.models import (
    AgendaItem,
    Attendance,
    Board,
    BoardMembership,
    DataProblem,
    Meeting,
    Organisation,
    OrganisationAlias,
    Person,
    Point,
    Post,
    PostHolding,
    Proposal,
    RecordedVote,
    Resolution,
    Section,
    Term,
)
from scrutiny.toolkit.access import can

NOUNS = {
    "action": Action,
    "agenda-item": AgendaItem,
    "agency-assurance": AgencyAssurance,
    "answer": Answer,
    "appendix": Appendix,
    "attendance": Attendance,
    "board": Board,
    "board-membership": BoardMembership,
    "carry-over": CarryOver,
    "case": ReviewCase,
    "case-presentation": CasePresentation,
    "case-theme": CaseTheme,
    "chase": Chase,
    "dissemination": Dissemination,
    "element": Element,
    "element-learning": ElementLearning,
    "element-theme": ElementTheme,
    "erratum": Erratum,
    "evidence": Evidence,
    "judgement": Judgement,
    "late-reason": LateReason,
    "learning": LearningPoint,
    "learning-evidence": LearningEvidence,
    "learning-step": LearningStep,
    "learning-theme": LearningTheme,
    "meeting": Meeting,
    "organisation": Organisation,
    "partner-view": PartnerView,
    "person": Person,
    "point": Point,
    "point-theme": PointTheme,
    "post": Post,
    "post-holding": PostHolding,
    "programme-item": ProgrammeItem,
    "progress-update": ProgressUpdate,
    "proposal": Proposal,
    "recorded-vote": RecordedVote,
    "reply": Reply,
    "reply-evidence": ReplyEvidence,
    "report": Report,
    "report-presentation": ReportPresentation,
    "report-theme": ReportTheme,
    "resolution": Resolution,
    "section": Section,
    "stage": Stage,
    "suggestion": Suggestion,
    "supporting-document": SupportingDocument,
    "theme": Theme,
    "term": Term,
    "undertaking": Undertaking,
    "update-request": UpdateRequest,
    "update-round": UpdateRound,
}


LED_BY_ITEMS = {AgendaItem, Section, Point, Proposal, Resolution, Report, Action, Element, ProgressUpdate}
KEEPS = {"scrutiny": "edit_record", "reviews": "edit_record", "actions": "edit_actions"}


def may_put_right(user, model, record=None):
    """True for those who keep records of this model, and for information governance."""
    of_cases = getattr(model, "HISTORY_NEEDS", "") == "view_cases"
    keeping = "edit_cases" if of_cases else KEEPS[model._meta.app_label]
    return can(user, keeping, record) or can(user, "redact", record)


def hidden_from(user):
    """{(model, key)} of records with a data problem whose words this person does not see."""
    problems = DataProblem.objects.open().values_list("noun", "key")
    found = [(NOUNS[noun], key) for noun, key in problems]
    return {
        (model, key)
        for model, key in found
        if not may_put_right(user, model, model._base_manager.filter(pk=key).first())
    }


def history_rows(noun, pk, user):
    """The history querysets shown for a record: first its own, then those of the rows that live inside it."""
    wider = WIDER.get(noun)
    return wider(pk, user) if wider else [NOUNS[noun].history.filter(id=pk)]


def hung_on_hidden(row, user):
    """True for the history row of a deleted record that belonged to something this person may not see."""
    for field in row.tracked_fields:
        target, key = field.related_model, getattr(row, field.attname)
        if key is not None and target in LED_BY_ITEMS:
            there = target._base_manager.filter(pk=key)
            if there.exists() and not target.objects.visible_to(user).filter(pk=key).exists():
                return True
    return False


def _of_meeting(pk, user):
    """What hangs on an item that this person may not see is left out."""
    of_meeting = AgendaItem.objects.filter(meeting=pk)
    hidden = of_meeting.exclude(pk__in=AgendaItem.objects.visible_to(user).values("pk")).values("pk")
    items = AgendaItem.history.filter(meeting_id=pk).exclude(id__in=hidden)
    of_items = items.values("id")
    sections = Section.history.filter(item_id__in=of_items)
    points = Point.history.filter(section_id__in=sections.values("id"))
    proposals = Proposal.history.filter(item_id__in=of_items)
    return [
        Meeting.history.filter(id=pk),
        items,
        Attendance.history.filter(meeting_id=pk).exclude(item_id__in=hidden),
        sections,
        points,
        PointTheme.history.filter(point_id__in=points.values("id")),
        proposals,
        RecordedVote.history.filter(proposal_id__in=proposals.values("id")),
        Resolution.history.filter(item_id__in=of_items),
        Undertaking.history.filter(item_id__in=of_items),
        SupportingDocument.history.filter(item_id__in=of_items),
    ]


def _of_report(pk, user):
    return [
        Report.history.filter(id=pk),
        Appendix.history.filter(report_id=pk),
        Erratum.history.filter(report_id=pk),
        ReportPresentation.history.filter(report_id=pk),
        ReportTheme.history.filter(report_id=pk),
        Answer.history.filter(report_id=pk),
    ]


def _of_point(pk, user):
    return [Point.history.filter(id=pk), PointTheme.history.filter(point_id=pk)]


def _of_case(pk, user):
    stages = Stage.history.filter(case_id=pk)
    return [
        ReviewCase.history.filter(id=pk),
        stages,
        PartnerView.history.filter(stage_id__in=stages.values("id")),
        LateReason.history.filter(case_id=pk),
        CasePresentation.history.filter(case_id=pk),
        CaseTheme.history.filter(case_id=pk),
    ]


def _of_learning(pk, user):
    return [
        LearningPoint.history.filter(id=pk),
        LearningStep.history.filter(learning_id=pk),
        Dissemination.history.filter(learning_id=pk),
        AgencyAssurance.history.filter(learning_id=pk),
        LearningEvidence.history.filter(learning_id=pk),
        LearningTheme.history.filter(learning_id=pk),
    ]


def _of_organisation(pk, user):
    posts = Post.history.filter(organisation_id=pk)
    return [
        Organisation.history.filter(id=pk),
        OrganisationAlias.history.filter(organisation_id=pk),
        posts,
        PostHolding.history.filter(post_id__in=posts.values("id")),
    ]


def _of_board(pk, user):
    return [Board.history.filter(id=pk), BoardMembership.history.filter(board_id=pk)]


WIDER = {
    "action": trail.trail_of_action,
    "board": _of_board,
    "case": _of_case,
    "element": trail.trail_of_element,
    "element-learning": trail.trail_of_link,
    "learning": _of_learning,
    "meeting": _of_meeting,
    "organisation": _of_organisation,
    "point": _of_point,
    "reply": rounds.trail_of_reply,
    "reply-evidence": rounds.trail_of_evidence,
    "report": _of_report,
    "update-request": rounds.trail_of_request,
    "update-round": rounds.trail_of_round,
}
