"""Pages about what reviews taught: what they show to whom, and what is recorded on them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reviews.models import (
    AgencyAssurance,
    Dissemination,
    LearningEvidence,
    LearningPoint,
    LearningStep,
)
from reviews.services.learning import steps_for
from reviews.stages import LEARNING
from tests import factories
from tests.scrutiny.test_views import day, errors_of, fields_in, fill, page_of, text_of
from tests.scrutiny.toolkit.test_exports import table

pytestmark = pytest.mark.django_db

PUBLISHED = date(2026, 9, 2)
ONLY_ACTIVITY = "Activity shown, impact not yet shown"


@pytest.fixture
def unit(client, bea):
    """The client of the partnership's business unit."""
    client.force_login(bea)
    return client


@pytest.fixture
def hospital(db):
    return factories.OrganisationFactory(name="Exampleton General Hospital", kind="health")


@pytest.fixture
def point(hospital):
    """Taught by a published review, to be spread by the hospital."""
    return factories.LearningFactory(
        case__published_on=PUBLISHED,
        case__title="Learning from a review",
        owner=hospital,
        text="Staff ask the next question.",
        state="in_progress",
        due_on=date(2026, 12, 1),
    )


@pytest.fixture
def own(partnership):
    """Owned by the body Lena answers for; its review is not published."""
    return factories.LearningFactory(owner=partnership, state="in_progress")


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def links_of(response):
    return {link.get("href") for link in page_of(response).main.select("a")}


# The list.


def listed(client, **query):
    return [point.text for point in client.get(reverse("learning-list"), query).context["object_list"]]


def test_the_list_shows_only_learning_one_may_see(cast, point, own):
    factories.LearningFactory(text="Not published")
    assert sorted(listed(client_of(cast.mary))) == [point.text]
    assert len(listed(client_of(cast.lena))) == 2
    assert len(listed(client_of(cast.bea))) == 3


def test_an_empty_list_says_where_learning_is_added(unit):
    assert "What a review taught is added on the page of that review." in text_of(
        unit.get(reverse("learning-list"))
    )


def test_a_row_tells_state_spread_and_best_evidence(unit, point):
    factories.DisseminationFactory.create_batch(2, learning=point)
    factories.AssuranceFactory(learning=point)
    factories.AssuranceFactory(learning=point, cascaded="no")
    point.evidence_grade = "E4"
    point.save()
    text = text_of(unit.get(reverse("learning-list")))
    assert "In progress" in text
    assert (
        "2 activities to spread it; 1 of 2 agencies passed it on; best evidence E4 Practice: practice changed."
        in text
    )


@pytest.mark.parametrize(
    "query",
    [
        {"q": "next QUESTION"},
        {"state": "in_progress"},
        {"state": "late"},
        {"theme": "CUR"},
        {"owner": "hospital"},
    ],
)
def test_the_list_is_narrowed(unit, point, hospital, query):
    point.due_on = timezone.localdate() - timedelta(days=1)
    point.save()
    point.tags.create(theme=factories.theme("CUR"))
    point.tags.create(theme=factories.theme("NEG"))
    factories.LearningFactory(text="Letters are written in plain words.").tags.create(
        theme=factories.theme("NEG")
    )
    values = {"CUR": factories.theme("CUR").pk, "hospital": hospital.pk}
    query = {name: values.get(value, value) for name, value in query.items()}
    assert listed(unit, **query) == [point.text]


def test_only_owners_of_learning_one_may_see_are_offered(cast, point, own):
    def offered(user):
        page = page_of(client_of(user).get(reverse("learning-list")))
        return [option.text for option in page.select("select[name=owner] option")[1:]]

    assert offered(cast.mary) == [str(point.owner)]
    assert sorted(offered(cast.bea)) == sorted([str(point.owner), str(own.owner)])


@pytest.mark.parametrize(
    ("sort", "first"),
    [("due", "Early"), ("-due", "Late"), ("owner", "Early"), ("state", "Late"), ("-state", "Early")],
)
def test_the_list_is_sorted(unit, hospital, sort, first):
    partner = factories.OrganisationFactory(name="Wenlow Valley Police")
    factories.LearningFactory(text="Late", due_on=date(2026, 12, 1), owner=partner, state="accepted")
    factories.LearningFactory(text="Early", due_on=date(2026, 10, 1), owner=hospital, state="identified")
    assert listed(unit, sort=sort)[0] == first


