"""What the reader finds, one rule at a time, in texts made up for it."""

from datetime import date

import pytest

from actions.minutes.reader import read


def limbs(text):
    return [(r.label, r.text) for r in read(text).resolutions]


def kinds(text):
    return [r.kind for r in read(text).resolutions]


def present(text):
    return [(a.name, a.role) for a in read(text).attendance]


def absent(text):
    return [n.name for n in read(text).apologies]


def subs(text):
    return [(s.substitute, s.for_) for s in read(text).substitutes]


class TestResolutions:
    @pytest.mark.parametrize(
        "words",
        [
            "RESOLVED that the plan be noted.",
            "RESOLVED – That the plan be noted.",
            "RESOLVED: That the plan be noted.",
            "RESOLVED\n\nTHAT the plan be noted.",
            "RESOLVED (unanimously) that the plan be noted.",
            "RESOLVED:\n\nT H A T   the plan be noted.",
            "Resolved - That the plan be noted.",
            "ORDERED that the plan be noted.",
            "AGREED: That the plan be noted.",
            "Agreed that the plan be noted.",
            "It was RESOLVED that the plan be noted.",
            (
                "Following the debate it was:-\n\nRESOLVED (on a motion from Cllr Ash, seconded by Cllr Oak) "
                "that the plan be noted."
            ),
        ],
    )
    def test_every_form_of_the_keyword_gives_one_limb(self, words):
        ((_, text),) = limbs(f"The Board discussed the plan.\n\n{words}\n")
        assert text.removeprefix("that ").removeprefix("That ").removeprefix("THAT ") == "the plan be noted."

    @pytest.mark.parametrize(
        ("one", "two"),
        [("(a)", "(b)"), ("a)", "b)"), ("(1)", "(2)"), ("1.", "2."), ("(i)", "(ii)"), ("1)", "2)")],
    )
    def test_labels_are_kept_as_printed(self, one, two):
        text = f"RESOLVED:\n{one} That it be noted; and\n{two} That the Chair be thanked.\n"
        assert limbs(text) == [(one, "That it be noted"), (two, "That the Chair be thanked.")]

    def test_a_list_run_into_the_sentence_is_parted(self):
        text = "Resolved – (a) That members be thanked, and (b) that the report be approved."
        assert [label for label, _ in limbs(text)] == ["(a)", "(b)"]

    def test_a_doubled_label_keeps_both_limbs(self):
        assert [
            label
            for label, _ in limbs(
                "RESOLVED:\n(a) That x be noted;\n(b) That y be noted;\n(b) That z be noted."
            )
        ] == [
            "(a)",
            "(b)",
            "(b)",
        ]

    def test_bullets_under_a_limb_are_not_limbs(self):
        text = (
            "RESOLVED:\n(1) That a report be submitted in May 2025 covering:\n· trees;\n· hedges.\n(2) "
            "That it be noted."
        )
        assert [label for label, _ in limbs(text)] == ["(1)", "(2)"]

    def test_the_paragraph_number_labels_a_single_resolution(self):
        assert limbs(
            "3. Mr Ash spoke.\n\n4. RESOLVED that it be noted.\n\n5. The Chair closed the meeting."
        ) == [("4.", "that it be noted.")]

    def test_that_before_the_list_stands_for_every_limb(self):
        assert kinds("Resolved - That\n1   the report be noted\n2   the charter be approved\n") == [
            "note",
            "approve",
        ]

    def test_past_tense_under_a_decision_heading(self):
        text = (
            "Decision\n\nThe Committee:-\n\n(i)\tnoted the report;\n(ii)\tagreed to recommend to Council "
            "that it end;\n"
        )
        assert kinds(text) == ["note", "recommend"]

    def test_a_list_under_decision_and_again_under_minutes_counts_once(self):
        block = "RESOLVED that:\n(a) it be noted; and\n(b) officers be thanked.\n"
        assert len(limbs(f"Agenda item\nTrees\nDecision:\n{block}Minutes:\nMr Ash spoke.\n{block}")) == 2

    def test_a_recommendation_above_the_minutes_is_the_agendas(self):
        text = "Agenda item\nTrees\nRecommended:\nThat trees be noted.\nMinutes:\nMr Ash spoke.\n"
        assert limbs(text) == []

    def test_the_formula_for_excluding_the_press_decides_nothing(self):
        text = (
            'Exclusion\nTo consider passing the following resolution: "RESOLVED that the press be '
            'excluded".\nMinutes:\nNo need.'
        )
        assert limbs(text) == []

    def test_the_wording_of_a_motion_decides_nothing(self):
        text = (
            "Mr Ash proposed and Mrs Oak seconded:\n\n“The Council is asked to:\n(1) Note the plan\n(2) "
            "Request that it end.”\n\nMotion lost."
        )
        assert limbs(text) == []

    def test_reasons_are_not_resolutions(self):
        text = (
            "RESOLVED:\n(1) That it be noted.\nReasons for recommendations:\n(1) To inform.\n(2) To comply."
        )
        assert len(limbs(text)) == 1

    def test_agreed_in_passing_is_no_resolution(self):
        assert (
            limbs(
                "It was agreed that the Board would take the items together.\nPartners agreed that hubs were useful."
            )
            == []
        )

    def test_points_noted_in_discussion_are_no_resolutions(self):
        assert (
            limbs("2. Further to questions it was noted that:\n(a) trees grew; and\n(b) hedges did not.")
            == []
        )

    @pytest.mark.parametrize(
        ("words", "kind"),
        [
            ("That the report be noted", "note"),
            ("to receive the update", "note"),
            ("That the minutes be signed as a correct record", "approve"),
            ("That the strategy be endorsed", "agree"),
            ("That Cabinet be recommended to plant trees", "recommend"),
            ("That the matter be referred to the Schools Forum", "refer"),
            ("That the Director be asked to report back in May 2025", "request_report"),
            ("That a further update be provided in six months", "request_report"),
            ("That the Chair be thanked", "other"),
        ],
    )
    def test_the_kind_follows_the_verb(self, words, kind):
        assert kinds(f"RESOLVED: {words}.") == [kind]

    def test_the_bodys_whole_name_may_stand_between_the_keyword_and_its_list(self):
        text = (
            "RESOLVED:\n\nThe Place and Growth Scrutiny Board of Elmshire Council:\n\n1. Notes the plan.\n\n"
            "2. Asks for a report in May 2026, which should cover:\n\n\u00b7 rents; and\n\u00b7 empty shops.\n"
        )
        assert [label for label, _ in limbs(text)] == ["1.", "2."]
        assert [e.text for e in read(text).requests[0].elements] == ["rents", "empty shops."]

    def test_a_slash_and_a_dash_may_follow_the_keyword(self):
        assert limbs("RESOLVED/-\n\n1. That the fee be noted.\n2. That the Clerk be thanked.\n") == [
            ("1.", "That the fee be noted."),
            ("2.", "That the Clerk be thanked."),
        ]

    def test_a_decision_told_as_a_sentence_keeps_who_decided(self):
        text = (
            "Decision: The Strategy Group approved the plan.\n\n"
            "Decision: The Strategy Group agreed that the Head of Care should bring a report covering:\n\n"
            "1) waiting times\n2) staff numbers\n"
        )
        assert [words for _, words in limbs(text)] == [
            "The Strategy Group approved the plan.",
            "The Strategy Group agreed that the Head of Care should bring a report covering:",
        ]
        assert kinds(text) == ["approve", "request_report"]
        assert read(text).requests[0].from_ == "Head of Care"

    @pytest.mark.parametrize(
        "words", ["The Forum NOTED the figures.", "The Forum AGREED the rates for 2026/27."]
    )
    def test_a_decision_about_a_thing_is_told_whole(self, words):
        assert limbs(f"The Chair spoke. {words} The Clerk left.") == [(None, words)]

    def test_a_decision_that_something_be_done_begins_after_the_keyword(self):
        assert limbs("The Forum AGREED that the rates be set.") == [(None, "that the rates be set.")]

    def test_numbered_paragraphs_between_decision_and_minutes_do_not_make_it_count_twice(self):
        text = (
            "Agenda item\nTrees\nDecision:\n\n(a) That the plan be noted.\n\nMinutes:\n\n"
            "4.1 In answer to questions from members, the officers stated that:\n\na) elms were rare.\n\n"
            "RESOLVED:\n\n1. That the plan, as amended, be noted.\n"
        )
        assert limbs(text) == [("1.", "That the plan, as amended, be noted.")]

    def test_a_financial_year_alone_on_its_line_ends_the_sentence_above(self):
        assert limbs("RESOLVED:\n(1) That the rents be set for\n2026/27.\n\n(2) That it be noted.\n") == [
            ("(1)", "That the rents be set for 2026/27."),
            ("(2)", "That it be noted."),
        ]


