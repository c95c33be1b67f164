"""The time limits of reviews and reports, and one worked out."""

from django.views.generic import ListView

from reviews.clocks import run
from reviews.forms.clocks import ClockForm
from reviews.models import ClockRule
from scrutiny.models import BankHoliday
from scrutiny.toolkit.access import Permitted
from scrutiny.toolkit.dates import FIRST_KNOWN_YEAR, LAST_KNOWN_YEAR, bank_holidays_are_known

BEYOND = (
    f"The answer lies outside the years {FIRST_KNOWN_YEAR} to {LAST_KNOWN_YEAR}, and bank holidays are known for "
    "those only. Enter another date or a smaller number."
)


class ClockList(Permitted, ListView):
    """Every time limit, and one worked out."""

    model = ClockRule
    permission = "view_record"

    def get_queryset(self):
        return ClockRule.objects.visible_to(self.request.user).select_related("guidance")

    def get_context_data(self, **kwargs):
        form = ClockForm(self.request.GET or None)
        clock = worked_out(form, self.request.today) if form.is_valid() else None
        return super().get_context_data(form=form, clock=clock, **kwargs)


def worked_out(form, today):
    """The clock asked for; None where it ends beyond what is known of bank holidays: the form says so."""
    calendar = BankHoliday.objects.calendar()
    clock = run(form.limit, form.cleaned_data["start"], calendar, on=today)
    if bank_holidays_are_known(clock.due):
        return clock
    form.add_error("start", BEYOND)
    return None
