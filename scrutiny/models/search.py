"""The search: one entry for the words of each record, found only by those who see the record.

Entries are derived from the records. They have no history, and `rebuild_search` makes them anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import methodcaller

from django.db import models
from django.db.models import BooleanField, F, Func, Q

from scrutiny.models.boards import Board
from scrutiny.toolkit.access import EVERYWHERE, NOWHERE, all_of, any_of, can
from scrutiny.toolkit.kept import IsAmong
from scrutiny.toolkit.search import asked_for, for_postgresql, for_sqlite

KINDS = {  # what one can look for: one of them, and many
    "minutes": ("Minutes", "Minutes"),
    "resolution": ("Resolution", "Resolutions"),
    "proposal": ("Proposal", "Proposals"),
    "undertaking": ("Undertaking", "Undertakings"),
    "action": ("Action", "Actions"),
    "element": ("Element", "Elements"),
    "update": ("Progress update", "Progress updates"),
    "report": ("Report", "Reports"),
    "judgement": ("Judgement", "Judgements"),
    "case": ("Review", "Reviews"),
    "learning": ("Learning", "Learning"),
    "theme": ("Theme", "Themes"),
    "person": ("Person or organisation", "People and organisations"),
    "term": ("Glossary", "Glossary"),
}


@dataclass(frozen=True)
class Guard:
    """A rule of access that many records share, such as "with their meeting". Asked once for all their entries: a
    subquery for each of our three dozen models took a tenth of a second to write down.

    model  of the records whose keys the entries keep
    rule   user → the Q of those whose entries they find; without it all who may search
    """

    name: str
    model: type | None = None
    rule: Callable | None = None

    def opens(self, user):
        """The Q of the entries behind it that a user finds. Who sees all records is not looked for among them."""
        found = Q(guard=self.name)
        rule = self.rule(user) if self.rule else EVERYWHERE
        if rule in (EVERYWHERE, NOWHERE):
            return all_of(found, rule)
        return found & Q(IsAmong("guard_key", self.model, rule))


@dataclass(frozen=True)
class Searchable:
    """What of a model is searched, as paths of its records ("item__meeting").

    kind       one of KINDS
    guard      who finds it
    key        path to the key of the record the guard asks about
    name       what a result is called; it repeats no words of another record that can change, or see `repeats`
    titled     whether the words of the name are searched, and weigh more than those of the body
    title      paths of further words that weigh more, such as other names
    body       paths of the other words
    meeting    path to the meeting whose board and date it has
    board      path to the board where there is no meeting
    day        path to its own date
    reference  path to what finds it at once when typed in full
    repeats    paths to records besides the meeting whose reference or date it repeats
    needs      paths to what else its name and its address are made of
    without    fields that change often and of which nothing is searched or shown
    """

    model: type
    kind: str
    guard: Guard
    key: str = "pk"
    name: Callable = str
    titled: bool = True
    title: tuple = ()
    body: tuple = ()
    meeting: str = ""
    board: str = ""
    day: str = ""
    reference: str = ""
    repeats: tuple = ()
    needs: tuple = ()
    without: tuple = ()
    url: Callable = methodcaller("get_absolute_url")

    @property
    def noun(self):
        return self.model._meta.model_name

    @property
    def follows(self):
        """Paths to the records whose change changes this one's entry."""
        return [path for path in (self.meeting, *self.repeats) if path]

    def records(self):
        """All there are, with what their entries are made of."""
        linked = [*self.follows, *self.needs]
        return self.model._base_manager.select_related(*linked).order_by("pk")


SEARCHABLE = {}  # {noun: Searchable}, filled by each room as it starts (scrutiny.indexing.search_in)


class Matches(Func):
    """True for entries in which all phrases stand; in their titles if `in_title`. Without phrases they are those
    that are `given` to a statement that is kept (`kept_for_each`).
    """

    output_field = BooleanField()

    def __init__(self, phrases=None, in_title=False):
        self.phrases, self.in_title = phrases, in_title
        super().__init__(F("pk"))

    def __repr__(self):
        return f"Matches({self.phrases!r}, in_title={self.in_title})"

    def as_postgresql(self, compiler, connection):
        """Titles have an index of their own, and so the planner knows how seldom a word is in them."""
        vector = f'{self._table(compiler)}."vector"'
        if self.in_title:
            return f"ts_filter({vector}, '{{a}}') @@ %s::tsquery", [self._asked(for_postgresql, "A")]
        return f"{vector} @@ %s::tsquery", [self._asked(for_postgresql)]

    def as_sqlite(self, compiler, connection):
        """By a list of keys made once: a subquery for each row took 14 seconds for 20,000."""
        asked = self._asked(for_sqlite, "title_words" if self.in_title else "")
        found = "SELECT rowid FROM scrutiny_entry_fts WHERE scrutiny_entry_fts MATCH %s"
        return f'{self._table(compiler)}."id" IN ({found})', [asked]

    def _asked(self, written, *how):
        if self.phrases is None:
            return lambda phrases: written(phrases, *how)
        return written(self.phrases, *how)

    def _table(self, compiler):
        """As the statement calls it: a search inside another has a table of its own."""
        (key,) = self.get_source_expressions()
        return compiler.quote_name_unless_alias(key.alias)


class EntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The entries of records this person sees: asked inside the query, so that counts give nothing away."""
        return self._behind((searchable.guard for searchable in SEARCHABLE.values()), user)

    def with_title_visible_to(self, user):
        """Those among them in whose titles something may be found: half the guards have none, the longest to ask."""
        return self._behind((each.guard for each in SEARCHABLE.values() if each.titled or each.title), user)

    def _behind(self, guards, user):
        if not can(user, "view_record"):
            return self.filter(NOWHERE)
        return self.filter(any_of(*(guard.opens(user) for guard in dict.fromkeys(guards))))

    def of_kind(self, kind):
        return self.filter(noun__in=[noun for noun, each in SEARCHABLE.items() if each.kind == kind])

    def matching(self, typed):
        """Those that hold all that was typed."""
        phrases = asked_for(typed)
        return self.filter(Matches(phrases)) if phrases else self.none()

    def newest_first(self):
        """In the order of an index (scrutiny.indexing)."""
        return self.order_by(F("day").desc(nulls_last=True), "noun", "object_id")


class Entry(models.Model):
    noun = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    reference = models.CharField(max_length=60, blank=True)
    title = models.TextField()
    body = models.TextField(blank=True)
    url = models.CharField(max_length=200)
    guard = models.CharField(max_length=20)
    guard_key = models.BigIntegerField()
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField(null=True)
    title_words = models.TextField()
    body_words = models.TextField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["noun", "object_id"], name="entry_once_for_each_record")
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return self.url

    @property
    def kind_title(self):
        return KINDS[SEARCHABLE[self.noun].kind][0]
