"""An item kept from the public, and all that hangs on it, exists only for those entitled (M-13, M-17): the leak test.

As with review cases, words of their own are planted in every text field; to everybody else each page stays the same.
"""

from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse

from actions.models import Action, Answer, Judgement
from reviews.models import Report
from scrutiny.models import AgendaItem, Attendance, Entry
from scrutiny.overview.trails import NOUNS
from scrutiny.toolkit.history import record, remove, version_of
from tests import factories, test_access
from tests.conftest import hold
from tests.numbers import tried
from tests.test_access import address, client_of
from tests.test_leaks import (  # noqa: F401  no events of the reader and no midnight here either
    MISSING,
    addresses_of,
    administration,
    answer_of,
    from_noon_on,
    pages_of_others,
    read,
    unseen_reader,
)

pytestmark = [pytest.mark.django_db, pytest.mark.search]
MARK = "zqxmist"
OUTSIDERS = "xnmlbsua"
ENTITLED = "opc"

world = test_access.world


@pytest.fixture
def scene(world, cast):
    """A record, and bodies and people that are no secret."""
    return SimpleNamespace(
        world=world,
        cast=cast,
        owner=factories.OrganisationFactory(name="Exampleton Hospital Trust"),
        person=factories.PersonFactory(name="Robin Vale"),
        themes=[world.theme, factories.theme("NEG")],
    )


def planted(factory, **values):
    """A record of the factory with the mark in each of its own text fields that is not given."""
    model = factory._meta.model
    words = {
        field.name: f"{MARK}{model.__name__}{field.name}".lower()[: field.max_length]
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and field.name not in ("file", "reference", "letter", "label", "link", "minute_number", "number")
        and field.name not in ("exempt_paragraphs", "public_interest_reason", "file_name")
    }
    return factory(**words | values)


def plant(scene, **kept_back):
    """An exempt item in published minutes, with a row of every kind beneath it; and rows of others that lead to it."""
    world, f = scene.world, factories
    kept_back = {
        "restriction": "exempt",
        "exempt_paragraphs": "1",
        "public_interest_reason": "Why.",
    } | kept_back
    item = planted(f.ItemFactory, meeting=world.meeting, position=9, **kept_back)
    section = planted(f.SectionFactory, item=item)
    point, gone = (planted(f.PointFactory, section=section, position=n) for n in (1, 2))
    proposal = planted(f.ProposalFactory, item=item)
    resolution = planted(f.ResolutionFactory, item=item)
    report = planted(f.ReportFactory, item=item, published_on=None)
    action = planted(
        f.ActionFactory, resolution=resolution, addressee=scene.owner, number=88, reference="SB-CF 22/23-88"
    )
    conditional = {"condition_state": "waiting", "not_late_because": ""}
    element = planted(f.ElementFactory, action=action, number=1, **conditional)
    update = planted(f.UpdateFactory, element=element, recorded_by=scene.cast.olivia)
    rows = [
        item,
        section,
        point,
        proposal,
        resolution,
        report,
        action,
        element,
        update,
        planted(f.AttendanceFactory, meeting=world.meeting, item=item, person=scene.person),
        proposal.recorded_votes.create(person=scene.person, side="for", rule=MARK),
        planted(f.AppendixFactory, report=report),
        planted(f.ErratumFactory, report=report),
        planted(f.ReportPresentationFactory, report=report),
        planted(f.UndertakingFactory, item=item, settled_how="", settled_on=None),
        planted(f.EvidenceFactory, update=update),
        f.ChaseFactory(action=action),
        f.ProgrammeItemFactory(board=world.meeting.board, meeting=world.later, action=action),
        f.PointThemeFactory(point=point, theme=scene.themes[1]),
        f.ReportThemeFactory(report=report, theme=scene.themes[1]),
        f.ElementThemeFactory(element=element, theme=scene.themes[1]),
        planted(f.AnswerFactory, element=world.waiting, report=report),
        planted(f.JudgementFactory, element=world.ask.elements[0], item=item),
    ]
    gone_key = gone.pk
    remove(gone, by=scene.cast.olivia, reason=MARK)
    return SimpleNamespace(item=item, action=action, gone=gone_key, rows=rows)


def sees(user, row):
    return type(row).objects.visible_to(user).filter(pk=row.pk).exists()


def cast_of(letters, cast):
    return [getattr(cast, test_access.IDENTITIES[letter]) for letter in letters]