def test_the_list_is_exported_with_what_was_counted(unit, point):
    factories.DisseminationFactory.create_batch(2, learning=point)
    factories.AssuranceFactory.create_batch(3, learning=point)
    header, line = table(unit.get(reverse("learning-list"), {"format": "csv"}))
    assert header == [
        *("Learning", "Owner", "Post", "Due", "State"),
        *("Activities", "Agencies that passed it on", "Agencies asked", "Best evidence"),
    ]
    assert line[0] == point.text
    assert line[1:] == ["Exampleton General Hospital", "", "2026-12-01", "In progress", "2", "3", "3", ""]


def test_the_export_holds_no_more_than_the_list(cast, point, own):
    rows = table(client_of(cast.mary).get(reverse("learning-list"), {"format": "csv"}))
    assert [row[0] for row in rows[1:]] == [point.text]


# One learning point.


def opened(client, point):
    return client.get(point.get_absolute_url())


def test_the_page_tells_where_it_stands(unit, point):
    text = text_of(opened(unit, point))
    for words in (
        point.text,
        "In progress",
        "Exampleton General Hospital",
        "1 December 2026",
        "No evidence yet",
    ):
        assert words in text
    assert point.case.get_absolute_url() in links_of(opened(unit, point))


def test_it_says_what_is_missing(unit):
    text = text_of(opened(unit, factories.LearningFactory(owner=None)))
    for words in (
        "Nobody yet",
        "No date",
        "No element is linked to it.",
        "Nothing was done to spread it yet.",
        "No agency was asked yet.",
        "No evidence yet.",
        "Identified; nobody has taken it on yet.",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("grade", "shown"), [("", False), ("E1", True), ("E2", True), ("E3", False), ("E4", False)]
)
def test_activity_is_not_taken_for_impact(unit, point, grade, shown):
    point.evidence_grade = grade
    point.save()
    assert (ONLY_ACTIVITY in text_of(opened(unit, point))) == shown


def test_how_it_was_spread_is_told_with_whom_it_reached(unit, point):
    factories.DisseminationFactory(
        learning=point,
        kind="event",
        title="Event on curiosity",
        audience="Front-line staff",
        reached=96,
        target=120,
        link="https://escp.example.org/event",
    )
    factories.DisseminationFactory(learning=point, title="Guide", reached=0)
    response = opened(unit, point)
    assert (
        "3 September 2026, practitioner or learning event: Event on curiosity . For Front-line staff. "
        "Reached 96 of 120 people."
    ) in text_of(response)
    assert "Reached 0 people." in text_of(response)
    assert "https://escp.example.org/event" in links_of(response)


def test_what_each_agency_says_is_a_row(unit, point, hospital):
    factories.AssuranceFactory(
        learning=point,
        agency=hospital,
        on=date(2026, 10, 5),
        method="Ward meetings",
        evidence="Minutes of them",
        grade="E2",
        confirmed_by="Named Nurse",
        checked_on=date(2026, 11, 2),
    )
    police = factories.OrganisationFactory(name="Wenlow Valley Police")
    factories.AssuranceFactory(learning=point, agency=police, cascaded="asked")
    rows = [" ".join(row.get_text(" ").split()) for row in page_of(opened(unit, point)).select("tbody tr")]
    assert rows == [
        "Exampleton General Hospital Change what Exampleton General Hospital says Yes, 5 October 2026 "
        "Ward meetings. Minutes of them E2 Named Nurse 2 November 2026",
        "Wenlow Valley Police Change what Wenlow Valley Police says Asked, no answer yet – – Not yet",
    ]


def test_what_shows_that_it_arrived_is_told_with_its_grade(unit, point):
    factories.LearningEvidenceFactory(learning=point, title="Dip sample", grade="E4", on=date(2026, 11, 2))
    assert "E4 Dip sample, 2 November 2026" in text_of(opened(unit, point))


