"""Charts as geometry for templates/includes/chart.html: no JavaScript, nothing that a strict CSP refuses."""

import math
import textwrap
from dataclasses import dataclass

from django.utils.safestring import mark_safe
from django.utils.text import slugify

from scrutiny.toolkit.small_numbers import FewerThan, total_of

WIDTH = 480  # small enough to stay readable on a phone
BAR_HEIGHT, LINE_HEIGHT, GAP = 30, 22, 16
TEXT_BELOW = 21  # the upper edge of its bar
LETTERS_A_LINE = 52
LEAST_ROOM = 120  # for the numbers of a row that is full of words; the picture grows wider instead
DARK, LIGHT = "#0b0c0c", "#ffffff"


@dataclass(frozen=True)
class Series:
    name: str
    colour: str  # "#rrggbb"
    pattern: str  # "", "stripes" or "dots", so that colour is never the only difference
    id: str

    @property
    def fill(self):
        return f"url(#{self.id})" if self.pattern else self.colour

    @property
    def swatch_id(self):
        return f"{self.id}-swatch"

    @property
    def text_colour(self):
        return DARK if _luminance(self.colour) > 0.18 else LIGHT


@dataclass(frozen=True)
class Segment:
    series: Series
    count: int | FewerThan
    x: float
    y: int
    width: float

    @property
    def is_words(self):
        """True if the count is not shown, and the width therefore says nothing."""
        return isinstance(self.count, FewerThan)

    @property
    def box(self):
        """The attributes that say where it is. Each number by itself, a template would write as in a text."""
        return mark_safe(f'x="{self.x}" y="{self.y}" width="{self.width}" height="{BAR_HEIGHT}"')

    @property
    def middle(self):
        return mark_safe(f'x="{round(self.x + self.width / 2, 1)}" y="{self.y + TEXT_BELOW}"')


@dataclass(frozen=True)
class Bar:
    label: str
    counts: list
    lines: list  # of {"text", "y"}: the label above the bar
    y: int
    segments: list

    @property
    def total(self):
        return total_of(self.counts)

    @property
    def text_y(self):
        return self.y + TEXT_BELOW


@dataclass(frozen=True)
class Chart:
    id: str
    title: str
    description: str
    series: list
    bars: list
    height: int

    @property
    def width(self):
        """With room for the outline of the widest bar."""
        ends = [segment.x + segment.width for segment in self.segments]
        return math.ceil(max([WIDTH + 1, *ends])) + 1

    @property
    def segments(self):
        return [segment for bar in self.bars for segment in bar.segments]

    @property
    def has_words(self):
        return any(segment.is_words for segment in self.segments)

    @property
    def empty(self):
        return not any(bar.total for bar in self.bars)


def stacked_bars(title, description, rows, series):
    """A horizontal bar a row, split by series, with every count printed.

    rows: [(label, {series name: count})]; series: [(name, colour)] or [(name, colour, pattern)]. A count may be
    FewerThan: its words stand in the bar, as long as they are whatever the number is.
    """
    chart_id = f"chart-{slugify(title)}"
    named = [_series(chart_id, number, *each) for number, each in enumerate(series)]
    scale = _scale([[counts.get(each.name, 0) for each in named] for _, counts in rows])
    bars, y = [], 0
    for label, counts in rows:
        bar = _bar(label, [counts.get(each.name, 0) for each in named], named, scale, y)
        bars.append(bar)
        y = bar.y + BAR_HEIGHT + GAP
    return Chart(chart_id, title, description, named, bars, max(y - GAP + 1, 1))


def _series(chart_id, number, name, colour, pattern=""):
    return Series(name, colour, pattern, f"{chart_id}-{number}")


def _scale(rows):
    """The length of one item, such that every row fits although small segments get more than their share."""
    room = [
        max(WIDTH - sum(map(_least, counts)), LEAST_ROOM) / sum(map(_number, counts))
        for counts in rows
        if any(map(_number, counts))
    ]
    return min(room, default=0)


def _number(count):
    return 0 if isinstance(count, FewerThan) else count


def _least(count):
    """Room for the number or the words; the narrowest segments are wider than their share because of it."""
    return 8 + 11 * len(str(count)) if count else 0


def _bar(label, counts, series, scale, top):
    texts = textwrap.wrap(label, LETTERS_A_LINE) or [""]
    lines = [{"text": text, "y": top + 16 + LINE_HEIGHT * number} for number, text in enumerate(texts)]
    y = top + LINE_HEIGHT * len(texts) + 1
    return Bar(label, counts, lines, y, _segments(counts, series, scale, y))


def _segments(counts, series, scale, y):
    segments, x = [], 1.0
    for each, count in zip(series, counts, strict=True):
        if count:
            width = round(max(_least(count), _number(count) * scale), 1)
            segments.append(Segment(each, count, round(x, 1), y, width))
            x += width
    return segments


def _luminance(colour):
    """Relative luminance as WCAG defines it, from 0 (black) to 1 (white)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
