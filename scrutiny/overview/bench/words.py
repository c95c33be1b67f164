"""What is said at made-up meetings. Nobody and nothing in it is real."""

TOPICS = [
    "early help for families",
    "school attendance",
    "the front door and referrals",
    "children missing from home",
    "neglect",
    "domestic abuse in families with young children",
    "exploitation outside the home",
    "the recruitment of foster carers",
    "permanence planning",
    "care leavers' housing",
    "the timeliness of health assessments",
    "elective home education",
    "suspensions and exclusions",
    "support for young carers",
    "the local offer for special educational needs",
    "transition to adult services",
    "waiting times for speech and language therapy",
    "the participation of children in reviews",
    "unaccompanied children seeking asylum",
    "supervision of social workers",
    "the workforce strategy",
    "information sharing between agencies",
    "private fostering",
    "online safety",
    "the voice of the child in assessments",
    "infant mental health",
    "alternative provision",
    "children placed out of the area",
    "the designated officer's caseload",
    "independent reviewing officers",
]
REQUESTS = [
    "That a report on {topic} be brought to the Board, setting out the numbers for each locality.",
    "That the partnership be asked to explain what has changed for families as a result of its work on {topic}.",
    "That the directorate provide a breakdown of performance on {topic}, with the comparison of neighbours.",
    "That the Board receive the improvement plan for {topic} together with the risks that were identified.",
    "That the Executive be recommended to review the funding of {topic} before the budget is set.",
]
ASKS = [
    "to set out the number of cases in each quarter and the reasons for the change",
    "to show how the views of children and parents shaped the plan for {topic}",
    "to say which agencies have not yet signed the protocol, and by when they will",
    "to bring the findings of the audit and the actions that follow from it",
    "to give assurance that staff were trained, and what difference the training made",
    "to report the outcomes for children after twelve months",
    "to compare the time taken with the target in the practice standards",
    "to explain the underspend and its effect on {topic}",
    "to include the perspective of schools, general practice and the police",
    "to state the next milestones and who is responsible for each of them",
]
POINTS = [
    "Members asked how the service would know that its work on {topic} was making a difference.",
    "The Director said that demand had risen by a fifth, and that vacancies had fallen since the spring.",
    "The Board heard that the data on {topic} did not yet come from all partners.",
    "Concern was expressed about the variation between localities, which had not narrowed.",
    "It was clarified that the figures exclude families already open to statutory services.",
    "A co-opted member asked whether escalation was used when professionals disagreed.",
]
REPORTED = [
    "The work on {topic} has begun in two of the five localities; a lead was appointed in each and meets monthly.",
    "The audit of {topic} was completed and its findings were shared with the safeguarding partnership's executive.",
    "Recruitment took longer than planned, so that the start was put off until the autumn term.",
    "The protocol was agreed by health, police and schools, and training sessions were held for ninety staff.",
    "Performance has improved in three quarters running, though it stays below that of neighbours.",
    "A survey of parents was carried out; their comments on {topic} are summarised in the appendix.",
    "The service waits for the new case system before it can report by locality.",
    "All of it is done: the standards are published, and compliance is checked by the team managers each month.",
]
DETAILS = [
    "Numbers are small and vary from month to month.",
    "The next step is a joint visit with the independent scrutineer.",
    "An escalation route was written down and tried.",
    "Managers sampled twenty files and found the recording much clearer than a year ago.",
    "The budget for this is confirmed until the end of the year.",
    "Partners will look at the figures again before the meeting.",
    "Practitioners said that the guidance helped them.",
    "The risk register was brought up to date.",
]
EVIDENCE = ["Audit summary", "Extract from the data dashboard", "Signed protocol", "Survey of parents"]
GIVEN_NAMES = ["Ada", "Bram", "Cleo", "Dov", "Edie", "Femi", "Greta", "Hari", "Iona", "Jude", "Kofi", "Lowri"]
SURNAMES = [
    "Ashgrove",
    "Birchwell",
    "Coldharbour",
    "Dunmarsh",
    "Eastlake",
    "Farrowby",
    "Greyfold",
    "Hollinside",
    "Inglewhite",
    "Jessop-Vale",
]
BODIES = [
    "Children's Services Directorate",
    "Safeguarding Children Partnership",
    "Integrated Care Board",
    "Constabulary",
    "Education Trust",
    "Housing Association",
    "Youth Justice Service",
    "Hospital Trust",
    "Public Health Team",
    "Voluntary Alliance",
]
PLACES = ["Benchford", "Northmere", "Upper Lasting", "Stonewick"]


def request(rng, topic):
    return rng.choice(REQUESTS).format(topic=topic)


def asked(rng, topic):
    return rng.choice(ASKS).format(topic=topic)


def point(rng, topic):
    return rng.choice(POINTS).format(topic=topic)


def reported(rng, topic):
    """Some 250 characters."""
    return " ".join([rng.choice(REPORTED).format(topic=topic), *rng.sample(DETAILS, rng.randint(1, 3))])