def test_the_element_it_stands_behind_is_shown_with_the_board_s_judgement(unit, bea, ask, point):
    judged, waiting, _ = ask.elements
    for element in (judged, waiting):
        factories.ElementLearningFactory(element=element, learning=point)
    judged.category, judged.judged_on = factories.category("4"), date(2023, 10, 4)
    judged.save()
    response = opened(unit, point)
    text = text_of(response)
    assert judged.text in text
    assert f"The Board judged on 4 October 2023: {judged.category.short} {judged.category.name}" in text
    assert "The Board has not judged it yet" in text
    assert {judged.get_absolute_url(), waiting.get_absolute_url()} <= links_of(response)


def test_a_contributor_is_not_shown_what_was_asked_of_others(ask, lena, own):
    mine = factories.ElementLearningFactory(element=ask.elements[0], learning=own).element
    other = factories.ElementLearningFactory(
        element__action__resolution=ask.resolution, element__text="Waiting times", learning=own
    ).element
    response = opened(client_of(lena), own)
    assert mine.get_absolute_url() in links_of(response)
    assert other.get_absolute_url() not in links_of(response)
    assert "Waiting times" not in text_of(response)


def test_the_owner_of_learning_is_told_nothing_of_an_unpublished_review(lena, own):
    response = opened(client_of(lena), own)
    assert own.case.reference not in response.content.decode()
    assert own.case.get_absolute_url() not in links_of(response)
    assert "From a review" in text_of(response)


def test_the_steps_are_told_and_their_notes_stay_with_those_who_work_on_reviews(cast, point):
    factories.LearningStepFactory(learning=point, taken_by="Named Nurse", note="Agreed at the ward")
    assert "2 September 2026 : Accepted, Named Nurse." in text_of(opened(client_of(cast.mary), point))
    assert "Agreed at the ward" not in text_of(opened(client_of(cast.mary), point))
    assert "Agreed at the ward" in text_of(opened(client_of(cast.sunil), point))


def test_late_learning_says_so(unit, point):
    point.due_on = timezone.localdate() - timedelta(days=1)
    point.save()
    assert page_of(opened(unit, point)).select_one("dl .govuk-tag").text.strip() == "Late"


@pytest.mark.parametrize("name", ["olivia", "chidi", "mary", "lena", "sunil", "arun", "ada"])
def test_somebody_who_changes_nothing_is_offered_no_change(cast, point, name):
    factories.DisseminationFactory(learning=point)
    factories.AssuranceFactory(learning=point)
    offered = links_of(opened(client_of(getattr(cast, name)), point))
    assert not {link for link in offered if link.endswith(("/add/", "/edit/"))}


def test_a_learning_point_of_a_review_not_published_is_not_there_for_others(cast):
    hidden = factories.LearningFactory()
    for name in ("olivia", "chidi", "mary", "lena", "arun", "ada"):
        assert opened(client_of(getattr(cast, name)), hidden).status_code == 404


# Recording it.


def test_learning_is_added_to_its_review(unit, hospital):
    case = factories.CaseFactory()
    typed = {"text": "Staff ask the next question.", "owner": hospital.pk, **day("due_on", date(2026, 12, 1))}
    response = fill(unit, "learning-add", case.pk, **typed)
    point = LearningPoint.objects.get()
    assert response.url == point.get_absolute_url()
    assert (point.case, point.number, point.owner, point.due_on) == (case, 1, hospital, date(2026, 12, 1))


def test_learning_without_words_says_what_to_do(unit):
    assert errors_of(fill(unit, "learning-add", factories.CaseFactory().pk)) == ["Enter what was learned."]
    assert not LearningPoint.objects.exists()


def test_learning_is_changed_and_the_history_says_why(unit, point):
    fill(unit, "learning-update", point.pk, text="Staff ask twice.", reason="Clearer")
    point.refresh_from_db()
    assert point.text == "Staff ask twice."
    assert point.history.first().history_change_reason == "Clearer"


