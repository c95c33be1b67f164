"""Who may enter which page, asked of the URL map itself, and who sees which record."""

import csv
from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from scrutiny.models import LegalHold, RoleAssignment
from scrutiny.overview.calendars import address_of, renew_address
from scrutiny.sign_in.invitations import link_for
from scrutiny.toolkit.links import signed
from tests import factories
from tests.conftest import SINCE, hold
from tests.headers import faults, inline

IDENTITIES = {
    "x": None,  # nobody: not signed in
    "n": "norma",
    "o": "olivia",
    "p": "petra",
    "c": "chidi",
    "m": "mary",
    "l": "lena",
    "b": "bea",
    "s": "sunil",
    "u": "arun",
    "g": "grace",
    "a": "ada",
}
EVERYBODY = "xnopcmlbsuga"
SIGNED_IN = "nopcmlbsuga"
WITH_A_ROLE = "opcmlbsuga"
READERS_OF_ACTIONS = "opcmlbsug"
READERS_OF_HISTORY = "opcmsug"
READERS_OF_DRAFTS = "opcug"
REVIEWERS_OF_ACCESS = "uga"
AUDITORS = "ug"
READERS_OF_SEALS = "uga"
OFFICER = "o"
MOVES_MINUTES = "op"
GOVERNANCE = "g"
ADMINISTRATOR = "a"
WITH_A_SECOND_STEP = "o"  # olivia has an app and recovery codes
BUSINESS_UNIT = "b"
OFFICER_AND_UNIT = "ob"  # who links learning to what was asked
UNIT_AND_OWNER = "bl"  # who moves a learning point that the contributor's body owns

