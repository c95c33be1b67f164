"""A document as a Word file: real headings, header rows that repeat, rows that stay on one page, British English."""

from io import BytesIO
from xml.sax.saxutils import escape

from docx import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Mm, Pt, RGBColor

from scrutiny.toolkit.documents import shown

PAGE, MARGIN = (297, 210), 14  # A4 on its side, in millimetres
USABLE = PAGE[0] - 2 * MARGIN
FONT = "Arial"
HEADER_ROW = "<w:cantSplit/><w:tblHeader/>"
BOLD, SMALL = "<w:rPr><w:b/></w:rPr>", '<w:rPr><w:sz w:val="14"/></w:rPr>'  # 7 points
TAB, TABBED = "\t", '</w:t><w:tab/><w:t xml:space="preserve">'
TABLE_LOOK = (
    '<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblLayout w:type="fixed"/>'
    '<w:tblLook w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
)


def word(document):
    """The bytes of the file."""
    file = WordFile()
    _look(file)
    file.core_properties.title = shown(document.title)
    file.core_properties.language = "en-GB"
    file.core_properties.author = file.core_properties.comments = ""
    _fill(file.element.body, "".join(_written(document)))
    kept = BytesIO()
    file.save(kept)
    return kept.getvalue()


def _fill(body, xml):
    """In one go: paragraph by paragraph and cell by cell the library takes ten times as long."""
    page = body.sectPr
    for each in list(parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>")):
        page.addprevious(each)


def _written(document):
    yield _paragraph(document.caption)
    yield _paragraph(document.title, "Heading1")
    yield from map(_paragraph, document.text)
    for section in document.sections:
        yield _paragraph(section.title, "Heading2")
        yield from map(_paragraph, section.text)
        if section.quote:
            yield _paragraph(section.quote, "Quote")
        if section.table:
            yield _table(section.table)
    if document.foot:
        yield _paragraph(document.foot, look=SMALL)


def _look(file):
    page = file.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = (Mm(size) for size in PAGE)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGIN)
    for name, size in (("Normal", 9), ("Heading 1", 18), ("Heading 2", 12)):
        style = file.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        _use_everywhere(style, FONT)
    file.styles["Normal"].paragraph_format.space_after = Pt(4)
    for language in file.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    _number_pages(page.footer.paragraphs[0])


def _use_everywhere(style, font):
    """Headings of the template name theme fonts, which win over a font's name."""
    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)


def _number_pages(paragraph):
    for before, code in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        paragraph.add_run(before)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        paragraph._p.append(field)


def _paragraph(text, style="", look=""):
    chosen = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{chosen}<w:r>{look}{_runs(text)}</w:r></w:p>"


def _table(table):
    """Widths stand on columns and on cells: some programs read the one, some the other."""
    shares = sum(column.width for column in table.columns)
    widths = [Mm(USABLE * column.width / shares).twips for column in table.columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    header = _row([column.title for column in table.columns], widths, HEADER_ROW, BOLD)
    rows = "".join(_row(row, widths) for row in table.rows)
    return f"<w:tbl>{TABLE_LOOK}<w:tblGrid>{grid}</w:tblGrid>{header}{rows}</w:tbl>"


def _row(values, widths, properties="<w:cantSplit/>", look=""):
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:r>{look}{_runs(value)}</w:r></w:p></w:tc>'
        for width, value in zip(widths, values, strict=True)
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def _runs(value):
    lines = escape(shown(value)).split("\n")
    return "<w:br/>".join(f'<w:t xml:space="preserve">{line.replace(TAB, TABBED)}</w:t>' for line in lines)
