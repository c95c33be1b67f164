"""People and the bodies they act for. Posts outlive the people who hold them (domain Q-6)."""

import re
from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from scrutiny.toolkit.access import NOWHERE, can
from scrutiny.toolkit.history import tracked


class RecordQuerySet(models.QuerySet):
    """Rows that everybody with a role may see."""

    def visible_to(self, user):
        return self if can(user, "view_record") else self.filter(NOWHERE)


class OrganisationQuerySet(RecordQuerySet):
    def called(self, name):
        """The organisations known by `name`, in full, short or as an alias; case does not matter."""
        return self.filter(
            Q(name__iexact=name) | Q(short_name__iexact=name) | Q(aliases__name__iexact=name)
        ).distinct()


class Organisation(models.Model):
    class Kind(models.TextChoices):
        COUNCIL = "council", "Council"
        PARTNERSHIP = "partnership", "Safeguarding partnership"
        HEALTH = "health", "Health"
        POLICE = "police", "Police"
        GOVERNMENT = "government", "Government or national body"
        EDUCATION = "education", "Education"
        VOLUNTARY = "voluntary", "Voluntary sector"
        OTHER = "other", "Other"

    name = models.CharField(max_length=200, unique=True)
    short_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    email = models.EmailField(
        "shared e-mail address", blank=True, help_text="Used where the holder of a post has none"
    )

    history = tracked()
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("organisation-detail", args=[self.pk])


class OrganisationAlias(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField("also called", max_length=200, unique=True)

    history = tracked()
    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "other name"

    def __str__(self):
        return self.name


STYLES = re.compile(
    r"^((the|councillor|cllr|alderman|ald|mr|mrs|ms|miss|mx|dr|sir|dame|lord|lady|prof|professor|rev|revd|reverend|"
    r"canon|chief|deputy|assistant|detective|superintendent|inspector|sergeant|constable|commander)\.?\s+)+",
    re.IGNORECASE,
)
COURTESY = re.compile(r"\b(mr|mrs|ms|miss)\b", re.IGNORECASE)
HONOURS = re.compile(r"(\s*,?\s+(cbe|obe|mbe|kbe|dbe|qpm|kc|qc|jp|dl|phd))+$", re.IGNORECASE)


def bare_name(name):
    """A person's name without style and honours, for telling whether two minutes mean the same person.

    >>> bare_name("Chief Superintendent Ann Lee CBE")
    'Ann Lee'
    """
    name = " ".join(name.split())
    return HONOURS.sub("", STYLES.sub("", name)) or name


def surname(name):
    """The last word of a bare name in small letters, for telling who a surname alone may mean."""
    return bare_name(name).lower().split(" ")[-1]


def same_name(one, other):
    """True if two minuted names are one. A courtesy title, where both have one, tells two namesakes apart.

    >>> same_name("Mrs. W. Garside", "W. Garside"), same_name("Mrs. W. Garside", "Councillor Miss W. Garside")
    (True, False)
    """
    courtesies = {_courtesy(one), _courtesy(other)} - {""}
    return bare_name(one).lower() == bare_name(other).lower() and len(courtesies) < 2


def _courtesy(name):
    styles = STYLES.match(" ".join(name.split()))
    found = styles and COURTESY.search(styles[0])
    return found[0].lower() if found else ""


class PersonQuerySet(RecordQuerySet):
    def called(self, name):
        return self.filter(name__iexact=bare_name(name))


class Person(models.Model):
    """One human being. Titles as minuted on a day are kept with the attendance, not here."""

    style = models.CharField(
        max_length=60, blank=True, help_text="For example Councillor, Dr, Chief Superintendent"
    )
    name = models.CharField(max_length=120)
    honours = models.CharField(max_length=40, blank=True, help_text="For example CBE")

    history = tracked()
    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "people"

    def __str__(self):
        return " ".join(part for part in (self.style, self.name, self.honours) if part)

    def get_absolute_url(self):
        return reverse("person-detail", args=[self.pk])


class Post(models.Model):
    """An office in an organisation, such as Business Manager. Asks stay with the post when its holder changes."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=200)

    NAMED_THROUGH = ("organisation",)

    history = tracked()
    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "title"],
                name="post_unique_in_organisation",
                violation_error_message="This organisation has a post of that title already.",
            )
        ]

    def __str__(self):
        return f"{self.title}, {self.organisation}"

    def get_absolute_url(self):
        return self.organisation.get_absolute_url()


class PostHoldingQuerySet(RecordQuerySet):
    def current(self, on):
        return self.filter(Q(start__lte=on), Q(end__isnull=True) | Q(end__gte=on))


class PostHolding(models.Model):
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="post_holdings")
    start = models.DateField("from")
    end = models.DateField("until", null=True, blank=True)
    email = models.EmailField("e-mail address in this post", blank=True)

    NAMED_THROUGH = ("person", "post")

    history = tracked()
    objects = PostHoldingQuerySet.as_manager()

    class Meta:
        ordering = ["-start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="post_holding_ends_after_start",
                violation_error_message="The last day must not be before the first day.",
            )
        ]

    def __str__(self):
        return f"{self.person}, {self.post.title}"


@dataclass(frozen=True)
class Contact:
    """Whom to write to: `name` says who it is for, `email` is empty where no address is known.

    The body and the post it was found by are kept with it, so that it can be found again after a change.
    """

    name: str
    email: str
    organisation: Organisation | None = None
    post: Post | None = None


def contact_of(organisation, post, on):
    """Who answers for an organisation on a day: the holder of the post, else whoever reads the shared address.

    A post that changed hands leads to its new holder; a vacant one, or no post, to the organisation.
    """
    holding = post and post.holdings.current(on).select_related("person").first()
    if not holding:
        return Contact(post.title if post else organisation.name, organisation.email, organisation, post)
    name = f"{holding.person}, {post.title}"
    return Contact(name, holding.email or organisation.email, organisation, post)
