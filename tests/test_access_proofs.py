"""Proofs about who gets in (safety A1 to A9) beyond the policy of `tests.test_access`: all methods, every object, every
field, at the next request."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.http import Http404
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from reviews.models import ReviewCase
from reviews.stages import Kind
from scrutiny.models import RoleAssignment
from scrutiny.toolkit.editing import EditView
from scrutiny.toolkit.small_numbers import FewerThan
from tests import factories, test_access, test_exempt
from tests.conftest import SINCE, hold
from tests.numbers import tried
from tests.test_access import (
    IDENTITIES,
    POLICY,
    PUBLIC,
    URLS,
    address,
    answer_to,
    client_of,
    is_sent_to_sign_in,
)
from tests.test_leaks import MISSING, addresses_of, answer_of, numbers_of

pytestmark = pytest.mark.django_db
METHODS = ["get", "head", "options", "post", "put", "patch", "delete"]

world = test_access.world
draft = test_access.draft


def histories():
    """How many rows the histories hold: whatever is written leaves one."""
    return sum(model.history.count() for model in tracked_models())


def tracked_models():
    from django.apps import apps

    return [model for model in apps.get_models() if hasattr(model, "history")]


# A1: every address, as everybody, by every method


@pytest.mark.verify
@pytest.mark.parametrize("letter", IDENTITIES)
def test_every_method_lets_in_whom_the_policy_names_and_nobody_else(world, letter):
    wrong, cells, before = [], 0, histories()
    for name in sorted(POLICY):
        for method in METHODS:
            answer = answer_to(world, letter, method, address(name, world))
            cells += 1
            if answer.status_code >= 500 or not as_the_policy_says(answer, name, letter, method):
                wrong.append(f"{method} {name}: {answer.status_code}")
    tried(f"addresses by method, as {letter}", cells)
    assert wrong == []
    assert histories() == before


def as_the_policy_says(answer, name, letter, method):
    """Whoever is not named gets no page: what OPTIONS answers for an address has no words."""
    turned_away = answer.status_code in (403, 404, 405) or is_sent_to_sign_in(answer, name)
    if letter not in POLICY[name]:
        return turned_away or not answer.body
    only_sent_to = answer.headers.get("Allow") == "POST"
    return method not in ("get", "head") or only_sent_to or not turned_away


# A3: closed unless it is written down here


OPEN = {
    "accessibility",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "admin:login",
    "calendar-feed",
    "invitation",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "round-answer",
    "security",
    "security-txt",
    "sign-in",
    "sign-out",
}


def views(resolver=None, prefix=""):
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from views(each, f"{each.namespace}:" if each.namespace else prefix)
        else:
            yield f"{prefix}{each.name}", each.callback


def test_only_what_is_written_down_is_open_without_signing_in():
    found = {name for name, view in views() if not getattr(view, "login_required", True)}
    assert found <= OPEN
    assert found >= PUBLIC & URLS.keys()


# A4 and A5: objects of another board, or of another body


SCOPED = ["officer", "publisher", "chair", "member", "auditor", "contributor", "business_unit"]


def identities(cast):
    """Everybody of the cast, and somebody with each role for another board or another body."""
    found = {letter: getattr(cast, name) if name else AnonymousUser() for letter, name in IDENTITIES.items()}
    board, body = factories.BoardFactory(), factories.OrganisationFactory()
    for role in SCOPED:
        scope = {"organisation": body} if role in ("contributor", "business_unit") else {"board": board}
        found[f"{role} of another"] = hold(factories.UserFactory(), role, **scope)
    return found


@pytest.fixture
def scene(world, cast, draft):
    found = SimpleNamespace(
        world=world,
        cast=cast,
        owner=factories.OrganisationFactory(name="Exampleton Hospital Trust"),
        person=factories.PersonFactory(name="Robin Vale"),
        themes=[world.theme, factories.theme("NEG")],
    )
    kept_back = test_exempt.plant(found).rows
    of_draft = [row for row in vars(draft).values() if isinstance(row, models.Model)]
    of_world = [row for row in vars(world).values() if isinstance(row, models.Model)]
    hidden = factories.LearningFactory()
    rows = [*of_world, *of_draft, *kept_back, hidden, hidden.case, *vars(world.ask).values()]
    found.rows = [row for row in rows if hasattr(row, "pk") and hasattr(type(row).objects, "visible_to")]
    found.readers = identities(cast)
    return found


def sees(user, row):
    return type(row).objects.visible_to(user).filter(pk=row.pk).exists()


@pytest.mark.verify
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", [*IDENTITIES, *(f"{role} of another" for role in SCOPED)])
def test_an_object_one_may_not_see_answers_like_one_that_is_not_there(scene, who, method):
    """Status, headers and body are compared, to the letter."""
    user, client, wrong, probes, of_nothing = scene.readers[who], Client(), [], 0, {}
    if who != "x":
        client.force_login(user)
    client.raise_request_exception = False
    for row in scene.rows:
        if sees(user, row):
            continue
        for where in addresses_of(type(row), scene):
            if where not in of_nothing:
                of_nothing[where] = answer_of(client, where, MISSING, method)
            probes += 1
            if answer_of(client, where, row.pk, method) != of_nothing[where]:
                wrong.append((where, row.pk))
    tried(f"probes of objects not to be seen by {method}, as {who}", probes)
    assert wrong == []


# A6: no field changes but those of the form


def edit_views():
    return [
        (name, view.view_class)
        for name, view in views()
        if issubclass(getattr(view, "view_class", object), EditView) and name in URLS
    ]


def other_value(field, row):
    """A value that the field does not have, as somebody would send it who guessed its name."""
    value = getattr(row, field.attname)
    if isinstance(field, models.BooleanField):
        return "" if value else "on"
    if isinstance(field, models.DateField):
        return "2001-02-03"
    if field.choices:
        return next(code for code, _ in field.flatchoices if code != value)
    if isinstance(field, models.IntegerField | models.ForeignKey):
        return (value or 0) + 1
    return "https://example.org/forged" if isinstance(field, models.URLField) else "forged"


@pytest.mark.slow
def test_a_form_changes_no_field_but_its_own(world):
    from tests.scrutiny.test_views import fields_in

    changed, forged = [], 0
    for name, view in edit_views():
        with transaction.atomic():
            client, url = client_of(world, POLICY[name][0]), address(name, world)
            row = view.model._base_manager.get(pk=next(part for part in url.split("/") if part.isdigit()))
            page = client.get(url)
            own = set(page.context["form"].fields) | {"id"} if page.status_code == 200 else None
            if own is not None:
                summed_up = getattr(view.model, "DERIVED", ())  # again, whatever was sent
                fields = [
                    each
                    for each in view.model._meta.concrete_fields
                    if each.name not in own and each.name not in summed_up
                ]
                extra = {
                    name: other_value(each, row) for each in fields for name in {each.name, each.attname}
                }
                sent = fields_in(page) | extra | {"reason": "Looked at again."}
                client.post(url, {key: value for key, value in sent.items() if value is not None})
                now = view.model._base_manager.get(pk=row.pk)
                forged += len(fields)
                changed += [
                    f"{name}: {each.name}"
                    for each in fields
                    if getattr(now, each.attname) != getattr(row, each.attname)
                ]
            transaction.set_rollback(True)
    tried("fields sent to forms that are not theirs", forged)
    assert forged > 50
    assert changed == []


# A7: at the next request


@pytest.fixture
def session(ask):
    """An officer in the middle of their work."""
    user = hold(factories.UserFactory(username="opal"), "officer")
    user.set_password("a long pass phrase")
    user.save()
    client = Client()
    client.force_login(user)
    url = reverse("action-judge", args=[ask.action.pk])
    assert client.get(url).status_code == 200
    return SimpleNamespace(user=user, client=client, url=url, held=user.role_assignments.get())


def ended(session):
    session.held.end = timezone.localdate() - timedelta(days=1)
    session.held.save()


def changed_role(session):
    session.held.role = "member"
    session.held.save()


def of_another_board(session):
    session.held.board = factories.BoardFactory()
    session.held.save()


def deactivated(session):
    session.user.is_active = False
    session.user.save()


def new_password(session):
    session.user.set_password("quite another phrase")
    session.user.save()


def joined_the_owner(session):
    from actions.models import Action

    hold(session.user, "contributor", organisation=Action.objects.first().addressee)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (ended, 404),
        (changed_role, 403),
        (of_another_board, 404),
        (deactivated, 302),
        (new_password, 302),
        (joined_the_owner, 403),
    ],
)
def test_a_change_of_what_somebody_may_do_acts_on_the_next_request(session, change, status):
    change(session)
    assert session.client.get(session.url).status_code == status
    assert session.client.post(session.url, {}).status_code in (status, 403)


def test_whoever_left_a_body_sees_nothing_of_it_at_the_next_request(ask, lena):
    client = Client()
    client.force_login(lena)
    assert client.get(ask.action.get_absolute_url()).status_code == 200
    RoleAssignment.objects.filter(user=lena).update(end=SINCE)
    hold(lena, "contributor", organisation=factories.OrganisationFactory())
    assert client.get(ask.action.get_absolute_url()).status_code == 404


# A9: no small number on any tile


@pytest.mark.parametrize("number", [1, 4, 5])
def test_no_page_shows_how_many_reviews_are_not_published_where_they_are_few(cast, ask, number):
    reader = client_of(cast, "m")
    tiles = [
        reverse("home"),
        reverse("board-list"),
        ask.meeting.board.get_absolute_url(),
        reverse("case-list"),
    ]
    before = [numbers_in(reader.get(url)) for url in tiles]
    for _ in range(number):
        factories.StageFactory(case=factories.CaseFactory(kind=Kind.AUDIT, stage="planned"), code="planned")
    assert [numbers_in(reader.get(url)) for url in tiles] == before
    shown = {cell for cell in numbers_of(reader).values() if not isinstance(cell, FewerThan | str)}
    assert not shown & set(range(1, 5))
    assert ReviewCase.objects.count() == number


def numbers_in(answer):
    """What a page counts: the numbers in its text."""
    from bs4 import BeautifulSoup

    words = BeautifulSoup(answer.content, "html.parser").main.get_text(" ").split()
    return [word for word in words if word.isdigit()]


def test_a_role_that_does_not_exist_lets_nobody_in():
    """What the roles do not name, nobody may: a permission spelled wrongly closes, and opens nothing."""
    from scrutiny.toolkit.access import can, fetch

    user = hold(factories.UserFactory(), "officer")
    assert not can(user, "edit_recrod")
    with pytest.raises(Http404):
        fetch(ReviewCase.objects, user, "edit_recrod", pk=MISSING)
