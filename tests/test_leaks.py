"""A review case that is not published does not exist for those who may not see it (D-2): the leak test.

Cases of every kind are planted with a word of their own in every text field, and in those of every row beneath them.
To everybody else each page stays the same to the letter, and each address of theirs answers as if there were nothing.
"""

import re
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import quote
from zipfile import ZipFile

import pytest
import time_machine
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.auth import get_user
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from pypdf import PdfReader

from actions.models import ElementLearning
from actions.services import link_learning
from reviews.models import (
    AgencyAssurance,
    CasePresentation,
    CaseTheme,
    Dissemination,
    GuidanceVersion,
    LateReason,
    LearningEvidence,
    LearningPoint,
    LearningStep,
    LearningTheme,
    PartnerView,
    ReviewCase,
    Stage,
)
from reviews.stages import Kind
from scrutiny.models import Entry, Event, RoleAssignment
from scrutiny.overview.trails import NOUNS
from scrutiny.toolkit.history import record, remove
from scrutiny.toolkit.lists import RecordList
from scrutiny.toolkit.small_numbers import NOT_SHOWN, FewerThan
from tests import factories, test_access
from tests.conftest import SINCE, hold
from tests.test_access import IDENTITIES, OBJECT_OF, URLS, address, admin_addresses, client_of

pytestmark = pytest.mark.search
MARK = "zqxfog"  # every planted word begins with it
SEARCHED = "fog"  # finds them all; a page that repeats it does not show the mark
MISSING = 987_654  # a key that no record has
BEGAN = date(2025, 1, 6)
FRESH = re.compile(r'(name="(?:csrfmiddlewaretoken|form_token)" value=")[^"]*')
UNTOLD = ("Content-Length", "Expires")  # headers that go with the length of an address and the time of day
OUTSIDERS = [
    *"xnopcmluga",
    "officer of one board",
    "chair of one board",
    "contributor of another body",
]

world = test_access.world


# What is planted.


STANDS = {  # the two stages a planted case has reached
    Kind.RAPID_REVIEW: ("aware", "notified"),
    Kind.CSPR: ("decided", "scoping"),
    Kind.LOCAL_REVIEW: ("proposed", "agreed"),
    Kind.AUDIT: ("planned", "tool_agreed"),
    Kind.NATIONAL_REVIEW: ("announced", "in_progress"),
}
NO_FREE_TEXT = {
    "LateReason.clock",  # the code of a rule
    "ReviewCase.title",  # refused by the database before publication
}
NOT_SEARCHED = {  # addresses of papers, and reasons in histories
    *("ReviewCase.link", "CasePresentation.link", "Dissemination.link", "LearningEvidence.link"),
    "why",
}
WORKING = {"Stage.note", "PartnerView.note", "LateReason.reason", "LearningStep.note", "why"}


def models_beneath(model):
    found = set()
    for link in model._meta.related_objects:
        if (below := link.related_model) is not ReviewCase:
            found |= {below, *models_beneath(below)}
    return found


