"""Tables of words, written as text."""


def words(text: str) -> list[str]:
    return text.split()


def lines(text: str) -> list[str]:
    """A table with one entry a line; a line that begins with a bar goes on with the entry above it."""
    entries = "\n".join(line.strip() for line in text.splitlines()).replace("\n|", "|")
    return [entry for entry in entries.split("\n") if entry]


TITLES = set(
    words("""
    councillor councillors cllr cllrs cllr. cllrs. cllors mr mrs ms miss mx dr mr. mrs. ms. dr. messrs prof
    prof. professor rev rev. revd reverend canon father fr sister sir dame lord lady baroness alderman
    alderwoman ald ald. aldermen superintendent inspector sergeant constable detective chief pc pcso ps dci
    di ds dcs acc det insp supt sgt ch. cmdr assistant deputy commander major colonel captain lieutenant
    rabbi imam bishop archdeacon brother pastor deacon lt lt. col col. brigadier general gen gen. wing squadron
    flt retd retired mayor provost bailie convener temporary acting cantor fr. sgt. insp. pte cpl
    group watch station temp. assoc. associate chairman district county borough city town parish
    honorary hon hon. cr cr. members
""")
)
# Words that open a title only when another title follows: "Chief Superintendent", "District Councillor".
HALF_TITLES = set(
    words("""
    group watch station wing squadron temporary acting associate general retd retired chairman chief
    detective assistant deputy district county borough city town parish honorary hon hon. members
""")
)
PLURALS = set(words("councillors cllrs cllrs. cllors messrs aldermen members"))
HONOURS = set(
    words("""
    OBE MBE CBE KBE DBE BEM QPM KPM QC KC JP DL GM MP MS PhD MEP TD FRSA CC KStJ MA BSc Hon DSO QFSM KFSM AM
""")
)
PARTICLES = set(
    words("""
    ap ab de da du del della der den di la le van von bin ibn al el y ter ten dos e d’ d'
""")
)
ROLE_WORDS = set(
    words("""
    chair chairs chairman chairwoman chairperson vice-chair vice-chairman vice vice-chairperson co-chair
    director directors head heads officer officers manager managers executive leader portfolio holder
    cabinet member members lead leads adviser advisor advisers advisors clerk secretary treasurer
    commissioner coordinator co-ordinator administrator analyst analysts consultant accountant auditor
    solicitor lawyer engineer planner surveyor architect teacher headteacher principal governor governors
    nurse gp doctor specialist practitioner assistant associate deputy interim acting senior strategic
    operational corporate service services council councils committee board panel partnership partnerships
    trust trusts nhs icb police constabulary authority agency department directorate team unit office commission
    forum federation association university college school schools academy group company limited ltd cic plc
    partner partners representative representatives co-opted co-optee independent scrutineer designated
    safeguarding children children's children’s adults adult adults' education health care social housing
    planning finance legal democratic governance scrutiny strategy policy performance communications
    community communities environment environmental transport transportation highways regeneration economy
    economic growth skills culture leisure libraries public people families family learning inclusion
    commissioning resources procurement property assets estates digital ict it hr human human-resources
    customer licensing regulatory protection safety safer neighbourhoods neighbourhood waste climate
    sustainability transformation improvement quality assurance risk audit insurance pensions pension
    investment development delivery operations programme programmes project projects business partnering
    support early help years youth young-people send virtual intelligence research insight engagement
    equality diversity monitoring counsel substitute substitutes substituting sub apologies present
    attendance absent via teams zoom online virtually remotely press guests visitors also item items minute
    minutes meeting agenda report reports members committee's parent church diocese union healthwatch
    hospital hospitals clinical medical integrated system place area locality ward division region regional
    national county-wide voluntary sector citizens resident residents mayor sheriff statutory local
    government city's
    january february march april june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday democracy electoral registration section sections appendix
    apprenticeships enforcement infrastructure buildings facilities revenues benefits prevention
    intervention placements sufficiency attendance exploitation hub hubs shared technology information data
    change reform devolution works parks countryside heritage tourism museums events arts sports wellbeing
    mental disability disabilities needs special educational admissions improvement observer observers
    spokesperson shadow opposition deputies constable's headquarters fire rescue ambulance probation prison
    court magistrates justice conference county council borough district parish town apologised
    parish-council ltd. llp translator interpreter secondee trainee apprentice observer reporter journalist
    practice pharmacist midwife psychologist therapist dentist chaplain bursar curator ranger warden ecologist
    economist statistician scientist archivist librarian registrar coroner beadle mace-bearer town-clerk rector
    minister vicar president facilitator moderator presenter trustee trustees volunteer volunteers ambassador
    champion broker promoter organiser organizer inspectorate inspectors supervisor superintendent marshal
    maintained arrangements dataset administrative administration technical technician webcasting
    broadcast recording minute-taker notes notetaker
""")
) - {"county", "borough", "district", "parish", "town", "deputy", "assistant"}
NEVER_NAMES = set(
    words(
        "member members officer officers director leader mayor chair chairman councillors representative "
        "substitute present and the holder"
    )
)
ORGANISATIONS = words("""
    Council Police Constabulary Partnership Board Trust NHS Authority Agency University College Forum
    Federation Association Academy School Commission Service Healthwatch Diocese Union Hospital Ltd Limited
    CIC Federation
""")
UPPER = "A-Z" + "".join(c for c in map(chr, [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]) if c.isupper())

# Small words and verbs that are part of no name and of no post.
NO_NAMES = set(
    words("""
    the this that following whom which who from for no none not was were had has been be in on at by with as to
    until after resolved recommended agreed carried lost motion amendment vote votes voting apologised
""")
)

# Words that stand alone where a list of names ends; as part of a name ("Osric Fell") they are names.
NOT_ALONE = set(
    words("""
    fell decision decisions decided noted withdrawn defeated approved rejected passed recorded total unanimous
    unanimously abstained abstain against favour nil nobody deferred everyone all proposer seconder proposed
    seconded action actions reason reasons accepted adopted present absent yes no virtually
""")
)
