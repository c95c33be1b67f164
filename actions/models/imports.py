"""Minutes on their way in. Nothing of them stands in the record before the officer saves them."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from scrutiny.models import AgendaItem, Board
from scrutiny.toolkit.access import within


def visible_imports(user):
    """Working papers of those who may import for the board, or who began them."""
    return within(user, "import_minutes", "board") | models.Q(created_by=user.pk, board=None)


class MinutesImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(visible_imports(user))

    def unfinished(self):
        return self.filter(state__in=[MinutesImport.State.READING, MinutesImport.State.TO_CONFIRM])


class MinutesImport(models.Model):
    """One text brought in: its words, what the reader found (`draft`, see actions.minutes.proposal) and its state.

    The minutes of a whole meeting are divided: each agenda item chosen is a part, an import of its own.
    """

    class State(models.TextChoices):
        READING = "reading", "Being read"
        TO_CONFIRM = "to_confirm", "To confirm"
        DIVIDED = "divided", "Divided into its items"
        SAVED = "saved", "Saved to the record"
        DROPPED = "dropped", "Dropped"

    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, blank=True)
    meeting_date = models.DateField(null=True, blank=True)
    source_name = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    whole = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    draft = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.READING)
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="imports"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    KEEPS_LENGTH = True  # when words are taken out: the findings have their places in the text

    objects = MinutesImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.source_name

    def get_absolute_url(self):
        return reverse("import-detail", args=[self.pk])

    @property
    def words(self):
        """The text in which the findings have their places: a part has that of the whole."""
        return self.whole.text if self.whole_id else self.text

    @property
    def items_left(self):
        """The rows of agenda items that are not parts yet, where there is more than one in the text."""
        rows = self.draft.get("items", [])
        if len(rows) < 2:
            return []
        taken = [part.draft["part"] for part in self.parts.exclude(state=self.State.DROPPED)]
        return [row for row in rows if row["key"] not in taken]

    @property
    def next_part(self):
        """The part of the same minutes to confirm next, None after the last or where nothing was divided."""
        same = MinutesImport.objects.filter(whole=self.whole_id, state=self.State.TO_CONFIRM)
        return same.order_by("pk").first() if self.whole_id else None