def text_fields(model):
    """Those for free text: one that is added later is planted too."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and f"{model.__name__}.{field.name}" not in NO_FREE_TEXT
    ]


def word_for(field, kind):
    """A word found nowhere else. It has no gaps, so that the glossary explains no part of it."""
    return f"{MARK}{field.model.__name__}{field.name}{kind}".replace("_", "").lower()


def reference_of(kind):
    return f"{MARK}-2026-{list(Kind).index(kind)}".upper()


def reason_of(kind):
    return f"{MARK}why{kind}".replace("_", "")


def planted_words():
    """{"Model.field": its words}, those of reasons in the history under "why"."""
    words = {
        f"{model.__name__}.{field.name}": [word_for(field, kind) for kind in Kind]
        for model in [ReviewCase, *models_beneath(ReviewCase)]
        for field in text_fields(model)
    }
    words["ReviewCase.reference"] = [reference_of(kind).lower() for kind in Kind]
    return words | {"why": [reason_of(kind) for kind in Kind]}


def value_for(field, kind):
    word = word_for(field, kind)
    return f"https://example.org/{word}" if isinstance(field, models.URLField) else word


def plant(kind, scene, origin=None):
    """A case of this kind that is not published, with rows of every model beneath it, kept ones and deleted ones."""

    def keep(model, **values):
        texts = {field.name: value_for(field, kind) for field in text_fields(model)}
        return record(model(**texts | values), by=scene.cast.bea, reason=reason_of(kind))

    def lose(obj):
        remove(obj, by=scene.cast.bea, reason=reason_of(kind))

    first, second = STANDS[kind]
    case = keep(
        ReviewCase,
        reference=reference_of(kind),
        kind=kind,
        guidance=GuidanceVersion.objects.in_force(BEGAN).get(),
        stage=second,
        began_on=BEGAN,
        origin=origin,
    )
    stage, _, taken_back = (
        keep(Stage, case=case, code=code, on=BEGAN, recorded_by=scene.cast.bea)
        for code in (first, second, second)
    )
    keep(PartnerView, stage=stage, partner="police", view="disagrees")
    lose(keep(PartnerView, stage=taken_back, partner="health", view="agrees"))
    lose(taken_back)
    keep(LateReason, case=case, clock="CSPR6")
    keep(CasePresentation, case=case, body=factories.oversight_body("Executive Board"), on=BEGAN)
    point = keep(LearningPoint, case=case, number=1, owner=scene.owner, due_on=BEGAN)
    keep(LearningStep, learning=point, code="accepted", on=BEGAN, recorded_by=scene.cast.bea)
    keep(Dissemination, learning=point, kind="brief", on=BEGAN, reached=30, target=30)
    keep(AgencyAssurance, learning=point, agency=scene.owner, cascaded="yes")
    keep(LearningEvidence, learning=point, grade="E4")
    for theme in scene.themes:
        keep(CaseTheme, case=case, theme=theme)
        keep(LearningTheme, learning=point, theme=theme)
    lose(keep(CaseTheme, case=case, theme=factories.theme("DCO")))
    lose(keep(LearningTheme, learning=point, theme=factories.theme("DCO")))
    for element in (scene.world.waiting, scene.world.ask.elements[0]):
        link_learning(element, add=[point], by=scene.cast.bea)
    link_learning(scene.world.ask.elements[0], take_away=[point], by=scene.cast.bea)
    return case


def plant_all(scene):
    """One of each kind; one follows from the published case, and that one from another. {model: planted keys}."""
    planted_models = [ReviewCase, *models_beneath(ReviewCase)]
    before = {model: keys_of(model) for model in planted_models}
    scene.cases = [
        plant(kind, scene, origin=scene.world.case if kind == Kind.LOCAL_REVIEW else None) for kind in Kind
    ]
    scene.world.case.origin = scene.cases[0]
    record(scene.world.case, by=scene.cast.bea)
    return {model: sorted(keys_of(model) - before[model]) for model in planted_models}


def keys_of(model):
    """Keys of the rows there are, and of those there were."""
    return set(model.history.values_list("id", flat=True))


@pytest.fixture(autouse=True)
def unseen_reader(monkeypatch):
    """The walk itself leaves no events: it opens and takes out twice, and the event log would differ by that."""
    monkeypatch.setattr(Event, "save", lambda self, **options: None)


@pytest.fixture(autouse=True)
def from_noon_on():
    """A walk that goes on past midnight would find every page changed that says what day it is."""
    with time_machine.travel(timezone.localtime().replace(hour=12, minute=0)):
        yield


@pytest.fixture
def scene(world, cast):
    """A record with a published case, and what planting needs, there beforehand: it is no secret."""
    return SimpleNamespace(
        world=world,
        cast=cast,
        owner=factories.OrganisationFactory(name="Exampleton Hospital Trust"),
        another=factories.OrganisationFactory(name="Otherham Academy"),
        themes=[world.theme, factories.theme("NEG")],
    )


@pytest.fixture
def hidden(scene):
    return plant_all(scene)


def test_every_model_beneath_a_case_is_planted(hidden):
    assert models_beneath(ReviewCase) > {Stage, PartnerView, LearningPoint, LearningStep, ElementLearning}
    assert [model for model, keys in hidden.items() if len(keys) < len(Kind)] == []


# Who reads, and what.


def signed_in(scene, who):
    if who in IDENTITIES:
        client = client_of(scene.cast, who)
    else:
        role, _, scope = who.partition(" of ")
        held_for = {
            "one board": {"board": scene.world.meeting.board},
            "another body": {"organisation": scene.another},
        }
        client = Client()
        client.force_login(hold(factories.UserFactory(), role, **held_for[scope]))
    client.raise_request_exception = False
    return client


def read(client, url, method="get", **sent):
    """Status, headers and body as one text, without what is different each time or repeats the address."""
    answer = getattr(client, method)(url, **sent)
    assert answer.status_code < 500, url
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    body = unpacked(body)
    headers = [f"{name}: {value}" for name, value in answer.headers.items() if name not in UNTOLD]
    return FRESH.sub(r"\1", "\n".join([str(answer.status_code), *headers, body.decode(errors="replace")]))


def unpacked(content):
    """What stands in a Word file or a PDF; the file around it tells the time at which it was written."""
    if content.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).encode()
    if not content.startswith(b"PK"):
        return content
    with ZipFile(BytesIO(content)) as parts:
        return b"\n".join(parts.read(name) for name in parts.namelist())


def lists(resolver):
    """(name in the address map, view) of every list."""
    for each in resolver.url_patterns:
        if hasattr(each, "url_patterns"):
            yield from lists(each)
        elif issubclass(view := getattr(each.callback, "view_class", object), RecordList):
            yield each.name, view


def list_addresses(scene):
    """Every list, in every order, narrowed by every value of every filter, as a page and as a file."""
    for name, view in lists(get_resolver()):
        url = reverse(name)
        yield from (f"{url}?sort={turn}{sort}" for sort in view.sorts for turn in ("", "-"))
        yield f"{url}?format=csv"
        for field, each in view.filterset_class.base_filters.items():
            for value in values_of(each, scene):
                yield f"{url}?{field}={value}"
                yield f"{url}?{field}={value}&format=csv"


def values_of(each, scene):
    if "queryset" in each.extra:
        return [scene.owner.pk, scene.world.meeting.board.pk, *(theme.pk for theme in scene.themes)]
    choices = each.extra.get("choices")
    return [code for code, _ in choices] if choices else [SEARCHED, f"{SEARCHED}-2026", "review"]


def search_addresses():
    """Words that stand in hidden cases and elsewhere, planted words, and one that is spelled like them."""
    planted = [
        planted_words()[name][0] for name in ("ReviewCase.reference", "Stage.note", "LearningPoint.text")
    ]
    for typed in (
        "review",
        "decided",
        "learning",
        SEARCHED,
        *planted,
        f"{planted[1]}x",
        f"review {planted[2]}",
    ):
        yield f"{reverse('search')}?q={typed}"
        yield from (f"{reverse('search')}?q={typed}&kind={kind}" for kind in ("case", "learning"))


def history_addresses():
    for noun, model in NOUNS.items():
        for key in model._base_manager.order_by("pk").values_list("pk", flat=True)[:2]:
            yield reverse("history", args=[noun, key])


def pages_of_others(scene):
    """Every page there is without any hidden case."""
    yield from (address(name, scene.world) for name in URLS if name != "timeliness")
    yield from list_addresses(scene)
    yield from search_addresses()
    yield from history_addresses()
    for obj in (scene.owner, scene.world.partnership, *scene.world.ask.elements, *scene.themes):
        yield obj.get_absolute_url()


def administration():
    yield from admin_addresses()
    for model in admin.site._registry:
        yield f"{reverse(admin_urlname(model._meta, 'changelist'))}?q={SEARCHED}"
    asked = f"app_label=actions&model_name=elementlearning&field_name=learning&term={SEARCHED}"
    yield f"{reverse('admin:autocomplete')}?{asked}"


# To everybody else nothing changes.


@pytest.mark.slow
@pytest.mark.every_page
@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_page_changes_to_the_letter_when_hidden_cases_come_into_the_record(scene, who, caplog):
    client = signed_in(scene, who)
    urls = [*pages_of_others(scene), *(administration() if who == "a" else ())]
    before = {url: read(client, url) for url in urls}
    plant_all(scene)
    after = {url: read(client, url) for url in urls}
    assert [url for url in urls if after[url] != before[url]] == []
    assert MARK not in caplog.text.lower()


@pytest.mark.slow
def test_those_who_work_on_cases_see_the_same_pages_change(scene):
    """Otherwise the test above could not fail."""
    client = signed_in(scene, "s")
    world = scene.world
    urls = [reverse(name) for name in ("case-list", "learning-list", "theme-list")]
    urls += [f"{reverse('case-list')}?q={SEARCHED}&format=csv"]
    urls += [obj.get_absolute_url() for obj in (world.theme, world.waiting, world.case)]
    urls += [reverse("history", args=["element", world.waiting.pk])]
    before = {url: read(client, url) for url in urls}
    plant_all(scene)
    assert [url for url in urls if read(client, url) == before[url]] == []


def record_named_in(route, scene):
    """The record of the world that a route names by its key, if any."""
    noun = OBJECT_OF.get(route.partition("/")[0], "") if "<int:pk>" in route else ""
    return getattr(scene.world, noun, None)


def addresses_of(model, scene):
    """Where a record of this model has its pages, and where a curious person would try; its key is KEY."""
    for name, route in URLS.items():
        named = record_named_in(route, scene)
        if type(named) is model:
            yield address(name, scene.world).replace(f"/{named.pk}/", "/KEY/", 1)
    yield from (f"/history/{noun}/KEY/" for noun, each in NOUNS.items() if each is model)
    if model is ReviewCase:
        yield f"{reverse('case-add')}?origin=KEY"
    of_admin = f"/administration/{model._meta.app_label}/{model._meta.model_name}"
    yield from (f"{of_admin}/KEY/{page}/" for page in ("change", "history", "delete"))
    yield f"/administration/r/{ContentType.objects.get_for_model(model).pk}/KEY/"


def answer_of(client, where, key, method):
    """The answer, with the address taken out that it may repeat, and without what was said on the way to it."""
    client.cookies.pop("messages", None)
    url, typed = where.replace("KEY", str(key)), {"text": "What somebody typed."}
    sent = {"data": typed, "HTTP_ORIGIN": "http://testserver"} if method == "post" else {}
    return read(client, url, method, **sent).replace(url, "ADDRESS").replace(quote(url), "ADDRESS")


@pytest.mark.slow
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", OUTSIDERS)
def test_the_address_of_something_hidden_answers_as_if_there_were_nothing(scene, hidden, who, method, caplog):
    client, rows = signed_in(scene, who), sum(model.history.count() for model in hidden)
    wrong = []
    for model, keys in hidden.items():
        for where in addresses_of(model, scene):
            of_nothing = answer_of(client, where, MISSING, method)
            for key in (keys[0], keys[-1]):  # the last one is deleted, where rows are
                if answer_of(client, where, key, method) != of_nothing:
                    wrong.append((where, key))
    assert wrong == []
    assert MARK not in caplog.text.lower()
    assert sum(model.history.count() for model in hidden) == rows


@pytest.mark.slow
@pytest.mark.parametrize("who", [who for who in OUTSIDERS if who != "x"])
def test_no_entry_of_the_search_shows_a_planted_word_and_no_question_finds_one(scene, hidden, who):
    client = signed_in(scene, who)
    entries = Entry.objects.visible_to(get_user(client))
    assert Entry.objects.filter(body__contains=MARK).count() > len(hidden)
    for name in ("reference", "title", "body", "url", "title_words", "body_words"):
        assert not entries.filter(**{f"{name}__icontains": MARK}).exists()
    for words in planted_words().values():
        assert not entries.matching(words[0]).exists()


@pytest.mark.slow
@pytest.mark.parametrize("who", "bs")
def test_those_who_work_on_cases_find_every_word_by_searching(scene, hidden, who):
    entries = Entry.objects.visible_to(get_user(signed_in(scene, who)))
    found = {
        name
        for name, words in planted_words().items()
        if all(entries.matching(word).exists() for word in words)
    }
    assert set(planted_words()) - found == NOT_SEARCHED


def test_a_request_that_another_site_forged_learns_nothing_either(scene, hidden):
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.cast.olivia)
    answers = [answer_of(client, "/cases/KEY/edit/", key, "post") for key in (*hidden[ReviewCase], MISSING)]
    assert len(set(answers)) == 1


def test_hidden_learning_cannot_be_linked_and_its_links_are_not_taken_away(scene, hidden):
    client, key = signed_in(scene, "o"), hidden[LearningPoint][0]
    url = reverse("element-learning", args=[scene.world.ask.elements[1].pk])
    refused, of_nothing = (
        client.post(url, {"points": [each]}).context["form"].errors.as_text().replace(str(each), "KEY")
        for each in (key, MISSING)
    )
    assert refused == of_nothing != ""
    linked = ElementLearning.objects.filter(element=scene.world.waiting)
    seen = ",".join(str(key) for key in linked.values_list("learning", flat=True))
    client.post(reverse("element-learning", args=[scene.world.waiting.pk]), {"seen": seen})
    assert linked.count() == len(Kind)  # only the link to the published learning is gone


@pytest.mark.parametrize("kind", Kind)
def test_timeliness_counts_one_hidden_case_as_fewer_than_five_at_most(scene, kind):
    client = signed_in(scene, "m")
    before = numbers_of(client)
    plant(kind, scene)
    after = numbers_of(client)
    changed = {after[name] for name in after if after[name] != before.get(name, 0)}
    assert changed <= {FewerThan(5), NOT_SHOWN}
    assert MARK not in read(client, reverse("timeliness")).lower()


def test_timeliness_counts_hidden_cases(scene):
    client = signed_in(scene, "m")
    before = numbers_of(client)
    plant_all(scene)
    assert numbers_of(client) != before


def numbers_of(client):
    """{place: number} of all that the page on timeliness shows."""
    context = client.get(reverse("timeliness")).context
    tables = {step.name: step.numbers for step in context["steps"]} | {"learning": context["learning"]}
    found = {}
    for title, table in tables.items():
        found |= {
            (title, row, column): cell for row, cells in table.cells.items() for column, cell in cells.items()
        }
        found |= {(title, "all", column): total for column, total in table.column_totals.items()}
        found |= {(title, row, "all"): total for row, total in table.row_totals.items()}
        found[title, "all", "all"] = table.total
    return found


# Those who work on cases find every word; publication shows the public part of it.


def everything_shown(client, scene):
    """All that somebody finds in the lists, on the pages of cases and of what they taught, and in every history."""
    urls = [reverse(name) for name in ("case-list", "learning-list", "theme-list")]
    urls += [theme.get_absolute_url() for theme in scene.themes]
    for case in scene.cases:
        urls += [case.get_absolute_url(), *(point.get_absolute_url() for point in case.learning.all())]
    for noun, model in NOUNS.items():
        if model in {ReviewCase, *models_beneath(ReviewCase)}:
            urls += [reverse("history", args=[noun, key]) for key in keys_of(model)]
    return "\n".join(read(client, url) for url in urls).lower()


def found_in(text):
    """The fields of which every word is found."""
    return {name for name, words in planted_words().items() if all(word in text for word in words)}


@pytest.mark.slow
@pytest.mark.parametrize("who", "bs")
def test_those_who_work_on_cases_find_every_word(scene, hidden, who):
    assert found_in(everything_shown(signed_in(scene, who), scene)) == set(planted_words())


@pytest.mark.slow
def test_publication_shows_the_public_title_and_keeps_the_working_notes(scene, hidden):
    for case in scene.cases:
        case.published_on, case.title = BEGAN, f"Made public {case.kind}"
        record(case, by=scene.cast.bea)
    for who in "mo":
        text = everything_shown(signed_in(scene, who), scene)
        assert all(f"made public {kind}" in text for kind in Kind)
        assert {"ReviewCase.reviewer", "LearningPoint.text", "CasePresentation.outcome"} <= found_in(text)
        assert [name for name in WORKING for word in planted_words()[name] if word in text] == []


# Learning goes to its owner before the case is published, and nothing else does.


@pytest.fixture
def own_point(scene):
    """Learning of a hidden case that lena's body owns, reported as in progress."""
    scene.owner = scene.world.partnership
    scene.cases = [plant(Kind.CSPR, scene)]
    point = scene.cases[0].learning.get()
    point.state = "in_progress"
    return record(point, by=scene.cast.bea)


