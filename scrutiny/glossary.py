"""The pages of the glossary. Explaining terms where they stand is `templatetags/glossary.py`."""

import django_filters as filters
from django.db.models import Q
from django.db.models.functions import Lower

from scrutiny.forms import TermForm
from scrutiny.models import Clash, Term
from scrutiny.toolkit.editing import AddView, EditView
from scrutiny.toolkit.forms import FilterForm
from scrutiny.toolkit.lists import RecordList


class TermFilter(filters.FilterSet):
    q = filters.CharFilter(label="Words", method="words")

    class Meta:
        model = Term
        fields = []
        form = FilterForm

    def words(self, queryset, name, value):
        return queryset.filter(
            Q(name__icontains=value) | Q(also_called__icontains=value) | Q(meaning__icontains=value)
        )


class TermList(RecordList):
    """The whole glossary on one page, so that every explanation can link to its term."""

    model = Term
    filterset_class = TermFilter
    paginate_by = None
    sorts = {"name": ["alphabetical"]}
    export = {"Term": "name", "Also called": "also_called", "Meaning": "meaning"}

    def records(self, visible):
        return visible.annotate(alphabetical=Lower("name"))

    def get_context_data(self, **kwargs):
        clashes = Clash.objects.visible_to(self.request.user).order_by(Lower("letters"))
        return super().get_context_data(**kwargs) | {"clashes": clashes}


class TermAdd(AddView):
    model = Term
    form_class = TermForm
    permission = "edit_reference"


class TermUpdate(EditView):
    model = Term
    form_class = TermForm
    permission = "edit_reference"