def test_how_it_was_spread_is_added_and_changed(unit, point):
    typed = {"kind": "brief", "title": "Guide", "reached": 60, "target": 80, **day("on", PUBLISHED)}
    response = fill(unit, "dissemination-add", point.pk, **typed)
    assert response.url == point.get_absolute_url()
    activity = Dissemination.objects.get()
    assert (activity.learning, activity.title, activity.reached, activity.target) == (point, "Guide", 60, 80)
    fill(unit, "dissemination-update", activity.pk, reached=80)
    activity.refresh_from_db()
    assert activity.reached == 80


@pytest.mark.parametrize("typed", [{"reached": 81, "target": 80}, {"reached": 1, "target": 0}])
def test_more_people_than_it_was_meant_for_are_refused_at_the_number(unit, point, typed):
    typed = {"kind": "brief", "title": "Guide", **day("on", PUBLISHED), **typed}
    response = fill(unit, "dissemination-add", point.pk, **typed)
    sentence = "More people were reached than it was meant for. Check both numbers."
    assert errors_of(response) == [sentence]
    assert response.context["form"].errors == {"reached": [sentence]}
    assert not Dissemination.objects.exists()


@pytest.mark.parametrize("typed", [{"reached": 80, "target": 80}, {"reached": 81}, {"target": 80}, {}])
def test_reach_is_kept_as_far_as_it_is_known(unit, point, typed):
    typed = {"kind": "brief", "title": "Guide", **day("on", PUBLISHED), **typed}
    fill(unit, "dissemination-add", point.pk, **typed)
    activity = Dissemination.objects.get()
    assert (activity.reached, activity.target) == (typed.get("reached"), typed.get("target"))


def test_what_an_agency_says_is_added_and_changed(unit, point, hospital):
    typed = {"agency": hospital.pk, "cascaded": "asked"}
    response = fill(unit, "agency-assurance-add", point.pk, **typed)
    assert response.url == point.get_absolute_url()
    row = AgencyAssurance.objects.get()
    fill(unit, "agency-assurance-update", row.pk, cascaded="yes", method="Ward meetings", grade="E2")
    row.refresh_from_db()
    assert (row.agency, row.cascaded, row.method, row.grade) == (hospital, "yes", "Ward meetings", "E2")


def test_an_agency_has_one_row(unit, point, hospital):
    factories.AssuranceFactory(learning=point, agency=hospital)
    response = fill(unit, "agency-assurance-add", point.pk, agency=hospital.pk, cascaded="yes")
    assert errors_of(response) == ["This agency has a row already: change that one."]


def test_evidence_is_added_and_the_best_of_it_stands_on_the_point(unit, point):
    for title, grade in [("Survey", "E4"), ("Attendance", "E2")]:
        response = fill(unit, "learning-evidence-add", point.pk, title=title, grade=grade)
        assert response.url == point.get_absolute_url()
    point.refresh_from_db()
    assert (point.evidence_grade, LearningEvidence.objects.count()) == ("E4", 2)


SIMPLE = {
    "learning-add": {"text": "{}"},
    "dissemination-add": {"kind": "brief", "title": "{}", **day("on", PUBLISHED)},
    "agency-assurance-add": {"cascaded": "yes", "evidence": "{}"},
    "learning-evidence-add": {"grade": "E4", "title": "{}"},
}


@pytest.mark.parametrize("name", SIMPLE)
def test_words_that_may_identify_a_child_are_asked_about_first(unit, point, hospital, name):
    typed = {box: str(value).format("A boy aged 4 was seen") for box, value in SIMPLE[name].items()}
    typed |= {"agency": hospital.pk} if name == "agency-assurance-add" else {}
    pk = point.case_id if name == "learning-add" else point.pk
    before = LearningPoint.objects.count()
    asked = fill(unit, name, pk, **typed)
    assert errors_of(asked) == [
        "“aged 4” reads like a child's age. Take it out, or tick that nobody can be identified."
    ]
    assert LearningPoint.objects.count() == before
    assert not any(rows.exists() for rows in (point.dissemination, point.assurances, point.evidence))
    response = unit.post(reverse(name, args=[pk]), fields_in(asked) | {"identifying_checked": "on"})
    assert response.status_code == 302


