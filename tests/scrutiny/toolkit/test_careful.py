"""Words that may identify a child are asked about once, and the history says that somebody decided."""

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from reviews.models import Report
from scrutiny.toolkit.careful import HINT, Careful, sentences
from scrutiny.toolkit.forms import Form, ModelForm
from tests import factories
from tests.conftest import hold
from tests.scrutiny.test_views import errors_of, fields_in, fill, page_of, text_of

AGE = "“aged 4” reads like a child's age. Take it out, or tick that nobody can be identified."
KEPT = "Checked for identifying details (a child's age): kept, nobody can be identified."


class NoteForm(Careful, Form):
    careful_fields = ["heading"]

    heading = forms.CharField(required=False, help_text="A few words")
    place = forms.CharField(required=False)
    text = forms.CharField(widget=forms.Textarea)


class PublishedForm(NoteForm):
    pseudonyms_allowed = True


class SummaryForm(Careful, ModelForm):
    class Meta:
        model = Report
        fields = ["summary"]


def page(form):
    return BeautifulSoup(
        Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form})),
        "html.parser",
    )


def sent_again(form, **typed):
    """The form as its page would send it, with the box ticked and `typed` in other boxes."""
    form.is_valid()
    boxes = page(form).select("[name]")
    fields = {box["name"]: box.get("value") or box.text.removeprefix("\n") for box in boxes}
    ticked = {form.add_prefix("identifying_checked"): "on"}
    return type(form)(fields | ticked | typed, prefix=form.prefix)


class TestForm:
    def test_free_text_has_the_hint_after_help_that_is_there(self):
        fields = NoteForm().fields
        assert fields["text"].help_text == HINT
        assert fields["heading"].help_text == f"A few words. {HINT}"
        assert fields["place"].help_text == ""

    def test_nothing_is_asked_before_anything_is_found(self):
        assert not page(NoteForm()).select("[name^=identifying]")

    def test_ordinary_text_goes_through_without_a_decision(self):
        form = NoteForm({"text": "Half of the training is done."})
        assert form.is_valid()
        assert form.decision == ""

    def test_each_box_says_what_was_found_in_it_and_what_to_do(self):
        form = NoteForm({"heading": "Child A", "text": "aged 4, the mother of, aged 4", "place": "aged 4"})
        assert form.errors == {
            "heading": [
                "“Child A” reads like a named child. Take it out, or tick that nobody can be identified."
            ],
            "text": [
                "“aged 4” reads like a child's age, and “mother of” reads like a relation to a child. "
                "Take them out, or tick that nobody can be identified."
            ],
        }

    def test_the_box_to_tick_appears_unticked_and_what_was_typed_stays(self):
        form = NoteForm({"text": "He is aged 4.", "identifying_checked": "on"})
        assert not form.is_valid()
        shown = page(form)
        assert shown.select_one("textarea").text.strip() == "He is aged 4."
        assert not shown.select_one("[name=identifying_checked]").has_attr("checked")
        assert "I have checked: nobody can be identified from this text" in shown.text

    def test_ticked_and_sent_again_it_goes_through_with_a_decision_that_does_not_quote(self):
        form = sent_again(NoteForm({"text": "He is aged 4."}))
        assert form.is_valid()
        assert form.cleaned_data["text"] == "He is aged 4."
        assert form.decision == KEPT

    def test_sent_again_without_the_tick_it_is_asked_again(self):
        again = sent_again(NoteForm({"text": "He is aged 4."}), identifying_checked="")
        assert again.errors == {"text": [AGE]}

    def test_a_tick_does_not_count_for_other_words(self):
        again = sent_again(NoteForm({"text": "He is aged 4."}), text="He is aged 4, his sister aged 6.")
        assert not again.is_valid()
        assert sent_again(again).is_valid()

    def test_a_tick_does_not_count_for_the_same_words_said_once_more(self):
        assert not sent_again(
            NoteForm({"text": "One aged 4."}), text="One aged 4. Another aged 4."
        ).is_valid()

    def test_a_tick_counts_however_the_rest_of_the_text_changes(self):
        assert sent_again(NoteForm({"text": "He is aged 4."}), text="The boy is aged\r\n4.").is_valid()

    def test_words_taken_out_need_no_tick_and_leave_no_question(self):
        again = sent_again(NoteForm({"text": "He is aged 4."}), text="He is young.", identifying_checked="")
        assert again.is_valid()
        assert not page(again).select("[name^=identifying]")

    def test_a_tick_stays_while_another_mistake_is_put_right(self):
        form = sent_again(NoteForm({"heading": "Aged 4", "text": "x"}), text="")
        assert form.errors == {"text": ["Enter the text."]}
        assert page(form).select_one("[name=identifying_checked]").has_attr("checked")

    def test_several_forms_on_a_page_are_told_apart_by_prefix(self):
        form = NoteForm({"one-text": "He is aged 4."}, prefix="one")
        assert not form.is_valid()
        assert page(form).select_one("[name=one-identifying_checked]")
        assert sent_again(form).is_valid()

    def test_a_published_case_may_be_named_by_its_pseudonym(self):
        assert PublishedForm({"text": "Child R"}).is_valid()
        assert not NoteForm({"text": "Child R"}).is_valid()


