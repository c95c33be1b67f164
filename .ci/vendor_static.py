"""Vendors the two design systems into static/vendor/: python .ci/vendor_static.py

A council may not use the GOV.UK font, crest or crown, and a strict Content-Security-Policy allows no
files that are not there. So the packages' own compiled files are taken as they are, minus those parts.
The files are committed; npm is needed only to run this script, never to run the product.
"""

import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "static" / "vendor"
GOVUK, MOJ = ("govuk-frontend", "6.6.0"), ("@ministryofjustice/frontend", "11.1.0")
FILES = [  # package, path inside it, name here
    (GOVUK, "dist/govuk/govuk-frontend.min.css", "govuk-frontend.min.css"),
    (GOVUK, "dist/govuk/govuk-frontend.min.js", "govuk-frontend.min.js"),
    (MOJ, "moj/moj-frontend.min.css", "moj-frontend.min.css"),
    (MOJ, "moj/moj-frontend.min.js", "moj-frontend.min.js"),
]
FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif'
REMOVED = {  # by kind of file: what, pattern, replacement; in this order
    ".css": [
        ("@font-face rules", r"@font-face\{[^}]*\}", ""),
        ("mentions of the font family", r"GDS Transport,arial,sans-serif", FONT),
        ("rules for crest or crown", r"(?<=[{}])[^{}]*(?:crest|crown)[^{}]*\{[^{}]*\}", ""),
        ("rules that show a crest or crown", r"(?<=[{}])[^{}@]*\{[^{}]*(?:crest|crown)[^{}]*\}", ""),
        ("pictures from the package's assets", r"background-image:url\(/assets/images/[^)]*\);?", ""),
        ("rules left empty", r"(?<=[{}])[^{}]+\{\}", ""),
        ("source map references", r"\s*/\*#\s*sourceMappingURL=.*?\*/", ""),
    ],
    ".js": [
        ("source map references", r"\s*//#\s*sourceMappingURL=.*", ""),
        ("imports without a semicolon", r"(?m)^(import[^;\n]+)$", r"\1;"),
    ],
}
FORBIDDEN = re.compile(r"GDS Transport|crest|crown|/assets/|sourceMappingURL", re.IGNORECASE)

LICENCES = """\
The files in this folder are the compiled files of two packages, without their font, crest and
pictures. VERSIONS.txt says which. Both are under the MIT licence.

govuk-frontend
Copyright (C) 2017 Crown Copyright (Government Digital Service)

@ministryofjustice/frontend
Copyright (c) 2021 dxw
(author according to the package: MOJ Digital & Technology)

The MIT License (MIT)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def unpacked(package, folder):
    """Fetches one package with npm and returns the folder it was unpacked into."""
    name = "@".join(package)
    packed = subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", folder, name],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    target = Path(folder) / package[0].replace("/", "-")
    with tarfile.open(Path(folder) / packed.stdout.split()[-1]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def cleaned(text, name):
    """The text without font, crest, crown and dangling references; prints what went."""
    for what, pattern, replacement in REMOVED[Path(name).suffix]:
        text, count = re.subn(pattern, replacement, text)
        if count:
            print(f"  {name}: {count} {what}")
    if left := FORBIDDEN.search(text):
        raise SystemExit(f"{name} still contains {left[0]!r}. Add a rule to REMOVED.")
    return text.rstrip() + "\n"


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        sources = {package: unpacked(package, folder) for package in (GOVUK, MOJ)}
        for package, path, name in FILES:
            (TARGET / name).write_text(cleaned((sources[package] / path).read_text(), name))
    (TARGET / "LICENCES.txt").write_text(LICENCES)
    (TARGET / "VERSIONS.txt").write_text("".join(f"{name} {version}\n" for name, version in (GOVUK, MOJ)))


if __name__ == "__main__":
    main()