class TestRequests:
    def one(self, text, day=None):
        (request,) = read(text, day).requests
        return request

    def test_who_when_and_what(self):
        request = self.one(
            "RESOLVED: That the Director of Parks be asked to report by 31 May 2025 on planting, "
            "watering and pruning."
        )
        assert (request.from_, request.due_end) == ("Director of Parks", date(2025, 5, 31))
        assert [e.text for e in request.elements] == ["planting", "watering", "pruning"]

    def test_elements_as_bullets_under_the_limb(self):
        request = self.one(
            "RESOLVED:\n(a) That a further report be submitted in May 2025 covering:\n• trees; and\n• hedges."
        )
        assert [e.text for e in request.elements] == ["trees", "hedges."]

    def test_elements_set_out_above_are_found_above(self):
        text = (
            "The Board wished to receive a further report in May 2025 covering the following "
            "elements:\n· Trees in parks.\n"
            "· Hedges, dependent upon the weather.\nRESOLVED:\n(a) That the report be noted.\n"
            "(b) That the Director provides a further report in May 2025 covering the elements set out above."
        )
        request = self.one(text)
        assert [e.text for e in request.elements] == [
            "Trees in parks.",
            "Hedges, dependent upon the weather.",
        ]
        assert request.elements[1].condition == "dependent upon the weather"
        assert request.resolution == 1

    def test_an_element_may_have_its_own_date(self):
        request = self.one(
            "RESOLVED:\n(a) That a report be submitted in May 2025 covering:\n• the audit to be done in "
            "March 2025;\n• hedges."
        )
        assert [e.due_end for e in request.elements] == [date(2025, 3, 31), None]

    def test_the_window_counts_from_the_meeting(self):
        text = "RESOLVED: That officers report back in six months on trees."
        assert self.one(text).due_start is None
        assert self.one(text, date(2024, 11, 5)).due_start == date(2025, 5, 1)

    def test_a_request_without_a_topic_has_one_element(self):
        request = self.one("RESOLVED that a progress report be presented to the Committee in January 2025.")
        assert [e.text for e in request.elements] == ["a progress report"]

    def test_a_noted_report_asks_for_nothing(self):
        assert read("RESOLVED: That the annual report to Council be noted.").requests == ()

    @pytest.mark.parametrize(
        "asked",
        [
            "Members asked for a report to show: rents charged; arrears owed; and homes left empty.",
            "The Board asked that a further report be prepared on (1) rents charged; (2) arrears owed; and "
            "(3) homes left empty.",
            "Cllr Ash moved that the Board ask for a report covering rents charged, arrears owed and homes left empty.",
            "It was suggested that the report should include rents charged, arrears owed and homes left empty.",
            "6.2 Members felt that the report should cover:\n\n1. rents charged;\n2. arrears owed; and\n"
            "3. homes left empty",
        ],
    )
    @pytest.mark.parametrize(
        "pointer",
        ["the matters requested above", "the points raised by Cllr Ash", "the items at (1) and (2) above"],
    )
    def test_a_limb_may_point_back_to_elements_told_in_the_discussion(self, asked, pointer):
        text = (
            f"Agenda item\n\nHomes\n\nThe report covered the following:\n- fees\n- fines\n\n{asked}\n\n"
            f"RESOLVED: That the Head of Homes report in May 2026 on {pointer}.\n"
        )
        (request,) = read(text).requests
        assert [e.text for e in request.elements] == ["rents charged", "arrears owed", "homes left empty"]

    def test_who_raised_a_matter_is_not_asked_to_report_on_it(self):
        text = "RESOLVED: That a report on the matters raised by Councillor Ash be brought to the Board in May 2026."
        assert read(text).requests[0].from_ is None

    def test_elements_of_another_item_are_not_pointed_to(self):
        text = (
            "1. HOMES\n\nMembers asked for a report to show: rents; arrears; and repairs.\n\n2. ROADS\n\n"
            "RESOLVED: That the Head of Roads report in May 2026 on the matters above.\n"
        )
        assert [e.text for e in read(text).requests[0].elements] == ["the matters above"]

    def test_what_was_reported_is_no_element(self):
        text = (
            "The report set out the position under these headings:\n- fees\n- fines\n\n"
            "RESOLVED: That a further report on the matters above be brought in May 2026.\n"
        )
        assert [e.text for e in read(text).requests[0].elements] == ["the matters above"]

    @pytest.mark.parametrize(
        "words",
        [
            "That the budget, as set out in Annex 2, be approved.",
            "That the Leader write to the Minister to set out the case for hedges.",
        ],
    )
    def test_setting_out_is_not_always_a_report_to_come(self, words):
        assert read(f"RESOLVED: {words}").requests == ()

    def test_the_last_of_the_list_takes_up_the_form_of_the_one_before(self):
        text = (
            "RESOLVED: That the Clerk submit a report with details of the cost of each site, of the effect on noise "
            "and of the views of staff and the public."
        )
        assert [e.text for e in read(text).requests[0].elements][-1] == "the views of staff and the public"

    def test_a_meeting_named_by_its_month_is_the_next_of_that_month(self):
        text = "RESOLVED: That the Head of Care report to the July meeting on rents."
        (request,) = read(text, date(2025, 10, 4)).requests
        assert (request.due_start, request.due_end) == (date(2026, 7, 1), date(2026, 7, 31))