POLICY = {
    "access-review": REVIEWERS_OF_ACCESS,
    "accessibility": EVERYBODY,
    "account_change_password": SIGNED_IN,
    "account_inactive": EVERYBODY,
    "account_login": EVERYBODY,
    "account_logout": EVERYBODY,
    "account_reauthenticate": SIGNED_IN,
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "account_reset_password_from_key": EVERYBODY,
    "account_reset_password_from_key_done": EVERYBODY,
    "action-add": OFFICER,
    "action-answers": OFFICER,
    "action-as-at": READERS_OF_HISTORY,
    "action-chase": OFFICER,
    "action-detail": READERS_OF_ACTIONS,
    "action-due-window": OFFICER,
    "action-judge": OFFICER,
    "action-letter": OFFICER,
    "action-list": WITH_A_ROLE,
    "action-next-meeting": OFFICER,
    "action-place": OFFICER,
    "action-round": OFFICER,
    "action-update": OFFICER,
    "agency-assurance-add": UNIT_AND_OWNER,
    "agency-assurance-update": UNIT_AND_OWNER,
    "agenda-item-add": OFFICER,
    "agenda-item-restriction": MOVES_MINUTES,
    "agenda-item-update": OFFICER,
    "appendix-add": OFFICER,
    "appendix-update": OFFICER,
    "attendance-add": OFFICER,
    "attendance-delete": OFFICER,
    "attendance-update": OFFICER,
    "board-detail": WITH_A_ROLE,
    "board-list": WITH_A_ROLE,
    "board-membership-add": OFFICER,
    "board-membership-update": OFFICER,
    "calendar": WITH_A_ROLE,
    "calendar-feed": EVERYBODY,
    "calendar-renew": WITH_A_ROLE,
    "case-add": BUSINESS_UNIT,
    "case-detail": WITH_A_ROLE,
    "case-list": WITH_A_ROLE,
    "case-presentation-add": BUSINESS_UNIT,
    "case-presentation-update": BUSINESS_UNIT,
    "case-themes": BUSINESS_UNIT,
    "case-update": BUSINESS_UNIT,
    "chase-take-back": OFFICER,
    "chasing-list": OFFICER,
    "check-list": READERS_OF_DRAFTS,
    "clock-list": WITH_A_ROLE,
    "data-problem-add": READERS_OF_ACTIONS,  # about an element
    "data-problem-detail": OFFICER + "u" + GOVERNANCE,
    "data-problem-lift": OFFICER + GOVERNANCE,
    "data-problem-list": "obug",
    "digest-settings": SIGNED_IN,
    "disposal-add": OFFICER + GOVERNANCE,
    "disposal-approve": GOVERNANCE,
    "disposal-carry-out": GOVERNANCE,
    "disposal-certificate": OFFICER + "u" + GOVERNANCE,
    "disposal-detail": OFFICER + "u" + GOVERNANCE,
    "disposal-list": OFFICER + "u" + GOVERNANCE,
    "disposal-refuse": OFFICER + GOVERNANCE,
    "dissemination-add": UNIT_AND_OWNER,
    "dissemination-update": UNIT_AND_OWNER,
    "element-add": OFFICER,
    "element-condition": OFFICER,
    "element-detail": READERS_OF_ACTIONS,
    "element-late-again": OFFICER,
    "element-learning": OFFICER_AND_UNIT,
    "element-list": WITH_A_ROLE,
    "element-not-late": OFFICER,
    "element-part-add": OFFICER,
    "element-progress": OFFICER,
    "element-themes": OFFICER,
    "element-update": OFFICER,
    "erratum-add": OFFICER,
    "erratum-update": OFFICER,
    "event-list": WITH_A_ROLE,
    "evidence-add": OFFICER,
    "evidence-file": READERS_OF_ACTIONS,
    "history": READERS_OF_HISTORY,
    "hold-add": GOVERNANCE,
    "hold-lift": GOVERNANCE,
    "home": SIGNED_IN,
    "import-add": OFFICER,
    "import-detail": OFFICER,
    "import-drop": OFFICER,
    "import-group": OFFICER,
    "import-items": OFFICER,
    "import-list": OFFICER,
    "import-meeting": OFFICER,
    "import-progress": OFFICER,
    "import-save": OFFICER,
    "import-text": OFFICER,
    "kept-back": AUDITORS,
    "invitation": EVERYBODY,
    "late-reason": BUSINESS_UNIT,
    "learning-add": BUSINESS_UNIT,
    "learning-detail": WITH_A_ROLE,
    "learning-evidence-add": UNIT_AND_OWNER,
    "learning-list": WITH_A_ROLE,
    "learning-move": UNIT_AND_OWNER,
    "learning-themes": BUSINESS_UNIT,
    "learning-update": BUSINESS_UNIT,
    "look-again": WITH_A_ROLE,
    "meeting-add": OFFICER,
    "meeting-detail": WITH_A_ROLE,
    "meeting-list": WITH_A_ROLE,
    "meeting-paper": WITH_A_ROLE,
    "meeting-papers": WITH_A_ROLE,
    "meeting-round": OFFICER,
    "meeting-update": OFFICER,
    "message-again": OFFICER,
    "message-detail": OFFICER,
    "message-leave": OFFICER,
    "message-list": OFFICER,
    "message-returned": OFFICER,
    "minutes-state-update": MOVES_MINUTES,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_authenticate": EVERYBODY,
    "mfa_deactivate_totp": WITH_A_SECOND_STEP,
    "mfa_download_recovery_codes": WITH_A_SECOND_STEP,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_login_webauthn": EVERYBODY,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_view_recovery_codes": WITH_A_SECOND_STEP,
    "organisation-add": OFFICER,
    "organisation-alias-add": OFFICER,
    "organisation-detail": WITH_A_ROLE,
    "organisation-list": WITH_A_ROLE,
    "organisation-update": OFFICER,
    "password-change": SIGNED_IN,
    "password-changed": SIGNED_IN,
    "person-add": OFFICER,
    "person-detail": WITH_A_ROLE,
    "person-list": WITH_A_ROLE,
    "person-update": OFFICER,
    "point-add": OFFICER,
    "point-delete": OFFICER,
    "point-themes": OFFICER,
    "point-update": OFFICER,
    "post-add": OFFICER,
    "post-holding-add": OFFICER,
    "post-holding-update": OFFICER,
    "programme": WITH_A_ROLE,
    "programme-item-add": OFFICER,
    "programme-item-defer": OFFICER,
    "programme-item-drop": OFFICER,
    "programme-item-take": OFFICER,
    "programme-item-update": OFFICER,
    "proposal-add": OFFICER,
    "proposal-update": OFFICER,
    "recorded-vote-add": OFFICER,
    "recorded-vote-delete": OFFICER,
    "recorded-vote-update": OFFICER,
    "redaction-add": GOVERNANCE,  # officers and the business unit from a record they keep
    "redaction-approve": GOVERNANCE,
    "redaction-detail": OFFICER + "u" + GOVERNANCE,  # the officer asked for it
    "redaction-list": "obug",
    "redaction-refuse": OFFICER + GOVERNANCE,
    "reply-accept": OFFICER,
    "reply-ask-back": OFFICER,
    "reply-evidence-file": OFFICER + UNIT_AND_OWNER,
    "reply-type-in": OFFICER,
    "report-add": OFFICER,
    "report-detail": WITH_A_ROLE,
    "report-list": WITH_A_ROLE,
    "report-presentation-add": OFFICER,
    "report-presentation-update": OFFICER,
    "report-themes": OFFICER,
    "report-update": OFFICER,
    "request-answer": UNIT_AND_OWNER,
    "request-detail": OFFICER,
    "request-link": OFFICER,
    "request-renew": OFFICER,
    "request-revoke": OFFICER,
    "resolution-add": OFFICER,
    "resolution-update": OFFICER,
    "role-list": WITH_A_ROLE,
    "round-answer": EVERYBODY,
    "round-detail": OFFICER,
    "round-list": OFFICER,
    "seal-list": READERS_OF_SEALS,
    "search": WITH_A_ROLE,
    "section-add": OFFICER,
    "section-update": OFFICER,
    "security": EVERYBODY,
    "security-txt": EVERYBODY,
    "sign-in": EVERYBODY,
    "sign-out": EVERYBODY,
    "stage-add": BUSINESS_UNIT,
    "stage-take-back": BUSINESS_UNIT,
    "stage-update": BUSINESS_UNIT,
    "stage-views": BUSINESS_UNIT,
    "term-add": OFFICER,
    "term-list": WITH_A_ROLE,
    "term-update": OFFICER,
    "theme-add": OFFICER,
    "theme-detail": WITH_A_ROLE,
    "theme-list": WITH_A_ROLE,
    "theme-update": OFFICER,
    "timeliness": WITH_A_ROLE,
    "tracker-import-add": OFFICER,
    "tracker-import-apply": OFFICER,
    "tracker-import-detail": OFFICER,
    "tracker-import-drop": OFFICER,
    "tracker-import-list": OFFICER,
    "tracker-suggestions": OFFICER,
    "undertaking-list": WITH_A_ROLE,
    "undertaking-update": OFFICER,
    "user-access": ADMINISTRATOR,
    "user-invite": ADMINISTRATOR,
    "user-step": ADMINISTRATOR,
    "usersessions_list": SIGNED_IN,
    "year-end": OFFICER,
}
PUBLIC = {name for name, letters in POLICY.items() if letters == EVERYBODY}


