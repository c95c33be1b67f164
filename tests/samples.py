"""Files as people send them, good ones and hostile ones (safety notes 2.3)."""

import io
import re
import struct
import zipfile
import zlib

from docx import Document
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from scrutiny.toolkit.contents import TEST_VIRUS


def office(folder="word/", *more, types="[Content_Types].xml", packed=zipfile.ZIP_STORED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packed) as archive:
        for part in (types, f"{folder}document.xml", *more):
            name, content = part if isinstance(part, tuple) else (part, "<xml/>")
            archive.writestr(zipfile.ZipInfo(name), content, packed)
    return target.getvalue()


def saved(document):
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def word():
    document = Document()
    document.add_paragraph("RESOLVED – That the report be noted.")
    return saved(document)


def sheet():
    book = Workbook()
    book.active.append(["Reference", "Element"])
    return saved(book)


def written(writer):
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def pdf(prepare=lambda writer: None):
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    prepare(writer)
    return written(writer)


def on_opening(writer, **action):
    names = {
        NameObject(f"/{key}"): NameObject(value) if value.startswith("/") else TextStringObject(value)
        for key, value in action.items()
    }
    writer._root_object[NameObject("/OpenAction")] = DictionaryObject(names)


def scripted(writer):
    on_opening(writer, S="/JavaScript", JS="app.alert(1)")


def launching(writer):
    on_opening(writer, S="/Launch", F="cmd.exe")


def with_packed_script():
    """A script within an object stream, where a look at the plain bytes does not find it."""
    packed = zlib.compress(b"7 0 << /S /JavaScript /JS (app.alert(1)) >>")
    head = b"9 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(
        packed
    )
    return pdf().replace(b"xref", head + packed + b"\nendstream endobj\nxref", 1)


def picture(kind):
    target = io.BytesIO()
    Image.effect_noise((40, 30), 50).convert("RGB").save(target, kind)
    return target.getvalue()


def huge_picture():
    """A PNG of a few kilobytes that says it has 900 million points."""
    good = picture("PNG")
    head = b"IHDR" + struct.pack(">II", 30_000, 30_000) + good[24:29]
    return good[:12] + head + struct.pack(">I", zlib.crc32(head)) + good[33:]


HTML = b"<!doctype html><script>alert(1)</script>"
XXE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
ZIPPED = zipfile.ZIP_DEFLATED

BAD = {  # what it is: the name it comes under, and its bytes
    "a web page": ("page.html", HTML),
    "a drawing with a script": ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "a program of a web server": ("shell.php", b"<?php system($_GET['c']);"),
    "settings of a web server": (".htaccess", b"AddType application/x-httpd-php .txt"),
    "two endings": ("invoice.exe.pdf", pdf()),
    "no ending": ("minutes", b"words"),
    "an ending written backwards": ("report\u202efdp.txt", b"words"),
    "the test virus": ("notes.txt", TEST_VIRUS),
    "entities": ("table.xml", XXE.encode()),
    "entities in a workbook": ("table.xlsx", office("xl/", ("xl/workbook.xml", XXE))),
    "a program named PDF": ("report.pdf", b"MZ\x90\x00" + bytes(60)),
    "a web page named PDF": ("report.pdf", HTML),
    "a PDF with a script": ("form.pdf", pdf(scripted)),
    "a PDF with a script, spelled with numbers": (
        "form.pdf",
        pdf(scripted).replace(b"/JavaScript", b"/J#61vaScript"),
    ),
    "a PDF with a script in an object stream": ("form.pdf", with_packed_script()),
    "a PDF that starts a program": ("form.pdf", pdf(launching)),
    "a PDF with a file in it": ("form.pdf", pdf(lambda writer: writer.add_attachment("x.exe", b"MZ"))),
    "a protected PDF": ("form.pdf", pdf(lambda writer: writer.encrypt("secret", algorithm="RC4-128"))),
    "a PDF with a web page behind it": ("report.pdf", pdf() + HTML),
    "a PDF that is an archive too": ("report.pdf", pdf() + office() + b"%%EOF"),
    "a PDF cut off": ("report.pdf", pdf()[:-60]),
    "a picture with a web page behind it": ("chart.png", picture("PNG") + HTML),
    "a photo with a web page behind it": ("photo.jpg", picture("JPEG") + HTML),
    "no picture at all": ("chart.png", b"\x89PNG\r\n\x1a\n" + b"x" * 99),
    "a picture cut off": ("chart.png", picture("PNG")[:-300]),
    "a picture of 900 million points": ("chart.png", huge_picture()),
    "an archive named Word": ("archive.docx", office(types="readme.txt")),
    "a workbook with macros": ("sums.xlsx", office("xl/", "xl/vbaProject.bin")),
    "a document that says it has macros": (
        "letter.docx",
        office("word/", types=("[Content_Types].xml", "<x ContentType='a.macroEnabled.main+xml'/>")),
    ),
    "a document that fetches its template": (
        "letter.docx",
        office("word/", ("word/_rels/a.rels", '<a Type="x/attachedTemplate" TargetMode="External"/>')),
    ),
    "a protected document": ("secret.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "parts that lead upwards": ("minutes.docx", office("word/", "word/../../../etc/cron.d/x")),
    "parts with an absolute place": ("minutes.docx", office("word/", "/etc/cron.d/x")),
    "a bomb of 60 MB": ("table.xlsx", office("xl/", ("xl/a.xml", " " * 60_000_000), packed=ZIPPED)),
    "2,500 parts": ("minutes.docx", office("word/", *(f"word/{number}.xml" for number in range(2500)))),
    "a broken archive": ("minutes.docx", office("word/")[:-40]),
    "something before the archive": ("minutes.docx", HTML + office("word/")),
    "too large": ("notes.txt", b"x" * (20 * 1024 * 1024 + 1)),
    "empty": ("notes.txt", b""),
}
GOOD = {
    "report.pdf": pdf(),
    "minutes.docx": word(),
    "tracker.xlsx": sheet(),
    "photo.jpg": picture("JPEG"),
    "chart.png": picture("PNG"),
    "notes.txt": "Élodie said “yes” 小芳".encode(),
}
HOSTILE_NAMES = [
    f"{'n' * 300}.txt",
    "../../../etc/cron.d/notes.txt",
    "..\\..\\windows\\notes.txt",
    "/etc/passwd/notes.txt",
    "notes.txt\r\nSet-Cookie: sessionid=1.txt",
    "notes\x00.php.txt",
    "notes\u202etxt.exe.txt",
    'notes"; filename="x.exe.txt',
    "<img src=x onerror=alert(1)>.txt",
    "'; DROP TABLE scrutiny_user; --.txt",
]
SAFE_NAME = re.compile(r"evidence/[0-9a-f]{32}\.[a-z]+")