@pytest.mark.slow
def test_a_contributor_sees_learning_of_their_own_body_and_nothing_of_its_case(scene, own_point):
    client = signed_in(scene, "l")
    text = everything_shown(client, scene)
    pages = [
        url for url in pages_of_others(scene) if url not in set(search_addresses())
    ]  # these repeat the question
    text += "".join(read(client, url) for url in pages).lower()
    beneath = {*models_beneath(LearningPoint), LearningPoint}
    of_case = {f"{model.__name__}." for model in {ReviewCase, *models_beneath(ReviewCase)} - beneath}
    shown = {name for name, words in planted_words().items() if any(word in text for word in words)}
    assert "LearningPoint.text" in shown
    assert [name for name in shown if name.startswith(tuple(of_case)) or name in WORKING] == []


def move(client, point, code, **typed):
    sent = {"on_day": "6", "on_month": "1", "on_year": "2025", **typed}
    answer = client.post(reverse("learning-move", args=[point.pk, code]), sent)
    point.refresh_from_db()
    return answer.status_code, point.state


def test_an_owner_reports_learning_complete_and_never_assures_it(scene, own_point):
    client = signed_in(scene, "l")
    assert move(client, own_point, "reported_complete") == (302, "reported_complete")
    assert move(client, own_point, "assured") == (409, "reported_complete")


