"""Who can do what, for everybody with a role; and who holds which role, for those who review access (K-3)."""

from datetime import timedelta

import django_filters as filters
from django.db.models import Q
from django.shortcuts import render

from scrutiny.models import Board, RoleAssignment, User
from scrutiny.models.accounts import ENDS_SOON
from scrutiny.roles import PERMISSIONS, ROLES, SEPARATIONS
from scrutiny.toolkit.access import grants_of, permitted
from scrutiny.toolkit.forms import FilterForm
from scrutiny.toolkit.lists import RecordList

UNUSED = timedelta(days=90)


@permitted("view_record")
def role_list(request):
    """The table of roles and permissions, made from `scrutiny.roles`: what it says is what is enforced."""
    held = {grant.role.code for grant in grants_of(request.user)}
    context = {
        "roles": ROLES,
        "held": [role for role in ROLES if role.code in held],
        "permissions": [(sentence, holders_of(code)) for code, sentence in PERMISSIONS.items()],
        "separations": SEPARATIONS,
    }
    return render(request, "scrutiny/role_list.html", context)


def holders_of(permission):
    """[(role, whether it holds only for what belongs to the role's own body)]."""
    return [
        (role, permission in role.own)
        for role in ROLES
        if permission in role.permissions or permission in role.own
    ]


class AccessFilter(filters.FilterSet):
    STATES = [
        ("now", "Held today"),
        ("soon", "Ends within 30 days"),
        ("ended", "Ended"),
        ("later", "Starts later"),
        ("unused", "Held today, not signed in for 90 days"),
        ("inactive", "Of a deactivated account"),
    ]

    q = filters.CharFilter(label="Name", method="named")
    role = filters.ChoiceFilter(label="Role", choices=[(role.code, role.name) for role in ROLES])
    board = filters.ModelChoiceFilter(label="Board", queryset=Board.objects.all(), method="for_board")
    state = filters.ChoiceFilter(label="Show only", choices=STATES, method="in_state")

    class Meta:
        model = RoleAssignment
        fields = []
        form = FilterForm

    def named(self, queryset, name, value):
        parts = ("username", "first_name", "last_name")
        found = [Q(**{f"user__{part}__icontains": word}) for word in value.split() for part in parts]
        for number in range(0, len(found), len(parts)):
            one, two, three = found[number : number + len(parts)]
            queryset = queryset.filter(one | two | three)
        return queryset

    def for_board(self, queryset, name, value):
        """A role for every board is one for this board too."""
        return queryset.filter(Q(board=value) | Q(board=None))

    def in_state(self, queryset, name, value):
        today = self.request.today
        unused = Q(user__last_login=None) | Q(user__last_login__date__lt=today - UNUSED)
        return {
            "now": lambda: queryset.current(today),
            "soon": lambda: queryset.current(today).filter(end__lte=today + ENDS_SOON),
            "ended": lambda: queryset.filter(end__lt=today),
            "later": lambda: queryset.filter(start__gt=today),
            "unused": lambda: queryset.current(today).filter(unused),
            "inactive": lambda: queryset.filter(user__is_active=False),
        }[value]()


class AccessReview(RecordList):
    """Every role that was ever given, to whom, for what and for how long, and when they last signed in."""

    model = RoleAssignment
    permission = "review_access"
    filterset_class = AccessFilter
    template_name = "scrutiny/access_review.html"
    sorts = {
        "name": ["user__last_name", "user__username", "start", "pk"],
        "role": ["role", "user__last_name", "pk"],
        "until": ["end", "user__last_name", "pk"],
        "sign_in": ["user__last_login", "pk"],
    }
    export = {
        "Name": "user",
        "User name": "user.username",
        "Role": "get_role_display",
        "Board": "board",
        "Body": "organisation",
        "From": "start",
        "Until": "end",
        "State": "state_label",
        "Last sign-in": "last_sign_in",
        "Account active": "user_is_active",
    }

    def shown(self, records):
        return records.select_related("user", "board", "organisation")

    def get_context_data(self, **kwargs):
        root = User.objects.filter(is_superuser=True, is_active=True).order_by("username")
        return super().get_context_data(**kwargs) | {"superusers": root}
