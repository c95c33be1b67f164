"""What is noticed about a yearly report: its period, and the time since the one before (Y-1, Y-2).

Real reports cover odd periods, so these are notices and never refusals.
"""

from calendar import monthrange

from reviews.models import Report

A_YEAR = (12, False)
LAW = "Children Act 2004 s16G(7)"


def length(start, end):
    """The whole months of a period, both its days counted in, and whether days are left over."""
    ends_month = end.day == monthrange(end.year, end.month)[1]
    next_day, its_month = (1, end.month + 1) if ends_month else (end.day + 1, end.month)
    months = 12 * (end.year - start.year) + its_month - start.month
    return months - (next_day < start.day), next_day != start.day


def is_within_a_year(earlier, later):
    """True if `later` is no more than 12 months after `earlier`."""
    return (later.year - earlier.year, later.month, later.day) <= (1, earlier.month, earlier.day)


def covers(report):
    """ "18 months", "more than 17 months"; empty while the period is not known."""
    if not (report.period_start and report.period_end):
        return ""
    months, is_more = length(report.period_start, report.period_end)
    if not months:
        return "less than 1 month"
    words = "1 month" if months == 1 else f"{months} months"
    return f"more than {words}" if is_more else words


def notices(report, user):
    """Sentences about a yearly report, for somebody who may see it; none about other kinds."""
    if report.kind != Report.Kind.ANNUAL:
        return []
    return [*_of_period(report), *_of_publication(report, user)]


def _of_period(report):
    known = report.period_start and report.period_end
    if known and length(report.period_start, report.period_end) > A_YEAR:
        yield f"It covers {covers(report)}; 12 are expected ({LAW})."


def _of_publication(report, user):
    before = _published_before(report, user)
    if before and not is_within_a_year(before, report.published_on):
        yield (
            f"The yearly report before this one was published on {before:%-d %B %Y}, more than 12 months "
            f"earlier; one is due at least once in every 12 months ({LAW})."
        )


def _published_before(report, user):
    """The day on which the same body published its yearly report before this one, if both are known."""
    if not (report.published_on and report.author_body_id):
        return None
    earlier = Report.objects.visible_to(user).filter(
        kind=Report.Kind.ANNUAL, author_body=report.author_body_id, published_on__lt=report.published_on
    )
    return earlier.order_by("published_on").values_list("published_on", flat=True).last()