def named_urls(resolver=None, prefix=""):
    """{name: route} of our own pages; Django's administration is a group of its own."""
    found = {}
    for each in (resolver or get_resolver()).url_patterns:
        route = prefix + str(each.pattern)
        if not isinstance(each, URLResolver):
            found[each.name] = route
        elif each.namespace != "admin":
            found |= named_urls(each, route)
    return found


URLS = named_urls()


# One world in which every page has something to show.


@pytest.fixture
def world(ask, cast, partnership, tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    meeting, item = ask.meeting, ask.item
    person = factories.PersonFactory(name="Alex Quill")
    membership = factories.MembershipFactory(board=meeting.board, person=person)
    attendance = factories.AttendanceFactory(meeting=meeting, person=person)
    section = factories.SectionFactory(item=item)
    point = factories.PointFactory(section=section)
    proposal = factories.ProposalFactory(item=item)
    vote = proposal.recorded_votes.create(person=person, side="for")
    post = partnership.posts.create(title="Business Manager")
    holding = post.holdings.create(person=person, start=SINCE)
    later = factories.MeetingFactory(
        board=meeting.board, date=date(2023, 10, 4), year=factories.YearFactory(**YEAR_AFTER)
    )
    received = factories.ItemFactory(meeting=later, position=1)
    report = factories.ReportFactory(item=received)
    appendix = factories.AppendixFactory(report=report)
    erratum = factories.ErratumFactory(report=report)
    presentation = factories.ReportPresentationFactory(report=report)
    waiting = ask.elements[2]
    update = factories.UpdateFactory(element=waiting)
    evidence = factories.EvidenceFactory(
        update=update, file=ContentFile(b"names", name="register.txt"), file_name="register.txt"
    )
    factories.AnswerFactory(element=waiting, report=report)
    factories.JudgementFactory(element=waiting, item=received)
    term = factories.TermFactory()
    undertaking = factories.UndertakingFactory(item=item)
    chase = factories.ChaseFactory(action=ask.action)
    message = factories.MessageFactory(
        board=meeting.board, organisation=partnership, refused="550 No such user"
    )
    programme_item = factories.ProgrammeItemFactory(board=meeting.board, meeting=later, action=ask.action)
    theme = factories.theme("CUR")
    factories.PointThemeFactory(point=point, theme=theme)
    factories.ReportThemeFactory(report=report, theme=theme)
    factories.ElementThemeFactory(element=waiting, theme=theme)
    brought_in = factories.ImportFactory(board=meeting.board, created_by=cast.olivia)
    feed = address_of(renew_address(cast.mary))
    tracker_import = factories.TrackerImportFactory(board=meeting.board, created_by=cast.olivia)
    case, stage, case_presentation = published_review(theme)
    learning = factories.LearningFactory(case=case, owner=partnership, state="in_progress")
    factories.LearningStepFactory(learning=learning, code="in_progress")
    learning.tags.create(theme=theme)
    activity = factories.DisseminationFactory(learning=learning)
    assurance = factories.AssuranceFactory(learning=learning, agency=partnership)
    factories.LearningEvidenceFactory(learning=learning)
    factories.ElementLearningFactory(element=waiting, learning=learning)
    opened = factories.RoundFactory(board=meeting.board)
    request = factories.RequestFactory(round=opened, organisation=partnership, to_email="")
    reply = factories.ReplyFactory(request=request, element=waiting, sent=True)
    disposal = factories.DisposalFactory(action=ask.action, prepared_by=cast.olivia)
    disposed = factories.DisposalFactory(prepared_by=cast.olivia)
    for kind in ("approved", "carried_out"):
        disposed.steps.create(kind=kind, by=cast.grace)
    hold = LegalHold.objects.first()
    problem = factories.DataProblemFactory(
        noun="undertaking", key=undertaking.pk, version=undertaking.history.latest().pk, by=cast.olivia
    )
    redaction = factories.RedactionFactory(asked_by=cast.olivia, noun="element", key=waiting.pk)
    reply_evidence = factories.ReplyEvidenceFactory(
        reply=reply, file=ContentFile(b"names", name="register.txt"), file_name="register.txt"
    )
    user = cast.norma
    second_step_of(cast.olivia)
    passkey = Authenticator.objects.create(
        user=factories.UserFactory(), type="webauthn", data={"name": "Key"}
    )
    return SimpleNamespace(
        **{name: value for name, value in locals().items() if name not in ("settings", "tmp_path", "kind")}
    )


def second_step_of(user):
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


def published_review(theme):
    """A review published half a year late, its first stage, and who saw it."""
    case = factories.CaseFactory(
        kind="cspr",
        stage="published",
        began_on=date(2025, 1, 6),
        published_on=date(2026, 1, 12),
        title="Learning from practice",
    )
    stage = factories.StageFactory(case=case, code="decided", on=case.began_on)
    factories.StageFactory(case=case, code="published", on=case.published_on)
    factories.PartnerViewFactory(stage=stage)
    factories.LateReasonFactory(case=case, clock="CSPR6")
    case.tags.create(theme=theme)
    body = factories.oversight_body("Executive Board")
    return case, stage, case.presentations.create(body=body, on=case.published_on)


YEAR_AFTER = {"label": "2023/24", "start": date(2023, 5, 25), "end": date(2024, 5, 22)}

OBJECT_OF = {  # the first part of a route, and the record whose key comes next
    "actions": "action",
    "appendices": "appendix",
    "assurances": "assurance",
    "attendance": "attendance",
    "boards": "board",
    "case-presentations": "case_presentation",
    "cases": "case",
    "chases": "chase",
    "data-problems": "problem",
    "disposals": "disposal",
    "dissemination": "activity",
    "elements": "waiting",
    "errata": "erratum",
    "evidence": "evidence",
    "glossary": "term",
    "holds": "hold",
    "items": "item",
    "learning": "learning",
    "meetings": "meeting",
    "memberships": "membership",
    "messages": "message",
    "minutes": "brought_in",
    "organisations": "partnership",
    "people": "person",
    "points": "point",
    "post-holdings": "holding",
    "posts": "post",
    "programme": "programme_item",
    "proposals": "proposal",
    "redactions": "redaction",
    "replies": "reply",
    "reply-evidence": "reply_evidence",
    "report-presentations": "presentation",
    "reports": "report",
    "requests": "request",
    "resolutions": "resolution",
    "rounds": "opened",
    "second-step": "passkey",
    "sections": "section",
    "stages": "stage",
    "themes": "theme",
    "undertakings": "undertaking",
    "users": "user",
    "tracker-imports": "tracker_import",
    "updates": "update",
    "votes": "vote",
}
FURTHER = {  # what some routes name besides a record
    "action-letter": {"kind": "chair_letter"},
    "import-group": {"group": "resolutions"},
    "late-reason": {"clock": "CSPR6"},
    "learning-move": {"code": "reported_complete"},
    "meeting-paper": {"name": "tracker"},
    "stage-add": {"code": "archived"},
    "user-step": {"step": "unlock"},
}


def address(name, world):
    route = URLS[name]
    if name == "history":
        return reverse(name, args=["action", world.ask.action.pk])
    if name == "disposal-certificate":
        return reverse(name, args=[world.disposed.pk])
    if name == "data-problem-add":
        return f"{reverse(name)}?noun=element&key={world.waiting.pk}"
    if name == "round-answer":
        return reverse(name, args=[signed(world.request.link_value)])
    if name == "calendar-feed":
        return world.feed.removeprefix(settings.SITE_ADDRESS)
    if name == "account_reset_password_from_key":
        return reverse(name, args=["1", "set-password"])
    if name == "invitation":
        return link_for(world.cast.norma).removeprefix(settings.SITE_ADDRESS)
    if "<int:pk>" not in route:
        return reverse(name)
    noun = OBJECT_OF[route.partition("/")[0]]
    record = {
        "action": world.ask.action,
        "resolution": world.ask.resolution,
        "board": world.meeting.board,
    }.get(noun)
    return reverse(name, kwargs={"pk": (record or getattr(world, noun)).pk, **FURTHER.get(name, {})})


def client_of(world_or_cast, letter):
    client = Client()
    name = IDENTITIES[letter]
    if name:
        client.force_login(getattr(getattr(world_or_cast, "cast", world_or_cast), name))
    return client


def answer_to(world, letter, method, url, follow=False):
    """The answer, and the database as it was before: pages that write do no harm to those that come after."""
    with transaction.atomic():
        client = client_of(world, letter)
        client.raise_request_exception = False
        answer = getattr(client, method)(url, follow=follow)
        answer.body = b"" if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer


def test_the_policy_knows_every_address():
    assert sorted(URLS) == sorted(POLICY)


@pytest.mark.slow
@pytest.mark.every_page
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("letter", IDENTITIES)
def test_every_page_lets_in_whom_the_policy_names(world, letter, method):
    wrong = []
    for name in sorted(POLICY.keys() & URLS.keys()):
        answer = answer_to(world, letter, method, address(name, world))
        wrong += [f"{name}: {fault}" for fault in faults(answer) + inline(answer)]
        enters = answer.status_code not in (403, 404) and not is_sent_to_sign_in(answer, name)
        if answer.status_code == 405 and method == "post":
            continue  # a page that is only read
        if enters != (letter in POLICY[name]) or answer.status_code >= 500:
            wrong.append(f"{name}: {answer.status_code}")
    assert wrong == []


def is_sent_to_sign_in(answer, name):
    there = answer.headers.get("Location", "").partition("?")[0]
    return name not in PUBLIC and there == reverse("sign-in")


@pytest.mark.slow
def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(world):
    for name in sorted(URLS.keys() - PUBLIC):
        url = address(name, world)
        assert answer_to(world, "x", "get", url).headers.get("Location") == f"/sign-in/?next={quote(url)}", (
            name
        )


@pytest.mark.slow
def test_whoever_is_not_signed_in_writes_nothing_and_reads_nothing(world):
    for name in sorted(URLS.keys() - PUBLIC):
        answer = answer_to(world, "x", "post", address(name, world))
        assert answer.status_code in (302, 403), name
        assert b"Alex Quill" not in answer.body
        assert world.ask.action.title.encode() not in answer.body


@pytest.mark.slow
@pytest.mark.every_page
@pytest.mark.parametrize("letter", WITH_A_ROLE)
def test_no_link_leads_anybody_to_a_page_that_turns_them_away(world, letter):
    client, seen, waiting = client_of(world, letter), set(), [(reverse("home"), "")]
    wrong = []
    while waiting:
        url, linked_from = waiting.pop()
        answer = client.get(url)
        if answer.status_code >= 400:
            wrong.append(f"{answer.status_code} {url} linked from {linked_from}")
        if answer.status_code != 200 or answer.streaming or url.startswith("/administration/"):
            continue
        for link in BeautifulSoup(answer.content, "html.parser").select("a[href^='/']"):
            target = link["href"].partition("#")[0]
            if target not in seen and "format=" not in target:
                seen.add(target)
                waiting.append((target, url))
    assert wrong == []
    assert len(seen) > 10


# Django's administration, as one group.


def admin_addresses():
    """Every page of the administration: lists, forms to add, and one record of each model."""
    from django.contrib import admin

    yield from (reverse(f"admin:{name}") for name in ("index", "password_change", "jsi18n"))
    for model in admin.site._registry:
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{names}_changelist")
        yield reverse(f"{names}_add")
        if found := model._base_manager.first():
            for page in ("change", "history", "delete"):
                yield reverse(f"{names}_{page}", args=[found.pk])


@pytest.mark.slow
@pytest.mark.every_page
@pytest.mark.parametrize("letter", SIGNED_IN.replace("a", ""))
def test_only_an_administrator_enters_the_administration(world, letter):
    client = client_of(world, letter)
    assert client.get(reverse("admin:login")).status_code == 403
    for url in admin_addresses():
        for answer in (client.get(url), client.post(url)):
            turned_away = answer.headers.get("Location", "").startswith(reverse("admin:login"))
            assert turned_away or answer.status_code == 403, url


@pytest.mark.slow
def test_whoever_is_not_signed_in_does_not_enter_the_administration(world):
    for url in admin_addresses():
        answer = answer_to(world, "x", "get", url, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/sign-in/"), url


def test_an_administrator_enters_the_administration(cast):
    for name in (
        "index",
        "scrutiny_user_changelist",
        "scrutiny_roleassignment_add",
        "actions_action_changelist",
    ):
        assert client_of(cast, "a").get(reverse(f"admin:{name}")).status_code == 200, name


@pytest.mark.slow
def test_an_administrator_neither_changes_nor_deletes_the_record(world):
    client = client_of(world, "a")
    for noun, row in {"actions_action": world.ask.action, "scrutiny_meeting": world.meeting}.items():
        for page in ("change", "delete"):
            url = reverse(f"admin:{noun}_{page}", args=[row.pk])
            assert client.post(url, {"post": "yes", "title": "Hacked"}).status_code == 403
    world.ask.action.refresh_from_db()
    assert world.ask.action.title == "A further report"


# Who sees which record.


@pytest.fixture
def other(ask, cast):
    """What the same board asked of another body, with everything beneath it."""
    body = factories.OrganisationFactory(name="Otherham Hospital Trust")
    action = factories.ActionFactory(
        resolution=ask.resolution,
        addressee=body,
        number=77,
        reference="SB-CF 22/23-77",
        title="Waiting times",
    )
    element = factories.ElementFactory(action=action, number=1, text="Waiting times at the hospital.")
    update = factories.UpdateFactory(element=element, text="Waiting times fell.")
    evidence = factories.EvidenceFactory(update=update, title="Table of waiting times")
    return SimpleNamespace(action=action, element=element, update=update, evidence=evidence, body=body)


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def text_of(answer):
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


@pytest.mark.parametrize(
    "name", ["action-detail", "element-detail", "evidence-file", "history", "action-as-at"]
)
def test_a_contributor_gets_404_for_what_was_asked_of_others(other, cast, name):
    args = {
        "action-detail": [other.action.pk],
        "action-as-at": [other.action.pk],
        "element-detail": [other.element.pk],
        "evidence-file": [other.evidence.pk],
        "history": ["element", other.element.pk],
    }[name]
    assert page(client_of(cast, "l"), name, *args).status_code == 404


@pytest.mark.parametrize("name", ["action-detail", "element-detail"])
def test_a_contributor_opens_what_was_asked_of_their_own_body(ask, cast, name):
    row = ask.action if name == "action-detail" else ask.elements[0]
    assert page(client_of(cast, "l"), name, row.pk).status_code == 200


@pytest.mark.parametrize("name", ["action-list", "element-list"])
def test_a_contributor_s_lists_hold_only_their_own_body_s(ask, other, cast, name):
    answer = page(client_of(cast, "l"), name)
    assert {getattr(row, "action", row).addressee_id for row in answer.context["object_list"]} == {
        ask.action.addressee_id
    }
    assert "Waiting times" not in text_of(answer)


@pytest.mark.parametrize("name", ["action-list", "element-list"])
def test_a_contributor_s_export_holds_only_their_own_body_s(ask, other, cast, name):
    rows = list(
        csv.DictReader(StringIO(text_of(page(client_of(cast, "l"), name, format="csv")).lstrip("\ufeff")))
    )
    assert {row["Reference"] for row in rows} == {ask.action.reference}


def test_a_contributor_s_home_page_counts_only_their_own_body_s(ask, other, cast):
    context = page(client_of(cast, "l"), "home").context
    assert context["asked"] == 3
    assert [standing.open_actions for standing in context["boards"]] == [1]


def test_a_contributor_s_board_page_shows_only_their_own_body_s(ask, other, cast):
    answer = page(client_of(cast, "l"), "board-detail", ask.meeting.board.pk)
    assert answer.context["standing"].asked == 3
    assert "Waiting times" not in text_of(answer)


def test_a_contributor_s_meeting_page_leads_only_to_their_own_body_s_actions(ask, other, cast):
    answer = text_of(page(client_of(cast, "l"), "meeting-detail", ask.meeting.pk))
    assert ask.action.get_absolute_url() in answer
    assert other.action.get_absolute_url() not in answer


def test_a_contributor_s_report_page_shows_only_answers_to_their_own_body(ask, other, cast):
    report = factories.ReportFactory(item__meeting=ask.meeting)
    factories.AnswerFactory(element=other.element, report=report)
    factories.AnswerFactory(element=ask.elements[0], report=report)
    answer = text_of(page(client_of(cast, "l"), "report-detail", report.pk))
    assert ask.action.reference in answer
    assert other.action.reference not in answer


def test_a_contributor_of_two_bodies_sees_what_was_asked_of_both(ask, other, lena):
    hold(lena, "contributor", organisation=other.body)
    client = Client()
    client.force_login(lena)
    assert page(client, "action-list").context["paginator"].count == 2


def test_two_contributors_of_different_bodies_see_none_of_each_other_s(ask, other, db):
    client = Client()
    client.force_login(hold(factories.UserFactory(), "contributor", organisation=other.body))
    assert [row.pk for row in page(client, "action-list").context["object_list"]] == [other.action.pk]


# Drafts.


@pytest.fixture
def draft(board, cast, partnership):
    """Minutes not yet published, with all that hangs on them."""
    meeting = factories.MeetingFactory(board=board, date=date(2023, 4, 5), minutes_state="with_officers")
    item = factories.ItemFactory(meeting=meeting, position=1, title="Secret item")
    resolution = factories.ResolutionFactory(item=item, position=1, text="That a secret be kept.")
    body = factories.OrganisationFactory(name="Draftham Academy")
    action = factories.ActionFactory(
        resolution=resolution, addressee=partnership, number=88, title="Secret thing"
    )
    of_body = factories.ActionFactory(resolution=resolution, addressee=body, number=89, title="Secret other")
    element = factories.ElementFactory(action=action, number=1, text="Secret element.")
    update = factories.UpdateFactory(element=element)
    evidence = factories.EvidenceFactory(update=update)
    undertaking = factories.UndertakingFactory(item=item, text="Secret promise.")
    report = factories.ReportFactory(item=item, title="Secret report")
    person = factories.PersonFactory(name="Sandy Ember")
    attendance = factories.AttendanceFactory(meeting=meeting, person=person, title_as_minuted="Secret guest")
    return SimpleNamespace(
        **{name: value for name, value in locals().items() if name not in ("cast", "partnership")}
    )


@pytest.mark.parametrize("letter", "mlbs")
@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("meeting-detail", "meeting"),
        ("action-detail", "action"),
        ("element-detail", "element"),
        ("report-detail", "report"),
        ("evidence-file", "evidence"),
        ("action-as-at", "action"),
    ],
)
def test_a_draft_is_not_there_for_members_and_contributors(draft, cast, letter, name, record):
    assert page(client_of(cast, letter), name, getattr(draft, record).pk).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("letter", "mlbs")