class TestModelForm:
    @pytest.fixture
    def report(self, db):
        return factories.ReportFactory(summary="He is aged 4.\nHe moved.")

    def test_text_that_is_in_the_record_is_not_asked_about_again(self, report):
        assert SummaryForm({"summary": "He is aged 4.\r\nHe moved. "}, instance=report).is_valid()

    def test_text_that_changes_is_asked_about_as_a_whole(self, report):
        form = SummaryForm({"summary": "He is aged 4. She moved."}, instance=report)
        assert form.errors == {"summary": [AGE]}

    def test_text_that_a_new_record_begins_with_is_asked_about(self, db):
        form = SummaryForm({"summary": "aged 4"}, instance=Report(summary="aged 4"))
        assert "summary" in form.errors


class TestPages:
    @pytest.fixture
    def desk(self, client, olivia):
        client.force_login(olivia)
        return client

    @pytest.fixture
    def report(self, board):
        return factories.ReportFactory(item__meeting__board=board, summary="What was done.")

    def tick(self, desk, asked, **typed):
        """Ticks the box on the page `asked` and sends it."""
        ticked = {"identifying_checked": "on"}
        return desk.post(asked.request["PATH_INFO"], fields_in(asked) | ticked | typed)

    def test_adding_asks_first_and_keeps_with_a_line_in_the_history(self, desk, board):
        item = factories.ItemFactory(meeting__board=board)
        asked = fill(desk, "report-add", item.pk, title="Update", summary="He is aged 4.")
        assert errors_of(asked) == [AGE]
        assert not Report.objects.exists()
        assert self.tick(desk, asked).status_code == 302
        assert Report.objects.get().history.get().history_change_reason == KEPT

    def test_a_change_is_kept_with_the_reason_and_the_decision(self, desk, report):
        asked = fill(desk, "report-update", report.pk, summary="He is aged 4.", reason="Summary added")
        assert errors_of(asked) == [AGE]
        self.tick(desk, asked)
        told = text_of(desk.get(reverse("history", args=["report", report.pk])))
        assert f"Summary added. {KEPT}" in told

    def test_the_reason_is_free_text_too(self, desk, report):
        asked = fill(desk, "report-update", report.pk, title="New", reason="The mother of the child rang")
        assert "“mother of” reads like a relation to a child" in errors_of(asked)[0]

    def test_a_later_change_of_something_else_asks_nothing(self, desk, report):
        self.tick(desk, fill(desk, "report-update", report.pk, summary="He is aged 4."))
        assert fill(desk, "report-update", report.pk, title="New title").status_code == 302
        assert report.history.first().history_change_reason is None

    def test_a_conflict_keeps_the_tick(self, desk, report):
        other = Client()
        other.force_login(hold(factories.UserFactory(), "officer"))
        asked = fill(desk, "report-update", report.pk, summary="He is aged 4.")
        fill(other, "report-update", report.pk, summary="Something else.")
        conflict = self.tick(desk, asked)
        assert conflict.status_code == 409
        assert page_of(conflict).select_one("[name=identifying_checked]").has_attr("checked")
        assert desk.post(conflict.request["PATH_INFO"], fields_in(conflict)).status_code == 302
        report.refresh_from_db()
        assert report.summary == "He is aged 4."
        assert report.history.first().history_change_reason == KEPT


@pytest.mark.parametrize(
    ("texts", "one"),
    [
        (("Summary added", "Checked."), "Summary added. Checked."),
        (("Why not?", "Checked."), "Why not? Checked."),
        (("", "Checked."), "Checked."),
        (("E-mail of 3 May", ""), "E-mail of 3 May"),
        ((None, ""), ""),
    ],
)
def test_sentences_follow_each_other_with_full_stops(texts, one):
    assert sentences(*texts) == one
