"""Believable records for tests. Everybody and everything in them is made up."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from actions import models as actions
from reviews import models as reviews
from scrutiny import models as scrutiny


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
    tracking_scheme = factory.LazyFunction(lambda: scrutiny.TrackingScheme.objects.get(name="Six categories"))


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


class ElementFactory(DjangoModelFactory):
    class Meta:
        model = actions.Element

    action = factory.SubFactory(ActionFactory)
    number = factory.Sequence(lambda n: n + 1)
    text = "Progress on escalation and the resolution of concerns."


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


class UserFactory(DjangoModelFactory):
    class Meta:
        model = scrutiny.User

    username = factory.Sequence(lambda n: f"user{n}")
    is_active = True