@pytest.mark.parametrize(
    "name",
    ["home", "action-list", "element-list", "meeting-list", "report-list", "undertaking-list", "board-list"],
)
def test_no_page_of_members_and_contributors_mentions_a_draft(ask, draft, cast, letter, name):
    answer = text_of(page(client_of(cast, letter), name))
    assert "Secret" not in answer
    assert draft.action.reference not in answer


@pytest.mark.parametrize("letter", "mlbs")
@pytest.mark.parametrize("name", ["action-list", "element-list", "meeting-list", "report-list"])
def test_no_export_of_members_and_contributors_holds_a_draft(ask, draft, cast, letter, name):
    lines = text_of(page(client_of(cast, letter), name, format="csv"))
    assert "Secret" not in lines
    assert "05/04/2023" not in lines
    assert "2023-04-05" not in lines


@pytest.mark.parametrize("letter", "mlbs")
def test_no_number_on_the_home_page_counts_a_draft(ask, draft, cast, letter):
    context = page(client_of(cast, letter), "home").context
    assert (context["asked"], [standing.open_actions for standing in context["boards"]]) == (3, [1])


@pytest.mark.parametrize("letter", "mlbs")
@pytest.mark.parametrize("name", ["action-list", "element-list", "report-list", "undertaking-list"])
def test_no_search_finds_a_draft(ask, draft, cast, letter, name):
    assert page(client_of(cast, letter), name, q="secret").context["paginator"].count == 0