def test_everything_that_hangs_on_an_exempt_item_is_seen_by_those_entitled_and_nobody_else(scene):
    rows = plant(scene).rows
    for user in cast_of(ENTITLED, scene.cast):
        assert [row for row in rows if not sees(user, row)] == [], user
    for user in cast_of("mlbsuan", scene.cast):
        assert [row for row in rows if sees(user, row)] == [], user


def test_the_page_of_the_meeting_shows_the_item_to_the_chair_and_not_to_a_member(scene):
    plant(scene)
    shown = {
        letter: read(client_of(scene.cast, letter), scene.world.meeting.get_absolute_url()) for letter in "cm"
    }
    assert MARK in shown["c"]
    assert "Exempt, paragraph 1" in shown["c"]
    assert MARK not in shown["m"]


def test_a_keeper_of_another_board_is_not_entitled(scene):
    rows = plant(scene).rows
    for role in ("officer", "publisher", "chair"):
        other = hold(factories.UserFactory(), role, board=factories.BoardFactory())
        assert [row for row in rows if sees(other, row)] == []


# Members (M-17)


@pytest.mark.parametrize(
    ("kept_back", "member", "coopted"),
    [
        ({"exempt_paragraphs": "3"}, True, False),
        ({"exempt_paragraphs": "3,6"}, True, False),
        ({"exempt_paragraphs": "1"}, False, False),
        ({"exempt_paragraphs": "3,7"}, False, False),
        ({"exempt_paragraphs": "3", "members_access": "withheld"}, False, False),
        ({"exempt_paragraphs": "1", "members_access": "shown"}, True, True),
        ({"restriction": "confidential", "exempt_paragraphs": ""}, False, False),
        ({"restriction": "confidential", "exempt_paragraphs": "", "members_access": "shown"}, True, True),
    ],
)
def test_members_see_what_the_law_or_a_decision_shows_them(scene, kept_back, member, coopted):
    item = plant(scene, **kept_back).item
    other = hold(factories.UserFactory(), "coopted_member")
    assert (sees(scene.cast.mary, item), sees(other, item)) == (member, coopted)


def test_a_member_of_another_board_sees_no_exempt_item_here(scene):
    item = plant(scene, exempt_paragraphs="3").item
    assert not sees(hold(factories.UserFactory(), "member", board=factories.BoardFactory()), item)


# The body an action was asked of


def test_a_contributor_sees_what_an_exempt_item_asked_of_their_own_body_and_no_more(scene):
    found = plant(scene)
    user = hold(factories.UserFactory(), "contributor", organisation=scene.owner)
    own = {type(row) for row in found.rows if sees(user, row)}
    assert Action in own
    assert not own & {AgendaItem, Attendance, Report, Judgement, Answer}
    client = Client()
    client.force_login(user)
    assert client.get(found.action.get_absolute_url()).status_code == 200


# Nothing tells of it


def word_addresses():
    yield f"{reverse('search')}?q={MARK}"
    yield from (
        f"{reverse(name)}?q=mist&format=csv" for name in ("action-list", "element-list", "report-list")
    )


def without_what_was_asked(text):
    return text.lower().replace(f'value="{MARK}"', "")


@pytest.mark.slow
def test_no_page_of_a_member_holds_a_planted_word(scene):
    plant(scene)
    client = client_of(scene.cast, "m")
    names = [name for name, letters in test_access.POLICY.items() if "m" in letters]
    urls = [address(name, scene.world) for name in names]
    urls += [reverse("history", args=["meeting", scene.world.meeting.pk]), scene.themes[1].get_absolute_url()]
    assert [url for url in urls if MARK in read(client, url).lower()] == []
    assert MARK in read(client_of(scene.cast, "o"), urls[-2]).lower()


@pytest.mark.slow
def test_no_entry_of_the_search_is_found(scene):
    plant(scene)
    for letter in "mlbsua":
        entries = Entry.objects.visible_to(get_user(client_of(scene.cast, letter)))
        assert not entries.filter(body__contains=MARK).exists()
        assert not entries.filter(title__contains=MARK).exists()
    assert Entry.objects.visible_to(scene.cast.chidi).filter(body__contains=MARK).count() > 5


def test_the_history_of_what_was_deleted_under_an_exempt_item_is_not_there(scene):
    url = reverse("history", args=["point", plant(scene).gone])
    statuses = {letter: client_of(scene.cast, letter).get(url).status_code for letter in "ocum"}
    assert statuses == {"o": 200, "c": 200, "u": 404, "m": 404}


