"""Believable records for tests. Everybody and everything in them is made up."""

from datetime import date
from importlib import import_module

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from simple_history.utils import bulk_create_with_history

from actions import models as actions
from actions.inherited import inherit, inherit_item
from reviews import models as reviews
from scrutiny import models as scrutiny
from scrutiny.indexing import entry_for

SCHEMES = import_module("scrutiny.migrations.0002_tracking_schemes").SCHEMES
CLOCKS = import_module("reviews.migrations.0003_clock_rules")
ACHIEVED = import_module("scrutiny.migrations.0006_achieved").ACHIEVED
BODIES = import_module("reviews.migrations.0005_oversight_bodies").BODIES
STARTER_THEMES = import_module("reviews.migrations.0007_starter_themes").rows
GLOSSARY = import_module("scrutiny.migrations.0004_glossary_terms")
SHIPPED_HOLD = import_module("scrutiny.migrations.0017_retention").SHIPPED_HOLD
LADDER = import_module("actions.migrations.0007_default_ladder").rows


def reference_data():
    """What the migrations brought in, made again where a test with real transactions has emptied the tables."""
    if scrutiny.TrackingScheme.objects.exists():
        return
    for name in SCHEMES:
        tracking_scheme(name)
    clock_rules()
    for name in BODIES:
        oversight_body(name)
    starter_themes()
    glossary()
    default_ladder()
    shipped_hold()


def shipped_hold():
    """The hold that stands until somebody lifts it."""
    if not scrutiny.LegalHold.objects.exists():
        scrutiny.LegalHold.objects.create(reason=SHIPPED_HOLD)


def default_ladder():
    """The ladder of every board without its own, put back where it is gone."""
    if not actions.LadderStep.objects.exists():
        for values in LADDER():
            actions.LadderStep.objects.create(**values)


def glossary():
    """The terms and clashes the product ships with, likewise, with the beginning of their history."""
    if scrutiny.Term.objects.exists():
        return
    terms = [
        scrutiny.Term(
            name=name,
            meaning=meaning,
            also_called="\n".join(also_called),
            explain=name not in GLOSSARY.NOT_EXPLAINED,
        )
        for name, also_called, meaning in GLOSSARY.TERMS
    ]
    clashes = [
        scrutiny.Clash(letters=letters, meanings="\n".join(meanings))
        for letters, meanings in GLOSSARY.CLASHES.items()
    ]
    bulk_create_with_history(terms, scrutiny.Term)
    bulk_create_with_history(clashes, scrutiny.Clash)
    scrutiny.Entry.objects.bulk_create(entry_for(term) for term in scrutiny.Term.objects.all())


def tracking_scheme(name):
    """A scheme the product ships with; made again where a test with real transactions has emptied the tables."""
    scheme, is_new = scrutiny.TrackingScheme.objects.get_or_create(name=name)
    for position, (code, label, effect, tone) in enumerate(SCHEMES[name] if is_new else [], start=1):
        scheme.categories.create(
            code=code,
            name=label,
            effect=effect,
            achieved=code == ACHIEVED[name],
            tone=tone,
            position=position,
        )
    return scheme


def clock_rules():
    """The guidance and the time limits the product ships with, made again where they are gone."""
    if reviews.GuidanceVersion.objects.exists():
        return
    versions = {
        code: reviews.GuidanceVersion.objects.create(code=code, **values)
        for code, values in CLOCKS.GUIDANCE.items()
    }
    for version, values in CLOCKS.rules():
        reviews.ClockRule.objects.create(guidance=versions.get(version), **values)


def oversight_body(name):
    """A body the product ships with, made again likewise."""
    position = BODIES.index(name) + 1
    return reviews.OversightBody.objects.get_or_create(name=name, defaults={"position": position})[0]


def starter_themes():
    """The themes the product starts with, put back where a test with real transactions has emptied the tables."""
    if not reviews.Theme.objects.exists():
        for values in STARTER_THEMES():
            reviews.Theme.objects.create(**values)


def theme(code):
    """One of the starter themes."""
    return reviews.Theme.objects.get(code=code)


class TermFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.Term

    name = factory.Sequence(lambda n: f"Flying visit {n}")
    meaning = "A visit that nobody was told of."


class ClashFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.Clash

    letters = factory.Sequence(lambda n: f"FV{n}")
    meanings = "Flying visit\nFull vote"


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.Person

    style = "Councillor"
    name = factory.Sequence(lambda n: f"Robin Hartley{n}")


class YearFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.MunicipalYear
        django_get_or_create = ["label"]

    label = "2022/23"
    start = date(2022, 5, 26)
    end = date(2023, 5, 24)


class BoardFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.Board

    name = factory.Sequence(lambda n: f"Scrutiny Board {n}")
    code = factory.Sequence(lambda n: f"B{n}")
    council = factory.SubFactory(OrganisationFactory, kind="council")
    tracking_scheme = factory.LazyFunction(lambda: tracking_scheme("Six categories"))


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.Meeting

    board = factory.SubFactory(BoardFactory)
    year = factory.SubFactory(YearFactory)
    date = date(2023, 3, 8)
    minutes_state = "draft_published"


class ItemFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = "Safeguarding partnership update"


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.Section

    item = factory.SubFactory(ItemFactory)
    position = factory.Sequence(lambda n: n + 1)
    heading = "Notification process"


class PointFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.Point

    section = factory.SubFactory(SectionFactory)
    kind = "key"
    position = factory.Sequence(lambda n: n + 1)
    text = "A work plan was being drawn up."


class ProposalFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.Proposal

    item = factory.SubFactory(ItemFactory)
    position = factory.Sequence(lambda n: n + 1)
    text = "That published findings go to the Executive."
    outcome = "lost"


class ResolutionFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.Resolution

    item = factory.SubFactory(ItemFactory)
    position = factory.Sequence(lambda n: n + 1)
    label = "(b)"
    text = "That the partnership brings a further report in September/October 2023."
    kind = "request_report"


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = reviews.Report

    item = factory.SubFactory(ItemFactory)
    title = "Partnership update report"


class GuidanceFactory(DjangoModelFactory):
    class Meta:
        model = reviews.GuidanceVersion

    code = factory.Sequence(lambda n: f"WT{n}")
    title = "Working Together"
    valid_from = date(2030, 1, 1)


class ClockRuleFactory(DjangoModelFactory):
    class Meta:
        model = reviews.ClockRule

    code = factory.Sequence(lambda n: f"LOC{n}")
    name = "Answer the Board"
    start_event = "the question was put"
    length = 5
    unit = "WD"
    force = "local"


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = actions.Action

    resolution = factory.SubFactory(ResolutionFactory)
    board = factory.SelfAttribute("resolution.item.meeting.board")
    year = factory.SelfAttribute("resolution.item.meeting.year")
    number = factory.Sequence(lambda n: n + 1)
    reference = factory.Sequence(lambda n: f"SB-T 22/23-{n:04}")
    title = "A further report"
    addressee = factory.SubFactory(OrganisationFactory)
    due_words = "in September/October 2023"
    due_from = date(2023, 9, 1)
    due_to = date(2023, 10, 31)

    @classmethod
    def _build(cls, model, *args, **values):
        """Ready to be written in bulk, where no signal is sent."""
        action = super()._build(model, *args, **values)
        inherit_item(action, action.resolution)
        return action


class ElementFactory(DjangoModelFactory):
    class Meta:
        model = actions.Element

    action = factory.SubFactory(ActionFactory)
    number = factory.Sequence(lambda n: n + 1)
    text = "Progress on escalation and the resolution of concerns."

    @classmethod
    def _build(cls, model, *args, **values):
        """Ready to be written in bulk, where no signal is sent."""
        element = super()._build(model, *args, **values)
        inherit(element, element.action)
        return element