@pytest.mark.parametrize("name", SIMPLE)
def test_the_boxes_say_what_must_not_be_in_them(unit, point, name):
    pk = point.case_id if name == "learning-add" else point.pk
    assert "Do not identify a child or family" in text_of(unit.get(reverse(name, args=[pk])))


def test_the_owner_records_what_was_done_about_their_own_learning(lena, own):
    client = client_of(lena)
    typed = {"kind": "brief", "title": "Guide", **day("on", PUBLISHED)}
    assert fill(client, "dissemination-add", own.pk, **typed).url == own.get_absolute_url()
    assert fill(client, "learning-evidence-add", own.pk, title="Survey", grade="E3").status_code == 302
    assert (own.dissemination.count(), own.evidence.count()) == (1, 1)


BENEATH = ["dissemination-add", "agency-assurance-add", "learning-evidence-add"]


@pytest.mark.parametrize("name", ["learning-update", "learning-themes", *BENEATH])
def test_others_record_nothing_on_it(cast, point, name):
    for user in (cast.olivia, cast.mary, cast.lena, cast.sunil, cast.arun):
        assert client_of(user).get(reverse(name, args=[point.pk])).status_code == 403
    hidden = factories.LearningFactory()
    assert client_of(cast.lena).get(reverse(name, args=[hidden.pk])).status_code == 404


# Moving it.


def step_page(point, code):
    return reverse("learning-move", args=[point.pk, code])


def take(client, point, code, **typed):
    address = step_page(point, code)
    return client.post(address, fields_in(client.get(address)) | typed)


def test_a_step_is_taken_and_the_page_says_so(unit, bea, point):
    response = take(unit, point, "reported_complete", **day("on", PUBLISHED), note="All wards told")
    assert response.url == point.get_absolute_url()
    step = LearningStep.objects.get()
    assert (step.code, step.on, step.note) == ("reported_complete", PUBLISHED, "All wards told")
    assert step.recorded_by == bea
    assert "Recorded: complete, says the owner." in unit.get(response.url).content.decode()


@pytest.mark.parametrize("state", LEARNING)
def test_the_page_offers_the_steps_that_may_follow_and_no_others(cast, partnership, state):
    point = factories.LearningFactory(state=state, owner=partnership)
    for user in (cast.bea, cast.lena):
        offered = {link for link in links_of(opened(client_of(user), point)) if "/steps/" in link}
        assert offered == {step_page(point, code) for code in steps_for(user, point)}


def test_a_step_that_may_not_follow_is_not_asked_about(unit, point):
    response = unit.get(step_page(point, "closed"))
    assert response.status_code == 409
    assert "This learning stands at “In progress”, and you cannot take this step from there." in text_of(
        response
    )


def test_the_owner_is_not_asked_whether_it_is_assured(lena, own):
    own.state = "reported_complete"
    own.save()
    assert client_of(lena).get(step_page(own, "assured")).status_code == 409
    assert client_of(lena).post(step_page(own, "assured"), day("on", PUBLISHED)).status_code == 409
    own.refresh_from_db()
    assert own.state == "reported_complete"


def test_an_unknown_step_is_no_step(unit, point):
    assert unit.get(step_page(point, "forgotten")).status_code == 409


@pytest.mark.parametrize(
    ("state", "code"), [("identified", "not_accepted"), ("embedded_check_due", "not_embedded")]
)
def test_a_no_is_asked_for_its_reason(unit, point, state, code):
    point.state = state
    point.save()
    response = take(unit, point, code)
    assert errors_of(response) == ["Enter the reason."]
    assert take(unit, point, code, note="Not for this agency").status_code == 302


def test_the_day_to_look_again_is_asked_for(unit, point):
    point.state = "assured"
    point.save()
    assert len(errors_of(take(unit, point, "embedded_check_due"))) == 1
    take(unit, point, "embedded_check_due", **day("recheck_on", date(2027, 3, 1)))
    assert "looked at again on 1 March 2027" in text_of(opened(unit, point))


def test_other_steps_do_not_ask_for_that_day(unit, point):
    assert not page_of(unit.get(step_page(point, "reported_complete"))).select("[name^=recheck_on]")


