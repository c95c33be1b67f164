"""One search box over everything one may see."""

from collections import Counter
from datetime import date
from itertools import compress
from typing import NamedTuple

from django import forms
from django.core.paginator import Paginator
from django.db.models import Exists
from django.utils.functional import SimpleLazyObject
from django.views.generic import TemplateView

from scrutiny.choosing import boards, years
from scrutiny.models import Entry
from scrutiny.models.search import KINDS, SEARCHABLE, Matches
from scrutiny.toolkit.access import Permitted, Reader, reader_of
from scrutiny.toolkit.choices import KnownChoiceField
from scrutiny.toolkit.kept import kept_for_each
from scrutiny.toolkit.search import WORD, asked_for, highlighted, nearest, short, word_for

MOST_COUNTED = 100
ON_A_PAGE = 20
SNIPPET = 280  # characters
LOOKED_THROUGH = 500  # newest entries, for words spelled alike
TRIED_ALONE = 6  # words
NOBODY = Reader(())
VALUES = ("noun", "object_id", "reference", "title", "body", "url", "day", "board__name")


class Scope(NamedTuple):
    """Where somebody looks: in what they may see, narrowed by what they chose."""

    reader: Reader
    board: int | None = None
    days: tuple = ()  # the first and the last
    kind: str = ""

    @property
    def entries(self):
        return self._chosen(Entry.objects.visible_to(self.reader))

    @property
    def titled(self):
        return self._chosen(Entry.objects.with_title_visible_to(self.reader)).filter(Matches(in_title=True))

    def _chosen(self, found):
        if self.board:
            found = found.filter(board=self.board)
        if self.days:
            found = found.filter(day__range=self.days)
        return found.of_kind(self.kind) if self.kind else found


class SearchForm(forms.Form):
    q = forms.CharField(label="Search for", required=False)
    board = KnownChoiceField(label="Board", required=False, empty_label="Any board")
    year = KnownChoiceField(label="Municipal year", required=False, empty_label="Any year")

    mark_optional = False

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.input_type = "search"
        self.user = request.user
        self.fields["board"].rows = SimpleLazyObject(lambda: boards(request))
        self.fields["year"].rows = SimpleLazyObject(lambda: years(request))

    @property
    def scope(self):
        """The board and the year chosen; nothing where a choice is not understood, which the form says."""
        if not self.is_valid():
            return Scope(NOBODY)
        board, year = self.cleaned_data["board"], self.cleaned_data["year"]
        return Scope(reader_of(self.user), board and board.pk, (year.start, year.end) if year else ())

    def offer_words_only(self):
        """Where nothing was found everywhere, a board or a year would find no more."""
        del self.fields["board"], self.fields["year"]


class Found(NamedTuple):
    """What a result shows of an entry. Read as values: what counts the results also reads those of the page."""

    noun: str
    object_id: int
    reference: str
    title: str
    body: str
    url: str
    day: date | None
    board: str | None
    is_titled: bool

    def place(self, typed):
        """What is called so comes first, then what is titled so, then the newest."""
        is_called = self.reference.casefold() == typed.casefold()
        rank = 0 if is_called else 1 if self.is_titled else 2
        return rank, -(self.day or date.min).toordinal(), self.noun, self.object_id

    @property
    def kind(self):
        return SEARCHABLE[self.noun].kind

    @property
    def kind_title(self):
        return KINDS[self.kind][0]


