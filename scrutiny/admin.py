"""The administration pages: users, roles and reference data are kept here; the record is only read here.

Who enters is asked of the roles (`administer`), like everything else, and every change writes history with its reason.
"""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from scrutiny import models
from scrutiny.models.accounts import refuse_editing_administrators
from scrutiny.toolkit.access import can
from scrutiny.toolkit.editing import is_stale, lock
from scrutiny.toolkit.history import version_of

admin.site.site_header = admin.site.site_title = "Administration"
admin.site.index_title = "Users, roles and reference data"


def may_administer(request):
    return can(request.user, "administer")


def enter(request, extra_context=None):
    """One way in: the site's own sign-in. Whoever is signed in and comes here lacks the role."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


def addresses():
    """Those of Django, but for "view on site": it tells of any key of any model whether there is such a record."""
    return [url for url in addresses_of_django() if getattr(url, "name", "") != "view_on_site"]


def change_password(request, extra_context=None):
    return redirect("password-change")


addresses_of_django = admin.site.get_urls
admin.site.get_urls = addresses
admin.site.has_permission = may_administer
admin.site.login = login_not_required(enter)
admin.site.password_change = change_password


class VersionedForm(forms.ModelForm):
    """What somebody else saved since the page was opened is not overwritten unawares."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *args, **kwargs):
        instance = kwargs.get("instance")
        version = version_of(instance) if instance else ""
        if version and data is None:
            instance.refresh_from_db()  # the version is read before the row, as in EditView
        super().__init__(data, *args, **kwargs)
        self.initial["version"] = version

    def clean(self):
        cleaned = super().clean()
        if is_stale(self, "version", self.initial["version"]):
            raise forms.ValidationError(
                "Somebody else changed this after you opened it. Open it in a second window to see how it is now, "
                "then save again here to put your entries in its place."
            )
        return cleaned


class ReasonForm(VersionedForm):
    change_reason = forms.CharField(
        label="Why", required=True, max_length=500, help_text="Kept in the history for good"
    )


class ReadOnly(SimpleHistoryAdmin):
    """The record: it is edited on its own pages, where two people cannot overwrite each other unawares."""

    view_on_site = False
    object_history_list_template = "scrutiny/admin_history.html"

    def get_queryset(self, request):
        """No more than everywhere else: nothing of drafts and exempt items (D.7)."""
        visible_to = getattr(self.model.objects, "visible_to", None)
        return visible_to(request.user) if visible_to else super().get_queryset(request)

    def history_view(self, request, object_id, extra_context=None):
        """simple_history shows rows that the list does not have."""
        if may_administer(request) and self.get_object(request, object_id) is None:
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def has_module_permission(self, request):
        return may_administer(request)

    def has_view_permission(self, request, obj=None):
        return may_administer(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class Kept(ReadOnly):
    """Reference data: added and changed by administrators, never deleted."""

    form = ReasonForm

    def has_add_permission(self, request):
        return may_administer(request)

    def has_change_permission(self, request, obj=None):
        return may_administer(request)

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found and request.method == "POST":
            lock(request, self.model, found.pk)
            found.refresh_from_db()
        return found

    def save_model(self, request, obj, form, change):
        obj._change_reason = form.cleaned_data.get("change_reason")
        super().save_model(request, obj, form, change)


class RolesTogether(forms.BaseInlineFormSet):
    """Two roles entered at once stand beside each other only here."""

    def clean(self):
        super().clean()
        held = [form.instance for form in self.forms if form.is_valid() and form.instance.start]
        refuse_editing_administrators(held, self.instance.is_superuser)


class RoleAssignmentInline(admin.StackedInline):
    model = models.RoleAssignment
    form = VersionedForm
    formset = RolesTogether
    fk_name = "user"
    extra = 0

    def has_view_permission(self, request, obj=None):
        return may_administer(request)

    has_add_permission = has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        return False


class UserForm(VersionedForm, UserChangeForm):
    pass


@admin.register(models.User)
class Users(Kept, UserAdmin):
    """Users are invited, and deactivated, not deleted: their names stand in the history. Nobody sets their password."""

    form = UserForm
    inlines = [RoleAssignmentInline]
    list_display = ["username", "first_name", "last_name", "is_active", "last_login", "signing_in"]
    readonly_fields = ["signing_in"]
    list_filter = ["is_active", "role_assignments__role"]
    fieldsets = [
        (None, {"fields": ["username", "is_active", "signing_in", "version"]}),
        ("Person", {"fields": ["first_name", "last_name", "email"]}),
    ]

    def get_urls(self):
        return [url for url in super().get_urls() if url.name != "auth_user_password_change"]

    def add_view(self, request, form_url="", extra_context=None):
        return redirect("user-invite") if may_administer(request) else super().add_view(request)

    @admin.display(description="sign-in")
    def signing_in(self, user):
        return format_html('<a href="{}">How {} signs in</a>', reverse("user-access", args=[user.pk]), user)


KEPT = [
    models.BankHoliday,
    models.Board,
    models.BoardMembership,
    models.Clash,
    models.MunicipalYear,
    models.Organisation,
    models.OrganisationAlias,
    models.Person,
    models.Post,
    models.PostHolding,
    models.RoleAssignment,
    models.Term,
    models.TrackingCategory,
    models.TrackingScheme,
]
RECORD = [
    models.AgendaItem,
    models.Attendance,
    models.Meeting,
    models.Point,
    models.Proposal,
    models.RecordedVote,
    models.Resolution,
    models.Section,
]

for model in KEPT:
    admin.site.register(model, Kept)
for model in RECORD:
    admin.site.register(model, ReadOnly)

# allauth brings pages of its own that show secrets and change them past every rule here.
for model in list(admin.site._registry):
    if model.__module__.startswith("allauth."):
        admin.site.unregister(model)