@pytest.mark.parametrize("letter", "mlbs")
@pytest.mark.parametrize("name", ["action-list", "element-list"])
def test_no_filter_offers_a_body_that_only_a_draft_asks_something_of(ask, draft, cast, letter, name):
    page_of = BeautifulSoup(page(client_of(cast, letter), name).content, "html.parser")
    offered = {option.text.strip() for option in page_of.select("select[name=addressee] option")}
    assert "Draftham Academy" not in offered


@pytest.mark.parametrize("letter", "mlbs")
def test_somebody_s_page_does_not_tell_of_a_draft_they_are_in(draft, cast, letter):
    answer = page(client_of(cast, letter), "person-detail", draft.person.pk)
    assert list(answer.context["attendances"]) == []


@pytest.mark.parametrize("letter", "mlbs")
@pytest.mark.parametrize("page_name", ["element-detail", "action-detail"])
def test_an_answer_in_a_report_to_an_unpublished_meeting_is_not_named(ask, draft, cast, letter, page_name):
    factories.AnswerFactory(element=ask.elements[0], report=draft.report)
    row = ask.elements[0] if page_name == "element-detail" else ask.action
    assert "Secret report" not in text_of(page(client_of(cast, letter), page_name, row.pk))


@pytest.mark.parametrize("noun", ["action", "element"])
def test_the_history_tells_a_member_of_no_answer_or_judgement_in_a_draft(ask, draft, cast, noun):
    element = ask.elements[0]
    factories.AnswerFactory(element=element, report=draft.report, note="Hidden answer")
    factories.JudgementFactory(element=element, item=draft.report.item, comment="Hidden judgement")
    url = reverse("history", args=[noun, ask.action.pk if noun == "action" else element.pk])
    seen = {letter: text_of(client_of(cast, letter).get(url)) for letter in "mo"}
    for words in ("Hidden answer", "Hidden judgement", "Secret report"):
        assert words in seen["o"]
        assert words not in seen["m"]