def test_the_business_unit_assures_what_another_body_owns_and_not_what_the_partnership_owns(scene, own_point):
    client = signed_in(scene, "b")
    assert move(client, own_point, "reported_complete") == (302, "reported_complete")
    assert move(client, own_point, "assured") == (409, "reported_complete")
    own_point.owner = scene.another
    record(own_point, by=scene.cast.bea)
    assert move(client, own_point, "assured") == (302, "assured")


# Other roles.


@pytest.fixture
def named(scene):
    """An officer named for review cases, for a time."""
    return hold(factories.UserFactory(), "named_officer")


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.slow
def test_a_named_officer_reads_a_hidden_case_and_its_history(scene, hidden, named):
    assert found_in(everything_shown(logged_in(named), scene)) == set(planted_words())


@pytest.mark.slow
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_named_officer_and_the_scrutineer_change_nothing(scene, hidden, named, method):
    reading = {"case-detail", "learning-detail"}
    for client in (logged_in(named), signed_in(scene, "s")):
        for name in sorted(URLS.keys() - reading):
            if type(record_named_in(URLS[name], scene)) in hidden:
                assert getattr(client, method)(address(name, scene.world)).status_code == 403, name


def test_a_named_officer_whose_time_is_over_sees_nothing(scene, hidden, named):
    RoleAssignment.objects.filter(user=named).update(end=SINCE)
    hold(named, "member")
    client = logged_in(named)
    assert client.get(scene.cases[0].get_absolute_url()).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("who", ["o", "p", "c", "u", "officer of one board", "chair of one board"])
@pytest.mark.parametrize("noun", ["stage", "partner-view", "case-theme", "element-learning"])
def test_what_was_taken_back_from_a_hidden_case_has_no_history_page(scene, hidden, who, noun):
    model = NOUNS[noun]
    (*_, gone) = sorted(set(hidden[model]) - set(model.objects.values_list("pk", flat=True)))
    assert signed_in(scene, who).get(reverse("history", args=[noun, gone])).status_code == 404


def test_the_business_unit_reads_of_a_stage_taken_back_in_the_history_of_its_case(scene, hidden):
    url = reverse("history", args=["case", scene.cases[0].pk])
    entries = signed_in(scene, "b").get(url).context["entries"]
    assert {entry.noun for entry in entries if entry.kind == "deleted"} >= {"stage", "partner view"}