def test_an_owner_is_asked_for_before_it_is_assigned(unit):
    point = factories.LearningFactory(state="accepted", owner=None)
    assert errors_of(take(unit, point, "assigned")) == [
        "Say first which agency owns this learning: change the learning point."
    ]


def test_a_step_of_tomorrow_waits(unit, point):
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert errors_of(take(unit, point, "reported_complete", **day("on", tomorrow))) == [
        "This date is in the future. Record a step once it is taken."
    ]


def test_the_reason_may_not_identify_a_child(unit, point):
    asked = take(unit, point, "reported_complete", note="The mother of Child A was told")
    assert len(errors_of(asked)) == 1
    assert not point.steps.exists()
    checked = fields_in(asked) | {"identifying_checked": "on"}
    assert unit.post(step_page(point, "reported_complete"), checked).status_code == 302
    assert "kept, nobody can be identified" in point.steps.get().history.get().history_change_reason


@pytest.mark.parametrize("name", ["olivia", "chidi", "mary", "lena", "sunil", "arun", "ada"])
def test_others_take_no_step(cast, point, name):
    client = client_of(getattr(cast, name))
    assert client.post(step_page(point, "reported_complete"), day("on", PUBLISHED)).status_code == 403
    assert not point.steps.exists()


def test_its_history_tells_of_what_lies_beneath_it(unit, point, hospital):
    fill(unit, "dissemination-add", point.pk, kind="brief", title="Guide", **day("on", PUBLISHED))
    fill(unit, "agency-assurance-add", point.pk, agency=hospital.pk, cascaded="yes")
    take(unit, point, "reported_complete", **day("on", PUBLISHED))
    told = text_of(unit.get(reverse("history", args=["learning", point.pk])))
    for words in (
        "Guide",
        "Exampleton General Hospital",
        "Learning step “Complete, says the owner” added",
    ):
        assert words in told


# Growth.


def grow(point, number):
    """More of everything, written past the history: only the reading is measured."""
    start = point.case.learning.last().number
    LearningPoint.objects.bulk_create(
        LearningPoint(case=point.case, number=start + n, text="Learned", owner=point.owner)
        for n in range(1, number + 1)
    )
    agencies = factories.OrganisationFactory.create_batch(number)
    AgencyAssurance.objects.bulk_create(AgencyAssurance(learning=point, agency=each) for each in agencies)
    Dissemination.objects.bulk_create(
        Dissemination(learning=point, kind="brief", title="Guide", on=PUBLISHED) for _ in range(number)
    )
    LearningEvidence.objects.bulk_create(
        LearningEvidence(learning=point, title="Survey", grade="E3") for _ in range(number)
    )


@pytest.mark.slow
@pytest.mark.parametrize("where", ["list", "export", "point", "case"])
def test_a_page_asks_the_database_as_often_for_much_as_for_little(unit, point, where):
    url = {
        "list": reverse("learning-list"),
        "export": f"{reverse('learning-list')}?format=csv",
        "point": point.get_absolute_url(),
        "case": point.case.get_absolute_url(),
    }[where]

    def queries():
        with CaptureQueriesContext(connection) as captured:
            b"".join(unit.get(url))
        return len(captured)

    factories.StageFactory(case=point.case)
    grow(point, 3)
    queries()
    few = queries()
    grow(point, 300)
    assert queries() == few <= 30


@pytest.mark.parametrize("name", ["bea", "lena"])
def test_an_owner_does_not_record_that_the_review_group_checked(cast, own, hospital, name):
    row = factories.AssuranceFactory(learning=own, agency=hospital)
    client = client_of(getattr(cast, name))
    for url in (
        reverse("agency-assurance-add", args=[own.pk]),
        reverse("agency-assurance-update", args=[row.pk]),
    ):
        assert "checked_on" not in client.get(url).context["form"].fields


def test_the_business_unit_records_that_the_review_group_checked_what_others_own(unit, point):
    form = unit.get(reverse("agency-assurance-add", args=[point.pk])).context["form"]
    assert "checked_on" in form.fields