def test_an_answer_or_judgement_in_a_draft_has_no_history_page_for_a_member(ask, draft, cast):
    answer = factories.AnswerFactory(element=ask.elements[0], report=draft.report)
    judgement = factories.JudgementFactory(element=ask.elements[0], item=draft.report.item)
    for noun, row in (("answer", answer), ("judgement", judgement)):
        url = reverse("history", args=[noun, row.pk])
        assert client_of(cast, "m").get(url).status_code == 404
        assert client_of(cast, "o").get(url).status_code == 200


@pytest.mark.parametrize(
    "noun", ["meeting", "action", "element", "report", "undertaking", "resolution", "attendance"]
)
@pytest.mark.parametrize("letter", "mlbs")
def test_the_history_of_a_draft_is_not_there_for_members_and_contributors(draft, cast, letter, noun):
    url = reverse("history", args=[noun, getattr(draft, noun).pk])
    assert client_of(cast, letter).get(url).status_code == 404


@pytest.mark.parametrize("letter", READERS_OF_DRAFTS)
def test_whoever_may_see_drafts_sees_them(draft, cast, letter):
    client = client_of(cast, letter)
    assert page(client, "meeting-detail", draft.meeting.pk).status_code == 200
    assert page(client, "action-list", q="secret").context["paginator"].count == 2


