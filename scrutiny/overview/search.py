"""One search box over everything one may see."""

from collections import Counter

from django.core.paginator import Paginator
from django.forms import CharField, Form, ModelChoiceField
from django.views.generic import TemplateView

from scrutiny.models import Board, Entry, MunicipalYear
from scrutiny.models.search import KINDS, SEARCHABLE
from scrutiny.toolkit.access import Permitted
from scrutiny.toolkit.search import WORD, asked_for, highlighted, nearest, short, word_for

MOST_COUNTED = 1_000
ON_A_PAGE = 20
SNIPPET = 280  # characters
LOOKED_THROUGH = 1_500  # newest entries, for words spelled alike
TRIED_ALONE = 6  # words


class SearchForm(Form):
    q = CharField(label="Search for", required=False)
    board = ModelChoiceField(None, label="Board", required=False, empty_label="Any board")
    year = ModelChoiceField(None, label="Municipal year", required=False, empty_label="Any year")

    mark_optional = False

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.input_type = "search"
        self.fields["board"].queryset = Board.objects.visible_to(user)
        self.fields["year"].queryset = MunicipalYear.objects.visible_to(user)

    def narrow(self, entries):
        """Entries of the board and the year chosen; none where a choice is not understood, which the form says."""
        if not self.is_valid():
            return entries.none()
        board, year = self.cleaned_data["board"], self.cleaned_data["year"]
        if board:
            entries = entries.filter(board=board)
        return entries.filter(day__range=(year.start, year.end)) if year else entries


class CappedPaginator(Paginator):
    """Pages through no more than were counted."""

    def __init__(self, found, count):
        super().__init__(found, ON_A_PAGE)
        self.count = count


class Search(Permitted, TemplateView):
    permission = "view_record"
    template_name = "scrutiny/search.html"

    def get_context_data(self, **kwargs):
        asked, user = self.request.GET, self.request.user
        typed, kind = short(asked.get("q", "")), asked.get("kind", "")
        form = SearchForm({"q": typed, "board": asked.get("board"), "year": asked.get("year")}, user=user)
        context = super().get_context_data(**kwargs) | {
            "form": form,
            "typed": typed,
            "kinds": [many for _, many in KINDS.values()],
        }
        phrases = asked_for(typed)
        if not phrases:
            return context | {"kinds": [many for _, many in KINDS.values()]}
        kind = kind if kind in KINDS else ""
        entries = form.narrow(Entry.objects.visible_to(user))
        counts = counted(entries.matching(typed))
        chosen = entries.of_kind(kind) if kind else entries
        if kind and capped(counts):
            total = counted(chosen.matching(typed)).total()
        else:
            total = counts[kind] if kind else counts.total()
        page = CappedPaginator(chosen.search(typed).select_related("board"), min(total, MOST_COUNTED))
        page = page.get_page(asked.get("page"))
        return context | {
            "phrases": phrases,
            "page_obj": page,
            "results": [result(entry, phrases) for entry in page.object_list],
            "sentence": sentence(total, typed, kind),
            "choices": choices(counts, kind),
            "is_filtered": bool(kind or form.data["board"] or form.data["year"]),
            "help": None if total or form.errors else help_for(typed, entries),
        }


def counted(found):
    """{kind: entries}, of the first 1,001 there are."""
    nouns = found.order_by().values_list("noun", flat=True)[: MOST_COUNTED + 1]
    return Counter(SEARCHABLE[noun].kind for noun in nouns)


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


def result(entry, phrases):
    return {
        "entry": entry,
        "title": highlighted(entry.title, phrases),
        "snippet": highlighted(entry.body, phrases, SNIPPET),
    }


def help_for(typed, entries):
    """What to try where nothing was found, told from what this person may see and nothing else."""
    newest = entries.order_by("-day")[:LOOKED_THROUGH].values_list("title", "body")
    close = nearest(typed, (text for both in newest for text in both))
    better = WORD.sub(lambda found: close.get(word_for(found[0]), found[0]), typed)
    words = dict.fromkeys(found[0] for found in WORD.finditer(better) if word_for(found[0]))
    alone = list(words)[:TRIED_ALONE] if len(words) > 1 else []
    return {
        "alone": [word for word in alone if entries.matching(word).exists()],
        "better": better if close and entries.matching(better).exists() else "",
    }
