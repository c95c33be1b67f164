"""The only place that names everything, but for /healthz and /readyz (scrutiny/toolkit/health.py)."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import TemplateView

from scrutiny import glossary, security, views, who
from scrutiny.kept_back import kept_back
from scrutiny.sign_in import urls as sign_in

minutes_rows = [
    path("meetings/", views.MeetingList.as_view(), name="meeting-list"),
    path("meetings/add/", views.MeetingAdd.as_view(), name="meeting-add"),
    path("meetings/<int:pk>/edit/", views.MeetingUpdate.as_view(), name="meeting-update"),
    path("meetings/<int:pk>/minutes/", views.MinutesStateUpdate.as_view(), name="minutes-state-update"),
    path("meetings/<int:pk>/items/add/", views.AgendaItemAdd.as_view(), name="agenda-item-add"),
    path("meetings/<int:pk>/attendance/add/", views.AttendanceAdd.as_view(), name="attendance-add"),
    path("items/<int:pk>/edit/", views.AgendaItemUpdate.as_view(), name="agenda-item-update"),
    path(
        "items/<int:pk>/restriction/",
        views.AgendaItemRestriction.as_view(),
        name="agenda-item-restriction",
    ),
    path("items/<int:pk>/sections/add/", views.SectionAdd.as_view(), name="section-add"),
    path("items/<int:pk>/proposals/add/", views.ProposalAdd.as_view(), name="proposal-add"),
    path("items/<int:pk>/resolutions/add/", views.ResolutionAdd.as_view(), name="resolution-add"),
    path("attendance/<int:pk>/edit/", views.AttendanceUpdate.as_view(), name="attendance-update"),
    path("sections/<int:pk>/edit/", views.SectionUpdate.as_view(), name="section-update"),
    path("sections/<int:pk>/points/add/", views.PointAdd.as_view(), name="point-add"),
    path("points/<int:pk>/edit/", views.PointUpdate.as_view(), name="point-update"),
    path("proposals/<int:pk>/edit/", views.ProposalUpdate.as_view(), name="proposal-update"),
    path("proposals/<int:pk>/votes/add/", views.RecordedVoteAdd.as_view(), name="recorded-vote-add"),
    path("votes/<int:pk>/edit/", views.RecordedVoteUpdate.as_view(), name="recorded-vote-update"),
    path("resolutions/<int:pk>/edit/", views.ResolutionUpdate.as_view(), name="resolution-update"),
    path(
        "attendance/<int:pk>/delete/",
        views.minutes_row_delete,
        {"noun": "attendance"},
        name="attendance-delete",
    ),
    path("points/<int:pk>/delete/", views.minutes_row_delete, {"noun": "point"}, name="point-delete"),
    path(
        "votes/<int:pk>/delete/",
        views.minutes_row_delete,
        {"noun": "recorded-vote"},
        name="recorded-vote-delete",
    ),
]

people = [
    path("people/", views.PersonList.as_view(), name="person-list"),
    path("people/add/", views.PersonAdd.as_view(), name="person-add"),
    path("people/<int:pk>/", views.PersonDetail.as_view(), name="person-detail"),
    path("people/<int:pk>/edit/", views.PersonUpdate.as_view(), name="person-update"),
    path("organisations/", views.OrganisationList.as_view(), name="organisation-list"),
    path("organisations/add/", views.OrganisationAdd.as_view(), name="organisation-add"),
    path("organisations/<int:pk>/", views.OrganisationDetail.as_view(), name="organisation-detail"),
    path("organisations/<int:pk>/edit/", views.OrganisationUpdate.as_view(), name="organisation-update"),
    path(
        "organisations/<int:pk>/names/add/",
        views.OrganisationAliasAdd.as_view(),
        name="organisation-alias-add",
    ),
    path("organisations/<int:pk>/posts/add/", views.PostAdd.as_view(), name="post-add"),
    path("posts/<int:pk>/holders/add/", views.PostHoldingAdd.as_view(), name="post-holding-add"),
    path("post-holdings/<int:pk>/edit/", views.PostHoldingUpdate.as_view(), name="post-holding-update"),
    path("boards/<int:pk>/members/add/", views.BoardMembershipAdd.as_view(), name="board-membership-add"),
    path("memberships/<int:pk>/edit/", views.BoardMembershipUpdate.as_view(), name="board-membership-update"),
]

reference = [
    path("glossary/", glossary.TermList.as_view(), name="term-list"),
    path("glossary/add/", glossary.TermAdd.as_view(), name="term-add"),
    path("glossary/<int:pk>/edit/", glossary.TermUpdate.as_view(), name="term-update"),
]

access = [
    path("roles/", who.role_list, name="role-list"),
    path("roles/held/", who.AccessReview.as_view(), name="access-review"),
    path("kept-back/", kept_back, name="kept-back"),
]

about = [
    path(
        "accessibility/",
        login_not_required(TemplateView.as_view(template_name="accessibility.html")),
        name="accessibility",
    ),
    path("security/", security.security, name="security"),
    path(".well-known/security.txt", security.security_txt, name="security-txt"),
]

urlpatterns = [
    path("", include("scrutiny.overview.urls")),
    *minutes_rows,
    *people,
    *reference,
    *access,
    *about,
    *sign_in.urlpatterns,
    *(sign_in.directory if settings.OIDC_SERVER else []),
    path("", include("scrutiny.governance.urls")),
    path("", include("reviews.urls")),
    path("", include("actions.urls")),
    path("administration/", admin.site.urls),
]

handler403 = "scrutiny.toolkit.errors.no_permission"
handler404 = "scrutiny.toolkit.errors.not_found"
handler500 = "scrutiny.toolkit.errors.server_error"
