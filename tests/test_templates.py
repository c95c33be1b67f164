"""Rules for every template: it compiles, it is used, and a strict CSP has nothing to refuse."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import allauth
import pytest
from bs4 import BeautifulSoup
from crispy_forms import bootstrap, layout
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.loader import get_template
from django.test import RequestFactory
from django.urls import path

from scrutiny.toolkit.forms import DateField, FilterForm, Form

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "templates"
NAMES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
PAGES = [name for name in NAMES if name.endswith(".html")]

FORBIDDEN = {
    "an inline style": r"\sstyle\s*=|<style",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "an event handler": r"<[^>]*\son[a-z]+\s*=",
    "text marked safe": r"\|\s*safe(seq)?\b",
    "escaping switched off": r"autoescape\s+off",
    "another site's file": r"""(?:src|<link[^>]*href)=["'](?:https?:)?//""",
}
BY_NAME = {"400.html", "403.html", "404.html", "500.html"}  # Django asks for these
OF_CRISPY = {  # crispy-forms asks for these in its template pack
    *("display_form", "errors", "errors_formset", "field", "uni_form", "uni_formset"),
    *("whole_uni_form", "whole_uni_formset"),
}
GENERIC = ("list", "detail", "form", "confirm_delete")


def used_names():
    """Every name in quotes in our code and templates, and every name that Django or crispy makes up."""
    paths = [path for app in ("scrutiny", "reviews", "actions") for path in (ROOT / app).rglob("*.py")]
    text = "\n".join(path.read_text() for path in [*paths, *FOLDER.rglob("*.*")])
    found = set(re.findall(r"""["']([\w./-]+\.\w+)["']""", text))
    return found | BY_NAME | crispy_names() | generic_names(text) | names_of_allauth()


def names_of_allauth():
    """allauth makes up the names of its templates; ours stand in front of its own."""
    folder = Path(allauth.__file__).parent / "templates"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} | {"429.html"}


def crispy_names():
    classes = [each for module in (layout, bootstrap) for each in vars(module).values()]
    templates = {getattr(each, "template", None) or "" for each in classes if isinstance(each, type)}
    return {name.replace("%s", "govuk") for name in templates if isinstance(name, str)} | {
        f"govuk/{name}.html" for name in OF_CRISPY
    }


def generic_names(text):
    """What generic views look for: app/model_suffix.html."""
    own = re.findall(r"""template_name_suffix = ["']_(\w+)""", text)
    models = [model._meta for model in apps.get_models()]
    return {f"{meta.app_label}/{meta.model_name}_{end}.html" for meta in models for end in {*GENERIC, *own}}


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_page_holds(what, name):
    assert not re.search(FORBIDDEN[what], (FOLDER / name).read_text(), re.IGNORECASE)


def test_every_template_is_used():
    assert sorted(set(NAMES) - used_names()) == []


# What the shared parts show. They know none of our pages, so these tests have their own.

urlpatterns = [
    path("sign-in/", HttpResponse, name="sign-in"),
    path("accessibility/", HttpResponse, name="accessibility"),
]
alone = pytest.mark.urls(__name__)


class Question(Form):
    title = forms.CharField()


class Filter(FilterForm):
    q = forms.CharField(label="Words", required=False)
    state = forms.MultipleChoiceField(choices=[("open", "Open"), ("late", "Overdue")], required=False)
    since = DateField(label="Due since", required=False)


def shown(template, address="/", /, **context):
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    return BeautifulSoup(get_template(template).render(context, request), "html.parser")


@alone
def test_a_page_works_for_a_visitor_who_is_not_signed_in():
    page = shown("base.html")
    assert page.html["lang"] == "en-GB"
    assert page.select_one(".govuk-skip-link")["href"] == f"#{page.main['id']}"
    assert page.select_one(".account a").text == "Sign in"
    assert not page.select(
        ".govuk-service-navigation__item, .govuk-error-summary, .govuk-notification-banner"
    )


@alone
def test_a_page_works_without_any_context():
    assert "Scrutiny follow-up" in get_template("400.html").render()


@alone
def test_an_error_is_in_the_title_and_at_the_top_of_the_page():
    assert shown("base.html", form=Question({})).title.text.startswith("Error: ")
    assert shown("base.html", form=Question({})).select_one(".govuk-error-summary a")["href"] == "#id_title"
    assert not shown("base.html", form=Question()).title.text.startswith("Error: ")


