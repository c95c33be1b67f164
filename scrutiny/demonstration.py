"""The accounts of the demonstration council. Everything about it is made up; none of this exists in production."""

PASSWORD = "exampleton-demo-2026"

ACCOUNTS = [  # user name, first and last name, role
    ("olivia", "Olivia Marsh", "officer"),
    ("petra", "Petra Novak", "publisher"),
    ("chidi", "Chidi Okonkwo", "chair"),
    ("mary", "Mary O’Dowd", "member"),
    ("lena", "Lena Fischer", "contributor"),
    ("bea", "Bea Lindley", "business_unit"),
    ("ben", "Ben Achterberg", "business_unit"),
    ("kwabena", "Kwabena Asante-Lisle", "scrutineer"),
    ("arun", "Arun Patel", "auditor"),
    ("grace", "Grace Ellery", "governance"),
    ("ada", "Ada Brook", "administrator"),
]


def accounts():
    return [{"username": name, "password": PASSWORD, "role": role} for name, _, role in ACCOUNTS]