def test_publishing_the_minutes_shows_them_to_members(draft, mary):
    client = Client()
    client.force_login(mary)
    draft.meeting.minutes_state = "draft_published"
    draft.meeting.save()
    assert page(client, "action-detail", draft.action.pk).status_code == 200


# Roles for one board, and roles that ended.


@pytest.fixture
def elsewhere(db):
    """Another board, with a draft of its own, and a client of somebody who holds `role` for that board only."""
    board = factories.BoardFactory(name="Scrutiny Board (Places)")

    def signed_in(role):
        client = Client()
        client.force_login(hold(factories.UserFactory(), role, board=board))
        return client

    return SimpleNamespace(board=board, signed_in=signed_in)


CHANGES = [
    name
    for name, letters in POLICY.items()
    if letters in (OFFICER, OFFICER_AND_UNIT) and "<int:pk>" in URLS[name]
]
OF_NO_BOARD = ("organisation", "person", "post", "term", "theme")


@pytest.mark.slow
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_officer_of_one_board_changes_nothing_of_another(world, elsewhere, method):
    client, entered = elsewhere.signed_in("officer"), []
    for name in CHANGES:
        if not name.startswith(OF_NO_BOARD):
            with transaction.atomic():
                answer = getattr(client, method)(address(name, world))
                transaction.set_rollback(True)
            entered += [name] if answer.status_code not in (403, 404, 405) else []
    assert entered == []