class TestPeople:
    def test_a_present_block_over_several_lines(self):
        text = "PRESENT: Mr A Ash (Chairman), Mrs B Birch, OBE,\nMr C St John-Elm and\nDr D Fir\n\n1. Apologies\n"
        assert present(text) == [
            ("Mr A Ash", "Chairman"),
            ("Mrs B Birch, OBE", None),
            ("Mr C St John-Elm", None),
            ("Dr D Fir", None),
        ]

    def test_one_title_for_many(self):
        assert [n for n, _ in present("Present: Councillors Ash (Chair), Birch, F. Fir and Ó Briain")] == [
            "Ash",
            "Birch",
            "F. Fir",
            "Ó Briain",
        ]

    def test_roles_with_commas_in_brackets(self):
        text = "IN ATTENDANCE: Ms A Ash (Director of Trees, Hedges and Parks), Mr B Birch (Clerk)"
        assert present(text) == [("Ms A Ash", "Director of Trees, Hedges and Parks"), ("Mr B Birch", "Clerk")]

    def test_a_bulleted_list_for_the_item(self):
        text = (
            "The following were in attendance for this item:\n· Jane Ash, Head of Trees, Parks Trust\n· "
            "Tom Fir – Ranger"
        )
        assert present(text) == [("Jane Ash", "Head of Trees, Parks Trust"), ("Tom Fir", "Ranger")]

    def test_a_sentence_for_the_item(self):
        text = "Jane Ash, Head of Trees & Hedges and Tom Fir, Director of Parks were in attendance for this item."
        assert present(text) == [("Jane Ash", "Head of Trees & Hedges"), ("Tom Fir", "Director of Parks")]

    def test_the_role_may_come_first(self):
        assert present("The Director of Parks (Jane Ash) introduced the report.") == [
            ("Jane Ash", "Director of Parks")
        ]

    def test_a_post_without_a_name_is_nobody(self):
        assert (
            present(
                "Officers: Head of Trees, Democratic Officer\n\nThe Director of Parks introduced the report."
            )
            == []
        )

    def test_members_who_asked_questions_are_no_attendance_list(self):
        assert present("The following Members asked questions:\n· Councillor Ash\n· Councillor Fir") == []

    def test_the_same_person_counts_once(self):
        text = (
            "IN ATTENDANCE: Mr J Ash (Head of Trees)\n\n1. Trees\n\nJohn Ash (Head of Trees) was in "
            "attendance for this item."
        )
        assert len(present(text)) == 1

    def test_namesakes_with_different_titles_are_two(self):
        assert len(present("Present: Councillors Mrs W. Ash, Miss W. Ash and Fir")) == 3

    def test_a_place_holds_the_name(self):
        minutes = read("Present: Councillors Ann Able, Jane\nAsh (Chair) and Tom Fir")
        found = [minutes.text[a.at[0] : a.at[1]].split() for a in minutes.attendance]
        assert found == [["Ann", "Able"], ["Jane", "Ash"], ["Tom", "Fir"]]

    def test_rows_of_a_table_are_one_person_each(self):
        text = (
            "Attendees:\n\nName                    Role                        Agency\n"
            "Ann Roe (DR)            Chief Nurse                 Elm ICB\n"
            "Bo Fir (BF)             Head of Public Protection   Elm Police\n"
            "Cy Oak                  Business Manager            Elm Council\n\n1. Welcome\nText.\n"
        )
        assert present(text) == [
            ("Ann Roe", "Chief Nurse, Elm ICB"),
            ("Bo Fir", "Head of Public Protection, Elm Police"),
            ("Cy Oak", "Business Manager, Elm Council"),
        ]

    def test_a_line_with_a_name_and_a_role_in_brackets_is_one_person(self):
        wrapped = "The Board heard how the new rounds had been drawn up and why it took\nso long to do it.\n"
        text = (
            "Also present:\nCllr Ann Roe (Cabinet Member for Roads, Parks and Open Spaces)\n"
            f"Bo Fir (Director of Roads)\n\n{wrapped * 6}"
        )
        assert [name for name, _ in present(text)] == ["Cllr Ann Roe", "Bo Fir"]

    def test_names_without_titles_stand_under_the_sectors_they_speak_for(self):
        text = (
            "Membership and attendance\n\nPrimary Heads\nAnn Roe (Oak Primary)\nBo Fir (Elm Primary)\n\n"
            "Academies\nCy Oak (Ash Academy) - Chair\n\n1. Apologies\n\nNone.\n"
        )
        assert [name for name, _ in present(text)] == ["Ann Roe", "Bo Fir", "Cy Oak"]

    @pytest.mark.parametrize(
        "words",
        [
            "The following guests were present: Ann Roe, Head of Care; and Bo Fir, Chief Nurse.",
            "The following were in attendance:-\n\n\u00b7 Ann Roe, Head of Care\n\n\u00b7 Bo Fir, Chief Nurse\n",
            "The Head of Care, Ann Roe, introduced the plan. The Chief Nurse, Bo Fir, spoke to it.",
        ],
    )
    def test_people_named_for_the_item_have_their_posts(self, words):
        assert present(words) == [("Ann Roe", "Head of Care"), ("Bo Fir", "Chief Nurse")]