class UpdateFactory(DjangoModelFactory):
    class Meta:
        model = actions.ProgressUpdate

    element = factory.SubFactory(ElementFactory)
    text = "The first half of the training is done."
    reported_by = "Business Manager"
    on_behalf_of = factory.SelfAttribute("element.action.addressee")
    received_on = date(2023, 5, 3)
    source = "E-mail of 3 May 2023 from the Business Manager"
    owner_progress = "in_progress"
    recorded_by = factory.SubFactory("tests.factories.UserFactory")


class PointThemeFactory(DjangoModelFactory):
    class Meta:
        model = reviews.PointTheme

    point = factory.SubFactory(PointFactory)
    theme = factory.LazyFunction(lambda: theme("CUR"))


class ReportThemeFactory(DjangoModelFactory):
    class Meta:
        model = reviews.ReportTheme

    report = factory.SubFactory(ReportFactory)
    theme = factory.LazyFunction(lambda: theme("CUR"))


class ElementThemeFactory(DjangoModelFactory):
    class Meta:
        model = actions.ElementTheme

    element = factory.SubFactory(ElementFactory)
    theme = factory.LazyFunction(lambda: theme("CUR"))


class UserFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.User

    username = factory.Sequence(lambda n: f"user{n}")
    is_active = True


class PostFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.Post

    organisation = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"Business Manager {n}")


class PostHoldingFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.PostHolding

    post = factory.SubFactory(PostFactory)
    person = factory.SubFactory(PersonFactory)
    start = date(2022, 5, 26)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.BoardMembership

    board = factory.SubFactory(BoardFactory)
    person = factory.SubFactory(PersonFactory)
    start = date(2022, 5, 26)


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.Attendance

    meeting = factory.SubFactory(MeetingFactory)
    person = factory.SubFactory(PersonFactory)
    name_as_minuted = factory.LazyAttribute(lambda row: str(row.person))
    capacity = "member"


class RecordedVoteFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.RecordedVote

    proposal = factory.SubFactory(ProposalFactory)
    person = factory.SubFactory(PersonFactory)
    side = "against"


class AppendixFactory(DjangoModelFactory):
    class Meta:
        model = reviews.Appendix

    report = factory.SubFactory(ReportFactory)
    number = factory.Sequence(lambda n: str(n + 1))
    title = "Yearly report of the partnership"


class ErratumFactory(DjangoModelFactory):
    class Meta:
        model = reviews.Erratum

    report = factory.SubFactory(ReportFactory)
    meeting = factory.SelfAttribute("report.item.meeting")
    words = "An error was noted in the appendix."


class ReportPresentationFactory(DjangoModelFactory):
    class Meta:
        model = reviews.ReportPresentation

    report = factory.SubFactory(ReportFactory)
    body = factory.LazyFunction(lambda: oversight_body("Executive Board"))
    on = date(2023, 4, 19)


class EvidenceFactory(DjangoModelFactory):
    class Meta:
        model = actions.Evidence

    update = factory.SubFactory(UpdateFactory)
    title = "Training register"
    grade = "E2"


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = actions.Answer

    element = factory.SubFactory(ElementFactory)
    report = factory.SubFactory(ReportFactory)
    coverage = "partly"


def category(code, scheme="Six categories"):
    return tracking_scheme(scheme).categories.get(code=code)


class JudgementFactory(DjangoModelFactory):
    class Meta:
        model = actions.Judgement

    element = factory.SubFactory(ElementFactory)
    item = factory.SubFactory(ItemFactory)
    category = factory.LazyFunction(lambda: category("4"))


class SuggestionFactory(DjangoModelFactory):
    class Meta:
        model = actions.Suggestion

    element = factory.SubFactory(ElementFactory)
    meeting = factory.SubFactory(MeetingFactory)
    category = factory.LazyFunction(lambda: category("4"))
    reason = "It goes on as agreed."


class TrackerImportFactory(DjangoModelFactory):
    class Meta:
        model = actions.TrackerImport

    board = factory.SubFactory(BoardFactory)
    name = "tracker.xlsx"
    created_by = factory.SubFactory("tests.factories.UserFactory")


class UndertakingFactory(DjangoModelFactory):
    class Meta:
        model = actions.Undertaking

    item = factory.SubFactory(ItemFactory)
    text = "The Partnership Manager offered to circulate the audit timetable."


