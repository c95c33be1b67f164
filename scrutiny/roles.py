"""The roles of the product as data. A role is held through `RoleAssignment`, for a time, a board or a body.

Separations (domain D.7): the administrator does not edit the record; a contributor sees only what was asked of
their own organisation; nobody but an officer records the Board's judgement. Review cases that are not published
exist only for the partnership's business unit, its scrutineer and officers named for it (D-2).
"""

from scrutiny.toolkit.access import Role

VIEW = {"view_record", "view_actions", "view_history"}

ROLES = [
    Role(
        "officer",
        "Democratic services officer",
        "Keeps the record: brings minutes in, chases, records progress and the Board's judgement.",
        frozenset(
            VIEW
            | {
                "view_drafts",
                "edit_record",
                "edit_reference",
                "import_minutes",
                "edit_actions",
                "record_progress",
                "chase",
                "judge",
                "link_learning",
            }
        ),
    ),
    Role(
        "chair",
        "Chair",
        "Sees everything about the Board, drafts included, and changes nothing.",
        frozenset(VIEW | {"view_drafts"}),
    ),
    Role(
        "member",
        "Board member",
        "Sees published minutes, what was asked, what became of it and its history.",
        frozenset(VIEW),
    ),
    Role(
        "contributor",
        "Contributor",
        "Sees what was asked of their own organisation, and published minutes.",
        frozenset({"view_record", "view_own_actions", "view_own_learning"}),
        own=frozenset({"move_learning", "answer_requests"}),
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
        "Reads everything and every history, and changes nothing.",
        frozenset(VIEW | {"view_drafts", "audit"}),
    ),
    Role(
        "governance",
        "Information governance",
        "Reads what the auditor reads; the second person who approves that words are taken out of the record for good.",
        frozenset(VIEW | {"view_drafts", "audit", "redact"}),
    ),
    Role(
        "administrator",
        "Administrator",
        "Manages users, roles and reference data in the administration pages.",
        frozenset({"view_record", "administer"}),
    ),
]

ROLE = {role.code: role for role in ROLES}