class TestAbsence:
    @pytest.mark.parametrize(
        "words",
        [
            "Apologies for absence were received from Councillors Ash and Fir.",
            "Apologies: Councillor Ash and Councillor Fir",
            "1. APOLOGIES\nThese were received from Councillors Ash and Fir.",
            "Apologies were submitted on behalf of Councillor Ash and Councillor Fir.",
            "The Clerk reported apologies from Councillor Ash and Councillor Fir.",
            "APOLOGIES FOR ABSENCE:\nCouncillor Ash\nCouncillor Fir",
        ],
    )
    def test_names_after_any_lead_in(self, words):
        assert [name.split()[-1] for name in absent(words)] == ["Ash", "Fir"]

    @pytest.mark.parametrize(
        "words",
        [
            "Apologies: None",
            "No apologies were received.",
            "1. APOLOGIES\nNone.",
            "Councillor Ash gave apologies for lateness.",
        ],
    )
    def test_nobody_absent_gives_an_empty_list(self, words):
        assert absent(words) == []

    @pytest.mark.parametrize(
        "words",
        [
            "Councillor Ash substituted for Councillor Fir.",
            "Councillor Ash attended as a substitute for Councillor Fir.",
            "Apologies were received from Councillor Fir (Councillor Ash attending as substitute).",
            "Councillor Fir was substituted by Councillor Ash.",
            "Apologies were received from Councillor Fir, for whom Councillor Ash was present.",
            "Councillor Ash declared that she was attending as substitute for Councillor Fir.",
            "PRESENT: Councillor Ash (as substitute for Councillor Fir), Councillor Elm",
            (
                "Councillor Fir had resigned temporarily from the Panel and Councillor Ash had been "
                "appointed in their place."
            ),
        ],
    )
    def test_who_sat_in_for_whom(self, words):
        assert subs(words) == [("Councillor Ash", "Councillor Fir")]

    def test_the_list_goes_on_after_who_was_substituted(self):
        assert absent(
            "Apologies were received from Cllr A Ash (Elm), who was replaced by Cllr B Oak, and Cllr C Fir (Yew)."
        ) == ["Cllr A Ash", "Cllr C Fir"]