class LadderStepFactory(DjangoModelFactory):
    class Meta:
        model = actions.LadderStep

    board = factory.SubFactory(BoardFactory)
    kind = "officer_chase"
    counts_from = "window_end"
    days = 1
    means = "officer"


class ChaseFactory(DjangoModelFactory):
    """A step taken for the action's window as it is."""

    class Meta:
        model = actions.Chase

    action = factory.SubFactory(ActionFactory)
    kind = "reminder"
    due_from = factory.SelfAttribute("action.due_from")
    due_to = factory.SelfAttribute("action.due_to")
    on = date(2023, 9, 1)


class ProgrammeItemFactory(DjangoModelFactory):
    class Meta:
        model = actions.ProgrammeItem

    board = factory.SubFactory(BoardFactory)
    title = "Budget proposals"


class CarryOverFactory(DjangoModelFactory):
    """That an action went over, its board left as it was: for tests that only look at the row itself."""

    class Meta:
        model = actions.CarryOver

    action = factory.SubFactory(ActionFactory)
    from_board = factory.SelfAttribute("action.board")
    to_board = factory.SubFactory(BoardFactory, predecessor=factory.SelfAttribute("..from_board"))
    on = date(2023, 5, 25)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = actions.Message

    key = factory.Sequence(lambda n: f"about:{n}")
    board = factory.SubFactory(BoardFactory)
    to_name = "Sam Weir, Business Manager"
    to = "sam.weir@escp.example"
    subject = "What the Board asked"
    text = "Please answer."


class DisposalFactory(DjangoModelFactory):
    """A list of one action, waiting to be approved."""

    class Meta:
        model = scrutiny.Disposal
        skip_postgeneration_save = True

    rule = "actions"
    prepared_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def action(self, create, extracted, **kwargs):
        action = extracted or ActionFactory()
        self.items.create(key=action.pk, reference=action.reference, due_since=date(2022, 1, 1))


class DataProblemFactory(DjangoModelFactory):
    """Reported, though its record still shows its words."""

    class Meta:
        model = scrutiny.DataProblem

    why = "The second sentence names a family."
    by = factory.SubFactory(UserFactory)


class RedactionFactory(DjangoModelFactory):
    """Asked for, and waiting to be approved."""

    class Meta:
        model = scrutiny.Redaction
        skip_postgeneration_save = True

    category = "child"
    reason = "An update named a family."
    asked_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def words(self, create, extracted, **kwargs):
        scrutiny.RedactionPassage.objects.create(redaction=self, text=extracted or "words of a family")


class RoundFactory(DjangoModelFactory):
    class Meta:
        model = actions.UpdateRound

    board = factory.SubFactory(BoardFactory)
    due_on = date(2023, 9, 15)
    opened_by = factory.SubFactory(UserFactory)
    opened_on = date(2023, 9, 1)


