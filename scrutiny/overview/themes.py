"""Themes across the whole house: where each was seen, what was asked about it, and whether it came back (T-2)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import django_filters as filters
from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.views.generic import DetailView

from actions.models import Element, ElementTheme
from reviews.models import CaseTheme, LearningEvidence, LearningPoint, PointTheme, ReportTheme, Theme
from reviews.stages import Kind
from scrutiny.toolkit.access import Permitted
from scrutiny.toolkit.charts import stacked_bars
from scrutiny.toolkit.forms import FilterForm
from scrutiny.toolkit.lists import RecordList

MOST_SEEN = 10
MOST_BARS = 12
SHOWN = 50


@dataclass(frozen=True)
class Source:
    """A kind of record in which themes are seen (T-11): tags, the way to the day, and what names the record."""

    name: str
    tags: QuerySet
    day: str  # path from a tag to a date; a tag without one does not count
    needs: str  # what words, place and address of the record are made of
    words: Callable
    look: tuple  # colour and pattern in charts

    def seen_by(self, user):
        """Tags this user may see, each with `seen_on`."""
        tags = self.tags.visible_to(user).annotate(seen_on=F(self.day))
        return tags.filter(seen_on__isnull=False).order_by()


REVIEWS_LOOK = {
    Kind.RAPID_REVIEW: ("#4c2c92", ""),
    Kind.CSPR: ("#b3262a", "stripes"),
    Kind.LOCAL_REVIEW: ("#f499be", ""),
    Kind.AUDIT: ("#28a197", "dots"),
    Kind.NATIONAL_REVIEW: ("#b1b4b6", "stripes"),
}
SOURCES = [
    Source(
        "Scrutiny discussion",
        PointTheme.objects.all(),
        day="point__section__item__meeting__date",
        needs="point__section__item__meeting__board",
        words=lambda point: point.text,
        look=("#1d70b8", ""),
    ),
    Source(
        "Report received",
        ReportTheme.objects.all(),
        day="report__item__meeting__date",
        needs="report__item__meeting__board",
        words=str,
        look=("#1f5c4a", "stripes"),
    ),
    Source(
        "Asked by the Board",
        ElementTheme.objects.all(),
        day="element__action__resolution__item__meeting__date",
        needs="element__action",
        words=lambda element: f"{element}: {element.text}",
        look=("#f3f2f1", "dots"),
    ),
    *[
        Source(
            kind.label,
            CaseTheme.objects.filter(case__kind=kind),
            day="case__began_on",
            needs="case",
            words=str,
            look=look,
        )
        for kind, look in REVIEWS_LOOK.items()
    ],
]
LOOKS = [(source.name, *source.look) for source in SOURCES]


@dataclass
class Seen:
    """How often a theme was seen in each source, first and last."""

    counts: dict = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    @property
    def times(self):
        return sum(self.counts.values())

    def add(self, source, count, first, last):
        self.counts[source.name] = count
        self.first = min(filter(None, (self.first, first)))
        self.last = max(filter(None, (self.last, last)))


def seen_by_theme(user):
    """{key of a theme: Seen}, for what this user may see; one query for each source."""
    found = {}
    for source in SOURCES:
        rows = source.seen_by(user).values("theme")
        for row in rows.annotate(count=Count("pk"), first=Min("seen_on"), last=Max("seen_on")):
            found.setdefault(row["theme"], Seen()).add(source, row["count"], row["first"], row["last"])
    return found


class ThemeFilter(filters.FilterSet):
    q = filters.CharFilter(label="Words", method="words")
    group = filters.ChoiceFilter(label="Group", choices=Theme.Group.choices)

    class Meta:
        model = Theme
        fields = []
        form = FilterForm

    def words(self, queryset, name, value):
        names = Q(code__icontains=value) | Q(label__icontains=value) | Q(also_called__icontains=value)
        return queryset.filter(names | Q(plain_english__icontains=value))


class ThemeList(RecordList):
    model = Theme
    filterset_class = ThemeFilter
    template_name = "reviews/theme_list.html"
    paginate_by = 100
    sorts = {"group": ["group", "position", "label"], "label": ["label"]}
    export = {
        "Code": "code",
        "Theme": "label",
        "Group": "get_group_display",
        "In plain English": "plain_english",
        "Times seen": "seen.times",
        "First seen": "seen.first",
        "Last seen": "seen.last",
    }

    def get_queryset(self):
        """A list: how often each was seen is counted beside the query, once for all."""
        self.seen = seen_by_theme(self.request.user)
        themes = list(super().get_queryset())
        for theme in themes:
            theme.seen = self.seen.get(theme.pk, Seen())
        return themes

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"chart": most_seen(self.seen)}


def most_seen(seen):
    """The themes seen most, across sources, whatever the list is narrowed to."""
    most = sorted(seen, key=lambda key: (-seen[key].times, key))[:MOST_SEEN]
    themes = Theme.objects.in_bulk(most)
    return stacked_bars(
        title="The themes seen most",
        description="For each of the ten themes seen most, how often it was seen in each kind of record.",
        rows=[(str(themes[key]), seen[key].counts) for key in most],
        series=looks_of([seen[key].counts for key in most]),
    )


def looks_of(counts):
    """The looks of the sources that are there, so that the legend names no others."""
    return [look for look in LOOKS if any(of_row.get(look[0]) for of_row in counts)]


@dataclass(frozen=True)
class Sighting:
    """One record in which a theme was seen."""

    source: Source
    day: date
    record: object

    @property
    def words(self):
        return self.source.words(self.record)

    @property
    def url(self):
        return self.record.get_absolute_url()


def sightings_of(theme, user):
    """Every `Sighting` of a theme this user may see, newest first."""
    found = [
        Sighting(source, tag.seen_on, tag.record)
        for source in SOURCES
        for tag in source.seen_by(user).filter(theme=theme).select_related(source.needs)
    ]
    return sorted(found, key=lambda sighting: sighting.day, reverse=True)


class ThemeDetail(Permitted, DetailView):
    """A theme in one look: how often, where and when it was seen, what was asked, and whether it came back."""

    permission = "view_record"
    model = Theme
    template_name = "reviews/theme_detail.html"

    def get_queryset(self):
        return Theme.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        user, theme = self.request.user, self.object
        sightings = sightings_of(theme, user)
        asked = Element.objects.visible_to(user).filter(tags__theme=theme).with_timing(self.request.today)
        asked = list(asked.select_related("action", "category").order_by("-action__reference", "number"))
        learned = LearningPoint.objects.visible_to(user).filter(tags__theme=theme)
        learned = learned.select_related("owner").with_spread().order_by("-pk")[:SHOWN]
        evidence = LearningEvidence.objects.visible_to(user).filter(learning__tags__theme=theme)
        evidence = evidence.select_related("learning")
        seen = [sighting for sighting in sightings if not isinstance(sighting.record, Element)]
        return super().get_context_data(**kwargs) | {
            "sentence": sentence_about(sightings, asked),
            "chart": over_time(sightings),
            "seen": seen[:SHOWN],
            "seen_count": len(seen),
            "asked": asked,
            "return": came_back(sightings, asked),
            "learned": learned,
            "evidence": evidence.order_by("-grade", "-on")[:SHOWN],
        }


def sentence_about(sightings, asked):
    """ "Seen 7 times since 8 March 2023, last on 4 October 2023; 2 elements are open." """
    if not sightings:
        return "Not seen yet."
    count = sum(element.closed_on is None for element in asked)
    return f"{_seen(sightings)}; {count or 'no'} element{' is' if count == 1 else 's are'} open."


def _seen(sightings):
    last, first = f"{sightings[0].day:%-d %B %Y}", f"{sightings[-1].day:%-d %B %Y}"
    if len(sightings) == 1:
        return f"Seen once, on {first}"
    if first == last:
        return f"Seen {len(sightings)} times, all on {first}"
    return f"Seen {len(sightings)} times since {first}, last on {last}"


@dataclass(frozen=True)
class Return:
    """Whether a theme was seen again after the Board closed an element about it, and where lately (T-2)."""

    sentence: str
    sightings: list


def came_back(sightings, asked):
    closed = sorted(element.closed_on for element in asked if element.closed_on)
    if not closed:
        return Return("The Board has closed nothing about this theme yet.", [])
    first, last = closed[0], closed[-1]
    again = [sighting for sighting in sightings if sighting.day > first]
    began = f"The Board closed an element about this theme on {first:%-d %B %Y}"
    if not again:
        return Return(f"{began}. It was not seen again since.", [])
    times = "once" if len(again) == 1 else f"{len(again)} times"
    now = "" if again[0].day > last else f", but not since it closed another on {last:%-d %B %Y}"
    return Return(f"{began}. It was seen again {times} after that{now}.", again[:SHOWN])


def over_time(sightings):
    """Quarters of the calendar, or years where the quarters would be too many to read."""
    label = _quarter
    periods = _periods(sightings, label)
    if len(periods) > MOST_BARS:
        label = _year
        periods = _periods(sightings, label)
    counts = {period: {} for period in periods}
    for sighting in sightings:
        of_period = counts[label(sighting.day)]
        of_period[sighting.source.name] = of_period.get(sighting.source.name, 0) + 1
    return stacked_bars(
        title="When and where it was seen",
        description="For each period, how often the theme was seen in each kind of record.",
        rows=list(counts.items()),
        series=looks_of(counts.values()),
    )


def _periods(sightings, label):
    """The labels of all periods from the first sighting to the last, in order, those with none among them."""
    if not sightings:
        return []
    first, last = sightings[-1].day, sightings[0].day
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return list(dict.fromkeys(label(date(month // 12, month % 12 + 1, 1)) for month in months))


def _quarter(day):
    start = day.month - (day.month - 1) % 3
    return f"{date(day.year, start, 1):%B} to {date(day.year, start + 2, 1):%B %Y}"


def _year(day):
    return str(day.year)