class TestMotions:
    def one(self, text):
        (motion,) = read(text).motions
        return motion

    @pytest.mark.parametrize(
        "words",
        [
            "It was moved by Councillor Ash and seconded by Councillor Fir that trees be planted.",
            "Councillor Ash proposed, and Councillor Fir seconded, that trees be planted.",
            "Councillor Ash, seconded by Councillor Fir, moved that trees be planted.",
            "Councillor Ash moved that trees be planted. The motion was seconded by Councillor Fir.",
            "Proposed: Councillor Ash. Seconded: Councillor Fir.",
        ],
    )
    def test_mover_and_seconder(self, words):
        motion = self.one(f"{words}\n\nThe motion was put to the vote and declared LOST by 4 votes to 11.")
        assert (motion.mover, motion.seconder, motion.outcome) == ("Councillor Ash", "Councillor Fir", "lost")
        assert (motion.votes_for, motion.votes_against) == (4, 11)

    @pytest.mark.parametrize(
        ("words", "outcome"),
        [
            ("The motion was CARRIED.", "carried"),
            ("The motion was NOT CARRIED.", "lost"),
            ("All agreed.", "carried"),
            ("There being no seconder the motion fell.", "lost"),
            ("With the consent of the Council he withdrew the motion.", "withdrawn"),
            ("The Board decided (by a majority vote) not to support the suggestion.", "lost"),
        ],
    )
    def test_outcomes(self, words, outcome):
        assert self.one(f"Councillor Ash moved that trees be planted.\n\n{words}").outcome == outcome

    def test_named_lists(self):
        motion = self.one(
            "Mr Ash proposed and Mr Fir seconded that trees be planted.\n\nFor (2)\n\nMr Ash, Mr "
            "Fir\n\nAgainst (1)\n\nMrs Elm\n\nAbstain (0)\n\nMotion carried."
        )
        assert [n.name for n in motion.recorded_for] == ["Mr Ash", "Mr Fir"]
        assert [n.name for n in motion.recorded_against] == ["Mrs Elm"]
        assert (motion.abstained, motion.votes_for, motion.votes_abstained, motion.how_decided) == (
            (),
            2,
            0,
            "recorded_vote",
        )

    def test_one_member_a_line(self):
        motion = self.one(
            "Moved by Councillor Ash, seconded by Councillor Fir.\n\nAsh      For\nFir      For\nElm     "
            " Against\n\nThe motion was CARRIED."
        )
        assert [n.name for n in motion.recorded_against] == ["Elm"]

    def test_counts_are_never_made_from_names(self):
        motion = self.one(
            "Moved by Mr Ash, seconded by Mr Fir.\n\nFor: Mr Ash and Mr Fir\nAgainst: Mrs Elm\n\nCARRIED"
        )
        assert (motion.votes_for, motion.votes_against) == (None, None)

    def test_votes_recorded_at_a_members_wish(self):
        text = (
            "Councillor Ash suggested that the Board recommend that trees be planted. On a vote the "
            "suggestion was not supported.\n"
            "RESOLVED:\n(a) That it be noted.\n(In accordance with Procedure Rule 9.4 Councillors Ash "
            "and Fir asked that it be recorded "
            "that they voted for the suggestion, and Councillor Elm that she abstained.)"
        )
        motion = self.one(text)
        assert ([n.name for n in motion.recorded_for], [n.name for n in motion.abstained]) == (
            ["Ash", "Fir"],
            ["Councillor Elm"],
        )
        assert "9.4" in motion.rule

    def test_the_fate_of_the_substantive_motion_is_the_first_motions(self):
        text = (
            "Mr Ash proposed and Mr Fir seconded the motion that trees be planted.\n\nMr Elm proposed "
            "and Mrs Oak seconded an amendment.\n\n"
            "The amendment was lost.\n\nThe substantive motion was put to the vote and carried."
        )
        assert [(m.mover, m.outcome) for m in read(text).motions] == [
            ("Mr Ash", "carried"),
            ("Mr Elm", "lost"),
        ]

    def test_a_count_may_name_its_voters_in_brackets(self):
        (motion,) = read(
            "It was proposed by Cllr Ash and seconded by Cllr Oak that the fee be £5. Votes for: 4. Votes against: 1. "
            "Abstained: 1 (Cllr Yew). Carried."
        ).motions
        assert [n.name for n in motion.abstained] == ["Cllr Yew"]
        assert (motion.recorded_against, motion.votes_for, motion.outcome) == ((), 4, "carried")

    def test_all_who_are_named_with_voting_against_voted_against(self):
        (motion,) = read(
            "It was moved by Cllr Ash and seconded by Cllr Oak that the fee be £5. Motion carried with Cllrs Elm and "
            "Fir voting against and Cllr Yew abstaining."
        ).motions
        assert [n.name for n in motion.recorded_against] == ["Elm", "Fir"]
        assert [n.name for n in motion.abstained] == ["Cllr Yew"]

    def test_a_wish_about_the_amendment_goes_to_the_amendment(self):
        first, second = read(
            "Cllr Ash moved, seconded by Cllr Oak, that the fee be £5.\n\nAn amendment was moved by Cllr Elm and "
            "seconded by Cllr Fir that the fee be £4. The amendment was carried and became the substantive motion. "
            "Cllr Yew asked that his vote against the amendment be recorded.\n\nThe substantive motion was carried."
        ).motions
        assert [n.name for n in second.recorded_against] == ["Cllr Yew"]
        assert first.recorded_against == ()

    @pytest.mark.parametrize(
        ("count", "outcome"), [("4 in favour and 1 against", "carried"), ("2 for and 5 against", "lost")]
    )
    def test_the_numbers_alone_tell_the_fate(self, count, outcome):
        (motion,) = read(
            f"Cllr Ash proposed, seconded by Cllr Oak, that the hedge be cut. The vote was {count}."
        ).motions
        assert motion.outcome == outcome

    def test_the_motion_is_lost_when_more_were_for_the_amendment(self):
        first, second = read(
            "Cllr Ash moved, seconded by Cllr Oak, that the hedge be cut.\n\nCllr Elm moved an amendment, seconded by "
            "Cllr Fir, that the hedge be kept.\n\nFor the motion - 4 votes\nFor the amendment - 6 votes\n\n"
            "Decision\n\nTo approve the amendment by Cllr Elm.\n"
        ).motions
        assert (first.outcome, second.outcome) == ("lost", "carried")