class RequestFactory(DjangoModelFactory):
    """A request whose link works for a long time."""

    class Meta:
        model = actions.UpdateRequest

    round = factory.SubFactory(RoundFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    to_name = "Sam Weir, Business Manager"
    to_email = "sam.weir@escp.example"
    expires_on = date(2099, 12, 31)


class ReplyFactory(DjangoModelFactory):
    """A reply that waits to be written; `sent` makes one that was sent."""

    class Meta:
        model = actions.Reply

    class Params:
        sent = factory.Trait(
            text="All three partners have trained their staff.",
            owner_progress="in_progress",
            reported_by="Sam Weir, Business Manager",
            state="submitted",
            sent_at=factory.LazyFunction(timezone.now),
        )

    request = factory.SubFactory(RequestFactory)
    element = factory.SubFactory(ElementFactory)


class ReplyEvidenceFactory(DjangoModelFactory):
    class Meta:
        model = actions.ReplyEvidence

    reply = factory.SubFactory(ReplyFactory, sent=True)
    title = "Training register"


class ImportFactory(DjangoModelFactory):
    """Minutes read and proposed, to be confirmed. `text` is what was brought in."""

    class Meta:
        model = actions.MinutesImport

    source_name = "minutes.txt"
    text = "RESOLVED - That the report be noted."
    state = "to_confirm"
    created_by = factory.SubFactory(UserFactory)

    @factory.lazy_attribute
    def draft(self):
        from actions.minutes.proposal import propose
        from actions.minutes.reader import read

        return propose(read(self.text, meeting_date=self.meeting_date), self.board)

    board = None
    meeting_date = None


def guidance(code):
    return reviews.GuidanceVersion.objects.get(code=code)


class CaseFactory(DjangoModelFactory):
    """A review case at its first stage, without its row: for tests that only look at the case itself."""

    class Meta:
        model = reviews.ReviewCase

    reference = factory.Sequence(lambda n: f"ESCP-2026-{n + 1}")
    kind = "rapid_review"
    stage = "aware"
    began_on = date(2026, 9, 1)
    guidance = factory.LazyAttribute(
        lambda case: reviews.GuidanceVersion.objects.in_force(case.began_on).get()
    )


class StageFactory(DjangoModelFactory):
    class Meta:
        model = reviews.Stage

    case = factory.SubFactory(CaseFactory)
    code = "aware"
    on = date(2026, 9, 1)
    recorded_by = factory.SubFactory("tests.factories.UserFactory")


class PartnerViewFactory(DjangoModelFactory):
    class Meta:
        model = reviews.PartnerView

    stage = factory.SubFactory(StageFactory, code="notified")
    partner = "police"
    view = "disagrees"


class LateReasonFactory(DjangoModelFactory):
    class Meta:
        model = reviews.LateReason

    case = factory.SubFactory(CaseFactory)
    clock = "SIN5"
    reason = "The health partner answered late."


class LearningFactory(DjangoModelFactory):
    class Meta:
        model = reviews.LearningPoint

    case = factory.SubFactory(CaseFactory)
    number = factory.Sequence(lambda n: n + 1)
    text = "Staff ask the next question."
    owner = factory.SubFactory(OrganisationFactory)


class LearningStepFactory(DjangoModelFactory):
    class Meta:
        model = reviews.LearningStep

    learning = factory.SubFactory(LearningFactory)
    code = "accepted"
    on = date(2026, 9, 2)
    recorded_by = factory.SubFactory("tests.factories.UserFactory")


class DisseminationFactory(DjangoModelFactory):
    class Meta:
        model = reviews.Dissemination

    learning = factory.SubFactory(LearningFactory)
    kind = "brief"
    title = "Seven-minute guide"
    on = date(2026, 9, 3)


class AssuranceFactory(DjangoModelFactory):
    class Meta:
        model = reviews.AgencyAssurance

    learning = factory.SubFactory(LearningFactory)
    agency = factory.SubFactory(OrganisationFactory)
    cascaded = "yes"


class LearningEvidenceFactory(DjangoModelFactory):
    class Meta:
        model = reviews.LearningEvidence

    learning = factory.SubFactory(LearningFactory)
    title = "Dip sample of records"
    grade = "E4"


class ElementLearningFactory(DjangoModelFactory):
    class Meta:
        model = actions.ElementLearning

    element = factory.SubFactory(ElementFactory)
    learning = factory.SubFactory(LearningFactory)


class CaseThemeFactory(DjangoModelFactory):
    class Meta:
        model = reviews.CaseTheme

    case = factory.SubFactory(CaseFactory)
    theme = factory.LazyFunction(lambda: theme("CUR"))


class CasePresentationFactory(DjangoModelFactory):
    class Meta:
        model = reviews.CasePresentation

    case = factory.SubFactory(CaseFactory)
    body = factory.LazyFunction(lambda: oversight_body("Executive Board"))
    on = date(2026, 9, 4)


class LearningThemeFactory(DjangoModelFactory):
    class Meta:
        model = reviews.LearningTheme

    learning = factory.SubFactory(LearningFactory)
    theme = factory.LazyFunction(lambda: theme("CUR"))