def test_an_officer_of_one_board_does_not_move_a_meeting_to_another(ask, elsewhere):
    client = elsewhere.signed_in("officer")
    own = factories.MeetingFactory(board=elsewhere.board)
    sent = {
        "board": ask.meeting.board.pk,
        "date_day": 8,
        "date_month": 2,
        "date_year": 2023,
        "kind": "ordinary",
        "reason": "A slip of the pen",
    }
    assert client.post(reverse("meeting-update", args=[own.pk]), sent).status_code == 403
    own.refresh_from_db()
    assert own.board == elsewhere.board


def test_an_officer_of_one_board_adds_no_meeting_to_another(ask, elsewhere):
    client = elsewhere.signed_in("officer")
    sent = {
        "board": ask.meeting.board.pk,
        "date_day": 8,
        "date_month": 2,
        "date_year": 2023,
        "kind": "ordinary",
    }
    assert client.post(reverse("meeting-add"), sent).status_code == 403


def test_an_officer_of_one_board_keeps_its_record(elsewhere):
    meeting = factories.MeetingFactory(board=elsewhere.board)
    client = elsewhere.signed_in("officer")
    assert client.get(reverse("meeting-update", args=[meeting.pk])).status_code == 200


@pytest.mark.parametrize("role", ["officer", "chair", "auditor"])
@pytest.mark.parametrize("name", ["meeting-detail", "action-detail", "element-detail", "report-detail"])
def test_drafts_of_another_board_are_not_there(draft, elsewhere, role, name):
    noun = name.removesuffix("-detail")
    assert page(elsewhere.signed_in(role), name, getattr(draft, noun).pk).status_code == 404


@pytest.mark.parametrize("role", ["officer", "chair", "auditor"])
@pytest.mark.parametrize("noun", ["meeting", "action", "element", "report", "resolution"])
def test_the_history_of_another_board_s_draft_is_not_there(draft, elsewhere, role, noun):
    url = reverse("history", args=[noun, getattr(draft, noun).pk])
    assert elsewhere.signed_in(role).get(url).status_code == 404


def test_a_chair_of_one_board_does_not_see_another_s_actions(ask, elsewhere):
    assert page(elsewhere.signed_in("chair"), "action-detail", ask.action.pk).status_code == 404


def test_minutes_that_another_board_s_officer_brought_in_are_not_there(ask, elsewhere, olivia):
    found = factories.ImportFactory(board=ask.meeting.board, created_by=olivia)
    client = elsewhere.signed_in("officer")
    assert page(client, "import-detail", found.pk).status_code == 404
    assert page(client, "import-list").context["paginator"].count == 0


def test_a_role_that_ended_gives_nothing(ask, db):
    user = factories.UserFactory()
    yesterday = timezone.localdate() - timedelta(days=1)
    RoleAssignment.objects.create(user=user, role="officer", start=SINCE, end=yesterday)
    client = Client()
    client.force_login(user)
    assert page(client, "action-list").status_code == 403
    assert page(client, "action-detail", ask.action.pk).status_code == 403


def test_a_role_on_its_last_day_still_holds(ask, db):
    user = factories.UserFactory()
    RoleAssignment.objects.create(user=user, role="officer", start=SINCE, end=timezone.localdate())
    client = Client()
    client.force_login(user)
    assert page(client, "action-detail", ask.action.pk).status_code == 200


def test_a_role_that_starts_tomorrow_gives_nothing_today(ask, db):
    user = factories.UserFactory()
    RoleAssignment.objects.create(user=user, role="officer", start=timezone.localdate() + timedelta(days=1))
    client = Client()
    client.force_login(user)
    assert page(client, "action-list").status_code == 403


def test_somebody_without_a_role_is_told_so_on_the_home_page(ask, cast):
    answer = page(client_of(cast, "n"), "home")
    assert "You have no role yet" in text_of(answer)
    assert ask.meeting.board.name not in text_of(answer)


def test_a_deactivated_user_is_not_let_in(ask, olivia):
    client = Client()
    client.force_login(olivia)
    olivia.is_active = False
    olivia.save()
    assert page(client, "action-list").status_code == 302