class TestTheRest:
    def test_the_head_of_the_page(self):
        minutes = read(
            "ELMSHIRE COUNTY COUNCIL\n\nTREES SCRUTINY PANEL\n\nMINUTES of a meeting of the Trees "
            "Scrutiny Panel held on Tuesday, 5 March 2024.\n"
        )
        assert (minutes.council, minutes.committee, minutes.meeting_date) == (
            "Elmshire County Council",
            "Trees Scrutiny Panel",
            date(2024, 3, 5),
        )

    def test_a_given_date_wins(self):
        assert read("Minutes of a meeting held on 5 March 2024", date(2024, 3, 6)).meeting_date == date(
            2024, 3, 6
        )

    def test_the_date_of_a_report_is_not_the_meetings(self):
        assert (
            read("Agenda item\nTrees\nMinutes:\nThe report dated 5 March 2024 was received.").meeting_date
            is None
        )

    def test_errata(self):
        (erratum,) = read(
            'The Chair highlighted that page 4 was wrong and should read "twelve" and not "ten".'
        ).errata
        assert (erratum.correct, erratum.wrong, erratum.announced_by, erratum.subject) == (
            "twelve",
            "ten",
            "Chair",
            "page 4",
        )

    @pytest.mark.parametrize(
        ("words", "count"),
        [
            ("The Clerk said that in minute 9/25 the date of the visit should be 8 July 2025.", 1),
            ("The total for Elm should have been 806 and a corrected table would be sent.", 1),
            ("RESOLVED: That, subject to the above correction, the minutes be approved.", 0),
            ("RESOLVED: That the work programme be agreed, subject to the addition of an item on hedges.", 0),
        ],
    )
    def test_what_is_put_right_and_what_is_not(self, words, count):
        assert len(read(words).errata) == count

    def test_a_correction_referred_to_is_not_counted_again(self):
        text = (
            'Mr Ash said that minute 4 should read "ten".\n\nRESOLVED that, subject to the correction at '
            "paragraph 1, the minutes be approved."
        )
        assert len(read(text).errata) == 1

    def test_appendices_and_supporting_documents(self):
        minutes = read(
            "· Appendix 1 – Tree Plan\n· Appendix B – Hedges\nSupporting documents:\nCover report, item "
            "3. PDF 188 KB\n"
        )
        assert [(p.number, p.title) for p in minutes.appendices] == [("1", "Tree Plan"), ("B", "Hedges")]
        assert [d.text for d in minutes.supporting_documents] == ["Cover report"]

    def test_an_empty_list_of_documents_stays_empty(self):
        assert read("Minutes:\nText.\nSupporting documents:").supporting_documents == ()

    def test_undertakings_and_missed_asks_stand_beside_the_resolutions(self):
        minutes = read(
            "The Director agreed to provide the figures. Members requested that data on hedges be "
            "circulated.\n\nRESOLVED: That it be noted."
        )
        assert [u.text for u in minutes.undertakings] == ["The Director agreed to provide the figures."]
        assert len(minutes.missed) == 2

    def test_page_numbers_inside_a_sentence_are_left_out(self):
        text = "RESOLVED that the proposed scheme for the planting of\n\n                  3\n\ntrees be approved.\n"
        assert limbs(text) == [(None, "that the proposed scheme for the planting of trees be approved.")]

    def test_as_json_has_exactly_these_keys(self):
        assert " ".join(read("").as_json()) == (
            "council committee meeting_date item_title attendance apologies substitutes resolutions requests motions "
            "errata appendices sections supporting_documents undertakings"
        )

    @pytest.mark.parametrize(
        "line",
        [
            "\u2022 Meeting of Parks Scrutiny Board, Monday, 3rd March, 2025 5.30 pm (Item 6.)",
            "Meeting: 03/03/2025 - Parks Scrutiny Board (Item 6)",
        ],
    )
    def test_the_page_of_one_item_says_whose_meeting_it_was(self, line):
        minutes = read(f"Agenda item\n\nTrees and Hedges\n\n{line}\n\nMinutes:\n\nText.\n")
        assert (minutes.committee, minutes.meeting_date) == ("Parks Scrutiny Board", date(2025, 3, 3))
        assert minutes.item_title == "Trees and Hedges"

    def test_the_foot_of_the_page_is_no_document(self):
        text = "Minutes:\nText.\nSupporting documents:\nCover report, item 3. PDF 188 KB\nPrivacy notice\n"
        assert [d.text for d in read(text).supporting_documents] == ["Cover report"]


