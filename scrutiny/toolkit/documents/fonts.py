"""Which characters the fonts that come with the product can show, read from their own tables.

PDF/UA refuses a document with a character that no font has, and people write such characters: they are told by
their names instead, "[grinning face]".
"""

import struct
import unicodedata
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
FAMILIES = {
    "Noto Sans": "NotoSans-Regular.ttf",
    "Noto Sans Hebrew": "NotoSansHebrew-Regular.ttf",
    "Noto Sans Arabic": "NotoSansArabic-Regular.ttf",
}
NEVER = {0xFEFF}  # refused by PDF/UA even where a font has it
UNSEEN = {"Cf", "Mn", "Me"}  # joiners, and marks on what stands before


def printable(text):
    """`text` with every character that the fonts lack told by its name."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    return "".join(
        letter if letter in "\n\t" or ord(letter) in covered() else _name(letter) for letter in text
    )


def without_marks(text):
    """For marks that stand where no font can set them, such as a Hebrew point on an Arabic letter."""
    return "".join(letter for letter in text if not unicodedata.category(letter).startswith("M"))


def _name(letter):
    if unicodedata.category(letter) in UNSEEN:
        return ""
    return f"[{unicodedata.name(letter, f'character {ord(letter):X}').lower()}]"


@cache
def covered():
    """The code points at least one of the fonts has."""
    found = (characters((FOLDER / name).read_bytes()) for name in FAMILIES.values())
    return frozenset().union(*found) - NEVER


def characters(font):
    """The code points of one font file: what its character map of format 4 (up to U+FFFF) says."""
    tables = struct.unpack_from(">H", font, 4)[0]
    places = {
        font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * tables, 16)
    }
    start = places[b"cmap"]
    count = struct.unpack_from(">H", font, start + 2)[0]
    maps = {start + struct.unpack_from(">I", font, start + 4 + 8 * n + 4)[0] for n in range(count)}
    return {
        point for at in maps if struct.unpack_from(">H", font, at)[0] == 4 for point in _segments(font, at)
    }


def _segments(font, at):
    """Each segment has an end, a start and how to find its glyphs; a glyph 0 is one that is not there."""
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", font, at + 16 + 4 * count)
    offsets_at = at + 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", font, offsets_at)
    for n in range(count):
        for point in range(starts[n], min(ends[n], 0xFFFE) + 1):
            if offsets[n]:
                place = offsets_at + 2 * n + offsets[n] + 2 * (point - starts[n])
                glyph = struct.unpack_from(">H", font, place)[0]
            else:
                glyph = (point + deltas[n]) & 0xFFFF
            if glyph:
                yield point
