"""What the pages are measured against: our own page without content, a page of nothing, and Django's own admin."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from actions.models import Action


class OpenSite(AdminSite):
    def has_permission(self, request):
        return True


class ActionAdmin(ModelAdmin):
    """The columns of our list, as one would write them for the admin."""

    list_display = ["reference", "title", "addressee", "due_words", "due_from", "due_to", "closed_on"]
    list_filter = ["board", "year"]
    list_select_related = ["addressee"]
    search_fields = ["reference", "title"]
    list_per_page = 25
    ordering = ["due_to", "pk"]

    def _yes(self, *args):
        return True

    has_view_permission = has_change_permission = has_module_permission = _yes


site = OpenSite(name="measured")
site.register(Action, ActionAdmin)
BARE = engines["django"].from_string('{% extends "base.html" %}{% block content %}{% endblock %}')
EMPTY = engines["django"].from_string("")


def bare(request):
    return HttpResponse(BARE.render({}, request))


def empty(request):
    return HttpResponse(EMPTY.render({}, request))


urlpatterns = [
    path("bench/bare/", bare),
    path("bench/empty/", empty),
    path("bench/admin/", site.urls),
    path("", include("scrutiny.urls")),
]
handler403 = "scrutiny.toolkit.errors.no_permission"
handler404 = "scrutiny.toolkit.errors.not_found"
handler500 = "scrutiny.toolkit.errors.server_error"
