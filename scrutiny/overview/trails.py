"""Which records have a history page, and what belongs on it besides the record's own rows."""

from actions import trail
from actions.models import (
    Action,
    Answer,
    Element,
    Evidence,
    Judgement,
    ProgressUpdate,
    Undertaking,
)
from reviews.models import Appendix, Erratum, Report, SupportingDocument
from scrutiny.models import (
    AgendaItem,
    Attendance,
    Board,
    BoardMembership,
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

NOUNS = {
    "action": Action,
    "agenda-item": AgendaItem,
    "answer": Answer,
    "appendix": Appendix,
    "attendance": Attendance,
    "board": Board,
    "board-membership": BoardMembership,
    "element": Element,
    "erratum": Erratum,
    "evidence": Evidence,
    "judgement": Judgement,
    "meeting": Meeting,
    "organisation": Organisation,
    "person": Person,
    "point": Point,
    "post": Post,
    "post-holding": PostHolding,
    "progress-update": ProgressUpdate,
    "proposal": Proposal,
    "recorded-vote": RecordedVote,
    "report": Report,
    "resolution": Resolution,
    "section": Section,
    "supporting-document": SupportingDocument,
    "term": Term,
    "undertaking": Undertaking,
}


def history_rows(noun, pk, user):
    """The history querysets shown for a record: its own and those of the rows that live inside it."""
    wider = WIDER.get(noun)
    return wider(pk, user) if wider else [NOUNS[noun].history.filter(id=pk)]


def _of_meeting(pk, user):
    items = AgendaItem.history.filter(meeting_id=pk)
    of_items = items.values("id")
    sections = Section.history.filter(item_id__in=of_items)
    proposals = Proposal.history.filter(item_id__in=of_items)
    return [
        Meeting.history.filter(id=pk),
        items,
        Attendance.history.filter(meeting_id=pk),
        sections,
        Point.history.filter(section_id__in=sections.values("id")),
        proposals,
        RecordedVote.history.filter(proposal_id__in=proposals.values("id")),
        Resolution.history.filter(item_id__in=of_items),
        Undertaking.history.filter(item_id__in=of_items),
        SupportingDocument.history.filter(item_id__in=of_items),
    ]


def _of_report(pk, user):
    appendices = Appendix.history.filter(report_id=pk)
    errata = Erratum.history.filter(report_id=pk)
    return [Report.history.filter(id=pk), appendices, errata, Answer.history.filter(report_id=pk)]


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
    "element": trail.trail_of_element,
    "meeting": _of_meeting,
    "organisation": _of_organisation,
    "report": _of_report,
}
