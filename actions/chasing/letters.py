"""Letters of the ladder as Word files: filled in, to be read, signed and sent by an officer.

They are addressed to a post and a body, so that they stand when the post changes hands, and quote the Board word for
word. Headings are real headings and the language is set, for whoever listens to them.
"""

import io
import re

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from actions.chasing.askings import CALLED, Kind, said
from actions.chasing.reminders import window_words
from actions.rounds.words import last_words
from scrutiny.models import BoardMembership, Meeting
from scrutiny.models.people import contact_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CHIEF_EXECUTIVE = "Chief Executive"
STYLES = {"Normal": 12, "Heading 1": 16, "Heading 2": 13, "Quote": 12, "List Bullet": 12}

OPENINGS = {
    Kind.REMINDER: "I write to remind you of what the Board asked.",
    Kind.OFFICER_CHASE: "The window the Board set has passed. Nothing in the record answers what follows.",
    Kind.CHAIR_LETTER: (
        "I write as Chair of the Board. The window the Board set has passed, and nothing in the record answers what "
        "follows."
    ),
    Kind.CHIEF_EXECUTIVE: (
        "I write as Chair of the Board to ask for your help. The window the Board set has passed, and although the "
        "Board has followed it up, nothing in the record answers what follows."
    ),
    Kind.INVITED: (
        "I write as Chair of the Board to invite you to attend, because the window the Board set has passed and "
        "nothing in the record answers what follows."
    ),
}
REQUEST = "Please let the Board know when it will have your report, and how each of these stands until then."


def letter(asking, kind, on):
    """The bytes of the Word file of one step for what is asked."""
    document = _blank()
    board = asking.action.board
    document.core_properties.title = f"{asking.action.reference}: {CALLED[kind]}"
    document.core_properties.author = str(board.council)
    document.core_properties.language = "en-GB"
    _head(document, asking, kind, on)
    _what_is_asked(document, asking)
    _what_was_done(document, asking)
    _end(document, asking, kind, on)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def sent_to(asking, kind, on):
    """Whom a letter is for, line by line: the holder of the post, the post, the body."""
    action = asking.action
    if kind == Kind.CHIEF_EXECUTIVE:
        return [CHIEF_EXECUTIVE, action.addressee.name]
    if not action.post:
        return [action.addressee.name]
    title = action.post.title
    holder = contact_of(action.addressee, action.post, on).name.removesuffix(title).removesuffix(", ")
    return [*([holder] if holder else []), title, action.addressee.name]


def _head(document, asking, kind, on):
    action = asking.action
    _lines(document, [str(action.board.council), str(action.board)], bold_first=True)
    _lines(document, sent_to(asking, kind, on))
    _paragraph(document, said(on))
    _heading(document, f"{action.reference}: {action.title}", 1)
    _paragraph(document, OPENINGS[kind])


def _what_is_asked(document, asking):
    action = asking.action
    meeting = action.resolution.item.meeting
    _heading(document, "What the Board asked", 2)
    _paragraph(document, f"On {said(meeting.date)} the Board resolved:")
    _paragraph(document, f"{action.resolution.label} {action.resolution.text}".strip(), "Quote")
    _paragraph(document, window_words(asking) if any(asking.window) else "The minutes give no date.")
    _heading(document, "What is still unanswered, in the Board's words", 2)
    said_last = last_words(asking.elements)
    for element in asking.elements:
        _paragraph(document, f"{element.number}. {element.text}", "Quote")
        _paragraph(document, last_said(said_last.get(element.pk)))


def last_said(update):
    if not update:
        return "Nothing has been reported on this."
    return f"Last reported on {said(update.received_on)} by {update.reported_by}: {update.text}"


def _what_was_done(document, asking):
    if not asking.taken:
        return
    _heading(document, "How it was followed up", 2)
    for chase in asking.taken:
        _paragraph(document, f"{chase.get_kind_display()}, {said(chase.on)}", "List Bullet")


def _end(document, asking, kind, on):
    _heading(document, "What the Board asks of you now", 2)
    if kind == Kind.INVITED:
        _paragraph(document, _invitation(asking.action.board, on))
    _paragraph(document, REQUEST)
    _paragraph(document, "Yours sincerely")
    _lines(document, ["", "", *_signed_by(asking.action.board, kind, on)])


def _invitation(board, on):
    meeting = Meeting.objects.filter(board=board).coming(on).first()
    if not meeting:
        return "The Board invites you to attend its next meeting and answer its questions."
    where = f", {meeting.venue}" if meeting.venue else ""
    return f"The Board invites you to attend its meeting on {said(meeting.date)}{where}, and answer its questions."


def _signed_by(board, kind, on):
    """The Chair on that day; officers' letters leave room for the officer's name."""
    if kind in (Kind.REMINDER, Kind.OFFICER_CHASE):
        return ["", f"For {board}"]
    chairs = board.memberships.current(on).filter(role=BoardMembership.Role.CHAIR).select_related("person")
    return [*(str(held.person) for held in chairs[:1]), f"Chair, {board}"]


# The file.


def _blank():
    document = Document()
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        _number_pages(section.footer.paragraphs[0])
    for name, size in STYLES.items():
        _plain(document.styles[name], size)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    return document


def _plain(style, size):
    """Black, in one typeface: what a theme says would win over what is asked for, and is taken out."""
    style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]


def _number_pages(paragraph):
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("Page ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _heading(document, text, level):
    document.add_heading(_printable(text), level)


def _paragraph(document, text, style=None):
    document.add_paragraph(_printable(text), style)


def _lines(document, lines, bold_first=False):
    """Lines of one paragraph, such as an address."""
    paragraph = document.add_paragraph()
    for number, line in enumerate(lines):
        run = paragraph.add_run(_printable(line))
        run.bold = bold_first and number == 0
        if number < len(lines) - 1:
            run.add_break()


def _printable(text):
    """Without the characters that no Word file can hold."""
    return NOT_IN_XML.sub("", text)
