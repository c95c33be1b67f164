"""Who and what there is in the Borough of Exampleton. Everybody and every body here is made up."""

from dataclasses import dataclass

COUNCIL = "Borough of Exampleton"

ORGANISATIONS = [  # name, short name, kind, other names
    (COUNCIL, "Exampleton", "council", ["Exampleton Borough Council"]),
    ("Executive of the Borough of Exampleton", "Executive", "council", ["Executive Board", "The Executive"]),
    (
        "Exampleton Safeguarding Children Partnership Executive",
        "ESCP Executive",
        "partnership",
        ["Exampleton Safeguarding Children Partnership", "ESCP"],
    ),
    ("Exampleton Safeguarding Adults Board", "ESAB", "partnership", ["Safeguarding Adults Board"]),
    (
        "Wenlow Valley Integrated Care Board",
        "Wenlow Valley ICB",
        "health",
        ["NHS Wenlow Valley", "Integrated Care Board"],
    ),
    ("Exampleton General Hospital NHS Trust", "Exampleton General", "health", []),
    ("Wenlow Valley Police", "", "police", ["Wenlow Valley Constabulary"]),
    ("Children and Families Directorate", "", "council", ["Director of Children and Families"]),
    ("Adult Social Care Directorate", "", "council", ["Director of Adult Social Care"]),
    ("Environment and Highways Directorate", "", "council", ["Director of Environment and Highways"]),
    ("Wenlow Water", "", "other", ["Wenlow Water Services"]),
    ("Healthwatch Exampleton", "", "voluntary", []),
]


@dataclass(frozen=True)
class Holder:
    """Somebody in a post, from the first day of the record or since the post changed hands."""

    style: str
    name: str
    honours: str = ""
    until_handover: bool = False
    from_handover: bool = False


POSTS = [  # organisation, title, holders
    (
        "ESCP Executive",
        "Business Manager",
        [Holder("", "Gareth Loxley", until_handover=True), Holder("", "Lena Fischer", from_handover=True)],
    ),
    ("ESCP Executive", "Independent Scrutineer", [Holder("Dr", "Kwabena Asante-Lisle", "OBE")]),
    ("ESAB", "Independent Chair", [Holder("", "Marguerite Fontaine-Obi")]),
    ("Children and Families Directorate", "Director", [Holder("", "Imogen Hartnoll")]),
    ("Adult Social Care Directorate", "Director", [Holder("", "Stellan Bergqvist")]),
    ("Environment and Highways Directorate", "Director", [Holder("", "Emeka Thornbury")]),
    ("Wenlow Valley ICB", "Medical Director", [Holder("Dr", "Anneliese Obuya-Crane")]),
    ("Wenlow Valley Police", "District Commander", [Holder("Chief Superintendent", "Rowena Pickersgill")]),
]

ADDRESSES = {  # where the holders of posts get their messages
    "ESCP Executive": "escp.exampleton.example",
    "ESAB": "esab.exampleton.example",
    "Children and Families Directorate": "exampleton.example",
    "Adult Social Care Directorate": "exampleton.example",
    "Environment and Highways Directorate": "exampleton.example",
    "Wenlow Valley ICB": "icb.wenlow.example",
    "Wenlow Valley Police": "police.wenlow.example",
}
SHARED_ADDRESSES = {  # of bodies as a whole; the Executive has none
    "ESCP Executive": "office@escp.exampleton.example",
    "Wenlow Water": "scrutiny@water.wenlow.example",
}


def email_of(body, name):
    """gareth.loxley@escp.exampleton.example"""
    return f"{name.lower().replace(' ', '.')}@{ADDRESSES[body]}"


BOARDS = {  # code: name, tracking scheme
    "CF": ("Scrutiny Board (Children and Families)", "Six categories"),
    "AH": ("Scrutiny Board (Adults and Health)", "Six categories"),
    "PE": ("Scrutiny Board (Place and Environment)", "Green, amber and red"),
}


@dataclass(frozen=True)
class Seat:
    """A seat on a board: held all along, or only before or since the last annual meeting."""

    name: str
    role: str = "member"
    style: str = "Councillor"
    before: bool = True
    since: bool = True


SEATS = {
    "CF": [
        Seat("Chidi Okonkwo", "chair"),
        Seat("Mary O’Dowd"),
        Seat("Aisling Brannigan-Holt"),
        Seat("Rashida Chowdhury"),
        Seat("Tomos ap Gwilym"),
        Seat("Zoë Lindqvist"),
        Seat("Ferelith Stainforth"),
        Seat("Wilfred Tanqueray"),
        Seat("Hartley Umeh", since=False),
        Seat("Saoirse Kettlewell", before=False),
        Seat("José Núñez-Whitby", "coopted_voting", "Mr"),
        Seat("Hyun-ju Pak", "coopted_non_voting", "Ms"),
    ],
    "AH": [
        Seat("Percival Oyelaran", "chair", since=False),
        Seat("Frances Ollerenshaw", "member", since=False),
        Seat("Frances Ollerenshaw", "chair", before=False),
        Seat("Gurdeep Sandhu"),
        Seat("Beatrix van der Linde"),
        Seat("İkbal Yıldız"),
        Seat("Siân Trefor-Hughes"),
        Seat("Desmond Achebe-Quill"),
        Seat("Ottoline Fairweather"),
        Seat("Lowell Prudhoe", before=False),
        Seat("Mirela Ionescu", "coopted_non_voting", "Dr"),
    ],
    "PE": [
        Seat("Solveig Årdal-Pike", "chair"),
        Seat("Marek Wójcik"),
        Seat("Honor Petherbridge"),
        Seat("Jamal Idrissi"),
        Seat("Eluned Crabtree"),
        Seat("Barnaby Stott-Osei"),
        Seat("Priyanka Raghunathan"),
        Seat("Caoimhe Ní Bhriain"),
        Seat("Nathaniel d’Arcy-Mbeki", since=False),
    ],
}

FORMER_OFFICER = ("hugh", "Hugh", "Bannister")