def test_votes_told_under_there_voted_with_dots_to_the_number_in_the_margin():
    motion = read(
        "It was moved by Councillor Ash, seconded by Councillor Birch: “That the pool be kept open.”\n\n"
        "The motion was put to the vote and was lost.\n\nThere voted for the motion:\n\n"
        "Councillors Ash and Birch ........................ 2\n\nThere voted against the motion:\n\n"
        "Councillors Cedar, Elm and T Fir ................. 3\n\nThere abstained from voting:\n\n"
        "The Mayor (Councillor Hazel) ..................... 1\n"
    ).motions[0]
    assert [name.name for name in motion.recorded_for] == ["Ash", "Birch"]
    assert [name.name for name in motion.recorded_against] == ["Cedar", "Elm", "T Fir"]
    assert [name.name for name in motion.abstained] == ["Councillor Hazel"]


def test_a_list_goes_on_with_aldermen_below_the_chair():
    found = read(
        "Members present:      Councillor Reed (Chairperson);\n"
        "                      Aldermen Fern and Moss;\n"
        "                      Councillors Heath, P. Ivy and Vine.\n"
    ).attendance
    assert [a.name for a in found] == ["Councillor Reed", "Fern", "Moss", "Heath", "P. Ivy", "Vine"]


def test_numerals_inside_a_lettered_list_run_into_the_sentence_are_elements():
    found = read(
        "Resolved – (a) That the report be noted; and (b) that the Head of Pools submit a further report to this "
        "panel in March 2026 covering (i) the cost of heating, (ii) the use of lanes, and (iii) lessons for schools."
    )
    assert [limb.label for limb in found.resolutions] == ["(a)", "(b)"]
    assert [element.text for element in found.requests[0].elements] == [
        "the cost of heating",
        "the use of lanes",
        "lessons for schools",
    ]


def test_what_the_committee_also_requested_below_its_list_is_a_resolution_with_its_elements():
    found = read(
        "RESOLVED: The Committee made the following recommendations:\n\n1. That the Cabinet Member writes to the "
        "Minister.\n\n2. That each Member be given training.\n\nand the Committee requested that a further report be "
        "presented to the Committee in June 2026 detailing:\n\na. the action plan;\n\nb. the numbers of staff.\n"
    )
    assert len(found.resolutions) == 3
    assert found.requests[-1].due_text == "June 2026"
    assert [element.text for element in found.requests[-1].elements] == [
        "the action plan",
        "the numbers of staff.",
    ]