@alone
@pytest.mark.parametrize(
    ("level", "role"), [(constants.SUCCESS, "alert"), (constants.INFO, "region"), (constants.ERROR, "alert")]
)
def test_messages_are_announced_by_their_weight(level, role):
    page = shown("base.html", messages=[Message(level, "Saved <b>it</b>.")])
    banner = page.select_one(".govuk-notification-banner")
    assert banner["role"] == role
    assert page.find(id=banner["aria-labelledby"])
    assert "Saved <b>it</b>." in banner.text


def test_paging_keeps_the_filter():
    page_obj = Paginator(range(90), 10).page(2)
    page = shown("includes/pagination.html", "/?state=open&page=2", page_obj=page_obj)
    assert page.select_one("[rel=next]")["href"] == "?state=open&page=3"
    assert page.select_one("[aria-current=page]").text == "2"
    assert not shown("includes/pagination.html", page_obj=Paginator([], 10).page(1)).select("nav")


def test_a_heading_sorts_turns_round_and_starts_again_at_page_one():
    def heading(address):
        return shown("includes/sort_header.html", address, name="due", title="Due").th

    assert heading("/?page=4").a["href"] == "?sort=due"
    assert heading("/?sort=due&q=x").a["href"] == "?sort=-due&q=x"
    assert [heading(f"/?sort={by}")["aria-sort"] for by in ("due", "-due", "title")] == [
        "ascending",
        "descending",
        "none",
    ]


def test_every_chosen_filter_can_be_taken_away_alone_or_all_together():
    address = "/?q=damp&state=open&state=late&since_day=8&since_month=3&since_year=2023&page=2"
    form = Filter(RequestFactory().get(address).GET)
    page = shown("includes/filter.html", address, filter_form=form)
    tags = {
        tag.text.removeprefix("Remove this filter").strip(): tag["href"]
        for tag in page.select(".moj-filter__tag")
    }
    date_query = "since_day=8&since_month=3&since_year=2023"
    assert tags == {
        "damp": f"?state=open&state=late&{date_query}",
        "Open": f"?q=damp&state=late&{date_query}",
        "Overdue": f"?q=damp&state=open&{date_query}",
        "8 March 2023": "?q=damp&state=open&state=late",
    }
    assert page.find("a", string="Clear filters")["href"] == "/"


def test_a_filter_with_nothing_chosen_shows_only_the_questions():
    page = shown("includes/filter.html", filter_form=Filter({}))
    assert not page.select(".moj-filter__selected")
    assert "(optional)" not in page.text


@pytest.mark.parametrize(
    ("context", "words"),
    [
        ({"count": 0, "noun": "action"}, "0 actions"),
        ({"count": 1, "noun": "action"}, "1 action"),
        ({"count": 2, "noun": "reply", "plural": "replies"}, "2 replies"),
        (
            {"page_obj": Paginator(range(1200), 25).page(2), "noun": "action"},
            "1,200 actions, showing 26 to 50",
        ),
    ],
)
def test_the_count_is_a_sentence(context, words):
    assert shown("includes/results_count.html", **context).text.strip() == words


def test_a_timeline_tells_who_when_why_and_what_in_the_writers_own_characters():
    items = [
        {
            "title": "Due date moved",
            "by": "A. Khan",
            "when": datetime(2026, 7, 2, 9, 30, tzinfo=UTC),
            "why": "<b>Agreed</b> by the chair",
            "changes": [{"field": "note", "before": "", "after": "See minute 44"}],
        },
        {"noun": "action", "label": "22/23-04", "kind": "added", "when": date(2026, 1, 15)},
    ]
    page = shown("includes/timeline.html", items=items)
    first, second = page.select(".moj-timeline__item")
    assert " ".join(first.select_one(".moj-timeline__header").text.split()) == "Due date moved by A. Khan"
    assert first.time.text == "2 July 2026 at 10:30am"
    assert "<b>Agreed</b> by the chair" in first.text
    assert first.dd.text == "from empty to “See minute 44”"
    assert second.h3.text == "Action 22/23-04 added"
    assert second.time.text == "15 January 2026"
