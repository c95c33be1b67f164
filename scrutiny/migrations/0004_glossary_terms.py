"""The terms and clashes the product ships with (domain E.1 and E.2), in words that hold for any council."""

from django.db import migrations
from django.utils import timezone

TERMS = [  # name, also called, meaning
    ("Adverse childhood experiences", ["ACEs"], "Frightening or harmful things in childhood that can affect health and life later."),
    ("Amendment", [], "A proposed change to a motion, decided before the motion itself."),
    ("Annual Council", [], "The yearly meeting, in May, that appoints the leader, the boards and their chairs and starts the municipal year."),
    ("Background papers", [], "Documents that a report leans on and that the public may ask to see."),
    ("Board", ["Scrutiny Board"], "Here a scrutiny board: councillors who look into services and decisions without running them. Some councils call it an overview and scrutiny committee."),
    ("Business Unit", [], "The small staff team that runs a safeguarding partnership's work day to day."),
    ("Cafcass", ["Children and Family Court Advisory and Support Service"], "The national service that speaks for children's interests in family courts."),
    ("Call-in", [], "Scrutiny asking for a decision to be looked at again before it takes effect."),
    ("Care Review", ["Independent Review of Children's Social Care"], "The independent review of children's social care in England of 2021 and 2022."),
    ("Chief Officer", [], "A senior council manager below director."),
    ("Child death review", [], "A separate legal process that looks at every child's death, whatever the cause."),
    ("Child in need", ["Children in need"], "A child the council must help because their health or development needs it (Children Act 1989, section 17)."),
    ("Child protection plan", [], "A plan of several agencies for a child at risk of significant harm."),
    ("Child Safeguarding Practice Review Panel", ["CSPRP", "National Panel", "National Child Safeguarding Practice Review Panel", "National Safeguarding Practice Review Panel"], "The national body that is told of serious cases involving children, comments on local reviews and runs national ones."),
    ("Concerns Resolution Process", [], "The steps by which staff from different agencies settle a disagreement about a child."),
    ("Confidential information", [], "Information that the law or a government department forbids making public; the public must be kept out while it is discussed."),
    ("Co-opted member", ["Co-optee"], "A board member who is not a councillor; some may vote, on education matters only."),
    ("Council Procedure Rules", ["Council Procedure Rule", "CPR"], "The council's own rules for meetings and votes."),
    ("CPR 16.5", ["Council Procedure Rule 16.5", "Procedure Rule 16.5"], "The rule, where a council numbers its procedure rules so, that lets a member have their own vote written into the minutes."),
    ("Covering report", [], "The officers' short paper that introduces partners' documents to the Board."),
    ("Cumulative harm", [], "Damage from many smaller events adding up."),
    ("Declaration of interest", ["Declaration of interests", "Declarations of interest", "Declarations of interests"], "A member saying that they have a personal or money link to the business."),
    ("Delegated safeguarding partner", [], "The senior person whom a lead safeguarding partner appoints to do the work."),
    ("Democratic Services", [], "The council staff who run meetings, papers and minutes."),
    ("Department for Education", ["DfE"], "The government department for schools and children's services in England."),
    ("Designated Nurse", ["Designated Doctor"], "A senior health expert who advises the local NHS on safeguarding."),
    ("Director of Children's Services", ["DCS", "Director of Children and Families"], "The senior officer legally answerable for children's services. Some councils use another title."),
    ("Disclosure and Barring Service", ["DBS"], "The service that checks the criminal records of people who want to work with children."),
    ("Disguised compliance", [], "A contested phrase for adults who seem to co-operate and do not; it is better to describe what they did."),
    ("Dissemination", [], "Getting learning to the people who need it."),
    ("Early help", ["Family help"], "Support given before problems become serious."),
    ("Element", ["Update element"], "One of the numbered things that a further report must cover."),
    ("Escalation", [], "Taking a worry to a more senior person when it is not resolved."),
    ("Executive Board", [], "The name some councils give to their cabinet: the councillors who take the main decisions."),
    ("Executive Member", ["Cabinet Member"], "A councillor in the cabinet with a field of their own, for example children's social care."),
    ("Exempt information", [], "Information that may be kept from the public for a listed reason, if that is in the public interest."),
    ("Extra-familial harm", [], "Harm outside the home, such as exploitation."),
    ("In attendance", [], "Present to help or answer, but not a member of the Board."),
    ("Independent scrutineer", ["Independent chair"], "A person from outside who tests how well the partnership works."),
    ("Initial child protection conference", ["ICPC"], "The first meeting of family and agencies that decides whether a child needs a child protection plan."),
    ("Inspection of local authority children's services", ["ILACS"], "Ofsted's inspection of a council's services for children."),
    ("Integrated care board", ["ICB"], "The NHS body that plans health services for an area."),
    ("Joint targeted area inspection", ["JTAI"], "An inspection of several agencies together on one theme."),
    ("Late item", [], "Business added after the agenda was published because the Chair says that it is urgent, with reasons."),
    ("Lead Member", ["Lead Member for Children's Services"], "The councillor with legal political responsibility for children's services."),
    ("Lead safeguarding partner", [], "The top leader of one of the safeguarding partners: the council, the NHS board or the police."),
    ("Learning brief", [], "A short summary of lessons in which nobody can be recognised."),
    ("Lived experience", [], "What a child's daily life is really like."),
    ("Local authority designated officer", ["LADO"], "The council officer who handles allegations against people who work with children."),
    ("Local child safeguarding practice review", ["CSPR", "LCSPR", "Child safeguarding practice review"], "A detailed look at a serious case to learn how to improve."),
    ("Local learning review", ["Learning review", "Local review"], "A review of a case that does not meet the legal test but has lessons."),
    ("Local Safeguarding Adults Board", ["LSAB", "Safeguarding Adults Board"], "The agencies that work together in an area to keep adults with care needs safe."),
    ("Local Safeguarding Children Partnership", ["LSCP", "Safeguarding Children Partnership"], "The council, the NHS board and the police of an area, working together to keep children safe."),
    ("Looked-after child", ["Looked-after children", "Looked after child", "Looked after children", "Child looked after", "Children looked after"], "A child in the council's care."),
    ("LSCP Executive", ["Partnership Executive"], "The senior leaders of council, NHS and police who run a safeguarding children partnership."),
    ("Matters arising", [], "What has happened since about things in the last minutes."),
    ("Minute number", [], "The running number of each minuted item in the year."),
    ("Monitoring Officer", [], "The officer who sees to it that the council acts lawfully and properly."),
    ("Multi-agency audit", [], "Checking a sample of work across several agencies."),
    ("Multi-agency child protection team", ["MACPT"], "A team made up from several agencies that does child protection work in an area."),
    ("Multi-agency public protection arrangements", ["MAPPA"], "How police, probation and prisons manage sexual and violent offenders."),
    ("Multi-agency safeguarding arrangements", ["MASA"], "The published document that says how the safeguarding partners of an area work together."),
    ("Municipal year", [], "The council's meeting year, from May to May."),
    ("National review", [], "A review of cases run by the national Child Safeguarding Practice Review Panel."),
    ("Noted", [], "The Board has received something; nothing more is asked."),
    ("NSPCC repository", ["National case review repository"], "The national library of published reviews."),
    ("Ofsted", [], "The inspectorate of children's services and education."),
    ("Overview and scrutiny committee", ["OSC"], "A committee of councillors that looks into services and decisions without running them. Here it is called a scrutiny board."),
    ("Parent governor representative", [], "An elected parent governor with a seat on the Board and a vote on education."),
    ("Pol-Ed", [], "An education programme for schools, made by the police."),
    ("Principal Scrutiny Adviser", [], "The officer who supports a scrutiny board."),
    ("Professional curiosity", [], "Looking beyond first answers."),
    ("Proper officer", [], "The officer named to carry out a legal duty about papers."),
    ("Public interest test", [], "Weighing openness against the reason for secrecy."),
    ("Rapid review", [], "A quick look at a serious incident, in about 15 working days."),
    ("Recommendation tracking", [], "Going back to see whether recommendations were carried out."),
    ("Recorded vote", [], "A vote where names are written down."),
    ("Registered sex offender", [], "A person who must by law tell the police where they live and other details."),
    ("Relevant agency", ["Relevant agencies"], "An organisation that the safeguarding partners name as having to work with them."),
    ("Resolved", [], "The word before the Board's formal decision."),
    ("Review Advisory Group", ["RAG"], "The group of a safeguarding partnership that advises on reviews of serious cases (not red, amber, green)."),
    ("Risk assessment", [], "Judging how likely and how bad harm could be."),
    ("Safeguarding adults review", ["SAR"], "A look at how agencies worked together when an adult with care needs died or was seriously harmed."),
    ("Safeguarding partners", ["Safeguarding partner"], "The council, the NHS board and the police for an area."),
    ("Secretary of State", ["SoS"], "The minister at the head of a government department."),
    ("Section 7 report", ["s7 report"], "A report for a family court on a child's welfare in a dispute between family members (Children Act 1989, section 7)."),
    ("Section 11 audit", ["s11 audit"], "The agencies' own check of their safeguarding duties (Children Act 2004, section 11)."),
    ("Section 47 enquiry", ["Section 47 enquiries", "s47 enquiry", "s47 enquiries"], "The council finding out, as it must, whether a child is suffering significant harm (Children Act 1989, section 47)."),
    ("Serious child safeguarding incident", ["SCSI"], "An incident in which a child died or was seriously harmed and abuse or neglect is known or suspected."),
    ("Serious harm", [], "Grave or lasting damage to a child's body, mind or development."),
    ("Serious incident notification", ["SIN"], "The form by which the national Panel is told of a serious incident."),
    ("Subject access request", [], "Somebody asking an organisation for what it holds about them."),
    ("Substitute", [], "A councillor sitting in place of another at one meeting."),
    ("Sudden unexpected death in infancy", ["SUDI"], "The death of a baby that nobody expected and that is not explained at first."),
    ("Terms of reference", [], "What a review or a board is to cover."),
    ("Trauma-informed", ["Trauma informed"], "Working in a way that recognises the effect of bad experiences."),
    ("Voice of the child", [], "The child's views and experience, heard and used."),
    ("Work schedule", ["Work programme"], "The Board's programme for the year."),
    ("Working Together to Safeguard Children", ["Working Together 2018", "Working Together 2023", "Working Together 2026"], "The national rule-book for safeguarding children, issued anew in 2018, 2023 and 2026. Often only “Working Together”."),
]