def test_an_administrator_finds_nothing_of_it_in_the_administration(scene):
    item = plant(scene).item
    client = client_of(scene.cast, "a")
    for page in ("change", "history"):
        answer = client.get(reverse(f"admin:scrutiny_agendaitem_{page}", args=[item.pk]), follow=True)
        assert MARK not in answer.content.decode().replace("Agenda item with ID", "")
    assert MARK not in client.get(reverse("admin:scrutiny_point_changelist")).content.decode()


@pytest.mark.verify
@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_page_changes_to_the_letter_when_an_exempt_item_comes_into_the_record(scene, who):
    client = client_of(scene.cast, who)
    client.raise_request_exception = False
    urls = [*pages_of_others(scene), *(administration() if who == "a" else ())]
    before = {url: read(client, url) for url in urls}
    plant(scene)
    changed = [url for url in urls if read(client, url) != before[url]]
    tried(f"pages before and after an exempt item, as {who}", len(urls))
    assert changed == []


@pytest.mark.verify
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", OUTSIDERS)
def test_the_address_of_what_is_exempt_answers_as_if_there_were_nothing(scene, who, method):
    client, rows = client_of(scene.cast, who), plant(scene).rows
    client.raise_request_exception = False
    wrong, count = [], 0
    for row in rows:
        for where in addresses_of(type(row), scene):
            count += 1
            if answer_of(client, where, row.pk, method) != answer_of(client, where, MISSING, method):
                wrong.append((where, row.pk))
    tried(f"addresses of exempt records by {method}, as {who}", count)
    assert wrong == []


def test_every_kind_of_row_that_has_a_page_and_hangs_on_an_item_is_planted(scene):
    """A model added later is planted too."""
    kinds = {type(row) for row in plant(scene).rows}
    on_item = {
        model
        for model in NOUNS.values()
        if model is not AgendaItem
        and any(field.related_model in kinds for field in model._meta.concrete_fields if field.remote_field)
    }
    elsewhere = {"SupportingDocument", "CarryOver", "Suggestion", "ElementLearning", "Reply", "ReplyEvidence"}
    assert {model.__name__ for model in on_item - kinds} <= elsewhere


# Keeping an item from the public, and opening it


def keep_back(client, item, **typed):
    sent = {
        "restriction": "exempt",
        "exempt_paragraphs": ["3", "6"],
        "public_interest_reason": "A tender runs.",
    }
    sent |= {"reason": "Decided", "version": version_of(item)}
    return client.post(reverse("agenda-item-restriction", args=[item.pk]), sent | typed)


def test_an_officer_keeps_an_item_from_the_public_and_says_why(ask, cast):
    assert keep_back(client_of(cast, "o"), ask.item).status_code == 302
    item = AgendaItem.objects.get(pk=ask.item.pk)
    assert (item.restriction_label, item.public_interest_reason) == (
        "Exempt, paragraphs 3 and 6",
        "A tender runs.",
    )
    page = client_of(cast, "o").get(reverse("agenda-item-restriction", args=[item.pk])).content.decode()
    assert page.count("checked") == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"exempt_paragraphs": []}, "Select the paragraph that makes it exempt."),
        ({"public_interest_reason": ""}, "Enter why it is kept from the public."),
        (
            {"restriction": "confidential", "public_interest_reason": ""},
            "Enter why it is kept from the public.",
        ),
    ],
)
def test_an_exempt_item_needs_a_paragraph_and_a_reason(ask, cast, typed, sentence):
    answer = keep_back(client_of(cast, "o"), ask.item, **typed)
    assert sentence in answer.content.decode()
    assert not AgendaItem.objects.get(pk=ask.item.pk).restriction


def test_what_was_kept_back_is_opened_by_a_publisher_who_did_not_write_it(ask, cast):
    keep_back(client_of(cast, "o"), ask.item)
    opened = {"restriction": "", "exempt_paragraphs": [], "public_interest_reason": ""}
    assert "second person" in keep_back(client_of(cast, "o"), ask.item, **opened).content.decode()
    assert keep_back(client_of(cast, "p"), ask.item, **opened).status_code == 302
    assert not AgendaItem.objects.get(pk=ask.item.pk).restriction


def test_the_database_refuses_an_exempt_item_without_a_reason(ask):
    ask.item.restriction, ask.item.exempt_paragraphs = "exempt", "1"
    with pytest.raises(IntegrityError), transaction.atomic():
        ask.item.save()
    with pytest.raises(ValidationError):
        record(ask.item, by=None)