class Search(Permitted, TemplateView):
    permission = "view_record"
    template_name = "scrutiny/search.html"

    def get_context_data(self, **kwargs):
        asked = self.request.GET
        typed, kind = short(asked.get("q", "")), asked.get("kind", "")
        form = SearchForm(
            {"q": typed, "board": asked.get("board"), "year": asked.get("year")}, request=self.request
        )
        context = super().get_context_data(**kwargs) | {
            "form": form,
            "typed": typed,
            "kinds": [many for _, many in KINDS.values()],
        }
        phrases = asked_for(typed)
        if not phrases:
            return context
        kind = kind if kind in KINDS else ""
        scope = form.scope
        found = first(scope, typed)
        counts = Counter(each.kind for each in found)
        if kind:
            found = (
                first(scope._replace(kind=kind), typed)
                if capped(counts)
                else [each for each in found if each.kind == kind]
            )
        is_filtered = bool(kind or form.data["board"] or form.data["year"])
        if not (found or is_filtered):
            form.offer_words_only()
        page = Paginator(found[:MOST_COUNTED], ON_A_PAGE).get_page(asked.get("page"))
        return context | {
            "phrases": phrases,
            "page_obj": page,
            "results": [result(each, phrases) for each in page.object_list],
            "sentence": sentence(len(found), typed, kind),
            "choices": choices(counts, kind),
            "is_filtered": is_filtered,
            "help": None if found or form.errors else help_for(typed, scope.entries),
        }


def first(scope, typed):
    """The first 101 that hold all that was typed, in their order: they count, and hold every page.

    The newest and the newest of those titled so, each in the order of an index: whatever else holds a common word is
    not looked at.
    """
    phrases = asked_for(typed)
    if not phrases:
        return []
    rows = _titled_and_newest(scope, MOST_COUNTED + 1, given=phrases)
    found = {Found(*row.values()) for row in rows}
    return sorted(found, key=lambda each: each.place(typed))[: MOST_COUNTED + 1]


@kept_for_each(Entry)
def _titled_and_newest(scope, most):
    titled, newest = (
        Entry.objects.filter(pk__in=found.newest_first().values("pk")[:most])
        .annotate(is_titled=Matches(in_title=True))
        .values(*VALUES, "is_titled")
        for found in (scope.titled, scope.entries.filter(Matches()))
    )
    return titled.union(newest, all=True)


def capped(counts):
    return counts.total() > MOST_COUNTED


def choices(counts, chosen):
    """The kinds to choose from, with their numbers; without them where too many were found to count."""
    shown = [kind for kind in KINDS if capped(counts) or counts[kind] or kind == chosen]
    return [
        {
            "code": kind,
            "title": KINDS[kind][1],
            "count": "" if capped(counts) else counts[kind],
            "chosen": kind == chosen,
        }
        for kind in shown
    ]


def sentence(total, typed, kind):
    """ "14 results for “escalation” in Minutes"."""
    number = f"More than {MOST_COUNTED:,}" if total > MOST_COUNTED else f"{total:,}" if total else "No"
    among = f" in {KINDS[kind][1]}" if kind else ""
    return f"{number} result{'' if total == 1 else 's'} for “{typed}”{among}"


def result(found, phrases):
    return {
        "found": found,
        "title": highlighted(found.title, phrases),
        "snippet": highlighted(found.body, phrases, SNIPPET),
    }


def help_for(typed, entries):
    """What to try where nothing was found, told from what this person may see and nothing else."""
    searched = (found[0] for found in WORD.finditer(typed) if word_for(found[0]))
    words = list(dict.fromkeys(searched))[:TRIED_ALONE]
    alone, texts = held_and_newest(entries, words if len(words) > 1 else [])
    better = spelled_better(typed, entries, alone, texts) if len(alone) < len(words) else ""
    return {"alone": alone, "better": better}


def held_and_newest(entries, words):
    """Those of the words that some entry holds, and the texts of the newest entries: asked at once."""
    held = (Exists(entries.matching(word)) for word in words)
    rows = list(entries.newest_first().values_list("title", "body", *held)[:LOOKED_THROUGH])
    texts = [text for title, body, *_ in rows for text in (title, body)]
    return list(compress(words, rows[0][2:])) if rows else [], texts


def spelled_better(typed, entries, known, texts):
    """What was typed, with the words that are not known as words spelled alike, where that is found; else empty."""
    known = set(map(word_for, known))
    close = {word: spelling for word, spelling in nearest(typed, texts).items() if word not in known}
    better = WORD.sub(lambda found: close.get(word_for(found[0]), found[0]), typed)
    return better if close and entries.matching(better).exists() else ""
