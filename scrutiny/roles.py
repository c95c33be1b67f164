"""The roles of the product as data. A role is held through `RoleAssignment`, for a time, a board or a body.

Separations (domain D.7): whoever wrote minutes does not publish them (`scrutiny.publication`); whoever answers for a
body records no judgement on what was asked of it; the administrator edits nothing and holds no role that does
(`RoleAssignment.clean`); a contributor sees only what was asked of their own organisation. Review cases that are not
published exist only for the partnership's business unit, its scrutineer and officers named for it (D-2).
"""

from scrutiny.toolkit.access import Role

VIEW = {"view_record", "view_actions", "view_history"}
OWNER_DOES_NOT_JUDGE = {
    "judge": "You answer for the body this was asked of, so another officer records the Board’s judgement on it."
}

# Whoever holds no more than this signs in with a password alone. Everybody who can write, or see what is not
# published, takes a second step (K-2).
PASSWORD_IS_ENOUGH = frozenset(VIEW | {"view_own_actions", "view_own_learning"})

ROLES = [
    Role(
        "officer",
        "Democratic services officer",
        "Keeps the record: brings minutes in, chases, records progress and the Board's judgement.",
        frozenset(
            VIEW
            | {
                "view_drafts",
                "view_exempt",
                "edit_record",
                "edit_reference",
                "import_minutes",
                "edit_actions",
                "record_progress",
                "chase",
                "judge",
                "link_learning",
                "move_minutes",
            }
        ),
    ),
    Role(
        "publisher",
        "Publisher",
        "Publishes minutes that somebody else wrote: a senior officer, the second pair of eyes.",
        frozenset(VIEW | {"view_drafts", "view_exempt", "move_minutes", "publish"}),
    ),
    Role(
        "chair",
        "Chair",
        "Sees everything about the Board, drafts and exempt items included, and changes nothing.",
        frozenset(VIEW | {"view_drafts", "view_exempt"}),
    ),
    Role(
        "member",
        "Board member",
        "Sees published minutes, what was asked, what became of it and its history.",
        frozenset(VIEW | {"view_exempt_by_right", "view_exempt_by_decision"}),
    ),
    Role(
        "coopted_member",
        "Co-opted member",
        "Sees what a board member sees, but of exempt items only those that a decision shows to members.",
        frozenset(VIEW | {"view_exempt_by_decision"}),
    ),
    Role(
        "contributor",
        "Contributor",
        "Sees what was asked of their own organisation, and published minutes.",
        frozenset({"view_record", "view_own_actions", "view_own_learning"}),
        own=frozenset({"move_learning", "answer_requests"}),
        bars=OWNER_DOES_NOT_JUDGE,
    ),
    Role(
        "business_unit",
        "Partnership business unit",
        "Keeps the partnership's review cases, and what was learned from them, before and after publication.",
        frozenset(
            {
                "view_record",
                "view_own_actions",
                "view_cases",
                "edit_cases",
                "move_learning",
                "assure_learning",
                "link_learning",
            }
        ),
        own=frozenset({"answer_requests"}),
        bars=OWNER_DOES_NOT_JUDGE,
    ),
    Role(
        "scrutineer",
        "Independent scrutineer",
        "Reads the partnership's review cases before they are published, and what was asked; changes nothing.",
        frozenset(VIEW | {"view_cases"}),
    ),
    Role(
        "named_officer",
        "Officer named for review cases",
        "Reads review cases before they are published, by name and for a time.",
        frozenset(VIEW | {"view_cases"}),
    ),
    Role(
        "auditor",
        "Auditor",
        "Reads the record and every history, review cases and exempt items only for a reason; changes nothing.",
        frozenset(VIEW | {"view_drafts", "audit", "review_access", "view_seals"}),
    ),
    Role(
        "governance",
        "Information governance",
        "Reads what the auditor reads; the second person who approves that words are taken out of the record for good.",
        frozenset(VIEW | {"view_drafts", "audit", "review_access", "view_seals", "redact"}),
    ),
    Role(
        "administrator",
        "Administrator",
        "Manages users, roles and reference data in the administration pages.",
        frozenset({"view_record", "administer", "review_access", "view_seals"}),
    ),
]

PERMISSIONS = {  # what each lets a person do, as "Who can do what" says it
    "view_record": "Read published minutes, reports, boards, people and published reviews",
    "view_drafts": "Read minutes that are not published yet",
    "view_exempt": "Read exempt and confidential items, and all that hangs on them",
    "view_exempt_by_right": "Read items exempt under paragraphs 3 and 6, as a councillor may",
    "view_exempt_by_decision": "Read exempt and confidential items that are shown to members",
    "view_actions": "Read everything that was asked, and what became of it",
    "view_own_actions": "Read what was asked of their own body",
    "view_history": "Read who changed what, when and why",
    "edit_record": "Enter and correct meetings, minutes, people and organisations",
    "import_minutes": "Bring minutes and trackers in",
    "move_minutes": "Pass minutes on for checking, take them back, and record that they were approved",
    "publish": "Publish minutes that somebody else wrote",
    "edit_actions": "Open actions, and change what they say and when they are due",
    "record_progress": "Record progress, evidence and answers",
    "chase": "Open rounds, chase, and send letters and messages",
    "answer_requests": "Answer what was asked in a round",
    "judge": "Record what the Board judged",
    "edit_reference": "Keep the glossary and the themes",
    "view_cases": "Read review cases before they are published",
    "edit_cases": "Keep review cases, and what was learned from them",
    "view_own_learning": "Read the learning that their own body owns",
    "move_learning": "Say how far learning has come, and what shows it",
    "assure_learning": "Assure that learning has arrived, which its owner never does",
    "link_learning": "Link learning to what the Board asked",
    "review_access": "See who holds which role, and when they last signed in",
    "audit": "Read what happened on the site, and for a logged reason what is kept back",
    "view_seals": "See how the history is sealed, and when it was verified",
    "redact": "Approve that words are taken out for good, and that old records are disposed of",
    "administer": "Keep users, roles and reference data in the administration pages",
}
SEPARATIONS = [  # D.7: what holds whatever roles somebody has
    "Whoever wrote anything of the minutes of a meeting does not publish them.",
    "Whoever took a review case to the step before does not publish it.",
    "Whoever answers for a body does not record the Board’s judgement on what was asked of it.",
    "An administrator holds no role that edits at the same time.",
    "Whoever owns learning reports it complete; somebody else assures it.",
]

ROLE = {role.code: role for role in ROLES}
ONLY_READING = ("view_", "audit", "administer", "review_access")
EDITING = [
    role.code for role in ROLES if any(not p.startswith(ONLY_READING) for p in (*role.permissions, *role.own))
]
