"""The entries of the search: what goes into them, when, and what is found by whom, on either database."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from actions.models import DueRevision, ElementPart
from actions.search import RECORD as OF_ACTIONS
from reviews.search import RECORD as OF_REVIEWS
from scrutiny.indexing import differences, install, rebuild
from scrutiny.models import Entry
from scrutiny.models.search import KINDS, SEARCHABLE
from scrutiny.overview.search import Scope, first
from scrutiny.roles import ROLE
from scrutiny.search import RECORD as OF_RECORD
from scrutiny.toolkit.access import Grant, Reader
from scrutiny.toolkit.history import record, remove
from scrutiny.toolkit.search import asked_for, short
from tests import factories, test_access
from tests.conftest import hold

pytestmark = [pytest.mark.django_db, pytest.mark.search]
world = test_access.world


def entry(title="", body="", **values):
    """An entry of no record, for tests of looking words up."""
    from scrutiny.toolkit.search import words_of

    words = {"title_words": " ".join(words_of(title)), "body_words": " ".join(words_of(body))}
    words |= {"guard": "record", "guard_key": 1}
    key = Entry.objects.count() + 1_000
    return Entry.objects.create(
        **{"noun": "point", "object_id": key, "title": title, "body": body, **words, **values}
    )


def titles(typed):
    scope = Scope(Reader((Grant(ROLE["officer"]),)))
    return [found.title for found in first(scope, short(typed))]


@pytest.mark.parametrize("noun", [noun for noun, each in SEARCHABLE.items() if each.without])
def test_fields_that_change_without_the_search_are_nowhere_in_an_entry(noun):
    each = SEARCHABLE[noun]
    paths = [each.key, *each.title, *each.body, each.meeting, each.board, each.day, each.reference]
    assert set(each.without).isdisjoint(path.split("__")[0] for path in paths)
    for other in SEARCHABLE.values():
        assert not {path.split("__")[-1] for path in other.body + other.title} & set(each.without)


# The same words find the same entries on both databases.


TEXTS = {
    "Escalation": "How concerns are escalated between agencies.",
    "Café": "Naïve façade, São Paulo; Łódź and Ærø.",
    "Rapid review": "It was rapid, and a review.",
    "Review, rapid": "Nothing else.",
    "Fire and rescue": "R&D, follow-up at 10:30, 50% of homes.",
    "SB-CF 22/23-04 A further report": "Due in September/October 2023",
    "Housing": "title:damp means damp in the title. NEAR(damp, mould)",
    "Policing": "Police and policies; children's centres.",
    "Numbers": "1e5 0e07a 3.14 2023-24 ١٢",
    "Привет": "Ελληνικά 日本語 🎉 emoji",
}
FINDS = {
    "escalate": ["Escalation"],
    "ESCALATING concern": ["Escalation"],
    "cafe": ["Café"],
    "CAFÉ": ["Café"],
    "sao paulo": ["Café"],
    "lodz aero": ["Café"],
    '"rapid review"': ["Rapid review"],
    '"review rapid"': ["Review, rapid"],
    "rapid review": ["Rapid review", "Review, rapid"],
    '"rapid nothing"': [],
    "R&D": ["Fire and rescue"],
    "follow up": ["Fire and rescue"],
    "22/23-04": ["SB-CF 22/23-04 A further report"],
    "23/22": [],
    "sb-cf 22/23-04": ["SB-CF 22/23-04 A further report"],
    "title:damp": ["Housing"],
    "NEAR(damp": ["Housing"],
    "police": ["Policing"],
    "policy": ["Policing"],
    "child centre": ["Policing"],
    "1e5": ["Numbers"],
    "0e07a": ["Numbers"],
    "0e07": [],
    "1": [],
    "привет": ["Привет"],
    "ΕΛΛΗΝΙΚΆ": ["Привет"],
    "日本語": ["Привет"],
    "🎉": [],
    "the": [],
    "damp OR police": [],
    "damp -mould": ["Housing"],
}


@pytest.mark.parametrize("typed", FINDS)
def test_what_is_typed_finds_these_and_no_others(typed):
    Entry.objects.all().delete()
    for title, body in TEXTS.items():
        entry(title, body, day=date(2023, 3, 8))
    assert titles(typed) == FINDS[typed]


WORDS = st.sampled_from(
    [
        "damp",
        "damps",
        "dampened",
        "police",
        "policy",
        "rapid",
        "review",
        "22",
        "1e5",
        "café",
        "the",
        "of",
        "R&D",
        "日本",
    ]
)
WRITTEN = st.lists(WORDS, max_size=6).map(" ".join)


def holds(entry, phrases):
    """The rule in Python: each phrase stands in the title or in the body."""
    texts = [f" {entry.title_words} ", f" {entry.body_words} "]
    return all(any(f" {' '.join(phrase)} " in text for text in texts) for phrase in phrases)


class AnyText(TestCase):
    """Whatever is written and typed, the database finds what the rule in Python finds."""

    @given(st.lists(st.tuples(WRITTEN, WRITTEN), max_size=5), WRITTEN, st.booleans())
    def test_databases_find_what_the_rule_finds(self, texts, typed, quoted):
        typed = f'"{typed}"' if quoted else typed
        kept = [entry(title, body) for title, body in texts]
        phrases = asked_for(typed)
        wanted = {each.pk for each in kept if phrases and holds(each, phrases)}
        found = Entry.objects.filter(pk__in=[each.pk for each in kept]).matching(typed)
        assert {each.pk for each in found} == wanted

    @given(st.text(max_size=300), st.text(max_size=60))
    @example("\x00 damp", '" OR * NEAR(')
    @example("x" * 10_000, "x" * 10_000)
    @example("'; --", "title_words : damp")
    @example("\\", "\\ & | ! <-> :*")
    def test_any_text_is_kept_and_any_text_is_looked_for(self, text, typed):
        kept = entry("Title", text.replace("\x00", ""))
        mine = Entry.objects.filter(pk=kept.pk)
        list(mine.matching(typed))
        expected = bool(asked_for(text)) and holds(kept, asked_for(text))
        assert mine.matching(text).exists() == expected


def test_what_is_called_so_comes_first_then_what_is_titled_so_then_the_newest():
    entry("Older", "About SB-X 1", day=date(2023, 1, 1))
    entry("Newer", "About SB-X 1", day=date(2024, 1, 1))
    entry("Undated", "About SB-X 1")
    entry("On SB-X 1", day=date(2020, 1, 1))
    entry("SB-X 1 the action itself", day=date(2019, 1, 1), reference="SB-X 1")
    expected = ["SB-X 1 the action itself", "On SB-X 1", "Newer", "Older", "Undated"]
    assert titles(" sb-x  1") == expected


@pytest.mark.parametrize("letter", ["o", "m"])
def test_whoever_sees_an_entry_sees_it_among_those_with_titles_if_its_title_has_words(world, letter):
    user = getattr(world.cast, test_access.IDENTITIES[letter])
    titled = Entry.objects.visible_to(user).exclude(title_words="")
    assert set(titled) == set(Entry.objects.with_title_visible_to(user).exclude(title_words="")) != set()


# Every record is there, and stays as it is.


def test_every_kind_has_something_to_find_and_every_noun_a_kind():
    assert {each.kind for each in SEARCHABLE.values()} == set(KINDS)
    assert len(SEARCHABLE) == len([*OF_RECORD, *OF_REVIEWS, *OF_ACTIONS])


def test_a_world_with_one_of_everything_is_in_step(world):
    ElementPart.objects.create(element=world.waiting, letter="a", text="In schools")
    DueRevision.objects.create(action=world.ask.action, reason="The review is late.", changed_on=date.today())
    assert list(differences()) == []
    nouns = set(Entry.objects.values_list("noun", flat=True))
    silent = {"meeting", "stage", "answer", "judgement", "partnerview", "agencyassurance", "learningstep"}
    silent |= {"casepresentation", "reportpresentation", "supportingdocument", "organisationalias"}
    assert set(SEARCHABLE) - nouns <= silent


def test_a_saved_record_is_found_and_a_changed_one_by_its_new_words_only(ask, olivia):
    element = ask.elements[0]
    element.text = "Progress on flooding."
    record(element, by=olivia)
    assert Entry.objects.matching("flooding").get().url == element.get_absolute_url()
    element.text = "Progress on drainage."
    record(element, by=olivia)
    assert not Entry.objects.matching("flooding").exists()
    assert Entry.objects.matching("drainage").count() == 1


def test_a_deleted_record_is_not_found(ask, olivia):
    point = factories.PointFactory(text="Gulls were heard.")
    assert Entry.objects.matching("gulls").exists()
    remove(point, by=olivia)
    assert not Entry.objects.matching("gulls").exists()


def test_a_record_that_says_nothing_in_words_has_no_entry(ask):
    answer = factories.AnswerFactory(note="")
    assert not Entry.objects.filter(noun="answer").exists()
    answer.note = "See the annex."
    answer.save()
    assert Entry.objects.matching("annex").get().title.startswith("Answer to")
    answer.note = ""
    answer.save()
    assert not Entry.objects.filter(noun="answer").exists()


def test_saving_without_a_change_of_words_writes_nothing(ask, django_assert_num_queries):
    element = ask.elements[0]
    before = Entry.objects.get(noun="element", object_id=element.pk)
    element.check_condition_on = date(2023, 5, 1)
    element.save()
    assert Entry.objects.get(noun="element", object_id=element.pk) == before


def test_a_meeting_that_moves_takes_its_minutes_and_its_actions_along(ask):
    point = factories.PointFactory(section__item=ask.item)
    other = factories.BoardFactory()
    ask.meeting.date, ask.meeting.board = date(2023, 4, 19), other
    ask.meeting.save()
    keys = [("point", point.pk), ("resolution", ask.resolution.pk), ("element", ask.elements[0].pk)]
    for noun, key in keys:
        found = Entry.objects.get(noun=noun, object_id=key)
        assert (found.day, found.board) == (date(2023, 4, 19), other)
    assert list(differences()) == []


def test_a_heading_and_a_reference_that_are_corrected_are_corrected_in_every_name():
    point = factories.PointFactory(section__heading="Notifcation")
    point.section.heading = "Notification"
    point.section.save()
    stage = factories.StageFactory(note="Agreed by all.")
    stage.case.reference = "ESCP-2025-1"
    stage.case.save()
    names = Entry.objects.filter(noun__in=["point", "stage"]).order_by("noun")
    assert [found.title[:12] for found in names] == ["Notification", "ESCP-2025-1:"]
    assert list(differences()) == []


def test_a_renamed_organisation_changes_no_other_entry(ask, partnership):
    partnership.name = "Exampleton Partnership"
    partnership.save()
    assert list(differences()) == []


# Made anew, and proved.


def spoil():
    first, second, *_ = Entry.objects.filter(noun="term").order_by("pk")
    first.delete()
    second.title_words = "nonsense"
    second.save()
    entry("A ghost", noun="element")
    entry("A stranger", noun="nobody")
    return {("missing", first.object_id), ("different", second.object_id)}


def test_the_rebuild_mends_what_is_missing_different_or_not_wanted():
    wrong = {(what, key) for what, noun, key, _ in differences()}
    assert wrong == set()
    spoiled = spoil()
    found = list(differences())
    assert spoiled <= {(what, key) for what, _, key, _ in found}
    assert [what for what, *_ in found].count("not wanted") == 2
    assert rebuild() == 4
    assert list(differences()) == []


def test_the_check_says_what_differs_and_fails():
    spoil()
    said = StringIO()
    with pytest.raises(CommandError, match="4 entries are not right"):
        call_command("rebuild_search", "--check", stdout=said)
    assert "element 1" in said.getvalue()
    assert Entry.objects.filter(noun="nobody").exists()
    call_command("rebuild_search", stdout=said)
    assert "4 entries of the search were put right." in said.getvalue()
    call_command("rebuild_search", "--check", stdout=said)
    assert "agrees with the records" in said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_what_a_database_needs_is_put_back_where_it_is_lost_and_words_found_again():
    factories.PointFactory(text="Gulls were heard.")
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            editor.execute("DROP TRIGGER scrutiny_entry_added")
        else:
            editor.execute("ALTER TABLE scrutiny_entry DROP COLUMN vector")
    install("default")
    install("default")
    factories.PointFactory(text="Terns were seen.")
    assert Entry.objects.matching("gulls").count() == Entry.objects.matching("terns").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", [1, 2])
def test_the_search_works_after_all_tables_were_emptied(again):
    factories.PointFactory(text="Gulls were heard.")
    assert Entry.objects.matching("gulls").count() == 1


# Access.


def test_without_a_role_nothing_is_found(world, norma):
    assert Entry.objects.exists()
    assert not Entry.objects.visible_to(norma).exists()


@pytest.mark.parametrize("letter", "ocmlbsua")
def test_everybody_finds_the_records_they_see_and_no_others(world, letter):
    user = getattr(world.cast, test_access.IDENTITIES[letter])
    world.meeting.minutes_state = "drafting"
    world.meeting.save()
    factories.StageFactory(note="Working note", case=factories.CaseFactory())
    found, kept = keys(Entry.objects.visible_to(user)), keys(Entry.objects.all())
    for noun, searchable in SEARCHABLE.items():
        seen = {(noun, key) for key in searchable.model.objects.visible_to(user).values_list("pk", flat=True)}
        working = noun in ("stage", "learningstep") and letter not in "bs"
        assert {each for each in found if each[0] == noun} == (set() if working else seen & kept), noun


def keys(entries):
    return set(entries.values_list("noun", "object_id"))


def test_notes_of_a_published_case_stay_with_those_who_work_on_it(cast):
    case = factories.CaseFactory(published_on=date(2026, 9, 9), title="Learning from practice")
    stage = factories.StageFactory(case=case, note="A confidential remark")
    factories.LearningStepFactory(learning__case=case, note="Another confidential remark")
    factories.PartnerViewFactory(stage=stage, note="A third confidential remark")
    found = {
        user.username: Entry.objects.visible_to(user).matching("confidential remark").count()
        for user in (cast.olivia, cast.mary, cast.bea, cast.sunil)
    }
    assert found == {"olivia": 0, "mary": 0, "bea": 3, "sunil": 3}


def test_an_officer_of_one_board_finds_the_drafts_of_that_board_only():
    boards = [factories.BoardFactory(), factories.BoardFactory()]
    for board in boards:
        meeting = factories.MeetingFactory(board=board, minutes_state="drafting")
        factories.ItemFactory(meeting=meeting, title="Gulls")
    user = hold(factories.UserFactory(), "officer", board=boards[0])
    assert [found.board for found in Entry.objects.visible_to(user).matching("gulls")] == [boards[0]]


def test_the_owner_of_learning_finds_it_and_nothing_of_its_case(cast, partnership):
    case = factories.CaseFactory(reviewer="Gulls Limited")
    factories.LearningFactory(case=case, owner=partnership, text="Count the gulls.")
    (found,) = Entry.objects.visible_to(cast.lena).matching("gulls")
    assert found.noun == "learningpoint"
    assert case.reference not in f"{found.title} {found.body} {found.url} {found.day}"
    assert not Entry.objects.visible_to(cast.mary).matching("gulls").exists()