# Everyday here, or words that mean something else as often as not.
NOT_EXPLAINED = {
    "Amendment",
    "Board",
    "Chief Officer",
    "Element",
    "Escalation",
    "In attendance",
    "Minute number",
    "Noted",
    "Relevant agency",
    "Resolved",
    "Risk assessment",
    "Substitute",
}

CLASHES = {
    "Board": ["A scrutiny board", "The Executive Board of a council", "A safeguarding adults board", "An integrated care board"],
    "Chair": ["The chair of a scrutiny board", "The independent chair of a safeguarding partnership"],
    "CPR": ["Council Procedure Rules", "Child protection review", "Cardiopulmonary resuscitation"],
    "CSPR": ["Child safeguarding practice review", "Short for CSPRP, the national Panel for such reviews"],
    "Executive": ["The cabinet of a council", "The senior leaders of a safeguarding partnership"],
    "LSCP": ["Local Safeguarding Children Partnership, anywhere", "The partnership of one place, where L is the first letter of its name"],
    "Notification": ["Of a serious incident, to the national Panel", "To Ofsted", "Of a substitute, before a meeting", "Of a loss of personal data"],
    "Panel": ["The national Child Safeguarding Practice Review Panel", "The panel that steers one review", "A plans panel, which decides on planning applications"],
    "RAG": ["Review Advisory Group of a safeguarding partnership", "Red, amber and green, as a rating"],
    "Review": ["The review of a case", "The review of how notifications are made", "A new issue of Working Together", "The Care Review", "A council's review of early help"],
    "SAR": ["Safeguarding adults review", "Subject access request"],
    "SIN and SCSI": ["SIN: the serious incident notification, which is the form", "SCSI: the serious child safeguarding incident, which the form is about"],
}


def add_terms(apps, schema_editor):
    for name, also_called, meaning in TERMS:
        _with_history(
            apps,
            "Term",
            name=name,
            meaning=meaning,
            also_called="\n".join(also_called),
            explain=name not in NOT_EXPLAINED,
        )
    for letters, meanings in CLASHES.items():
        _with_history(apps, "Clash", letters=letters, meanings="\n".join(meanings))


def _with_history(apps, model, **values):
    """Historical models write no history of their own, so the first row of it is written here."""
    row = apps.get_model("scrutiny", model).objects.create(**values)
    apps.get_model("scrutiny", f"Historical{model}").objects.create(
        id=row.pk,
        **values,
        history_date=timezone.now(),
        history_type="+",
        history_change_reason="Ships with the product",
    )


def take_away(apps, schema_editor):
    """Only what came from here goes."""
    apps.get_model("scrutiny", "Term").objects.filter(name__in=[name for name, *_ in TERMS]).delete()
    apps.get_model("scrutiny", "Clash").objects.filter(letters__in=CLASHES).delete()


class Migration(migrations.Migration):
    dependencies = [("scrutiny", "0003_glossary")]

    operations = [migrations.RunPython(add_terms, take_away)]
